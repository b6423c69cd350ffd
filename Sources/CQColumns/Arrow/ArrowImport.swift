internal import Synchronization

/// Reads Arrow IPC files and streams (Feather 2 among them) as other programs write them: several batches, nulls, any
/// width of numbers, dictionaries with additions, compressed buffers.
///
/// What ``ArrowReader`` takes in place is better read by it; this one copies.
///
/// - Source: Apache Arrow columnar format 1.5.
package struct ArrowImport {
  /// Decompresses one buffer: `LZ4_FRAME` is 0, `ZSTD` 1.
  package typealias Decompress =
    @Sendable (_ codec: Int, _ bytes: [UInt8], _ size: Int) throws(ArrowError) -> [UInt8]
  /// Throws to stop reading.
  typealias Check = @Sendable () throws(ArrowError) -> Void
  /// Rows after which it is asked, less one.
  static let checkMask = 0x3FFF

  private let region: ByteRegion
  private let name: String
  private let view: FlatBufferView
  private let decompress: Decompress
  private let progress: Progress
  private let threads: Int
  private var wants: (_ column: String) -> Bool = { _ in true }
  private var fields: [Field] = []
  private var batches: [Batch] = []
  private var dictionaries: [Int64: ArrowValues] = [:]
  private var rowCount = 0
  private var leftOut: [String] = []

  /// Told how many rows there are, what they take so far, and which part of the file has been read; throws to stop.
  package typealias Progress = @Sendable (_ rows: Int, _ bytes: Int, _ position: Int) throws(ArrowError) -> Void

  /// A batch of rows, to be decoded: where its columns begin, and the dictionaries that hold for it.
  private struct Batch {
    var rowCount: Int
    var columns: [ArrowBuffers]
    var dictionaries: [Int64: ArrowValues]
    var end: Int
  }

  /// - Parameters:
  ///   - wants: Whether a column is needed; others are not read.
  ///   - threads: Threads that decode columns of batches; the result is the same for any number.
  /// - Returns: Columns, and a note about those that hold what a table can't.
  package static func read(
    _ region: ByteRegion, name: String, threads: Int = 1, wants: @escaping (_ column: String) -> Bool = { _ in true },
    decompress: @escaping Decompress, progress: @escaping Progress
  ) throws(ArrowError) -> FileTable {
    var reader = ArrowImport(region, name, threads, decompress, progress)
    reader.wants = wants
    try reader.messages()
    var notes: [String] = []
    if !reader.leftOut.isEmpty { notes.append("columns left out: \(reader.leftOut.joined(separator: ", "))") }
    return FileTable(columns: try reader.columns(), rowCount: reader.rowCount, format: "Arrow", notes: notes)
  }

  private init(
    _ region: ByteRegion, _ name: String, _ threads: Int, _ decompress: @escaping Decompress,
    _ progress: @escaping Progress
  ) {
    self.region = region
    self.name = name
    self.threads = threads
    self.decompress = decompress
    self.progress = progress
    // SAFETY: the view lives no longer than `self`, which keeps the region.
    view = unsafe FlatBufferView(unsafeBytes: region.bytes, fileName: name)
  }

  private var check: Check {
    let (progress, rowCount) = (progress, rowCount)
    return { () throws(ArrowError) in try progress(rowCount, 0, 0) }
  }

  private func failure(_ reason: String) -> ArrowError { view.failure(reason) }

  // MARK: - Messages

  /// A stream is messages one behind the other; a file has them between two marks, and a footer that says where.
  private mutating func messages() throws(ArrowError) {
    if try isFile { return try fileMessages() }
    var position = 0
    var hasSchema = false
    while position + 4 <= view.count, let (header, type, body) = try message(at: position) {
      if type == ArrowFormat.Message.schema {
        guard !hasSchema else { throw failure("it has two schemas") }
        hasSchema = true
        try readSchema(header)
      } else {
        guard hasSchema else { throw failure("it has no schema") }
        try read(header, type, body)
      }
      position = body.upperBound
    }
    guard hasSchema else { throw failure("it has no schema; it was probably cut short") }
  }

  private var isFile: Bool {
    get throws(ArrowError) { view.count < 8 ? false : try view.load(UInt32.self, at: 0) == 0x4F52_5241 }
  }

  private mutating func fileMessages() throws(ArrowError) {
    let end = view.count - 10
    guard end > 8 else { throw failure("it is too short; it was probably cut short") }
    guard try view.load(UInt32.self, at: view.count - 6) == 0x4F52_5241 else {
      throw failure("it must end with `ARROW1`; it was probably cut short")
    }
    let footerSize = try Int(view.load(Int32.self, at: end))
    guard footerSize > 0, footerSize <= end - 8 else {
      throw failure("its footer has an impossible size of \(footerSize) bytes")
    }
    let footer = try view.table(at: view.target(at: end - footerSize))
    guard let schema = try footer.table(ArrowFormat.Footer.schema) else { throw failure("its footer has no schema") }
    try readSchema(schema)
    for list in [ArrowFormat.Footer.dictionaries, ArrowFormat.Footer.recordBatches] {
      let blocks = try footer.structs(list, stride: ArrowFormat.Footer.blockSize)
      for index in 0..<blocks.count {
        let start = try view.load(Int64.self, at: blocks.position(of: index))
        guard let position = Int(exactly: start), position >= 0, position < view.count,
          let (header, type, body) = try message(at: position)
        else { throw failure("a block of its footer lies outside the file") }
        try read(header, type, body)
      }
    }
  }

  /// The message at `position`; nil for the mark of the end.
  private func message(at start: Int) throws(ArrowError) -> (header: FlatTable, type: UInt8, body: Range<Int>)? {
    let cut = "it ends in the middle; it was probably cut short"
    var position = start
    var size = try Int(view.load(Int32.self, at: position))
    position += 4
    if size == -1 {
      guard position + 4 <= view.count else { throw failure(cut) }
      size = try Int(view.load(Int32.self, at: position))
      position += 4
    }
    if size == 0 { return nil }
    guard size > 8, size <= view.count - position else { throw failure(cut) }
    let message = try view.table(at: view.target(at: position))
    let bodySize = try message.integer(ArrowFormat.Message.bodyLength, default: Int64(0))
    let body = position + size
    guard bodySize >= 0, bodySize <= Int64(view.count - body) else { throw failure(cut) }
    guard let header = try message.table(ArrowFormat.Message.header) else { throw failure("a message has no header") }
    let type = try message.integer(ArrowFormat.Message.headerType, default: UInt8(0))
    return (header, type, body..<body + Int(bodySize))
  }

  private mutating func read(_ header: FlatTable, _ type: UInt8, _ body: Range<Int>) throws(ArrowError) {
    switch type {
    case ArrowFormat.Message.dictionaryBatch: try readDictionary(header, body)
    case ArrowFormat.Message.recordBatch: try readBatch(header, body)
    default: break
    }
    try check()
  }

  // MARK: - Schema

  struct Field {
    enum Kind {
      case null, truth
      case integer(bits: Int, isSigned: Bool)
      case float(bits: Int)
      case text(wideOffsets: Bool)
      case textView
      /// Days, or units of a day, since 1970.
      case date(perDay: Int64)
      case decimal(bytes: Int, scale: Int)
      case runs
      /// What a table can't hold, with the name of the type.
      case other(tag: UInt8, name: String)
    }

    var name: String
    var kind: Kind
    var dictionary: (id: Int64, bits: Int, isSigned: Bool)?
    var children: [Field]
    /// Somebody needs it.
    var isWanted = true

    var isReadable: Bool {
      guard isWanted else { return false }
      if dictionary != nil { return true }
      switch kind {
      case .other: return false
      case .runs: return children.count == 2 && children[1].isReadable
      default: return true
      }
    }
  }

  private mutating func readSchema(_ schema: FlatTable) throws(ArrowError) {
    guard try schema.integer(ArrowFormat.Schema.endianness, default: Int16(0)) == 0 else {
      throw failure("its numbers must be little-endian")
    }
    let tables = try schema.tables(ArrowFormat.Schema.fields)
    guard tables.count <= 10_000 else { throw failure("it has more than 10000 columns") }
    for table in tables { fields.append(try field(table, depth: 0)) }
    for index in fields.indices where !wants(fields[index].name) { fields[index].isWanted = false }
    for field in fields where field.isWanted && !field.isReadable {
      if case .other(_, let type) = field.kind { leftOut.append("`\(field.name)` (\(type))") }
    }
  }

  private func field(_ table: FlatTable, depth: Int) throws(ArrowError) -> Field {
    guard depth < 16 else { throw failure("its columns are nested too deeply") }
    let type = try table.table(ArrowFormat.Field.type)
    let tag = try table.integer(ArrowFormat.Field.typeType, default: UInt8(0))
    var children: [Field] = []
    for child in try table.tables(ArrowFormat.Field.children) { children.append(try field(child, depth: depth + 1)) }
    var dictionary: (id: Int64, bits: Int, isSigned: Bool)?
    if let encoding = try table.table(ArrowFormat.Field.dictionary) {
      let index = try encoding.table(ArrowFormat.DictionaryEncoding.indexType)
      dictionary = (
        try encoding.integer(ArrowFormat.DictionaryEncoding.id, default: Int64(0)),
        Int(try index?.integer(ArrowFormat.Integer.bitWidth, default: Int32(32)) ?? 32),
        try index.map { index throws(ArrowError) in
          try index.integer(ArrowFormat.Integer.isSigned, default: UInt8(0)) != 0
        } ?? true
      )
    }
    return Field(
      name: try table.text(ArrowFormat.Field.name) ?? "", kind: try kind(tag, type), dictionary: dictionary,
      children: children)
  }

  private func kind(_ tag: UInt8, _ type: FlatTable?) throws(ArrowError) -> Field.Kind {
    func number<Value: FixedWidthInteger & BitwiseCopyable>(_ field: Int, _ fallback: Value) throws(ArrowError) -> Value
    {
      try type?.integer(field, default: fallback) ?? fallback
    }
    switch tag {
    case 1: return .null
    case 2: return .integer(bits: Int(try number(0, Int32(0))), isSigned: try number(1, UInt8(0)) != 0)
    case 3: return .float(bits: [16, 32, 64][min(max(0, Int(try number(0, Int16(0)))), 2)])
    case 5: return .text(wideOffsets: false)
    case 6: return .truth
    case 7:
      let bits = Int(try number(2, Int32(128)))
      return .decimal(bytes: bits / 8, scale: Int(try number(1, Int32(0))))
    case 8: return try number(0, Int16(1)) == 0 ? .date(perDay: 1) : .date(perDay: 86_400_000)
    case 10:
      let units: [Int64] = [86_400, 86_400_000, 86_400_000_000, 86_400_000_000_000]
      return .date(perDay: units[min(max(0, Int(try number(0, Int16(0)))), 3)])
    case 20: return .text(wideOffsets: true)
    case 22: return .runs
    case 24: return .textView
    default:
      let names: [UInt8: String] = [
        4: "binary", 9: "time", 11: "interval", 12: "list", 13: "struct", 14: "union", 15: "fixed-size binary",
        16: "fixed-size list", 17: "map", 18: "duration", 19: "large binary", 21: "large list", 23: "binary view",
        25: "list view", 26: "large list view",
      ]
      return .other(tag: tag, name: names[tag] ?? "type \(tag)")
    }
  }

  // MARK: - Batches

  private mutating func readDictionary(_ header: FlatTable, _ body: Range<Int>) throws(ArrowError) {
    let id = try header.integer(ArrowFormat.DictionaryBatch.id, default: Int64(0))
    guard let data = try header.table(ArrowFormat.DictionaryBatch.data) else {
      throw failure("a dictionary has no values")
    }
    guard let field = Self.holder(of: id, in: fields) else { return }
    var buffers = try ArrowBuffers(data, body, region, view, decompress, check)
    var plain = field
    plain.dictionary = nil
    let values = try buffers.values(of: plain, dictionaries: [:])
    if try header.integer(ArrowFormat.DictionaryBatch.isDelta, default: UInt8(0)) != 0, let known = dictionaries[id] {
      dictionaries[id] = known.appending(values)
    } else {
      dictionaries[id] = values
    }
  }

  private static func holder(of id: Int64, in fields: [Field]) -> Field? {
    for field in fields {
      if field.dictionary?.id == id { return field }
      if let found = holder(of: id, in: field.children) { return found }
    }
    return nil
  }

  private mutating func readBatch(_ header: FlatTable, _ body: Range<Int>) throws(ArrowError) {
    var buffers = try ArrowBuffers(header, body, region, view, decompress, check)
    var batch = Batch(rowCount: buffers.rowCount, columns: [], dictionaries: dictionaries, end: body.upperBound)
    for field in fields {
      if field.isReadable { batch.columns.append(buffers) }
      try buffers.skip(field)
    }
    batches.append(batch)
    rowCount += buffers.rowCount
  }

  /// Decodes all batches: each column of one is a unit of work, and the parts of a column are put together in order.
  private func columns() throws(ArrowError) -> [FileTable.Column] {
    let wanted = fields.filter { $0.isReadable }
    let (batches, view, progress, rowCount) = (batches, view, progress, rowCount)
    let unitCount = batches.count * wanted.count
    let parts = Mutex([ColumnBuilder?](repeating: nil, count: unitCount))
    let failure = FirstFailure()
    let byteCount = Atomic<Int>(0)
    WorkerThreads.run(units: unitCount, threads: threads) { unit in
      if failure.error != nil { return }
      let (batch, field) = (batches[unit / wanted.count], wanted[unit % wanted.count])
      do throws(ArrowError) {
        var buffers = batch.columns[unit % wanted.count]
        let values = try buffers.values(of: field, dictionaries: batch.dictionaries)
        guard values.count == batch.rowCount else {
          throw view.failure("column `\(field.name)` has not the rows of its batch")
        }
        var builder = ColumnBuilder()
        try values.append(to: &builder) { () throws(ArrowError) in try progress(rowCount, 0, 0) }
        let bytes = byteCount.add(builder.byteCount, ordering: .relaxed).newValue
        try progress(rowCount, bytes, batch.end)
        let made = builder
        parts.withLock { $0[unit] = made }
      } catch {
        failure.note(error, in: unit)
      }
    }
    if let error = failure.error { throw error }
    let columns = Mutex([FileTable.Column?](repeating: nil, count: wanted.count))
    WorkerThreads.run(units: wanted.count, threads: threads) { index in
      var whole = ColumnBuilder()
      for batch in batches.indices {
        let part = parts.withLock { parts in
          defer { parts[batch * wanted.count + index] = nil }
          return parts[batch * wanted.count + index]
        }
        do throws(ArrowError) {
          try progress(rowCount, 0, 0)
        } catch {
          return failure.note(error, in: index)
        }
        guard let part else { continue }
        if batch == 0 { whole = part } else { whole.append(part) }
      }
      let column = whole.column(named: wanted[index].name)
      columns.withLock { $0[index] = column }
    }
    if let error = failure.error { throw error }
    return columns.withLock { $0 }.compactMap { $0 }
  }
}

