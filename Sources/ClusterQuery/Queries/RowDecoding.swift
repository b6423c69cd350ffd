internal import CQCatalog
internal import CQColumns

extension ResultTable {
  /// The rows as values of a type of yours: its properties are the columns' names.
  ///
  /// Places and activities decode to their names (`String`), numbers to `Double`, `Int`, or to `Cell<Double>` where
  /// withheld and estimated should be told apart; a number that is withheld or missing decodes to nil of an optional.
  ///
  /// - Throws: `DecodingError` that names the column and the row.
  /// - Complexity: O(rows × properties).
  public func rows<Row: Decodable>(as type: Row.Type) throws -> [Row] {
    try (0..<rowCount).map { try Row(from: RowDecoder(table: table, row: $0)) }
  }
}

extension Cell: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    guard let cell = decoder as? CellDecoder else {
      self = .known(try Value(from: decoder))
      return
    }
    switch cell.state {
    case .known: self = .known(try Value(from: cell))
    case .estimated: self = .estimated(try Value(from: cell))
    case .withheld: self = .withheld
    case .missing: self = .missing
    }
  }
}

/// Reads one row as a keyed container.
private struct RowDecoder: Decoder {
  let table: Table
  let row: Int
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(RowContainer<Key>(table: table, row: row))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw mismatch("a row has named columns") }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw mismatch("a row has named columns") }

  private func mismatch(_ text: String) -> DecodingError {
    DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: text))
  }
}

private struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let table: Table
  let row: Int
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { table.columns.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { table.column(meantBy: key.stringValue) != nil }

  func cell(_ key: Key) throws -> CellDecoder {
    guard let column = table.column(meantBy: key.stringValue) else {
      let names = table.columns.map(\.name).joined(separator: ", ")
      throw DecodingError.keyNotFound(
        key, .init(codingPath: [], debugDescription: "there is no column `\(key.stringValue)`; columns: \(names)"))
    }
    return CellDecoder(column: column, row: row, codingPath: [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool { !(try cell(key).state.hasValue) }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: try cell(key)) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { try cell(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try cell(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { RowDecoder(table: table, row: row) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try cell(key) }
}

/// Reads one cell.
struct CellDecoder: Decoder, SingleValueDecodingContainer {
  let column: TableColumn
  let row: Int
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var state: CellState {
    if case .numbers(_, let states, _) = column.values { return states[row] }
    return .known
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    throw mismatch("a cell is a single value")
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw mismatch("a cell is a single value") }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { !state.hasValue }

  func decode(_ type: String.Type) throws -> String {
    switch column.values {
    case .members(let codes, let members): return members[Int(codes[row])].name
    case .texts(let texts): return texts[row]
    case .periods(let periods): return periodText(periods[row])
    case .truths(let truths): return truths[row] ? "true" : "false"
    case .numbers: throw mismatch("it holds numbers, not text")
    }
  }

  func decode(_ type: Bool.Type) throws -> Bool {
    if case .truths(let truths) = column.values { return truths[row] }
    throw mismatch("it does not hold true and false")
  }

  func decode(_ type: Double.Type) throws -> Double {
    switch column.values {
    case .numbers(let numbers, let states, _):
      guard states[row].hasValue else {
        throw mismatch("the number is \(states[row].name); use Double? or Cell<Double>")
      }
      return numbers[row]
    case .periods(let years): return Double(years[row])
    default: throw mismatch("it does not hold numbers")
    }
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }

  private func integer<T: FixedWidthInteger>() throws -> T {
    let number = try decode(Double.self)
    guard let value = T(exactly: number) else { throw mismatch("\(number) is not a whole number that fits") }
    return value
  }

  private func mismatch(_ text: String) -> DecodingError {
    DecodingError.dataCorrupted(
      .init(codingPath: codingPath, debugDescription: "column `\(column.name)`, row \(row + 1): \(text)"))
  }
}

extension Table {
  /// The column of this name; one of places or activities answers to every word for its level, so that rows `by:municipio`
  /// decode as a `county`.
  fileprivate func column(meantBy name: String) -> TableColumn? {
    if let column = column(named: name) { return column }
    guard let level = Level(word: name) else { return nil }
    return columns.first { column in
      if case .members = column.values { Level(word: column.name) == level } else { false }
    }
  }
}
