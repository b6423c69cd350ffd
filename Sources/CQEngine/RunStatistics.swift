/// What a run used.
public struct RunStatistics: Sendable, Equatable {
  /// Rows of fact tables that were read.
  public var rowsScanned = 0
  /// Fact tables and periods whose sums earlier queries had made already.
  public var periodsReused = 0
  /// Cells that the query could touch, bounded before it ran.
  public var cells = 0
  /// The most bytes that sums and cells took at a time; tables that are mapped into memory do not count.
  public var peakBytes = 0
  /// Threads that read rows.
  public var threads = 1
  /// Statements that engines were asked, and bytes of the values that came back.
  public var statements = 0
  public var receivedBytes = 0
  /// Wall-clock time of the run, and of its parts: reading rows, formulas, verbs with the making of the table.
  public var milliseconds = 0.0
  public var readMilliseconds = 0.0
  public var formulaMilliseconds = 0.0
  public var tableMilliseconds = 0.0

  public init() {}
}

extension Duration {
  var inMilliseconds: Double { Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15 }
}