/// Of the mistakes that several threads meet, that of the first unit of work.
private final class FirstFailure: Sendable {
  private let first = Mutex<(unit: Int, error: ArrowError)?>(nil)

  var error: ArrowError? { first.withLock { $0?.error } }

  func note(_ error: ArrowError, in unit: Int) { first.withLock { if unit < $0?.unit ?? .max { $0 = (unit, error) } } }
}

/// Decoded values of one column of one batch.
enum ArrowValues {
  case integers([Int64], [Bool]?)
  case decimals([Double], [Bool]?)
  case texts([String], [Bool]?)
  /// Places among the texts.
  case coded([UInt32], [Bool]?, [String])
  case nothing(Int)

  var count: Int {
    switch self {
    case .integers(let values, _): values.count
    case .decimals(let values, _): values.count
    case .texts(let values, _): values.count
    case .coded(let codes, _, _): codes.count
    case .nothing(let count): count
    }
  }

  func appending(_ other: ArrowValues) -> ArrowValues {
    func all(_ mine: [Bool]?, _ theirs: [Bool]?) -> [Bool]? {
      if mine == nil, theirs == nil { return nil }
      return (mine ?? Array(repeating: true, count: count)) + (theirs ?? Array(repeating: true, count: other.count))
    }
    return switch (self, other) {
    case (.integers(let mine, let known), .integers(let theirs, let more)): .integers(mine + theirs, all(known, more))
    case (.decimals(let mine, let known), .decimals(let theirs, let more)): .decimals(mine + theirs, all(known, more))
    case (.texts(let mine, let known), .texts(let theirs, let more)): .texts(mine + theirs, all(known, more))
    default: self
    }
  }

