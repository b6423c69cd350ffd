import CQColumns
internal import Synchronization

/// Puts the columns of all blocks together.
struct CSVAssembly {
  private let header: CSVHeader
  private let options: ImportOptions
  private let control: ImportControl
  private var blocks: [CSVBlockResult] = []
  /// Of a second reading, for columns that turned out to hold texts.
  private var secondBlocks: [CSVBlockResult] = []

  /// What the first part of the file has said of columns of texts.
  private let oddities: [Int: FileTable.Oddity]

  init(header: CSVHeader, options: ImportOptions, control: ImportControl, oddities: [Int: FileTable.Oddity]) {
    self.header = header
    self.oddities = oddities
    self.options = options
    self.control = control
  }

  mutating func take(_ blocks: [CSVBlockResult]) throws(ImportError) {
    self.blocks = blocks
    try control.check()
  }

  mutating func take(texts blocks: [CSVBlockResult]) throws(ImportError) {
    secondBlocks = blocks
    try control.check()
  }

  /// Columns that were read as numbers and hold something else, or nothing but marks.
  var columnsOfTexts: [Int] {
    header.names.indices.filter { column in
      let parts = blocks.map { $0.columns[column] }
      if parts.contains(where: { $0.odd != nil }) || hasMixedSigns(parts) { return true }
      if parts.contains(where: { if case .texts = $0.values { true } else { false } }) { return false }
      return parts.allSatisfy { $0.numberCount == 0 } && parts.contains { $0.markCount > 0 }
    }
  }

  /// 12% and 0.12 in one column can't both be meant as numbers.
  private func hasMixedSigns(_ parts: [ColumnPart]) -> Bool {
    let signed = parts.reduce(0) { $0 + $1.signedCount }
    return signed > 0 && signed < parts.reduce(0) { $0 + $1.numberCount }
  }

  /// The parts of a column are freed when they have been put together, so that the file is not held twice.
  mutating func table() throws(ImportError) -> FileTable {
    let rowCount = blocks.reduce(0) { $0 + $1.rowCount }
    let again = Set(columnsOfTexts)
    let wanted = header.names.indices.filter { !header.names[$0].isEmpty && self.control.wants(header.names[$0]) }
    var sources = wanted.map { column in
      (again.contains(column) ? secondBlocks : blocks).map { $0.columns[column] }
    }
    let isLatin1 = try readsLatin1(sources)
    let columnCount = sources.count
    let columns = Mutex([FileTable.Column?](repeating: nil, count: columnCount))
    let next = Atomic<Int>(0)
    let (names, control) = (wanted.map { header.names[$0] }, control)
    let oddities = wanted.map { oddity($0) }
    let (lines, format, notes) = (lines, format(isLatin1: isLatin1), notes)
    blocks = []
    secondBlocks = []
    let parts = Mutex(sources)
    sources = []
    WorkerThreads.run(max(1, min(control.threadCount, rowCount < 100_000 ? 1 : columnCount))) { _ in
      while !control.isStopped() {
        let column = next.add(1, ordering: .relaxed).oldValue
        guard column < columnCount else { return }
        let own = parts.withLock { parts -> [ColumnPart] in
          let own = parts[column]
          parts[column] = []
          return own
        }
        let (values, states) = ColumnPart.joined(own, rowCount, isLatin1: isLatin1, control)
        let made = FileTable.Column(name: names[column], values: values, states: states, oddity: oddities[column])
        columns.withLock { $0[column] = made }
      }
    }
    try control.check()
    var table = FileTable(columns: columns.withLock { $0 }.compactMap { $0 }, rowCount: rowCount, lines: lines)
    table.format = format
    table.notes = notes
    return table
  }

  // MARK: - What is said about the file

  private var lines: LineMap {
    var lines = LineMap()
    var row = 0
    for block in blocks {
      for entry in block.breaks { lines.add(row: row + entry.row, line: block.firstLine + entry.line + 1) }
      row += block.rowCount
    }
    return lines
  }

