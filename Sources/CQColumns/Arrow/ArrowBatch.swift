/// A record batch while its nodes and buffers are taken one column after the other.
struct ArrowBatch {
  let rowCount: Int
  private let file: ArrowFile
  private let body: Range<Int>
  private let view: FlatBufferView
  private let nodes: FlatVector
  private let buffers: FlatVector
  private var nodeIndex = 0
  private var nextBuffer = 0

  init(_ header: FlatTable, body: Range<Int>, file: ArrowFile) throws(ArrowError) {
    self.file = file
    self.body = body
    view = header.view
    guard try !header.has(ArrowFormat.RecordBatch.compression) else {
      throw file.failure("it must be uncompressed; write it again without compression")
    }
    nodes = try header.structs(ArrowFormat.RecordBatch.nodes, stride: ArrowFormat.RecordBatch.nodeSize)
    buffers = try header.structs(ArrowFormat.RecordBatch.buffers, stride: ArrowFormat.RecordBatch.bufferSize)
    let length = try header.integer(ArrowFormat.RecordBatch.length, default: Int64(0))
    // A row takes at least one byte in every column, so this also keeps later products from overflowing.
    guard length >= 0, length <= Int64(body.count) else {
      throw file.failure("it can't hold \(length) rows in \(body.count) bytes")
    }
    rowCount = Int(length)
  }

  func failure(_ reason: String) -> ArrowError { file.failure(reason) }

  /// Values of the next column, in place.
  mutating func nextValues<Value: BitwiseCopyable & Sendable>(
    _ type: Value.Type, column: String
  ) throws(ArrowError) -> ColumnBuffer<Value> {
    try beginColumn(column)
    return try takeBuffer(type, count: rowCount, column: column)
  }

  /// Goes past the next column.
  mutating func skipColumn(bufferCount: Int) {
    nodeIndex += 1
    nextBuffer += bufferCount
  }

  /// Texts of the next column, copied.
  mutating func nextTexts(column: String) throws(ArrowError) -> [String] {
    try beginColumn(column)
    return try takeTexts(count: rowCount, column: column)
  }

  /// Runs of the next column, which has no buffers itself but two children: the ends of the runs and their texts.
  mutating func nextRuns(column: String) throws(ArrowError) -> (ends: ColumnBuffer<Int32>, values: [String]) {
    let ends = try nextEnds(column: column)
    return (ends, try takeTexts(count: ends.count, column: column))
  }

  /// Runs of whole numbers.
  mutating func nextNumberRuns(
    column: String
  ) throws(ArrowError) -> (ends: ColumnBuffer<Int32>, values: ColumnBuffer<Int16>) {
    let ends = try nextEnds(column: column)
    return (ends, try takeBuffer(Int16.self, count: ends.count, column: column))
  }

  /// The ends of the next column's runs, checked; its values follow.
  private mutating func nextEnds(column: String) throws(ArrowError) -> ColumnBuffer<Int32> {
    guard try nextNode(column) == rowCount else { throw rowCountFailure(column) }
    let runCount = try nextNode(column)
    try skipValidity(column)
    let ends = try takeBuffer(Int32.self, count: runCount, column: column)
    var previous: Int32 = 0
    for run in 0..<runCount {
      guard ends[run] > previous else { throw failure("the runs of \(column) are out of order") }
      previous = ends[run]
    }
    guard Int(previous) == rowCount else { throw failure("the runs of \(column) must end at row \(rowCount)") }
    guard try nextNode(column) == runCount else { throw failure("\(column) must have a value for every run") }
    try skipValidity(column)
    return ends
  }

