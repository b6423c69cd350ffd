import Glibc

/// Writes a table as an Arrow IPC file that ``ArrowReader`` opens in place, buffer by buffer, without a copy of it in
/// memory.
///
/// Codes of dictionaries are unsigned; years are 16-bit integers. Every buffer lies at a multiple of 64 bytes.
package struct ArrowTableFile {
  /// Why a file can't be written; nil for a reason is a request to stop.
  package struct Failure: Error {
    package var reason: String?
  }

  @safe private struct Buffer {
    /// Keeps the bytes alive.
    let owner: Any
    let bytes: UnsafeRawBufferPointer
  }

  private struct Column {
    var name: String
    var field: FlatValue
    var dictionary: [String]?
    var rowCount: Int
    var buffers: [Buffer]
  }

  private let table: ArrowTable
  private let isStopped: () -> Bool
  private var descriptor: Int32 = -1
  private var position = 0

  package init(_ table: ArrowTable, isStopped: @escaping () -> Bool) {
    self.table = table
    self.isStopped = isStopped
  }

  /// Writes to a file beside `path` and gives it its name when all is well: until then an older file stays as it is.
  ///
  /// Where the system can, the new file has no name before, so that nothing is left of it even when the process is ended.
  package mutating func write(to path: String) throws(Failure) {
    let temporary = "\(path).\(getpid()).part"
    descriptor = unsafe open(Self.folder(of: path), O_WRONLY | Self.withoutName | O_CLOEXEC, 0o666)
    let isNamed = descriptor < 0
    if isNamed { descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw Self.failure() }
    do throws(Failure) {
      try writeAll()
      if !isNamed {
        unsafe unlink(temporary)
        // AT_SYMLINK_FOLLOW: the file behind the entry of the process's list.
        guard unsafe linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, 0x400) == 0 else {
          throw Self.failure()
        }
      }
      guard close(descriptor) == 0 else { throw Self.failure() }
    } catch {
      close(descriptor)
      unsafe unlink(temporary)
      throw error
    }
    guard unsafe rename(temporary, path) == 0 else {
      let error = Self.failure()
      unsafe unlink(temporary)
      throw error
    }
  }

  /// `O_TMPFILE`, which not every file system has.
  private static let withoutName: Int32 = 0o20000000 | O_DIRECTORY

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure() -> Failure {
    let text = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return Failure(reason: text.prefix(1).lowercased() + text.dropFirst())
  }

  private mutating func writeAll() throws(Failure) {
    var columns: [Column] = []
    for (id, field) in table.fields.enumerated() {
      if let column = Self.column(field, id: id, table.rowCount) { columns.append(column) }
    }
    // Schema: endianness (0 = little), fields, custom_metadata
    let schema = FlatValue.table([
      .int16(0), .tables(columns.map(\.field)),
      .tables(table.metadata.map { .table([.text($0.key), .text($0.value)]) }),
    ])
    try write(ArrowFormat.magic + [0, 0])
    _ = try writeMessage(ArrowFormat.Message.schema, schema, [])
    var dictionaries: [[Int64]] = []
    for (id, column) in columns.enumerated() {
      guard let texts = column.dictionary else { continue }
      let buffers = Self.textBuffers(texts)
      let batch = Self.batch(texts.count, [(texts.count, buffers)])
      dictionaries.append(
        try writeMessage(ArrowFormat.Message.dictionaryBatch, .table([.int64(Int64(id)), batch]), buffers))
    }
    let batch = Self.batch(table.rowCount, columns.map { ($0.rowCount, $0.buffers) })
    let block = try writeMessage(ArrowFormat.Message.recordBatch, batch, columns.flatMap(\.buffers))
    try write(Self.little(ArrowFormat.continuation) + [0, 0, 0, 0])
    // Footer: version, schema, dictionaries, recordBatches
    let footer = FlatBufferBuilder.bytes(
      of: .table([.int16(ArrowFormat.version), schema, .structs(dictionaries), .structs([block])]))
    try write(footer + Self.little(UInt32(footer.count)) + ArrowFormat.magic)
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  // MARK: - Messages

  /// RecordBatch: length, nodes, buffers. Every column has an empty list of missing values before its own buffers.
  private static func batch(_ rowCount: Int, _ columns: [(rowCount: Int, buffers: [Buffer])]) -> FlatValue {
    var offset = 0
    var buffers: [[Int64]] = []
    for column in columns {
      buffers.append([Int64(offset), 0])
      for buffer in column.buffers {
        let size = unsafe buffer.bytes.count
        buffers.append([Int64(offset), Int64(size)])
        offset += padded(size)
      }
    }
    return .table([.int64(Int64(rowCount)), .structs(columns.map { [Int64($0.rowCount), 0] }), .structs(buffers)])
  }

  private static func padded(_ size: Int) -> Int {
    (size + ArrowFormat.alignment - 1) / ArrowFormat.alignment * ArrowFormat.alignment
  }

  /// - Returns: The block of the footer that points at the message.
  private mutating func writeMessage(
    _ type: UInt8, _ header: FlatValue, _ buffers: [Buffer]
  ) throws(Failure) -> [Int64] {
    let start = position
    let bodySize = buffers.reduce(0) { unsafe $0 + Self.padded($1.bytes.count) }
    var message = FlatBufferBuilder.bytes(
      of: .table([.int16(ArrowFormat.version), .byte(type), header, .int64(Int64(bodySize))]))
    while (start + 8 + message.count) % ArrowFormat.alignment != 0 { message.append(0) }
    try write(Self.little(ArrowFormat.continuation) + Self.little(UInt32(message.count)) + message)
    for buffer in buffers {
      unsafe try write(buffer.bytes)
      let size = unsafe buffer.bytes.count
      try write([UInt8](repeating: 0, count: Self.padded(size) - size))
    }
    return [Int64(start), Int64(8 + message.count), Int64(bodySize)]
  }

  private mutating func write(_ bytes: [UInt8]) throws(Failure) {
    var failure: Failure?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(Failure) {
        unsafe try write(buffer)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Bytes that are given to the system at once: little enough to lie in a cache and to stop soon.
  private static let writeSize = 1 << 18

  private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var done = 0
    while done < bytes.count {
      if isStopped() { throw Failure(reason: nil) }
      let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[done..<min(done + Self.writeSize, bytes.count)])
      let count = unsafe Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure() }
      done += count
    }
    position += done
  }

  // MARK: - Columns

  private static func column(_ field: ArrowTable.Field, id: Int, _ rowCount: Int) -> Column? {
    func plain<Value>(_ values: ColumnBuffer<Value>, _ tag: UInt8, _ type: FlatValue) -> Column {
      Column(
        name: field.name, field: Self.field(field.name, tag, type, nil), dictionary: nil, rowCount: rowCount,
        buffers: [buffer(values)])
    }
    switch field.data {
    case .uint8(let values): return plain(values, ArrowFormat.Field.integer, integer(8, isSigned: false))
    case .int16(let values): return plain(values, ArrowFormat.Field.integer, integer(16, isSigned: true))
    case .int32(let values): return plain(values, ArrowFormat.Field.integer, integer(32, isSigned: true))
    case .int64(let values): return plain(values, ArrowFormat.Field.integer, integer(64, isSigned: true))
    case .float64(let values):
      return plain(values, ArrowFormat.Field.floatingPoint, .table([.int16(ArrowFormat.FloatingPoint.double)]))
    case .numberRuns(let ends, let values):
      let years = unsafe ColumnBuffer<Int16>(count: rowCount) { buffer in
        var row = 0
        for run in 0..<ends.count {
          while row < Int(ends[run]) {
            unsafe buffer[row] = values[run]
            row += 1
          }
        }
      }
      return plain(years, ArrowFormat.Field.integer, integer(16, isSigned: true))
    case .dictionary(let codes, let texts):
      let (bits, codeBuffer): (Int32, Buffer) =
        switch codes {
        case .bits8(let codes): (8, buffer(codes))
        case .bits16(let codes): (16, buffer(codes))
        case .bits32(let codes): (32, buffer(codes))
        }
      // DictionaryEncoding: id, indexType, isOrdered
      let encoding = FlatValue.table([.int64(Int64(id)), integer(bits, isSigned: false), .byte(0)])
      return Column(
        name: field.name, field: Self.field(field.name, ArrowFormat.Field.utf8, .table([]), encoding),
        dictionary: texts, rowCount: rowCount, buffers: [codeBuffer])
    default: return nil
    }
  }

  /// Field: name, nullable, type_type, type, dictionary, children
  private static func field(_ name: String, _ tag: UInt8, _ type: FlatValue, _ encoding: FlatValue?) -> FlatValue {
    .table([.text(name), .byte(0), .byte(tag), type, encoding, .tables([])])
  }

  private static func integer(_ bitWidth: Int32, isSigned: Bool) -> FlatValue {
    .table([.int32(bitWidth), .byte(isSigned ? 1 : 0)])
  }

  private static func buffer<Value>(_ values: ColumnBuffer<Value>) -> Buffer {
    unsafe Buffer(owner: values, bytes: UnsafeRawBufferPointer(values.elements))
  }

  private static func textBuffers(_ texts: [String]) -> [Buffer] {
    var characters: [UInt8] = []
    var offsets: [Int32] = [0]
    for text in texts {
      characters += Array(text.utf8)
      offsets.append(Int32(clamping: characters.count))
    }
    let ends = offsets
    let bytes = characters
    return [
      buffer(
        unsafe ColumnBuffer<Int32>(count: ends.count) { buffer in
          for index in ends.indices { unsafe buffer[index] = ends[index] }
        }),
      buffer(
        unsafe ColumnBuffer<UInt8>(count: bytes.count) { buffer in
          for index in bytes.indices { unsafe buffer[index] = bytes[index] }
        }),
    ]
  }
}

extension FileTable {
  /// The table as Arrow columns: states stand in a column of their own, `jobs.state`.
  package var arrowTable: ArrowTable {
    var fields: [ArrowTable.Field] = []
    for column in columns {
      switch column.values {
      case .numbers(.int32(let values)): fields.append(.init(name: column.name, data: .int32(values)))
      case .numbers(.int64(let values)): fields.append(.init(name: column.name, data: .int64(values)))
      case .numbers(.float64(let values)): fields.append(.init(name: column.name, data: .float64(values)))
      case .texts(let codes, let values):
        fields.append(.init(name: column.name, data: .dictionary(codes: codes, values: values)))
      }
      if let states = column.states { fields.append(.init(name: column.name + ".state", data: .uint8(states))) }
    }
    return ArrowTable(rowCount: rowCount, fields: fields, metadata: [])
  }
}
