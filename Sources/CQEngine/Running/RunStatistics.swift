/// What a run used.
public struct RunStatistics: Sendable, Equatable {
  /// Rows of fact tables that were read.
  public var rowsScanned = 0
  /// Fact tables and periods whose sums earlier queries had made already.
  public var periodsReused = 0
  /// Cells that the query could touch, bounded before it ran, and cells of sparse grids that rows have.
  public var cells = 0
  /// Grids of which only the cells with rows were laid out.
  public var sparseGrids: [SparseGrid] = []
  /// The most bytes that were set aside at a time for sums, cells, rows and the table: counted before they are allocated,
  /// and what `Limits.memory` bounds. Files that are mapped into memory do not count, nor what is kept for later queries.
  public var peakBytes = 0
  /// Memory of the whole process when the query had ended, without the pages of files: what it held already, the table,
  /// and what is kept for later queries (files, sums, and freed memory where ``KeptMemory`` was asked to keep some). 0 where
  /// the system does not say.
  public var processBytes = 0
  /// Threads that read rows.
  public var threads = 1
  /// Statements that engines were asked, and bytes of the values that came back.
  public var statements = 0
  public var receivedBytes = 0
  /// How rows were grouped, in the order of the verbs that did.
  public var groupings: [Grouping] = []
  /// Wall-clock time that was expected before anything was read, from the number of rows, cells and verbs.
  public var estimatedMilliseconds = 0.0
  /// Wall-clock time of the run, and of its parts: reading rows, formulas, verbs with the making of the table.
  public var milliseconds = 0.0
  public var readMilliseconds = 0.0
  public var formulaMilliseconds = 0.0
  public var tableMilliseconds = 0.0

  public init() {}

  /// A grid of which only the cells with rows were laid out.
  public struct SparseGrid: Sendable, Equatable {
    /// Combinations of places, activities and periods.
    public var possible: Int
    /// Combinations that rows have.
    public var count: Int
    /// Whether formulas were computed for the other combinations too, without keeping them.
    public var isPassedOver: Bool

    public init(possible: Int, count: Int, isPassedOver: Bool = false) {
      self.possible = possible
      self.count = count
      self.isPassedOver = isPassedOver
    }
  }

  /// Rows of a table put into groups by the values of some columns.
  public struct Grouping: Sendable, Equatable {
    /// Combinations of the values that the columns have.
    public var possible: Double
    /// Combinations that rows have.
    public var count: Int
    /// Whether the groups were looked up by a hash of the values: there is no array of all possible ones.
    public var isHashed: Bool

    public init(possible: Double, count: Int, isHashed: Bool) {
      self.possible = possible
      self.count = count
      self.isHashed = isHashed
    }
  }
}

extension Duration {
  var inMilliseconds: Double { Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15 }
}
