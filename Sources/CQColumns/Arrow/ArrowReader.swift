/// Opens the subset of the Arrow IPC file format that bundled data use: little-endian, uncompressed, one record batch,
/// no nulls, flat columns of integers, doubles and texts, both also dictionary-encoded, and texts also run-end encoded.
///
/// Fixed-width columns and dictionary codes stay where they are in the region. What a file says is never trusted:
/// every offset and length is checked, and dictionary codes are compared with the number of values, so kernels may
/// use them as indices without a check.
package enum ArrowReader {
  /// - Parameters:
  ///   - name: What errors call the file.
  ///   - wanted: Names of the columns that are needed, nil for all of them; texts of others are not decoded.
  /// - Complexity: O(columns + distinct texts), plus one pass over the dictionary codes.
  package static func open(
    _ region: ByteRegion, name: String, columns wanted: Set<String>? = nil
  ) throws(ArrowError) -> ArrowTable {
    let file = try ArrowFile(region: region, name: name)
    let schema = try ArrowSchema(file.schema, in: file)
    let batch = try file.recordBatch()
    let unwanted = schema.fields.filter { wanted?.contains($0.name) == false }
    let dictionaries = try file.dictionaries(
      schema.dictionaryTypes(in: file), except: Set(unwanted.compactMap { $0.dictionary?.id }))
    var columns = ArrowColumnReader(file: file, batch: batch, dictionaries: dictionaries)
    var fields: [ArrowTable.Field] = []
    for field in schema.fields {
      if wanted?.contains(field.name) == false {
        try columns.skip(field)
      } else {
        fields.append(ArrowTable.Field(name: field.name, data: try columns.next(field)))
      }
    }
    return ArrowTable(rowCount: batch?.rowCount ?? 0, fields: fields, metadata: schema.metadata)
  }

  /// The metadata of a file whose columns need not be looked at yet.
  ///
  /// - Complexity: O(bytes of the schema).
  package static func metadata(
    _ region: ByteRegion, name: String
  ) throws(ArrowError) -> [(key: String, value: String)] {
    let file = try ArrowFile(region: region, name: name)
    return try ArrowSchema(file.schema, in: file).metadata
  }
}

/// The frame of a file: footer, and the messages it points at.
struct ArrowFile {
  let region: ByteRegion
  let name: String
  let schema: FlatTable
  private let view: FlatBufferView
  private let footer: FlatTable

  init(region: ByteRegion, name: String) throws(ArrowError) {
    self.region = region
    self.name = name
    // SAFETY: the view lives no longer than `self`, which keeps the region.
    view = unsafe FlatBufferView(unsafeBytes: region.bytes, fileName: name)
    let magicSize = ArrowFormat.magic.count
    guard try Self.hasMagic(view, at: 0) else {
      throw view.failure("it must begin with `ARROW1`, as Arrow IPC files do")
    }
    guard view.count >= 2 * magicSize + 6, try Self.hasMagic(view, at: view.count - magicSize) else {
      throw view.failure("it must end with `ARROW1`; it was probably cut short")
    }
    let sizePosition = view.count - magicSize - 4
    let footerSize = try Int(view.load(Int32.self, at: sizePosition))
    guard footerSize > 0, footerSize <= sizePosition - magicSize else {
      throw view.failure("its footer has an impossible size of \(footerSize) bytes")
    }
    footer = try view.table(at: view.target(at: sizePosition - footerSize))
    guard let schema = try footer.table(ArrowFormat.Footer.schema) else {
      throw view.failure("its footer has no schema")
    }
    self.schema = schema
    guard try schema.integer(ArrowFormat.Schema.endianness, default: Int16(0)) == 0 else {
      throw view.failure("its numbers must be little-endian")
    }
  }

  private static func hasMagic(_ view: FlatBufferView, at position: Int) throws(ArrowError) -> Bool {
    guard view.count >= position + ArrowFormat.magic.count else { return false }
    for (offset, byte) in ArrowFormat.magic.enumerated() where try view.load(UInt8.self, at: position + offset) != byte
    {
      return false
    }
    return true
  }

