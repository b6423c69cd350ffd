internal import Synchronization

extension FileTable.Column {
  /// The least and the largest number of a column in which all are known and whole, and 32 bits hold them; nil for any
  /// other, and where it was stopped.
  ///
  /// - Complexity: O(rows), on `threads` threads; asks between units of rows whether to stop.
  package func wholeRange(threads: Int, isStopped: @Sendable () -> Bool) -> ClosedRange<Int32>? {
    guard states == nil, case .numbers(let numbers) = values else { return nil }
    return switch numbers {
    case .int32(let values): values.wholeRange(threads, isStopped) { $0 }
    case .int64(let values): values.wholeRange(threads, isStopped) { Int32(exactly: $0) }
    case .float64(let values): values.wholeRange(threads, isStopped) { Int32(exactly: $0) }
    }
  }
}

extension ColumnBuffer {
  @inline(__always)
  fileprivate func wholeRange(
    _ threads: Int, _ isStopped: @Sendable () -> Bool, _ whole: @Sendable (Element) -> Int32?
  ) -> ClosedRange<Int32>? {
    let unitCount = (count + Self.unitSize - 1) / Self.unitSize
    guard unitCount > 0 else { return nil }
    let found = Mutex<(low: Int32, high: Int32)?>((.max, .min))
    WorkerThreads.run(units: unitCount, threads: unitCount > 4 ? threads : 1) { index in
      if found.withLock({ $0 == nil }) { return }
      let rows = index * Self.unitSize..<min((index + 1) * Self.unitSize, count)
      let own = isStopped() ? nil : lowAndHigh(rows, whole)
      found.withLock { all in
        if let own, let before = all {
          all = (min(before.low, own.low), max(before.high, own.high))
        } else {
          all = nil
        }
      }
    }
    return found.withLock { $0 }.map { $0.low...$0.high }
  }

  @inline(__always)
  private func lowAndHigh(_ rows: Range<Int>, _ whole: (Element) -> Int32?) -> (low: Int32, high: Int32)? {
    // SAFETY: the rows lie in the column.
    let elements = unsafe UnsafeBufferPointer(rebasing: elements[rows])
    var (low, high) = (Int32.max, Int32.min)
    for index in 0..<rows.count {
      guard let number = unsafe whole(elements[index]) else { return nil }
      (low, high) = (min(low, number), max(high, number))
    }
    return (low, high)
  }
}