  /// The values at `indexes`, nil where there is none.
  func gathered(_ indexes: [Int?]) -> ArrowValues {
    switch self {
    case .integers(let values, let known):
      return .integers(
        indexes.map { $0.map { values[$0] } ?? 0 }, indexes.map { $0.map { known?[$0] ?? true } ?? false })
    case .decimals(let values, let known):
      return .decimals(
        indexes.map { $0.map { values[$0] } ?? 0 }, indexes.map { $0.map { known?[$0] ?? true } ?? false })
    case .texts(let values, let known):
      let isKnown = indexes.map { $0.map { known?[$0] ?? true } ?? false }
      return .coded(
        indexes.map { UInt32(truncatingIfNeeded: $0 ?? 0) }, isKnown.allSatisfy { $0 } ? nil : isKnown, values)
    case .coded(let codes, let known, let values):
      let isKnown = indexes.map { $0.map { known?[$0] ?? true } ?? false }
      return .coded(indexes.map { $0.map { codes[$0] } ?? 0 }, isKnown.allSatisfy { $0 } ? nil : isKnown, values)
    case .nothing: return .nothing(indexes.count)
    }
  }

  func append(to builder: inout ColumnBuilder, _ check: ArrowImport.Check) throws(ArrowError) {
    switch self {
    case .integers(let values, let known): builder.append(contentsOf: values, known: known)
    case .coded(let codes, let known, let values): builder.append(codes: codes, known: known, of: values)
    case .decimals(let values, let known):
      for row in values.indices {
        if row & ArrowImport.checkMask == 0 { try check() }
        if known?[row] ?? true { builder.append(values[row]) } else { builder.appendMissing() }
      }
    case .texts(let values, let known):
      for row in values.indices {
        if row & ArrowImport.checkMask == 0 { try check() }
        if known?[row] ?? true { builder.append(values[row]) } else { builder.appendMissing() }
      }
    case .nothing(let count): for _ in 0..<count { builder.appendMissing() }
    }
  }
}
