/// Some cells of a large space, as one bit each: which they are, how many, and the how-manieth each is.
///
/// What is known of these cells lies in arrays of `count` elements, in the order of the cells: no hash, no sort, and the
/// place of a cell is one look-up and one count of bits.
///
/// - Complexity: One and a half bits for each cell of the space, whether it is in the set or not.
struct CellSet: Sendable {
  /// Cells of the space.
  let spaceCount: Int
  /// Cells of the set.
  private(set) var count = 0
  private var words: [UInt64]
  /// For each word how many cells come before it; empty until ``finish()``.
  private var before: [Int32] = []

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(spaceCount: Int, _ control: RunControl) throws {
    self.spaceCount = spaceCount
    words = try unsafe control.written((spaceCount + 63) / 64) { unsafe $1.initialize(repeating: 0) }
  }

  /// No cell, and none is going to be there.
  init(finishedSpace spaceCount: Int) {
    self.spaceCount = spaceCount
    words = [UInt64](repeating: 0, count: (spaceCount + 63) / 64)
    before = [Int32](repeating: 0, count: words.count)
  }

  /// What a set of cells of so large a space takes.
  static func byteCount(spaceCount: Int) -> Int { (spaceCount + 63) / 64 * 12 }

  var byteCount: Int { Self.byteCount(spaceCount: spaceCount) }

  // MARK: - Making

  /// - Precondition: The set is not finished, and `cell` lies within the space.
  @inline(__always)
  mutating func insert(_ cell: Int) { words[cell &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: cell & 63) }

  /// Lets several workers mark cells, each in words of its own: that of a cell has 64.
  mutating func fill(_ body: (SharedElements<UInt64>) throws -> Void) rethrows {
    try unsafe words.withUnsafeMutableBufferPointer { try unsafe body(SharedElements($0)) }
  }

  /// - Precondition: `other` is of the same space.
  mutating func formUnion(_ other: CellSet) {
    precondition(other.spaceCount == spaceCount, "sets of different spaces")
    for word in words.indices { words[word] |= other.words[word] }
  }

  /// Inserts the cells of one set for each of several years, each of which is one of `sets.count` cells that lie side by side.
  ///
  /// - Precondition: The space is that of the sets times their number.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  mutating func formUnion(ofYears sets: [CellSet?], _ control: RunControl) throws {
    let (yearCount, groupCount) = (sets.count, spaceCount / max(1, sets.count))
    precondition(sets.allSatisfy { $0.map { $0.spaceCount == groupCount } ?? true }, "sets of different spaces")
    let (wordCount, unitWordCount) = ((groupCount + 63) / 64, 64)
    let sources = sets.map { $0?.words ?? [] }
    try fill { words in
      // A word of each year makes as many words as there are years.
      try Scheduler(control.limits, isWorthwhile: words.count > 1 << 14).run(
        (wordCount + unitWordCount - 1) / unitWordCount
      ) { unit in
        if unit % 64 == 0 { try control.check() }
        for (year, source) in sources.enumerated() where !source.isEmpty {
          for index in unit * unitWordCount..<min(wordCount, (unit + 1) * unitWordCount) {
            var rest = source[index]
            while rest != 0 {
              let cell = (index &* 64 &+ rest.trailingZeroBitCount) &* yearCount &+ year
              words[cell &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: cell & 63)
              rest &= rest &- 1
            }
          }
        }
      }
    }
  }

  /// Numbers the cells, once all are there.
  ///
  /// - Precondition: The set has fewer than 2^31 cells.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  mutating func finish(_ control: RunControl) throws {
    var count: Int32 = 0
    before = try unsafe [Int32](writing: words.count) { before in
      try control.morsels(words.count) { part in
        for word in part {
          unsafe before[word] = count
          count += Int32(truncatingIfNeeded: words[word].nonzeroBitCount)
        }
      }
    }
    self.count = Int(count)
  }

  // MARK: - Asking

  @inline(__always)
  func contains(_ cell: Int) -> Bool { words[cell &>> 6] &>> UInt64(truncatingIfNeeded: cell & 63) & 1 != 0 }

  /// How many cells of the set come before `cell`, which for one of the set is its place among them.
  ///
  /// - Precondition: The set is finished.
  @inline(__always)
  func rank(_ cell: Int) -> Int {
    if cell >= spaceCount { return count }
    let word = cell &>> 6
    let below = words[word] & (1 &<< UInt64(truncatingIfNeeded: cell & 63) &- 1)
    return Int(before[word]) &+ below.nonzeroBitCount
  }

  /// Calls `body` for each cell in their order, with its place among them.
  @inline(__always)
  func forEach(_ body: (_ cell: Int, _ position: Int) throws -> Void) rethrows {
    var position = 0
    for (index, word) in words.enumerated() where word != 0 {
      var rest = word
      while rest != 0 {
        try body(index &* 64 &+ rest.trailingZeroBitCount, position)
        position &+= 1
        rest &= rest &- 1
      }
    }
  }

  /// The same for the cells of a part of the space.
  ///
  /// - Precondition: The set is finished, and `part` lies within its space.
  @inline(__always)
  func forEach(in part: Range<Int>, _ body: (_ cell: Int, _ position: Int) -> Void) {
    if part.isEmpty { return }
    var position = rank(part.lowerBound)
    for index in part.lowerBound &>> 6...(part.upperBound - 1) &>> 6 {
      var rest = words[index]
      if index == part.lowerBound &>> 6 { rest &= ~0 &<< UInt64(truncatingIfNeeded: part.lowerBound & 63) }
      while rest != 0 {
        let cell = index &* 64 &+ rest.trailingZeroBitCount
        if cell >= part.upperBound { return }
        body(cell, position)
        position &+= 1
        rest &= rest &- 1
      }
    }
  }

  /// The cells in their order.
  func cells() -> [Int] {
    unsafe [Int](writing: count) { cells in forEach { cell, position in unsafe cells[position] = cell } }
  }
}
