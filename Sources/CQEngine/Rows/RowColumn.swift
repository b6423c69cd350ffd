import CQCatalog
import CQColumns

/// A column of the row table, as long as the table was before any stage ran.
enum RowColumn {
  /// Index into `members` for each row.
  case members([Int32], [Member])
  case numbers(Vector)
  /// Codes into the table's texts, with states.
  case texts(Vector)
  /// A column of a file, in place.
  case stored(StoredColumn)

  /// What it takes beside the file: codes, or numbers with their states.
  var byteCount: Int {
    switch self {
    case .members(let codes, _): codes.count * 4
    case .numbers(let vector), .texts(let vector): vector.count * 9
    case .stored: 0
    }
  }
}

/// A column of a file while verbs run over it.
final class StoredColumn {
  let column: FileTable.Column
  /// For each text of its dictionary the code among the texts of the table, once something has asked for it.
  private var codes: [Double]?

  init(_ column: FileTable.Column) { self.column = column }

  func codes(_ rows: RowTable) -> [Double] {
    if let codes { return codes }
    guard case .texts(_, let values) = column.values else { return [] }
    let made = values.map { Double(rows.code(of: $0)) }
    codes = made
    return made
  }
}

/// A column that is made when something asks for it.
final class LazyColumn {
  private var made: RowColumn?
  private let make: () throws -> RowColumn

  init(_ column: RowColumn) {
    made = column
    make = { column }
  }

  init(_ make: @escaping () throws -> RowColumn) { self.make = make }

  /// Nothing before something has asked for it.
  var byteCount: Int { made?.byteCount ?? 0 }

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func column() throws -> RowColumn {
    if let made { return made }
    let column = try make()
    made = column
    return column
  }
}

/// Rows of earlier tables that are the rows of this one, for all columns that come from there.
final class PickedRows {
  let rows: RowSelection

  init(_ rows: RowSelection) { self.rows = rows }
}

/// A column of a table: all of another one, or some of its rows, which are put side by side only where something reads them that
/// way. What verbs behind these leave out is never read.
struct ColumnSlot {
  let source: LazyColumn
  let picked: PickedRows?

  init(_ column: RowColumn) { self.init(LazyColumn(column)) }

  init(_ source: LazyColumn, _ picked: PickedRows? = nil) {
    self.source = source
    self.picked = picked
  }
}

extension [ColumnSlot] {
  /// The columns of a table that has these rows alone.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func picked(_ rows: RowSelection, _ control: RunControl) throws -> [ColumnSlot] {
    let own = PickedRows(rows)
    var known: [ObjectIdentifier: PickedRows] = [:]
    return try map { slot in
      guard let before = slot.picked else { return ColumnSlot(slot.source, own) }
      let both = try known[ObjectIdentifier(before)] ?? PickedRows(before.rows.at(rows, control))
      known[ObjectIdentifier(before)] = both
      return ColumnSlot(slot.source, both)
    }
  }
}

extension ArraySlice<ColumnSlot> {
  /// Bytes of what has been made for them; a list of rows that several share counts once.
  var byteCount: Int {
    var known: Set<ObjectIdentifier> = []
    return reduce(0) { bytes, slot in
      let own = bytes + slot.source.byteCount
      guard let picked = slot.picked, picked.rows.range == nil, known.insert(ObjectIdentifier(picked)).inserted else {
        return own
      }
      return own + picked.rows.count * MemoryLayout<Int32>.stride
    }
  }
}