  func failure(_ reason: String) -> ArrowError { view.failure(reason) }

  /// The only record batch, nil for a file without any, which is a table of no rows.
  func recordBatch() throws(ArrowError) -> ArrowBatch? {
    let blocks = try footer.structs(ArrowFormat.Footer.recordBatches, stride: ArrowFormat.Footer.blockSize)
    guard blocks.count <= 1 else { throw failure("it must hold one record batch, not \(blocks.count)") }
    guard blocks.count == 1 else { return nil }
    let (header, body) = try message(blocks.position(of: 0), type: ArrowFormat.Message.recordBatch)
    return try ArrowBatch(header, body: body, file: self)
  }

  /// The values of every dictionary of the schema by its id.
  func dictionaries(
    _ types: [Int64: ArrowSchema.ColumnType], except skipped: Set<Int64>
  ) throws(ArrowError) -> [Int64: ArrowDictionary] {
    let blocks = try footer.structs(ArrowFormat.Footer.dictionaries, stride: ArrowFormat.Footer.blockSize)
    var dictionaries: [Int64: ArrowDictionary] = [:]
    // Bodies of an honest file do not overlap; without this bound a small file could ask for a lot of memory.
    var bodyBytes = view.count
    for index in 0..<blocks.count {
      let (header, body) = try message(blocks.position(of: index), type: ArrowFormat.Message.dictionaryBatch)
      let id = try header.integer(ArrowFormat.DictionaryBatch.id, default: Int64(0))
      if skipped.contains(id) { continue }
      bodyBytes -= body.count
      guard bodyBytes >= 0 else { throw failure("its dictionaries overlap") }
      guard let data = try header.table(ArrowFormat.DictionaryBatch.data) else {
        throw failure("dictionary \(id) has no values")
      }
      guard try header.integer(ArrowFormat.DictionaryBatch.isDelta, default: UInt8(0)) == 0, dictionaries[id] == nil
      else {
        throw failure("dictionary \(id) must be written in one piece")
      }
      var batch = try ArrowBatch(data, body: body, file: self)
      let column = "dictionary \(id)"
      switch types[id] {
      case .integer(bitWidth: 32, isSigned: true):
        dictionaries[id] = .numbers(.int32(try batch.nextValues(Int32.self, column: column)))
      case .integer(bitWidth: 64, isSigned: true):
        dictionaries[id] = .numbers(.int64(try batch.nextValues(Int64.self, column: column)))
      case .float64:
        dictionaries[id] = .numbers(.float64(try batch.nextValues(Double.self, column: column)))
      case .utf8, .integer, .float32, .runs, .numberRuns, nil:
        dictionaries[id] = .texts(try batch.nextTexts(column: column))
      }
    }
    return dictionaries
  }

  /// The header of the message that a block of the footer points at, and where its body lies in the file.
  private func message(_ block: Int, type: UInt8) throws(ArrowError) -> (header: FlatTable, body: Range<Int>) {
    let start = try view.load(Int64.self, at: block)
    let metadataSize = try Int64(view.load(Int32.self, at: block + 8))
    let bodySize = try view.load(Int64.self, at: block + 16)
    let fileSize = Int64(view.count)
    guard start >= 0, metadataSize >= 8, bodySize >= 0, start <= fileSize, metadataSize <= fileSize - start,
      bodySize <= fileSize - start - metadataSize
    else { throw failure("a block of its footer lies outside the file") }
    guard try view.load(UInt32.self, at: Int(start)) == ArrowFormat.continuation else {
      throw failure("a message does not begin where its footer says")
    }
    let message = try view.table(at: view.target(at: Int(start) + 8))
    guard try message.integer(ArrowFormat.Message.headerType, default: UInt8(0)) == type,
      let header = try message.table(ArrowFormat.Message.header)
    else { throw failure("a message is not of the kind its footer says") }
    let bodyStart = Int(start + metadataSize)
    return (header, bodyStart..<bodyStart + Int(bodySize))
  }
}
