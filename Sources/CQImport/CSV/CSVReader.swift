package import CQColumns

/// Reads separated values (RFC 4180 and what is usual besides it): any separator, quoted fields with doubled quotes and
/// line ends in them, LF or CRLF, an optional byte order mark, UTF-8 or Latin-1, a decimal point or comma.
///
/// The type of a column follows from all of its values: numbers if every value is a number, a mark of a withheld or
/// missing one, or blank (``NumberText`` lists them), else texts. The first part of the file gives a guess; what
/// contradicts it further down is read a second time.
///
/// - Complexity: O(bytes), by blocks of 2 MB on as many threads as the control allows; each text that differs is kept
///   once. The result is the same for any number of threads.
package struct CSVReader {
  private let open: () throws(ImportError) -> any ByteStream
  private let options: ImportOptions
  private let control: ImportControl

  /// - Parameter open: Opens the bytes from their start; called again where a second reading is needed.
  init(_ options: ImportOptions, _ control: ImportControl, open: @escaping () throws(ImportError) -> any ByteStream) {
    self.open = open
    self.options = options
    self.control = control
  }

  /// A text that is there already.
  package static func read(
    _ bytes: [UInt8], _ options: ImportOptions = ImportOptions(), _ control: ImportControl = ImportControl()
  ) throws(ImportError) -> FileTable {
    let region = ByteRegion.copying(bytes)
    return try CSVReader(options, control) { () throws(ImportError) in MemoryStream(region) }.read()
  }

  func read() throws(ImportError) -> FileTable {
    let cutter = BlockCutter(try open(), blockSize: control.blockSize)
    guard let first = try cutter.next() else { throw Self.empty }
    var header = try CSVHeader(first, options)
    var kinds = header.names.map { name -> CSVBlockParser.Kind in
      // A column without a name is read to see that it is blank.
      control.wants(name) || name.isEmpty ? options.textColumns.contains(name) ? .text : .number : .skipped
    }
    let oddities = guess(&kinds, &header, first)
    let blocks = try CSVPass(cutter, first: first, setting(kinds, header), control).run()
    if blocks.contains(where: \.hasDecimalComma), options.hasDecimalComma == nil, !header.dialect.hasDecimalComma {
      header.dialect.hasDecimalComma = true
      return try readAgain(header)
    }
    try CSVChecks(header: header, options: options).check(blocks)
    var assembly = CSVAssembly(header: header, options: options, control: control, oddities: oddities)
    try assembly.take(blocks)
    let doubtful = assembly.columnsOfTexts
    if !doubtful.isEmpty {
      var again = kinds.map { _ in CSVBlockParser.Kind.skipped }
      for column in doubtful { again[column] = .text }
      let cutter = BlockCutter(try open(), blockSize: control.blockSize)
      let first = try cutter.next()
      try assembly.take(texts: try CSVPass(cutter, first: first, setting(again, header), control).run())
    }
    return try assembly.table()
  }

  private func readAgain(_ header: CSVHeader) throws(ImportError) -> FileTable {
    var options = options
    options.hasDecimalComma = true
    return try CSVReader(options, control, open: open).read()
  }

  static let empty = ImportError("the file is empty", remedy: "its first line must name the columns")

  private func setting(_ kinds: [CSVBlockParser.Kind], _ header: CSVHeader) -> CSVPass.Setting {
    CSVPass.Setting(
      kinds: kinds, dialect: header.dialect,
      numbers: NumberText(hasDecimalComma: header.dialect.hasDecimalComma, options: options), start: header.end,
      firstLine: header.lineCount, header: header.record)
  }

  /// What the first part of the file says of its columns: one value that is no number makes one of texts.
  ///
  /// - Returns: Those values, of columns that hold numbers but for them.
  private func guess(
    _ kinds: inout [CSVBlockParser.Kind], _ header: inout CSVHeader, _ first: TextBlock
  ) -> [Int: FileTable.Oddity] {
    var oddities: [Int: FileTable.Oddity] = [:]
    let sample = first.sample(from: header.end, upTo: 1 << 18)
    while true {
      let setting = setting(kinds, header)
      let parser = CSVBlockParser(
        kinds: kinds, dialect: header.dialect, numbers: setting.numbers, header: setting.header)
      let result = parser.parse(sample, from: 0)
      if result.hasDecimalComma, options.hasDecimalComma == nil {
        header.dialect.hasDecimalComma = true
        continue
      }
      for (column, found) in result.columns.enumerated() {
        guard let odd = found.odd else { continue }
        kinds[column] = .text
        if found.oddCount * 2 <= found.numberCount {
          oddities[column] = FileTable.Oddity(line: header.lineCount + odd.line + 1, text: odd.text)
        }
      }
      return oddities
    }
  }
}

extension TextBlock {
  /// The whole lines among the first bytes behind `start`.
  fileprivate func sample(from start: Int, upTo limit: Int) -> TextBlock {
    let length = min(limit, count - start)
    let sample = TextBlock(capacity: max(length, 1))
    sample.bytes.copy(from: bytes, at: start, count: length, to: 0)
    sample.count = length
    if length < count - start, let last = sample.lastPosition(of: 0x0A) { sample.count = last + 1 }
    sample.isLast = true
    sample.seal()
    return sample
  }
}
