import CQColumns
internal import Synchronization

/// A column of a file as its different values, with how many rows have each and where the first stands.
///
/// - Complexity: O(rows) to make, on all threads where the values have codes or are whole numbers of a narrow range.
struct ValueTable {
  private(set) var values: [String]
  private(set) var rowCounts: [Int]
  private(set) var firstRows: [Int]
  /// Number of the value of each row.
  private(set) var lookup: RowLookup

  init(constant: String, rowCount: Int) {
    values = [constant]
    rowCounts = [rowCount]
    firstRows = [0]
    lookup = RowLookup(all: 0)
  }

  /// - Parameter isStopped: What has come of a request to stop is of no use.
  init(
    _ column: FileTable.Column, rowCount: Int, threads: Int, isStopped: @Sendable () -> Bool = { false }
  ) {
    switch column.values {
    case .texts(let codes, let texts):
      // A text that differs by spaces around it is another value of the dictionary, and the same to `fold`.
      let blank = column.states == nil ? nil : texts.count
      self.init(
        values: texts + (blank == nil ? [] : [""]),
        RowLookup(
          codes, (0..<Int32(clamping: texts.count)).map { $0 }, states: column.states, blank: Int32(blank ?? 0)),
        rowCount, threads, isStopped)
    case .numbers(.int32(let numbers)):
      let range = Self.range(of: numbers, column, threads)
      guard range.count <= Self.widestRange else { fallthrough }
      self.init(of: column, numbers, range, rowCount, threads, isStopped)
    case .numbers:
      self.init(hashing: column, rowCount, isStopped)
    }
  }

  /// Whole numbers of a wider range are told apart by hashing.
  private static let widestRange = 1 << 20

  private init(
    values: [String], _ lookup: RowLookup, _ rowCount: Int, _ threads: Int, _ isStopped: @Sendable () -> Bool
  ) {
    self.values = values
    self.lookup = lookup
    (rowCounts, firstRows) = Self.counts(lookup, values.count, rowCount, threads, isStopped)
  }

  // MARK: - Whole numbers

  private static func range(of numbers: ColumnBuffer<Int32>, _ column: FileTable.Column, _ threads: Int) -> Range<Int> {
    let found = Mutex<(low: Int32, high: Int32)>((.max, .min))
    let unit = ColumnBuffer<Int32>.unitSize
    WorkerThreads.run(units: (numbers.count + unit - 1) / unit, threads: threads) { index in
      var (low, high) = (Int32.max, Int32.min)
      for row in index * unit..<min((index + 1) * unit, numbers.count) where column.state(at: row).hasValue {
        // SAFETY: the row lies in the column.
        let number = unsafe numbers.elements[row]
        low = min(low, number)
        high = max(high, number)
      }
      found.withLock { $0 = (min($0.low, low), max($0.high, high)) }
    }
    let (low, high) = found.withLock { $0 }
    return low > high ? 0..<0 : Int(low)..<Int(high) + 1
  }

  /// Each number of the range is looked up in a table: those that no row has are left out of the values.
  private init(
    of column: FileTable.Column, _ numbers: ColumnBuffer<Int32>, _ range: Range<Int>, _ rowCount: Int, _ threads: Int,
    _ isStopped: @Sendable () -> Bool
  ) {
    let low = Int32(truncatingIfNeeded: range.lowerBound)
    let blank = Int32(truncatingIfNeeded: range.count)
    let byNumber = RowLookup(
      .integers(numbers, low: low), (0..<blank).map { $0 }, states: column.states, blank: blank)
    let (counts, firsts) = Self.counts(byNumber, range.count + 1, rowCount, threads, isStopped)
    let used = counts.indices.filter { counts[$0] > 0 }.sorted { firsts[$0] < firsts[$1] }
    var numberOfValue = [Int32](repeating: 0, count: range.count + 1)
    for (number, value) in used.enumerated() { numberOfValue[value] = Int32(truncatingIfNeeded: number) }
    values = used.map { $0 == range.count ? "" : "\(range.lowerBound + $0)" }
    rowCounts = used.map { counts[$0] }
    firstRows = used.map { firsts[$0] }
    lookup = byNumber.mapped { numberOfValue[Int($0)] }
    // Where it was stopped before the first row, there is a value all the same.
    if used.isEmpty { (values, rowCounts, firstRows) = ([""], [0], [0]) }
  }

