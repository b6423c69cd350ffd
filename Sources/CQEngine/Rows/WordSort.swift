import CQColumns
internal import Synchronization

/// Sorts words of 64 bits that all differ: a key in the upper half, the position that it belongs to in the lower one. So
/// equal keys keep the order of their positions, whatever the number of threads.
///
/// Words are dealt out by the uppermost digit of their keys, by all threads; each bucket is then sorted by itself, digit by
/// digit, in the cache.
///
/// - Complexity: O(words) for each 8 bits in which keys differ.
struct WordSort: Sendable {
  /// Words that are sorted by one thread: what that needs stays in its cache.
  private static let smallCount = 1 << 14
  /// So few are put into order one by one.
  private static let insertionCount = 40
  private static let digitWidth = 11
  private static let smallDigitWidth = 8

  let control: RunControl
  let words: SharedElements<UInt64>
  /// As many elements, for whatever.
  let scratch: SharedElements<UInt64>

  /// Sorts the words in `range`, whose keys differ in their `width` lowest bits at most.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func sort(_ range: Range<Int>, width: Int) throws {
    if range.count <= Self.smallCount || width == 0 { return sortSmall(range, width: width, isInScratch: false) }
    let digit = min(width, Self.digitWidth)
    let starts = try deal(range, shift: 32 + width - digit, bucketCount: 1 << digit)
    // Buckets together, as many as make a unit of work; one that is large is sorted by all threads in its turn.
    var units: [Range<Int>] = []
    var large: [Range<Int>] = []
    var first = 0
    for bucket in 0..<starts.count - 1 {
      if starts[bucket + 1] - starts[bucket] > Self.smallCount {
        large.append(starts[bucket]..<starts[bucket + 1])
        if first < bucket { units.append(first..<bucket) }
        first = bucket + 1
      } else if starts[bucket + 1] - starts[first] > RunControl.morselRowCount {
        units.append(first..<bucket + 1)
        first = bucket + 1
      }
    }
    if first < starts.count - 1 { units.append(first..<starts.count - 1) }
    let (buckets, rest) = (units, width - digit)
    try scheduler(range.count).run(buckets.count) { unit in
      try control.check()
      for bucket in buckets[unit] { sortSmall(starts[bucket]..<starts[bucket + 1], width: rest, isInScratch: true) }
    }
    for bucket in large {
      try copyFromScratch(bucket)
      try sort(bucket, width: rest)
    }
  }

  private func scheduler(_ count: Int) -> Scheduler {
    Scheduler(control.limits, isWorthwhile: count > 4 * RunControl.morselRowCount)
  }

  private func copyFromScratch(_ range: Range<Int>) throws {
    try pieces(range) { piece in _ = unsafe words.part(piece).update(fromContentsOf: scratch.part(piece)) }
  }

  /// Calls `body` for the pieces of `range`, on several threads.
  private func pieces(_ range: Range<Int>, _ body: @Sendable (Range<Int>) -> Void) throws {
    let size = RunControl.morselRowCount
    try scheduler(range.count).run((range.count + size - 1) / size) { piece in
      try control.check()
      let start = range.lowerBound + piece * size
      body(start..<min(range.upperBound, start + size))
    }
  }

  // MARK: - Many words

  /// Copies words to `scratch`, those of a bucket next to each other in their order.
  ///
  /// - Returns: Where each bucket starts, and behind them the end.
  private func deal(_ range: Range<Int>, shift: Int, bucketCount: Int) throws -> [Int] {
    let scheduler = scheduler(range.count)
    // Each thread deals out words that follow each other.
    let partCount = max(1, min(scheduler.threadCount, range.count / RunControl.morselRowCount))
    let parts = (0..<partCount).map { part in
      range.lowerBound + range.count * part / partCount..<range.lowerBound + range.count * (part + 1) / partCount
    }
    let mask = UInt64(bucketCount - 1)
    let counts = Mutex([[Int]](repeating: [], count: partCount))
    try scheduler.run(partCount) { part in
      var own = [Int](repeating: 0, count: bucketCount)
      for start in stride(from: parts[part].lowerBound, to: parts[part].upperBound, by: RunControl.morselRowCount) {
        try control.check()
        let piece = unsafe words.part(start..<min(parts[part].upperBound, start + RunControl.morselRowCount))
        for index in 0..<piece.count { unsafe own[Int(truncatingIfNeeded: piece[index] >> UInt64(shift) & mask)] += 1 }
      }
      let finished = own
      counts.withLock { $0[part] = finished }
    }
    var next = counts.withLock { $0 }
    var starts: [Int] = []
    var total = range.lowerBound
    for bucket in 0..<bucketCount {
      starts.append(total)
      for part in 0..<partCount {
        let count = next[part][bucket]
        next[part][bucket] = total
        total += count
      }
    }
    starts.append(total)
    let places = next
    try scheduler.run(partCount) { part in
      var places = places[part]
      for start in stride(from: parts[part].lowerBound, to: parts[part].upperBound, by: RunControl.morselRowCount) {
        try control.check()
        let piece = unsafe words.part(start..<min(parts[part].upperBound, start + RunControl.morselRowCount))
        for index in 0..<piece.count {
          let word = unsafe piece[index]
          let bucket = Int(truncatingIfNeeded: word >> UInt64(shift) & mask)
          scratch[places[bucket]] = word
          places[bucket] += 1
        }
      }
    }
    return starts
  }

  // MARK: - Few words

  /// Sorts words on this thread, and leaves them in `words`.
  ///
  /// - Parameter isInScratch: They lie in `scratch` before.
  func sortSmall(_ range: Range<Int>, width: Int, isInScratch: Bool) {
    var (source, target) = unsafe (words.part(range), scratch.part(range))
    if isInScratch { unsafe swap(&source, &target) }
    var isMoved = isInScratch
    if range.count > Self.insertionCount {
      for start in stride(from: 0, to: width, by: Self.smallDigitWidth) {
        let digit = min(Self.smallDigitWidth, width - start)
        guard unsafe deal(source, to: target, shift: UInt64(32 + start), bucketCount: 1 << digit) else { continue }
        unsafe swap(&source, &target)
        isMoved.toggle()
      }
    }
    if isMoved { _ = unsafe target.update(fromContentsOf: source) }
    if range.count > Self.insertionCount { return }
    let few = unsafe words.part(range)
    for index in 1..<max(1, range.count) {
      let word = unsafe few[index]
      var place = index
      while place > 0, unsafe few[place - 1] > word {
        unsafe few[place] = few[place - 1]
        place -= 1
      }
      unsafe few[place] = word
    }
  }

  /// Deals out words by one digit; nothing happens where all have the same.
  @inline(__always)
  private func deal(
    _ source: UnsafeMutableBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>, shift: UInt64,
    bucketCount: Int
  ) -> Bool {
    let mask = UInt64(bucketCount - 1)
    return unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: bucketCount) { places in
      unsafe places.initialize(repeating: 0)
      // SAFETY: digits are below `bucketCount`, and places below the count of both buffers.
      for index in 0..<source.count { unsafe places[Int(truncatingIfNeeded: source[index] >> shift & mask)] += 1 }
      if unsafe places.contains(Int32(truncatingIfNeeded: source.count)) { return false }
      var total: Int32 = 0
      for bucket in 0..<bucketCount { unsafe (places[bucket], total) = (total, total + places[bucket]) }
      for index in 0..<source.count {
        let word = unsafe source[index]
        let bucket = Int(truncatingIfNeeded: word >> shift & mask)
        unsafe target[Int(places[bucket])] = word
        unsafe places[bucket] += 1
      }
      return true
    }
  }
}
