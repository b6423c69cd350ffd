import CQColumns
internal import Synchronization

/// Rows in the ascending order of a key each: key and row share a word, so that nothing is looked up while they are
/// sorted.
///
/// - Complexity: O(rows) on all threads, by a radix sort over the digits in which the keys differ; rows that are in order
///   already are not moved.
struct PackedRows: Sendable {
  private let words: ColumnBuffer<UInt64>
  private let rowBits: UInt64

  var count: Int { words.count }

  @inline(__always) func key(_ index: Int) -> UInt64 { unsafe words.elements[index] >> rowBits }
  @inline(__always) func row(_ index: Int) -> Int {
    unsafe Int(truncatingIfNeeded: words.elements[index] & ((1 << rowBits) &- 1))
  }

  /// Bits for rows and keys together: more can't be sorted.
  static func fits(rowCount: Int, keyCount: (high: UInt64, low: UInt64)) -> Bool {
    keyCount.high == 0 && bits(UInt64(rowCount)) + bits(keyCount.low) <= 64
  }

  private static func bits(_ count: UInt64) -> Int { UInt64.bitWidth - count.leadingZeroBitCount }

  /// - Parameters:
  ///   - key: The key of each row of a range, nil for rows that are left out; called with every row once.
  ///   - isStopped: What has come of a request to stop is of no use.
  /// - Precondition: ``fits(rowCount:keyCount:)``
  init(
    rowCount: Int, keyCount: UInt64, threads: Int, isStopped: @escaping @Sendable () -> Bool,
    keys: @Sendable (_ rows: Range<Int>, _ store: (_ row: Int, _ key: UInt64?) -> Void) -> Void
  ) {
    let rowBits = UInt64(Self.bits(UInt64(rowCount)))
    let lost = Atomic<Int>(0)
    let unsorted = Atomic<Int>(0)
    var words = unsafe ColumnBuffer<UInt64>(count: rowCount, threads: threads) { rows, buffer in
      if isStopped() { return }
      var (missing, previous, descents) = (0, UInt64(0), 0)
      keys(rows) { row, key in
        guard let key else {
          missing += 1
          unsafe buffer[row] = .max
          return
        }
        let word = key << rowBits | UInt64(truncatingIfNeeded: row)
        if word < previous { descents += 1 }
        previous = word
        unsafe buffer[row] = word
      }
      lost.add(missing, ordering: .relaxed)
      unsorted.add(descents, ordering: .relaxed)
    }
    self.rowBits = rowBits
    let kept = rowCount - lost.load(ordering: .relaxed)
    if kept < rowCount {
      let all = words
      words = unsafe ColumnBuffer(count: kept) { buffer in
        var place = 0
        for index in 0..<all.count where unsafe all.elements[index] != .max && place < kept {
          unsafe buffer[place] = all.elements[index]
          place += 1
        }
      }
    }
    let unit = ColumnBuffer<UInt64>.unitSize
    let isSorted =
      unsorted.load(ordering: .relaxed) == 0
      && stride(from: unit, to: words.count, by: unit).allSatisfy { words[$0 - 1] < words[$0] }
    if !isSorted, !isStopped() {
      words = RadixSort(threads: threads, isStopped: isStopped).sorted(
        words, from: Int(rowBits), to: Int(rowBits) + Self.bits(keyCount))
    }
    self.words = words
  }
}

/// Sorts words by some of their bits, equal ones as they stand.
private struct RadixSort {
  let threads: Int
  let isStopped: @Sendable () -> Bool

  /// Bits of a digit: so many places are written to in turn.
  private static let widestDigit = 11

  func sorted(_ words: ColumnBuffer<UInt64>, from low: Int, to high: Int) -> ColumnBuffer<UInt64> {
    let passes = (high - low + Self.widestDigit - 1) / Self.widestDigit
    guard passes > 0 else { return words }
    let width = (high - low + passes - 1) / passes
    // Two buffers take turns; the last pass fills the one that is kept.
    var result = words
    _ = unsafe ColumnBuffer<UInt64>(count: passes > 1 ? words.count : 0) { spare in
      unsafe result = ColumnBuffer(count: words.count) { kept in
        var source = unsafe words.elements
        for pass in 0..<passes where !isStopped() {
          let target = unsafe (passes - pass) % 2 == 1 ? kept : spare
          let step = unsafe RadixPass(
            source: source, target: target, shift: UInt64(low + pass * width), digits: 1 << width)
          step.run(threads: words.count < 1 << 16 ? 1 : threads, isStopped)
          unsafe source = UnsafeBufferPointer(target)
        }
      }
    }
    return result
  }
}

/// One digit: ranges of words, each counted and then moved by one thread.
@safe private struct RadixPass: @unchecked Sendable {
  // SAFETY: both lie in buffers that outlive the pass; each thread writes to places that the counts give to it alone.
  let source: UnsafeBufferPointer<UInt64>
  let target: UnsafeMutableBufferPointer<UInt64>
  let shift: UInt64
  let digits: Int

  init(
    source: UnsafeBufferPointer<UInt64>, target: UnsafeMutableBufferPointer<UInt64>, shift: UInt64, digits: Int
  ) {
    unsafe self.source = source
    unsafe self.target = target
    self.shift = shift
    self.digits = digits
  }

  func run(threads parts: Int, _ isStopped: @escaping @Sendable () -> Bool) {
    let mask = UInt64(digits - 1)
    let count = unsafe source.count
    @Sendable func range(_ part: Int) -> Range<Int> { part * count / parts..<(part + 1) * count / parts }
    let counts = Mutex([[Int]](repeating: [], count: parts))
    WorkerThreads.run(parts) { part in
      var mine = [Int](repeating: 0, count: digits)
      for index in range(part) { unsafe mine[Int(source[index] >> shift & mask)] += 1 }
      counts.withLock { $0[part] = mine }
    }
    var starts = counts.withLock { $0 }
    var total = 0
    for digit in 0..<digits {
      for part in 0..<parts {
        let size = starts[part][digit]
        starts[part][digit] = total
        total += size
      }
    }
    let firsts = starts
    WorkerThreads.run(parts) { part in
      var places = firsts[part]
      for index in range(part) {
        if index & 0xFFFF == 0xFFFF, isStopped() { return }
        let word = unsafe source[index]
        let digit = Int(word >> shift & mask)
        unsafe target[places[digit]] = word
        places[digit] += 1
      }
    }
  }
}