  /// How many rows have each number of a lookup, and which is the first, -1 for none.
  private static func counts(
    _ lookup: RowLookup, _ valueCount: Int, _ rowCount: Int, _ threads: Int, _ isStopped: @Sendable () -> Bool
  ) -> (counts: [Int], firsts: [Int]) {
    struct Found {
      var counts: [Int]
      var firsts: [Int]
    }
    let all = Mutex(
      Found(counts: [Int](repeating: 0, count: valueCount), firsts: [Int](repeating: .max, count: valueCount)))
    let unit = ColumnBuffer<Int32>.unitSize
    let unitCount = (rowCount + unit - 1) / unit
    let next = Atomic<Int>(0)
    // Sums and smallest rows are the same whoever adds them up.
    WorkerThreads.run(max(1, min(threads, unitCount))) { _ in
      var counts = [Int](repeating: 0, count: valueCount)
      var firsts = [Int](repeating: .max, count: valueCount)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < unitCount, !isStopped() else { break }
        var (current, run): (Int32, Int) = (-1, 0)
        // Equal values often follow each other.
        lookup.each(index * unit..<min((index + 1) * unit, rowCount)) { row, value in
          if value == current {
            run += 1
            return
          }
          if current >= 0 { counts[Int(current)] += run }
          (current, run) = (value, 1)
          if firsts[Int(value)] > row { firsts[Int(value)] = row }
        }
        if current >= 0 { counts[Int(current)] += run }
      }
      all.withLock { all in
        for value in 0..<valueCount {
          all.counts[value] += counts[value]
          all.firsts[value] = min(all.firsts[value], firsts[value])
        }
      }
    }
    let found = all.withLock { $0 }
    return (found.counts, found.firsts.map { $0 == .max ? -1 : $0 })
  }

  // MARK: - Other numbers

  private init(hashing column: FileTable.Column, _ rowCount: Int, _ isStopped: @Sendable () -> Bool) {
    var (values, rowCounts, firstRows): ([String], [Int], [Int]) = ([], [], [])
    var codes: [Int32] = []
    codes.reserveCapacity(rowCount)
    var known: [UInt64: Int] = [:]
    var blank = -1
    var (lastBits, lastCode): (UInt64, Int) = (0, -1)
    func new(_ value: String, _ row: Int) -> Int {
      values.append(value)
      rowCounts.append(0)
      firstRows.append(row)
      return values.count - 1
    }
    for row in 0..<rowCount {
      if row & 0xFFFF == 0xFFFF, isStopped() {
        codes += repeatElement(0, count: rowCount - row)
        break
      }
      let code: Int
      if let number = column.number(at: row), column.state(at: row).hasValue {
        if lastCode < 0 || number.bitPattern != lastBits {
          lastBits = number.bitPattern
          if let found = known[lastBits] {
            lastCode = found
          } else {
            lastCode = new(column.text(at: row), row)
            known[lastBits] = lastCode
          }
        }
        code = lastCode
      } else {
        if blank < 0 { blank = new("", row) }
        code = blank
      }
      codes.append(Int32(truncatingIfNeeded: code))
      rowCounts[code] += 1
    }
    (self.values, self.rowCounts, self.firstRows) = (values, rowCounts, firstRows)
    lookup = RowLookup(.numbers(ColumnBuffer(codes)), [])
  }

  /// Values that some row has.
  var used: [Int] { values.indices.filter { rowCounts[$0] > 0 } }
}
