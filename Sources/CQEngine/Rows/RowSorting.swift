import CQColumns
internal import Synchronization

/// Puts rows into the order of some keys, the first of which counts most; rows with the same keys keep their order.
///
/// - Complexity: O(rows) for each 8 bits in which the keys differ; 20 bytes per row, 24 where they are longer than 32 bits
///   together.
struct RowSorting {
  /// Positions in their new order.
  struct Sorted {
    let order: [Int32]
    /// Whether the keys at a place are others than at the place before; empty where nobody asked.
    let isNew: [Bool]
  }

  let control: RunControl
  let count: Int
  /// Of up to 64 bits together.
  private let keys: [SortKey]
  private let width: Int

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: [SortKey], count: Int, _ control: RunControl) throws {
    self.control = control
    self.count = count
    func width(_ keys: [SortKey]) -> Int { keys.reduce(0) { $0 + $1.width } }
    var keys = keys
    if width(keys) > 64 {
      // What is longer than the number of a row is replaced by the place of its number among the different ones.
      keys = try keys.map { $0.width > 32 ? try Self.numbered([$0], count, control) : $0 }
    }
    while width(keys) > 64 {
      let last = Array(keys.suffix(2))
      keys.removeLast(2)
      keys.append(try Self.numbered(last, count, control))
    }
    self.keys = keys
    self.width = width(keys)
  }

  /// One key that orders rows as `keys` do.
  private static func numbered(_ keys: [SortKey], _ count: Int, _ control: RunControl) throws -> SortKey {
    guard let sorted = try RowSorting(keys, count: count, control).sorted(findsNew: true) else {
      return SortKey([], below: 0)
    }
    var numbers = [UInt32](repeating: 0, count: count)
    var number: UInt32 = 0
    try control.morsels(count) { places in
      for place in places {
        if place > 0, sorted.isNew[place] { number += 1 }
        numbers[Int(sorted.order[place])] = number
      }
    }
    return SortKey(numbers, below: Int(number) + 1)
  }

  /// - Parameter findsNew: Whether to tell where each number comes first.
  /// - Returns: nil where the positions are in order already, and nobody asks for more.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func sorted(findsNew: Bool = false) throws -> Sorted? {
    let bytes = count * (width > 32 ? 24 : 20)
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    let lowWidth = max(0, width - 32)
    let isInOrder = Atomic<Bool>(true)
    var sorted: Sorted?
    var scratch: [UInt64] = []
    var lower: [UInt32] = []
    let words = try unsafe [UInt64](writing: count) { words in
      let words = unsafe SharedElements(words)
      lower = try unsafe [UInt32](writing: lowWidth > 0 ? count : 0) { lower in
        let lower = unsafe SharedElements(lower)
        try units { unit in
          if !write(unit, words, lower) { isInOrder.store(false, ordering: .relaxed) }
        }
      }
      if !findsNew, isInOrder.load(ordering: .relaxed), isInOrderBetweenUnits(words, lower) { return }
      scratch = try unsafe [UInt64](writing: count) { scratch in
        let sort = unsafe WordSort(control: control, words: words, scratch: SharedElements(scratch))
        try sort.sort(0..<count, width: min(width, 32))
        sorted = try order(sort, lower, findsNew: findsNew)
      }
    }
    withExtendedLifetime((words, scratch)) {}
    return sorted
  }

  private static let unitRowCount = RunControl.morselRowCount

  private func units(_ body: @Sendable (Range<Int>) -> Void) throws {
    let size = Self.unitRowCount
    let unitCount = (count + size - 1) / size
    try Scheduler(control.limits, isWorthwhile: unitCount > 4).run(unitCount) { unit in
      try control.check()
      body(unit * size..<min(count, (unit + 1) * size))
    }
  }

  // MARK: - Words

  /// Writes the words of a unit: the upper 32 bits of a number before its position, and the lower ones beside them.
  ///
  /// - Returns: Whether they are in order.
  private func write(_ unit: Range<Int>, _ words: SharedElements<UInt64>, _ lower: SharedElements<UInt32>) -> Bool {
    let lowWidth = UInt64(max(0, width - 32))
    let target = unsafe words.part(unit)
    unsafe target.update(repeating: 0)
    for key in keys { unsafe key.add(to: target, unit) }
    var isInOrder = true
    var previous: UInt64 = 0
    for index in 0..<unit.count {
      let number = unsafe target[index]
      if number < previous { isInOrder = false }
      previous = number
      if lowWidth > 0 {
        lower[unit.lowerBound + index] = UInt32(truncatingIfNeeded: number) & (.max >> UInt32(32 - lowWidth))
      }
      unsafe target[index] = (number >> lowWidth) << 32 | UInt64(UInt32(truncatingIfNeeded: unit.lowerBound + index))
    }
    return isInOrder
  }

  private func isInOrderBetweenUnits(_ words: SharedElements<UInt64>, _ lower: [UInt32]) -> Bool {
    stride(from: Self.unitRowCount, to: count, by: Self.unitRowCount).allSatisfy { row in
      let (before, after) = (words[row - 1] >> 32, words[row] >> 32)
      return before < after || before == after && (lower.isEmpty || lower[row - 1] <= lower[row])
    }
  }

  // MARK: - Order

  /// The positions of sorted words, those with the same upper bits sorted by their lower ones.
  private func order(_ sort: WordSort, _ lower: [UInt32], findsNew: Bool) throws -> Sorted {
    var isNew: [Bool] = []
    let order = try unsafe [Int32](writing: count) { order in
      let order = unsafe SharedElements(order)
      isNew = try unsafe [Bool](writing: findsNew ? count : 0) { isNew in
        let isNew = unsafe SharedElements(isNew)
        if width > 32 {
          try sortRuns(sort, lower) { finish($0, sort.words, order, isNew, findsNew, follows: false) }
        } else {
          try units { finish($0, sort.words, order, isNew, findsNew, follows: true) }
        }
      }
    }
    return Sorted(order: order, isNew: isNew)
  }

  /// Sorts words with the same upper bits by their lower ones, and calls `body` for all of them.
  private func sortRuns(_ sort: WordSort, _ lower: [UInt32], _ body: @Sendable (Range<Int>) -> Void) throws {
    let words = sort.words
    // Where runs begin that units end with: words are overwritten later.
    var starts = [0]
    for start in stride(from: Self.unitRowCount, to: count, by: Self.unitRowCount) {
      try control.check()
      var start = max(start, starts[starts.count - 1])
      while start < count, words[start] >> 32 == words[start - 1] >> 32 { start += 1 }
      starts.append(start)
    }
    starts.append(count)
    let ends = starts
    let large = Mutex<[Range<Int>]>([])
    try Scheduler(control.limits, isWorthwhile: ends.count > 4).run(ends.count - 1) { unit in
      try control.check()
      var start = ends[unit]
      while start < ends[unit + 1] {
        var end = start + 1
        while end < ends[unit + 1], words[end] >> 32 == words[start] >> 32 { end += 1 }
        let run = start..<end
        start = end
        if run.count > Self.unitRowCount {
          large.withLock { $0.append(run) }
          continue
        }
        if run.count > 1 {
          setLower(run, words, lower)
          sort.sortSmall(run, width: width - 32, isInScratch: false)
        }
        body(run)
      }
    }
    for run in large.withLock({ $0 }) {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: Self.unitRowCount) {
        try control.check()
        setLower(start..<min(run.upperBound, start + Self.unitRowCount), words, lower)
      }
      try sort.sort(run, width: width - 32)
      body(run)
    }
  }

  /// Puts the lower bits of numbers in the place of their upper ones, which are the same.
  private func setLower(_ range: Range<Int>, _ words: SharedElements<UInt64>, _ lower: [UInt32]) {
    for index in range {
      let position = words[index] & 0xFFFF_FFFF
      words[index] = UInt64(lower[Int(position)]) << 32 | position
    }
  }

  /// Writes the positions of words that are in order.
  ///
  /// - Parameter follows: The words before are sorted by the same bits.
  private func finish(
    _ range: Range<Int>, _ words: SharedElements<UInt64>, _ order: SharedElements<Int32>, _ isNew: SharedElements<Bool>,
    _ findsNew: Bool, follows: Bool
  ) {
    for index in range { order[index] = Int32(truncatingIfNeeded: words[index] & 0xFFFF_FFFF) }
    guard findsNew else { return }
    let first = follows ? 0 : range.lowerBound
    for index in range { isNew[index] = index == first || words[index] >> 32 != words[index - 1] >> 32 }
  }
}