  private mutating func takeTexts(count: Int, column: String) throws(ArrowError) -> [String] {
    // The format allows the offsets of an empty column to be left out.
    let offsets = try takeBuffer(Int32.self, count: count == 0 ? 0 : count + 1, column: column)
    let characters = try takeBuffer(UInt8.self, count: nil, column: column)
    // SAFETY: `characters` keeps its region alive during this function.
    let bytes = unsafe characters.elements
    // Checking all texts at once and decoding each is several times faster than checking each.
    guard unsafe String(validating: bytes, as: UTF8.self) != nil else {
      throw failure("a text of \(column) is not UTF-8")
    }
    func isBetweenCharacters(_ cut: Int) -> Bool {
      cut >= characters.count || !UTF8.isContinuation(characters[cut])
    }
    var texts: [String] = []
    texts.reserveCapacity(count)
    for row in 0..<count {
      let start = Int(offsets[row])
      let end = Int(offsets[row + 1])
      guard start >= 0, start <= end, end <= characters.count else {
        throw failure("the texts of \(column) have offsets out of order")
      }
      // A valid whole cut between characters leaves valid parts.
      guard isBetweenCharacters(start), isBetweenCharacters(end) else {
        throw failure("a text of \(column) is not UTF-8")
      }
      // SAFETY: 0 <= start <= end <= count was just checked.
      unsafe texts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
    }
    return texts
  }

  /// Checks the node of the next column and skips its validity buffer.
  private mutating func beginColumn(_ column: String) throws(ArrowError) {
    guard try nextNode(column) == rowCount else { throw rowCountFailure(column) }
    try skipValidity(column)
  }

  private func rowCountFailure(_ column: String) -> ArrowError {
    failure("\(column) must have \(rowCount) rows like the whole table")
  }

  /// The length of the next node, which must be without nulls.
  private mutating func nextNode(_ column: String) throws(ArrowError) -> Int {
    guard nodeIndex < nodes.count else { throw failure("\(column) has no data") }
    let position = nodes.position(of: nodeIndex)
    nodeIndex += 1
    let length = try view.load(Int64.self, at: position)
    guard try view.load(Int64.self, at: position + 8) == 0 else {
      throw failure("\(column) has nulls; state columns say what is missing here")
    }
    guard length >= 0, length <= Int64(rowCount) else { throw rowCountFailure(column) }
    return Int(length)
  }

  private mutating func skipValidity(_ column: String) throws(ArrowError) {
    _ = try takeBuffer(UInt8.self, count: 0, column: column)
  }

  private mutating func takeBuffer<Value: BitwiseCopyable & Sendable>(
    _ type: Value.Type, count: Int?, column: String
  ) throws(ArrowError) -> ColumnBuffer<Value> {
    guard nextBuffer < buffers.count else { throw failure("\(column) lacks a buffer") }
    let position = buffers.position(of: nextBuffer)
    nextBuffer += 1
    let offset = try view.load(Int64.self, at: position)
    let size = try view.load(Int64.self, at: position + 8)
    guard offset >= 0, size >= 0, offset <= Int64(body.count), size <= Int64(body.count) - offset else {
      throw failure("a buffer of \(column) lies outside the file")
    }
    let stride = MemoryLayout<Value>.stride
    let elementCount = count ?? Int(size) / stride
    // `elementCount` is at most `body.count + 1`, so the product does not overflow.
    guard elementCount * stride <= Int(size) else { throw failure("a buffer of \(column) is too short") }
    let start = body.lowerBound + Int(offset)
    guard elementCount > 0 else {
      return .empty
    }
    guard let base = unsafe file.region.bytes.baseAddress,
      Int(bitPattern: unsafe base + start) % MemoryLayout<Value>.alignment == 0
    else { throw failure("a buffer of \(column) is not aligned to \(MemoryLayout<Value>.alignment) bytes") }
    // SAFETY: offset, size and alignment were checked above; the region outlives the buffer, which holds it.
    let pointer = unsafe (base + start).assumingMemoryBound(to: Value.self)
    return unsafe ColumnBuffer(
      unsafeElements: UnsafeBufferPointer(start: pointer, count: elementCount), in: file.region)
  }
}
