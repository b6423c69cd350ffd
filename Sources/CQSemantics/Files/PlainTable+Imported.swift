import CQCatalog
import CQColumns

extension PlainTable {
  /// The table with its columns typed, as if it had been read from a file.
  ///
  /// A column of names becomes a column of members when every row has one; where some are blank it stays a column of
  /// texts, with the names of the catalogue.
  func imported(_ catalog: Catalog) -> ImportedTable {
    let content = self.content
    return ImportedTable(
      path: name, source: source, names: content.columns.map(\.name),
      columns: content.columns.map { column($0, content.rowCount, catalog) }, rowCount: content.rowCount)
  }

  private func column(_ column: Column, _ rowCount: Int, _ catalog: Catalog) -> ImportedTable.Column {
    guard let numbers = column.data.numbers else {
      let texts = column.data.texts ?? [String](repeating: "", count: rowCount)
      return column.level.map { members(texts, $0, column.country, catalog) } ?? .texts(texts)
    }
    let states = column.states ?? [CellState](repeating: .known, count: numbers.count)
    if column.unit.isEmpty, Level(word: column.name) == .year, states.allSatisfy({ $0 == .known }),
      numbers.allSatisfy({ Int32(exactly: $0) != nil })
    {
      return .periods(numbers.map { Int32($0) })
    }
    return .numbers(numbers, states, unit: column.unit)
  }

  private func members(
    _ texts: [String], _ level: Level, _ country: String, _ catalog: Catalog
  ) -> ImportedTable.Column {
    var known: [String: Member] = [:]
    for text in Set(texts) where !text.isEmpty {
      let found = catalog.find(text, levels: [level], preferring: country.isEmpty ? [] : [country])
      if found.count == 1 { known[text] = found[0] }
    }
    guard texts.allSatisfy({ known[$0] != nil }) else { return .texts(texts.map { known[$0]?.name ?? $0 }) }
    var members: [Member] = []
    var codes: [Member: Int32] = [:]
    return .members(
      texts.compactMap { text -> Int32? in
        guard let member = known[text] else { return nil }
        if let code = codes[member] { return code }
        codes[member] = Int32(members.count)
        members.append(member)
        return Int32(members.count - 1)
      }, members)
  }
}

extension ColumnData {
  /// The numbers of the column; nil for texts.
  fileprivate var numbers: [Double]? {
    switch widened() {
    case .int32(let values): (0..<values.count).map { Double(values[$0]) }
    case .int64(let values): (0..<values.count).map { Double(values[$0]) }
    case .float64(let values): (0..<values.count).map { values[$0] }
    case nil: nil
    }
  }

  fileprivate var texts: [String]? {
    if case .texts(let texts) = self { return texts }
    guard let (codes, values) = members() else { return nil }
    return switch codes {
    case .bits8(let codes): (0..<codes.count).map { values[Int(codes[$0])] }
    case .bits16(let codes): (0..<codes.count).map { values[Int(codes[$0])] }
    case .bits32(let codes): (0..<codes.count).map { values[Int(codes[$0])] }
    }
  }
}
