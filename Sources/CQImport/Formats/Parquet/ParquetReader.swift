import CQColumns
internal import Synchronization

/// Reads Parquet files: flat columns of numbers, texts, dates and decimals, in all encodings that writers use for them,
/// uncompressed or compressed with Snappy, LZ4, gzip or Zstandard. Nested columns are left out, and a note names them.
///
/// - Source: Apache Parquet format 2.11.
struct ParquetReader {
  private let reader: ByteReader
  private let control: ImportControl
  private let options: ImportOptions

  static func read(_ region: ByteRegion, _ options: ImportOptions, _ control: ImportControl) throws(ImportError)
    -> FileTable
  {
    try ParquetReader(reader: ByteReader(region), control: control, options: options).table()
  }

  private func table() throws(ImportError) -> FileTable {
    let size = reader.count
    guard size >= 12, try reader.text(size - 4, 4) == "PAR1" else {
      throw ImportError(
        "it does not end as a Parquet file does; it was probably cut short", remedy: "copy or download the file again")
    }
    let footerSize = Int(try reader.integer(UInt32.self, size - 8))
    guard footerSize <= size - 12 else { throw ByteReader.cut }
    let footer = unsafe try reader.bytes(size - 8 - footerSize, footerSize)
    var thrift = unsafe ThriftReader(footer)
    let metadata = try thrift.structure()
    let schema = try ParquetSchema(metadata.structures(2))
    let groups = metadata.structures(4)
    var rowCount = 0
    for group in groups {
      guard let rows = group.integer(3), rows >= 0, rows <= 1 << 40, rowCount <= 1 << 40 else { throw ByteReader.cut }
      rowCount += rows
    }
    let wanted = schema.columns.filter { control.wants($0.name) }
    let chunks = try chunks(of: wanted, groups)
    try control.check(rows: rowCount, bytes: chunks.reduce(0) { $0 + $1.byteCount })
    let parts = try read(chunks)
    let columns = try join(parts, wanted, rowCount)
    var notes: [String] = []
    if !schema.leftOut.isEmpty { notes.append("columns left out: \(schema.leftOut.joined(separator: ", "))") }
    return FileTable(columns: columns, rowCount: rowCount, format: "Parquet", notes: notes)
  }

  /// One for each column and group of rows, column by column.
  private func chunks(
    of columns: [ParquetSchema.Column], _ groups: [[Int: ThriftReader.Value]]
  ) throws(ImportError) -> [ParquetChunk] {
    var chunks: [ParquetChunk] = []
    for column in columns {
      for group in groups {
        let described = group.structures(1)
        guard column.chunk < described.count, let metadata = described[column.chunk].structure(3) else {
          throw ByteReader.cut
        }
        chunks.append(
          ParquetChunk(
            reader: reader, metadata: metadata, column: column, control: control, rowCount: group.integer(3) ?? 0))
      }
    }
    return chunks
  }

  /// Reads chunks on several threads; of several mistakes the first in the order of the chunks counts.
  private func read(_ chunks: [ParquetChunk]) throws(ImportError) -> [ColumnPart] {
    let results = Mutex([Result<ColumnPart, ImportError>?](repeating: nil, count: chunks.count))
    let next = Atomic<Int>(0)
    let finished = Atomic<Int>(0)
    let options = options
    let control = control
    WorkerThreads.run(max(1, min(control.threadCount, chunks.count))) { _ in
      while !control.isStopped() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < chunks.count else { return }
        let result: Result<ColumnPart, ImportError>
        do throws(ImportError) {
          result = .success(try chunks[index].read(options))
        } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
        control.progress(finished.add(1, ordering: .relaxed).newValue, chunks.count)
      }
    }
    try control.check()
    var parts: [ColumnPart] = []
    for result in results.withLock({ $0 }) {
      guard let result else { throw .stopped }
      parts.append(try result.get())
    }
    return parts
  }

  private func join(
    _ parts: [ColumnPart], _ wanted: [ParquetSchema.Column], _ rowCount: Int
  ) throws(ImportError) -> [FileTable.Column] {
    let columns = Mutex([FileTable.Column?](repeating: nil, count: wanted.count))
    let next = Atomic<Int>(0)
    let control = control
    let perColumn = wanted.isEmpty ? 0 : parts.count / wanted.count
    WorkerThreads.run(max(1, min(control.threadCount, wanted.count))) { _ in
      while !control.isStopped() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < wanted.count else { return }
        let own = Array(parts[index * perColumn..<(index + 1) * perColumn])
        let (values, states) = ColumnPart.joined(own, rowCount, isLatin1: false, control)
        let column = FileTable.Column(name: wanted[index].name, values: values, states: states)
        columns.withLock { $0[index] = column }
      }
    }
    try control.check()
    return columns.withLock { $0 }.compactMap { $0 }
  }
}

/// The pages of one column in one group of rows.
struct ParquetChunk: Sendable {
  let reader: ByteReader
  let metadata: [Int: ThriftReader.Value]
  let column: ParquetSchema.Column
  let control: ImportControl
  let rowCount: Int

  /// What its pages take without compression.
  var byteCount: Int { max(0, metadata.integer(6) ?? 0) }

