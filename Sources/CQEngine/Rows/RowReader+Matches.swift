import CQColumns

extension RowReader {
  /// What a block of rows says about a condition.
  private struct Matches: Sendable {
    var count = 0
    var withheld = 0
    var missing = 0
  }

  private static let blockWordCount = blockRowCount / 64

  /// Positions at which the formula, a condition, holds, and how many are withheld and missing.
  ///
  /// Blocks first mark their rows, a bit for each, and list them when it is known how many come before.
  ///
  /// - Complexity: O(rows); a bit per row, and 4 bytes for each at which it holds.
  func matches(_ control: RunControl) throws -> (positions: [Int32], withheld: Int, missing: Int) {
    let blocks = blockCount
    let found = WorkerResults<Matches>(count: blocks)
    let plain = PlainCondition(self)
    let scheduler = Scheduler(control.limits, isWorthwhile: blocks > 1)
    let marks = try unsafe [UInt64](writing: blocks * Self.blockWordCount) { marks in
      let marks = unsafe SharedElements(marks)
      try scheduler.run(blocks) { block in
        try control.check()
        let part = unsafe marks.part(block * Self.blockWordCount..<(block + 1) * Self.blockWordCount)
        if let plain {
          found[block] = unsafe Matches(count: plain.mark(positions(ofBlock: block), in: part))
        } else {
          found[block] = unsafe Self.mark(evaluate(positions(ofBlock: block)), in: part)
        }
      }
    }
    var all = Matches()
    var starts: [Int] = []
    for block in 0..<blocks {
      starts.append(all.count)
      guard let own = found[block] else { continue }
      all.count += own.count
      all.withheld += own.withheld
      all.missing += own.missing
    }
    starts.append(all.count)
    let places = starts
    let listed = try unsafe [Int32](writing: all.count) { listed in
      let listed = unsafe SharedElements(listed)
      try scheduler.run(blocks) { block in
        try control.check()
        let part = unsafe listed.part(places[block]..<places[block + 1])
        var place = 0
        for word in block * Self.blockWordCount..<(block + 1) * Self.blockWordCount {
          var rest = marks[word]
          while rest != 0 {
            // SAFETY: as many bits are set as the part has elements.
            unsafe part[place] = Int32(truncatingIfNeeded: word &* 64 &+ rest.trailingZeroBitCount)
            place &+= 1
            rest &= rest &- 1
          }
        }
      }
    }
    return (listed, all.withheld, all.missing)
  }

  /// Sets the bits of the rows at which a condition holds.
  private static func mark(_ vector: Vector, in marks: UnsafeMutableBufferPointer<UInt64>) -> Matches {
    var matches = Matches()
    unsafe marks.update(repeating: 0)
    let count = vector.count
    unsafe vector.values.withUnsafeBufferPointer { values in
      unsafe vector.states.withUnsafeBufferPointer { states in
        var worst: UInt8 = 0
        for index in 0..<count { worst |= unsafe states[index].rawValue }
        let areKnown = worst == CellState.known.rawValue
        for start in stride(from: 0, to: count, by: 64) {
          var bits: UInt64 = 0
          // SAFETY: a block has `count` values and states, and marks for all of them.
          if areKnown {
            for bit in 0..<min(64, count - start) {
              bits |= unsafe (values[start + bit] == 1 ? 1 : 0) &<< UInt64(truncatingIfNeeded: bit)
            }
          } else {
            for bit in 0..<min(64, count - start) {
              switch unsafe states[start + bit] {
              case .known, .estimated:
                if unsafe values[start + bit] == 1 { bits |= 1 &<< UInt64(truncatingIfNeeded: bit) }
              case .withheld: matches.withheld += 1
              case .missing: matches.missing += 1
              }
            }
          }
          matches.count += bits.nonzeroBitCount
          unsafe marks[start / 64] = bits
        }
      }
    }
    return matches
  }
}
