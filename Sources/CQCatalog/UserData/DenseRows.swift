import CQColumns
internal import Synchronization

/// Rows by the key of the fact that each belongs to, where there are not many more keys than rows: numbers are put where
/// their key says, and no row is moved.
///
/// - Complexity: O(rows + keys) on all threads; 4 bytes per row, and up to 8 per key and thread while numbers are added.
struct DenseRows: Sendable {
  /// The key of each row, ``none`` for rows that are left out.
  private let keyOfRow: ColumnBuffer<UInt32>
  /// The keys that some row has, ascending: one per fact.
  let keys: ColumnBuffer<UInt32>
  /// Rows that are not left out.
  let count: Int
  private let keyCount: Int
  private let threads: Int
  private let isStopped: @Sendable () -> Bool

  private static let none = UInt32.max
  private static let keysPerRow = 4
  /// Bytes that arrays of a number for each key may take together, besides those of one thread.
  private static let budget = 1 << 25

  /// Whether an array of all keys is worth its memory.
  static func fits(rowCount: Int, keyCount: UInt64) -> Bool {
    keyCount <= UInt64(keysPerRow) * UInt64(rowCount) && keyCount < UInt64(none)
  }

  /// - Parameters:
  ///   - key: The key of each row of a range, nil for rows that are left out; called with every row once.
  ///   - isStopped: What has come of a request to stop is of no use.
  /// - Precondition: ``fits(rowCount:keyCount:)``
  init(
    rowCount: Int, keyCount: Int, threads: Int, isStopped: @escaping @Sendable () -> Bool,
    keys: @Sendable (_ rows: Range<Int>, _ store: (_ row: Int, _ key: UInt64?) -> Void) -> Void
  ) {
    self.keyCount = keyCount
    self.threads = threads
    self.isStopped = isStopped
    let kept = Atomic<Int>(0)
    keyOfRow = unsafe ColumnBuffer(count: rowCount, threads: threads) { rows, buffer in
      if isStopped() { return }
      var count = 0
      keys(rows) { row, key in
        // SAFETY: `keys` is told these rows and no others.
        unsafe buffer[row] = key.map { UInt32(truncatingIfNeeded: $0) } ?? Self.none
        if key != nil { count += 1 }
      }
      kept.add(count, ordering: .relaxed)
    }
    count = kept.load(ordering: .relaxed)
    let seen = Self.byKey(keyOfRow, keyCount, threads, isStopped, UInt8(0)) { seen, _ in seen = 1 }
    let factCount = (0..<keyCount).count { key in seen.contains { $0[key] != 0 } }
    self.keys = unsafe ColumnBuffer(count: factCount) { buffer in
      var fact = 0
      for key in 0..<keyCount where fact < factCount && seen.contains(where: { $0[key] != 0 }) {
        unsafe buffer[fact] = UInt32(truncatingIfNeeded: key)
        fact += 1
      }
    }
  }

  /// What the rows of each key come to; each part of the file by itself, in the order of the rows.
  ///
  /// - Parameter parts: How many parts at most; nil for as many as there are threads and memory for.
  @inline(__always)
  private static func byKey<Value: BitwiseCopyable & Sendable>(
    _ keyOfRow: ColumnBuffer<UInt32>, _ keyCount: Int, _ threads: Int, _ isStopped: @escaping @Sendable () -> Bool,
    parts wanted: Int? = nil, _ zero: Value, _ add: @Sendable (inout Value, _ row: Int) -> Void
  ) -> [[Value]] {
    let rowCount = keyOfRow.count
    let affordable = 1 + budget / max(1, keyCount * MemoryLayout<Value>.stride)
    let parts = wanted ?? max(1, min(threads, affordable, rowCount >> 16))
    let all = Mutex([[Value]](repeating: [], count: parts))
    WorkerThreads.run(parts) { part in
      var values = [Value](repeating: zero, count: keyCount)
      unsafe values.withUnsafeMutableBufferPointer { values in
        let elements = unsafe keyOfRow.elements
        for row in part * rowCount / parts..<(part + 1) * rowCount / parts {
          if row & 0xFFFF == 0, isStopped() { return }
          // SAFETY: the row lies in the column, and keys were made below `keyCount`.
          let key = unsafe Int(elements[row])
          if key < keyCount { unsafe add(&values[key], row) }
        }
      }
      let made = values
      all.withLock { $0[part] = made }
    }
    return all.withLock { $0 }
  }

  /// A column of the facts from numbers by key.
  @inline(__always)
  private func column<Value: BitwiseCopyable & Sendable>(_ value: @Sendable (_ key: Int) -> Value) -> ColumnBuffer<
    Value
  > {
    unsafe ColumnBuffer(count: keys.count, threads: threads) { facts, buffer in
      if isStopped() { return }
      for fact in facts { unsafe buffer[fact] = value(Int(keys.elements[fact])) }
    }
  }

  // MARK: - Numbers

  /// The sum of the rows of each fact; beyond 64 bits it wraps.
  func sums<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ values: ColumnBuffer<Value>
  ) -> ColumnBuffer<Int64> {
    let parts = byKey(values, Int64(0)) { $0 &+= Int64(truncatingIfNeeded: $1) }
    return column { key in parts.reduce(0) { $0 &+ $1[key] } }
  }

  /// The sum of the rows of each fact, added in their order.
  func sums(_ values: ColumnBuffer<Double>) -> ColumnBuffer<Double> {
    let parts = byKey(values, parts: 1, 0.0) { $0 += $1 }
    return column { parts[0][$0] }
  }

  /// The value of the one row of each fact.
  func values(_ values: ColumnBuffer<Int32>) -> ColumnBuffer<Int32> {
    let parts = byKey(values, Int32(0)) { $0 = $1 }
    // Every other part has left it at 0.
    return column { key in parts.reduce(0) { $0 | $1[key] } }
  }

  /// The largest of the rows of each fact.
  func largest(_ values: ColumnBuffer<UInt8>) -> ColumnBuffer<UInt8> {
    let parts = byKey(values, UInt8(0)) { $0 = max($0, $1) }
    return column { key in parts.reduce(0) { max($0, $1[key]) } }
  }

  @inline(__always)
  private func byKey<Value: BitwiseCopyable & Sendable, Result: BitwiseCopyable & Sendable>(
    _ values: ColumnBuffer<Value>, parts: Int? = nil, _ zero: Result, _ add: @Sendable (inout Result, Value) -> Void
  ) -> [[Result]] {
    precondition(values.count == keyOfRow.count, "a column of another length")
    return Self.byKey(keyOfRow, keyCount, threads, isStopped, parts: parts, zero) { result, row in
      // SAFETY: the row lies in the column, which is as long as that of the keys.
      unsafe add(&result, values.elements[row])
    }
  }

  /// The first two rows of the first fact that has several.
  var firstRepeat: (key: Int, rows: [Int])? {
    let counts = Self.byKey(keyOfRow, keyCount, threads, isStopped, parts: 1, UInt32(0)) { count, _ in count &+= 1 }[0]
    guard let key = counts.firstIndex(where: { $0 > 1 }) else { return nil }
    return (key, Array((0..<keyOfRow.count).lazy.filter { Int(keyOfRow[$0]) == key }.prefix(2)))
  }
}
