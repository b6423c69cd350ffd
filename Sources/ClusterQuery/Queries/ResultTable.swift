package import CQColumns

/// The result of a query: columns of equal length with their provenance. Immutable.
public struct ResultTable: Sendable {
  /// Columns, header and notes.
  public let table: Table

  /// What the query used: rows read, cells, bytes, threads, time.
  public let stats: RunStatistics

  init(_ table: Table, _ stats: RunStatistics = RunStatistics()) {
    self.table = table
    self.stats = stats
  }

  public var columns: [TableColumn] { table.columns }
  public var rowCount: Int { table.rowCount }
  /// What, where, when, against what, and from which source.
  public var header: TableHeader { table.header }
  /// What was withheld, estimated or left out.
  public var notes: [TableNote] { table.notes }
}

/// A number with what is known about it.
public enum Cell<Value: Sendable & Equatable>: Sendable, Equatable {
  case known(Value)
  /// A part of it was withheld by the agency.
  case estimated(Value)
  case withheld
  case missing

  /// The number, published or estimated.
  public var value: Value? {
    switch self {
    case .known(let value), .estimated(let value): value
    case .withheld, .missing: nil
    }
  }

  public var state: CellState {
    switch self {
    case .known: .known
    case .estimated: .estimated
    case .withheld: .withheld
    case .missing: .missing
    }
  }
}
