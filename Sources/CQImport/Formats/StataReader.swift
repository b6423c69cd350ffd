import CQColumns
internal import Synchronization

/// Reads Stata files: .dta of releases 113 to 115 (Stata 8 to 12) and 117 to 119 (since 13).
///
/// A column whose values all have labels becomes one of texts, the labels; dates become `2019-12-31`, quarters `2019Q4`.
///
/// - Source: StataCorp, `help dta_113` … `help dta_119`.
struct StataReader {
  private var reader: ByteReader
  private let control: ImportControl
  private let release: Int
  private var variables: [Variable] = []
  private var rowCount = 0
  private var labels: [String: [Int64: String]] = [:]
  private var longTexts: [UInt64: String] = [:]

  private struct Variable {
    enum Kind: Equatable {
      case text(Int)
      case longText
      case byte, int, long, float, double
    }

    var name = ""
    var kind: Kind
    var format = ""
    var labelName = ""

    var width: Int {
      switch kind {
      case .text(let length): length
      case .longText, .double: 8
      case .byte: 1
      case .int: 2
      case .long, .float: 4
      }
    }
  }

  static func read(_ region: ByteRegion, _ options: ImportOptions, _ control: ImportControl) throws(ImportError)
    -> FileTable
  {
    var stata = try StataReader(region, control)
    let data = stata.release >= 117 ? try stata.header() : try stata.oldHeader()
    return try stata.table(data)
  }

  private init(_ region: ByteRegion, _ control: ImportControl) throws(ImportError) {
    reader = ByteReader(region)
    self.control = control
    let first = try reader.byte(0)
    if first == 0x3C {
      guard let place = reader.find("<release>", from: 0, within: 64),
        let number = Int(try reader.text(place + 9, 3))
      else { throw ByteReader.cut }
      release = number
    } else {
      release = Int(first)
    }
    guard [113, 114, 115, 117, 118, 119].contains(release) else {
      throw ImportError(
        "it is a Stata file of release \(release), and 113 to 119 can be read",
        remedy: "save it with `saveold`, or as CSV")
    }
  }

  // MARK: - Releases 117 to 119

  private mutating func header() throws(ImportError) -> Int {
    guard let order = reader.find("<byteorder>", from: 0, within: 128) else { throw ByteReader.cut }
    reader.isBigEndian = try reader.text(order + 11, 3) == "MSF"
    guard let k = reader.find("<K>", from: order, within: 64) else { throw ByteReader.cut }
    let count =
      release == 119 ? Int(try reader.integer(UInt32.self, k + 3)) : Int(try reader.integer(UInt16.self, k + 3))
    guard let n = reader.find("<N>", from: k, within: 64) else { throw ByteReader.cut }
    let rows = release == 117 ? UInt64(try reader.integer(UInt32.self, n + 3)) : try reader.integer(UInt64.self, n + 3)
    guard let map = reader.find("<map>", from: n, within: 2048) else { throw ByteReader.cut }
    func section(_ index: Int, _ tag: String) throws(ImportError) -> Int {
      let offset = try reader.integer(UInt64.self, map + 5 + 8 * index)
      guard let position = Int(exactly: offset), try reader.text(position, tag.utf8.count) == tag else {
        throw ByteReader.cut
      }
      return position + tag.utf8.count
    }
    let (nameWidth, formatWidth) = release == 117 ? (33, 49) : (129, 57)
    try checkSize(columns: count, nameWidth)
    let (types, names) = (try section(2, "<variable_types>"), try section(3, "<varnames>"))
    let (formats, labelNames) = (try section(5, "<formats>"), try section(6, "<value_label_names>"))
    for index in 0..<count {
      var variable = Variable(kind: try Self.kind(Int(try reader.integer(UInt16.self, types + 2 * index))))
      variable.name = try reader.text(names + nameWidth * index, nameWidth)
      variable.format = try reader.text(formats + formatWidth * index, formatWidth)
      variable.labelName = try reader.text(labelNames + nameWidth * index, nameWidth)
      variables.append(variable)
    }
    let data = try section(9, "<data>")
    try checkRows(rows, data)
    try readLongTexts(try section(10, "<strls>"))
    var position = try section(11, "<value_labels>")
    while try reader.text(position, 5) == "<lbl>" {
      let size = Int(try reader.integer(UInt32.self, position + 5))
      try readLabels(position + 9, nameWidth, size)
      position += 9 + nameWidth + 3 + size + 6
    }
    return data
  }

  private static func kind(_ type: Int) throws(ImportError) -> Variable.Kind {
    switch type {
    case 1...2045: return .text(type)
    case 32768: return .longText
    case 65526: return .double
    case 65527: return .float
    case 65528: return .long
    case 65529: return .int
    case 65530: return .byte
    default: throw ByteReader.cut
    }
  }

