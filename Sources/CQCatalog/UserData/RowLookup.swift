import CQColumns
internal import Synchronization

/// A whole number for each row of a file, found through what stands in a column: the column is read where it lies, and
/// nothing is kept for each row.
struct RowLookup: Sendable {
  enum Keys: Sendable {
    /// All rows have the first number.
    case same
    case bits8(ColumnBuffer<UInt8>)
    case bits16(ColumnBuffer<UInt16>)
    case bits32(ColumnBuffer<UInt32>)
    /// Numbers from `low` on.
    case integers(ColumnBuffer<Int32>, low: Int32)
    /// The numbers themselves, where two columns say them together.
    case numbers(ColumnBuffer<Int32>)
  }

  private var keys: Keys
  /// The number for each key.
  private var table: [Int32]
  /// Rows without a value have `blank`.
  private var states: ColumnBuffer<UInt8>?
  private var blank: Int32

  init(_ keys: Keys, _ table: [Int32], states: ColumnBuffer<UInt8>? = nil, blank: Int32 = 0) {
    self.keys = keys
    self.table = table
    self.states = states
    self.blank = blank
  }

  init(all number: Int32) { self.init(.same, [number]) }

  init(_ codes: DictionaryCodes, _ table: [Int32], states: ColumnBuffer<UInt8>? = nil, blank: Int32 = 0) {
    let keys: Keys =
      switch codes {
      case .bits8(let codes): .bits8(codes)
      case .bits16(let codes): .bits16(codes)
      case .bits32(let codes): .bits32(codes)
      }
    self.init(keys, table, states: states, blank: blank)
  }

  /// A number that follows from two others.
  init(
    rowCount: Int, threads: Int, _ first: RowLookup, _ second: RowLookup, _ join: @Sendable (Int32, Int32) -> Int32
  ) {
    let numbers = unsafe ColumnBuffer<Int32>(count: rowCount, threads: threads) { rows, buffer in
      RowLookup.read(first, second, rows) { row, one, other in unsafe buffer[row] = join(one, other) }
    }
    self.init(.numbers(numbers), [])
  }

  /// The lookup of other numbers in the place of these; `transform` is called once for each different one.
  func mapped(_ transform: (Int32) -> Int32) -> RowLookup {
    if case .numbers(let numbers) = keys {
      var known: [Int32: Int32] = [:]
      let all = (0..<numbers.count).map { row -> Int32 in
        let number = numbers[row]
        if let found = known[number] { return found }
        let new = transform(number)
        known[number] = new
        return new
      }
      return RowLookup(.numbers(ColumnBuffer(all)), [])
    }
    var copy = self
    copy.table = table.map(transform)
    copy.blank = states == nil ? blank : transform(blank)
    return copy
  }

  subscript(row: Int) -> Int32 {
    if let states, states[row] >= RowLookup.firstWithoutValue { return blank }
    switch keys {
    case .same: return table[0]
    case .bits8(let codes): return table[Int(codes[row])]
    case .bits16(let codes): return table[Int(codes[row])]
    case .bits32(let codes): return table[Int(codes[row])]
    case .integers(let numbers, let low): return table[Int(numbers[row]) - Int(low)]
    case .numbers(let numbers): return numbers[row]
    }
  }

  /// Raw value of the first ``CellState`` without a value.
  private static let firstWithoutValue = CellState.withheld.rawValue

  /// The different numbers of all rows, ascending.
  func different(_ rowCount: Int, threads: Int) -> [Int32] {
    let all = Mutex<Set<Int32>>([])
    inUnits(rowCount, threads) { rows in
      var found: Set<Int32> = []
      var last: Int32?
      each(rows) { _, number in
        if number != last { found.insert(number) }
        last = number
      }
      all.withLock { $0.formUnion(found) }
    }
    return all.withLock { $0 }.sorted()
  }