  func read(_ options: ImportOptions) throws(ImportError) -> ColumnPart {
    var values = ParquetValues(column, rowCount: rowCount)
    defer { values.free() }
    try read(into: &values)
    guard values.count == rowCount else { throw ByteReader.cut }
    return try values.finished()
  }

  private func read(into values: inout ParquetValues) throws(ImportError) {
    let codec = metadata.integer(4) ?? 0
    guard let total = metadata.integer(7), var position = metadata.integer(9), total >= 0 else { throw ByteReader.cut }
    guard metadata.integer(1) == column.physical.rawValue else { throw ByteReader.cut }
    // A dictionary page comes before the data pages.
    if let dictionary = metadata.integer(11), dictionary > 0, dictionary < position { position = dictionary }
    var done = 0
    while done < total {
      try control.check()
      let rest = unsafe try reader.bytes(position, reader.count - position)
      var thrift = unsafe ThriftReader(rest)
      let header = try thrift.structure()
      guard let size = header.integer(3), let plainSize = header.integer(2), size >= 0, plainSize >= 0,
        plainSize <= 1 << 31
      else { throw ByteReader.cut }
      let start = position + thrift.position
      let body = unsafe try reader.bytes(start, size)
      if let dictionary = header.structure(7) {
        let bytes = try decompressed(unsafe Array(body), plainSize, codec)
        try values.readDictionary(bytes, count: dictionary.integer(1) ?? 0)
      } else if let page = header.structure(5) {
        let bytes = try decompressed(unsafe Array(body), plainSize, codec)
        try readPage(bytes, page.integer(1) ?? 0, page.integer(2) ?? 0, &values)
      } else if let page = header.structure(8) {
        unsafe try readPage2(body, plainSize, codec, page, &values)
      }
      position = start + size
      done += thrift.position + size
      guard thrift.position + size > 0 else { throw ByteReader.cut }
      if values.count >= rowCount { break }
    }
  }

  private func readPage(
    _ bytes: [UInt8], _ count: Int, _ encoding: Int, _ values: inout ParquetValues
  ) throws(ImportError) {
    guard count >= 0 else { throw ByteReader.cut }
    var page = ParquetBytes(bytes)
    var levels: [UInt32]?
    if column.isOptional {
      let length = try page.little(4)
      levels = try ParquetRuns.decode(try page.take(Int(length)), bitWidth: 1, count: count)
    }
    try values.readPage(&page, count, levels, encoding)
  }

  private func readPage2(
    _ body: UnsafeRawBufferPointer, _ plainSize: Int, _ codec: Int, _ header: [Int: ThriftReader.Value],
    _ values: inout ParquetValues
  ) throws(ImportError) {
    guard let count = header.integer(1), let encoding = header.integer(4), count >= 0 else { throw ByteReader.cut }
    let (definitions, repetitions) = (header.integer(5) ?? 0, header.integer(6) ?? 0)
    guard definitions >= 0, repetitions >= 0, definitions + repetitions <= body.count,
      definitions + repetitions <= plainSize
    else { throw ByteReader.cut }
    var levels: [UInt32]?
    if column.isOptional {
      let bytes = unsafe Array(body[repetitions..<repetitions + definitions])
      levels = try ParquetRuns.decode(bytes[...], bitWidth: 1, count: count)
    }
    let data = unsafe Array(body[(definitions + repetitions)...])
    let isCompressed = header.truth(7) ?? true
    let bytes =
      isCompressed
      ? try decompressed(data, plainSize - definitions - repetitions, codec) : data
    var page = ParquetBytes(bytes)
    try values.readPage(&page, count, levels, encoding)
  }

  private func decompressed(_ bytes: [UInt8], _ size: Int, _ codec: Int) throws(ImportError) -> [UInt8] {
    // No codec makes more than some ten thousand bytes of one.
    guard size <= bytes.count * 70_000 + 64 else { throw ByteReader.cut }
    switch codec {
    case 0: return bytes
    case 1: return try BlockCodecs.snappy(bytes, limit: size)
    case 2: return try BlockCodecs.inflate(bytes, size: size)
    case 5: return try hadoopLZ4(bytes, size)
    case 6: return try Zstandard.decompress(bytes, size: size)
    case 7: return try BlockCodecs.lz4(bytes, size: size)
    default:
      throw ImportError(
        "column `\(column.name)` is compressed with \(codec == 4 ? "Brotli" : "LZO"), which is rare",
        remedy: "write it again with Snappy or Zstandard")
    }
  }

  /// The older LZ4: blocks behind their two sizes, or one block by itself.
  private func hadoopLZ4(_ bytes: [UInt8], _ size: Int) throws(ImportError) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    func big(_ at: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[at + $1]) } }
    while position + 8 <= bytes.count {
      let (plain, length) = (big(position), big(position + 4))
      guard length <= bytes.count - position - 8, plain <= size - output.count else { break }
      let block = Array(bytes[position + 8..<position + 8 + length])
      output += try BlockCodecs.lz4(block, size: plain)
      position += 8 + length
    }
    if output.count == size { return output }
    return try BlockCodecs.lz4(bytes, size: size)
  }
}