  private mutating func readLongTexts(_ start: Int) throws(ImportError) {
    var position = start
    while try reader.text(position, 3) == "GSO" {
      if longTexts.count & 0x3FF == 0 { try control.check() }
      let variable = UInt64(try reader.integer(UInt32.self, position + 3))
      let isShort = release == 117
      let row =
        isShort ? UInt64(try reader.integer(UInt32.self, position + 7)) : try reader.integer(UInt64.self, position + 7)
      position += isShort ? 11 : 15
      let length = Int(try reader.integer(UInt32.self, position + 1))
      longTexts[Self.key(variable, row)] = try reader.text(position + 5, length)
      position += 5 + length
    }
  }

  private static func key(_ variable: UInt64, _ row: UInt64) -> UInt64 { variable << 40 ^ row }

  // MARK: - Releases 113 to 115

  private mutating func oldHeader() throws(ImportError) -> Int {
    reader.isBigEndian = try reader.byte(1) == 1
    let count = Int(try reader.integer(UInt16.self, 4))
    let rows = UInt64(try reader.integer(UInt32.self, 6))
    let formatWidth = release == 113 ? 12 : 49
    let types = 109
    let names = types + count
    let formats = names + 33 * count + 2 * (count + 1)
    let labelNames = formats + formatWidth * count
    try checkSize(columns: count, 33)
    for index in 0..<count {
      var variable = Variable(kind: try Self.oldKind(Int(try reader.byte(types + index))))
      variable.name = try reader.text(names + 33 * index, 33)
      variable.format = try reader.text(formats + formatWidth * index, formatWidth)
      variable.labelName = try reader.text(labelNames + 33 * index, 33)
      variables.append(variable)
    }
    var position = labelNames + 33 * count + 81 * count
    while true {
      let (type, length) = (try reader.byte(position), Int(try reader.integer(Int32.self, position + 1)))
      position += 5
      if type == 0, length == 0 { break }
      guard length >= 0 else { throw ByteReader.cut }
      position += length
    }
    let data = position
    try checkRows(rows, data)
    position += variables.reduce(0) { $0 + $1.width } * rowCount
    while position + 4 < reader.count {
      let size = Int(try reader.integer(Int32.self, position))
      try readLabels(position + 4, 33, size)
      position += 4 + 33 + 3 + size
    }
    return data
  }

  private static func oldKind(_ type: Int) throws(ImportError) -> Variable.Kind {
    switch type {
    case 1...244: return .text(type)
    case 251: return .byte
    case 252: return .int
    case 253: return .long
    case 254: return .float
    case 255: return .double
    default: throw ByteReader.cut
    }
  }

  // MARK: - Both

  private func checkSize(columns: Int, _ nameWidth: Int) throws(ImportError) {
    guard columns > 0, columns <= reader.count / nameWidth else { throw ByteReader.cut }
  }

  private mutating func checkRows(_ rows: UInt64, _ data: Int) throws(ImportError) {
    let width = variables.reduce(0) { $0 + $1.width }
    guard width > 0, rows <= UInt64((reader.count - min(data, reader.count)) / width) else { throw ByteReader.cut }
    rowCount = Int(rows)
    try control.check(rows: rowCount, bytes: 0)
  }

  private mutating func readLabels(_ start: Int, _ nameWidth: Int, _ size: Int) throws(ImportError) {
    let name = try reader.text(start, nameWidth)
    let table = start + nameWidth + 3
    let count = Int(try reader.integer(Int32.self, table))
    let textSize = Int(try reader.integer(Int32.self, table + 4))
    guard count >= 0, textSize >= 0, size >= 8, count <= size / 8, textSize <= size else { throw ByteReader.cut }
    var texts: [Int64: String] = [:]
    let (offsets, values) = (table + 8, table + 8 + 4 * count)
    let characters = values + 4 * count
    for index in 0..<count {
      let offset = Int(try reader.integer(Int32.self, offsets + 4 * index))
      guard offset >= 0, offset < max(1, textSize) else { throw ByteReader.cut }
      let value = Int64(try reader.integer(Int32.self, values + 4 * index))
      texts[value] = try reader.text(characters + offset, textSize - offset)
    }
    labels[name] = texts
  }

  /// Each variable is read by one thread; of several mistakes that of the first variable counts.
  private func table(_ data: Int) throws(ImportError) -> FileTable {
    let width = variables.reduce(0) { $0 + $1.width }
    var starts = [data]
    for variable in variables { starts.append(starts[starts.count - 1] + variable.width) }
    let offsets = starts
    let columns = Mutex([Result<FileTable.Column, ImportError>?](repeating: nil, count: variables.count))
    // Values that have been read, of the variables that are.
    let finished = Atomic<Int>(0)
    let total = rowCount * variables.count { control.wants($0.name) }
    let byteCount = Atomic<Int>(0)
    WorkerThreads.run(units: variables.count, threads: control.threadCount) { index in
      guard control.wants(variables[index].name) else { return }
      let result: Result<FileTable.Column, ImportError>
      do throws(ImportError) {
        result = .success(
          try column(variables[index], offsets[index], width, byteCount) { rows in
            control.progress(finished.add(rows, ordering: .relaxed).newValue, total)
          })
      } catch {
        result = .failure(error)
      }
      columns.withLock { $0[index] = result }
    }
    var read: [FileTable.Column] = []
    for case let result? in columns.withLock({ $0 }) { read.append(try result.get()) }
    return FileTable(columns: read, rowCount: rowCount, format: "Stata \(release)")
  }