  /// How many rows have a number below zero.
  func negativeCount(_ rowCount: Int, threads: Int) -> Int {
    let count = Atomic<Int>(0)
    inUnits(rowCount, threads) { rows in
      var negative = 0
      each(rows) { _, number in if number < 0 { negative += 1 } }
      count.add(negative, ordering: .relaxed)
    }
    return count.load(ordering: .relaxed)
  }

  private func inUnits(_ rowCount: Int, _ threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let unit = ColumnBuffer<Int32>.unitSize
    WorkerThreads.run(units: (rowCount + unit - 1) / unit, threads: threads) { index in
      body(index * unit..<min((index + 1) * unit, rowCount))
    }
  }

  // MARK: - Many rows

  /// Rows that are looked up at once.
  static let blockSize = 1024

  /// The numbers of `rows`, in their order.
  ///
  /// - Precondition: the buffer has room for all.
  func read(_ rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Int32>) {
    // SAFETY: codes were validated to lie within their values, and the table has a number for each; rows lie in the file.
    unsafe table.withUnsafeBufferPointer { table in
      func through<Key: FixedWidthInteger>(_ keys: ColumnBuffer<Key>) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= keys.count && rows.count <= buffer.count)
        for (place, row) in rows.enumerated() {
          unsafe buffer[place] = table[Int(truncatingIfNeeded: keys.elements[row])]
        }
      }
      switch keys {
      case .same: for place in 0..<rows.count { unsafe buffer[place] = table[0] }
      case .bits8(let codes): through(codes)
      case .bits16(let codes): through(codes)
      case .bits32(let codes): through(codes)
      case .integers(let numbers, let low):
        precondition(rows.lowerBound >= 0 && rows.upperBound <= numbers.count && rows.count <= buffer.count)
        for (place, row) in rows.enumerated() {
          // A row without a value may hold anything.
          let key = unsafe Int(numbers.elements[row]) - Int(low)
          unsafe buffer[place] = key >= 0 && key < table.count ? table[key] : blank
        }
      case .numbers(let numbers): for (place, row) in rows.enumerated() { unsafe buffer[place] = numbers[row] }
      }
    }
    guard let states else { return }
    for (place, row) in rows.enumerated() where states[row] >= RowLookup.firstWithoutValue {
      unsafe buffer[place] = blank
    }
  }

  /// Calls `body` with each row and what two lookups say of it, in order.
  @inline(__always)
  static func read(
    _ first: RowLookup, _ second: RowLookup, _ rows: Range<Int>, _ body: (_ row: Int, Int32, Int32) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: blockSize * 2) { buffer in
      let one = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<blockSize])
      let other = unsafe UnsafeMutableBufferPointer(rebasing: buffer[blockSize...])
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: blockSize) {
        let block = start..<min(start + blockSize, rows.upperBound)
        unsafe first.read(block, into: one)
        unsafe second.read(block, into: other)
        for place in 0..<block.count { unsafe body(start + place, one[place], other[place]) }
      }
    }
  }

  /// Calls `body` with each row and what three lookups say of it, in order.
  @inline(__always)
  static func read(
    _ first: RowLookup, _ second: RowLookup, _ third: RowLookup, _ rows: Range<Int>,
    _ body: (_ row: Int, Int32, Int32, Int32) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: blockSize) { buffer in
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: blockSize) {
        let block = start..<min(start + blockSize, rows.upperBound)
        unsafe third.read(block, into: buffer)
        read(first, second, block) { row, one, two in unsafe body(row, one, two, buffer[row - start]) }
      }
    }
  }

  /// Calls `body` with each row and what this says of it, in order.
  @inline(__always)
  func each(_ rows: Range<Int>, _ body: (_ row: Int, Int32) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: RowLookup.blockSize) { buffer in
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: RowLookup.blockSize) {
        let block = start..<min(start + RowLookup.blockSize, rows.upperBound)
        unsafe read(block, into: buffer)
        for place in 0..<block.count { unsafe body(start + place, buffer[place]) }
      }
    }
  }
}