  private func oddity(_ column: Int) -> FileTable.Oddity? {
    if let known = oddities[column] { return known }
    let parts = blocks.map { $0.columns[column] }
    let odd = parts.reduce(0) { $0 + $1.oddCount }
    let numbers = parts.reduce(0) { $0 + $1.numberCount }
    if odd == 0, hasMixedSigns(parts) {
      for (block, part) in zip(blocks, parts) {
        if let place = part.signed {
          return FileTable.Oddity(line: block.firstLine + place.line + 1, text: place.text)
        }
      }
    }
    guard odd > 0, numbers > odd else { return nil }
    for (block, part) in zip(blocks, parts) {
      if let place = part.odd { return FileTable.Oddity(line: block.firstLine + place.line + 1, text: place.text) }
    }
    return nil
  }

  /// Whether bytes beyond ASCII are Latin-1: where some are not UTF-8 and none are.
  private func readsLatin1(_ sources: [[ColumnPart]]) throws(ImportError) -> Bool {
    switch options.encoding {
    case .latin1: return true
    case .utf8, nil: break
    }
    let isWide = sources.contains { $0.contains(where: \.hasWideCharacters) }
    var first: Int?
    for parts in sources {
      for (block, part) in zip(blocks, parts) {
        guard let place = part.invalid else { continue }
        first = min(first ?? .max, block.firstLine + place.line + 1)
        break
      }
    }
    if header.isInvalid { first = header.lineCount }
    guard let first else { return false }
    if isWide || options.encoding == .utf8 {
      throw ImportError(
        line: first, "it has bytes that are not UTF-8\(isWide ? ", while other lines have some that are" : "")",
        remedy: "save the file as UTF-8, or say `encoding:latin1`")
    }
    return true
  }

  private func format(isLatin1: Bool) -> String {
    var parts = ["separated by \(header.dialect.separatorName)"]
    if header.dialect.hasDecimalComma { parts.append("decimal comma") }
    if isLatin1 { parts.append("Latin-1") }
    return parts.joined(separator: ", ")
  }

  /// Which columns have signs beside their numbers, as `12.5%` is read as 12.5.
  private var signNotes: [String] {
    header.names.indices.compactMap { column in
      let parts = blocks.map { $0.columns[column] }
      guard let first = parts.lazy.compactMap(\.signed).first, !columnsOfTexts.contains(column) else { return nil }
      return first.text.hasSuffix("%")
        ? "`\(header.names[column])` holds percents, read as numbers: \(first.text) is \(first.text.dropLast())"
        : "`\(header.names[column])` holds amounts of money, read as numbers: \(first.text)"
    }
  }

  private var notes: [String] { signNotes + repeatedNameNotes + badRowNotes }

  private var repeatedNameNotes: [String] {
    let lines = blocks.flatMap { block in block.repeatedNames.map { block.firstLine + $0 + 1 } }
    guard let first = lines.first else { return [] }
    if lines.count == 1 { return ["line \(first) repeats the names of the columns and was left out"] }
    let named = lines.prefix(CSVBlockResult.namedBadRows).map { "\($0)" }.joined(separator: ", ")
    let more = lines.count > CSVBlockResult.namedBadRows ? ", …" : ""
    return ["\(lines.count) lines repeat the names of the columns and were left out: \(named)\(more)"]
  }

  private var badRowNotes: [String] {
    let total = blocks.reduce(0) { $0 + $1.badRowCount }
    guard total > 0 else { return [] }
    let named = blocks.flatMap { block in block.badRows.map { (block.firstLine + $0.line + 1, $0.fieldCount) } }
      .prefix(CSVBlockResult.namedBadRows)
    let places = named.map { line, count in
      "line \(line) (\(count.map { $0 == 1 ? "1 field" : "\($0) fields" } ?? "a stray quote"))"
    }
    let more = total > named.count ? ", …" : ""
    let rows = total.counted("row")
    return [
      "\(rows) left out, which \(total == 1 ? "has" : "have") not \(header.names.count) fields: \(places.joined(separator: ", "))\(more)"
    ]
  }
}