  private func column(
    _ variable: Variable, _ start: Int, _ width: Int, _ byteCount: borrowing Atomic<Int>,
    hasRead: (_ rows: Int) -> Void
  ) throws(ImportError) -> FileTable.Column {
    var builder = ColumnBuilder()
    var known = 0
    let texts = try labelTexts(variable, start, width)
    for row in 0..<rowCount {
      if row & 0xFFF == 0 {
        let bytes = byteCount.add(builder.byteCount - known, ordering: .relaxed).newValue
        known = builder.byteCount
        try control.check(rows: rowCount, bytes: bytes)
        if row > 0 { hasRead(0x1000) }
      }
      let position = start + row * width
      switch variable.kind {
      case .text(let length): builder.append(try reader.text(position, length))
      case .longText: builder.append(try longText(position))
      default:
        guard let number = try number(variable.kind, position) else {
          builder.appendMissing()
          continue
        }
        if let texts {
          builder.append(texts[Int64(number)] ?? "")
        } else if let date = Self.date(number, variable.format) {
          builder.append(date)
        } else if let integer = Int64(exactly: number) {
          builder.append(integer)
        } else {
          builder.append(number)
        }
      }
    }
    try control.check(
      rows: rowCount, bytes: byteCount.add(builder.byteCount - known, ordering: .relaxed).newValue)
    return builder.column(named: variable.name)
  }

  /// The labels of a variable, if all of its values have one.
  private func labelTexts(_ variable: Variable, _ start: Int, _ width: Int) throws(ImportError) -> [Int64: String]? {
    guard let texts = labels[variable.labelName], !texts.isEmpty else { return nil }
    var hasValue = false
    for row in 0..<rowCount {
      if row & 0xFFF == 0 { try control.check() }
      guard let number = try number(variable.kind, start + row * width) else { continue }
      guard let integer = Int64(exactly: number), texts[integer] != nil else { return nil }
      hasValue = true
    }
    return hasValue ? texts : nil
  }

  private func longText(_ position: Int) throws(ImportError) -> String {
    let (variable, row): (UInt64, UInt64)
    switch release {
    case 117:
      variable = UInt64(try reader.integer(UInt32.self, position))
      row = UInt64(try reader.integer(UInt32.self, position + 4))
    default:
      let bits = release == 118 ? UInt64(16) : 24
      let word = try reader.integer(UInt64.self, position)
      variable = reader.isBigEndian ? word >> (64 - bits) : word & (1 << bits - 1)
      row = reader.isBigEndian ? word & (1 << (64 - bits) - 1) : word >> bits
    }
    return longTexts[Self.key(variable, row)] ?? ""
  }

  /// nil for one of Stata's missing values.
  private func number(_ kind: Variable.Kind, _ position: Int) throws(ImportError) -> Double? {
    switch kind {
    case .byte:
      let value = Int8(bitPattern: try reader.byte(position))
      return value > 100 ? nil : Double(value)
    case .int:
      let value = try reader.integer(Int16.self, position)
      return value > 32_740 ? nil : Double(value)
    case .long:
      let value = try reader.integer(Int32.self, position)
      return value > 2_147_483_620 ? nil : Double(value)
    case .float:
      let value = try reader.float(position)
      guard value.isFinite, value < 0x1p127 else { return nil }
      return Double("\(value)") ?? Double(value)
    case .double:
      let value = try reader.double(position)
      return value.isFinite && value < 0x1p1023 ? value : nil
    case .text, .longText: return nil
    }
  }

  /// Dates, months and quarters count from 1960.
  private static func date(_ number: Double, _ format: String) -> String? {
    guard format.hasPrefix("%t") || format.hasPrefix("%d"), let count = Int64(exactly: number.rounded()),
      count.magnitude < 1 << 50
    else { return nil }
    func parts(_ size: Int64) -> (year: Int64, part: Int64) {
      let part = ((count % size) + size) % size
      return (1960 + (count - part) / size, part + 1)
    }
    switch format.dropFirst(2).first {
    case "d": return CivilDate.text(days: count - 3653)
    case "c":
      return CivilDate.text(days: (count - ((count % 86_400_000) + 86_400_000) % 86_400_000) / 86_400_000 - 3653)
    case "q": return "\(parts(4).year)Q\(parts(4).part)"
    case "m": return "\(parts(12).year)-\(parts(12).part < 10 ? "0" : "")\(parts(12).part)"
    default: return format.hasPrefix("%d") ? CivilDate.text(days: count - 3653) : nil
    }
  }
}
