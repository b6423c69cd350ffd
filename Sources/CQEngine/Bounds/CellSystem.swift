/// Cells that lie in one another, along one tree or two at once, with what is published about each.
///
/// A cell is a number; a *sum* says that one cell is made up of others. Intervals are narrowed along all sums, in both
/// directions, until nothing changes: a withheld county is pinned by its state as well as by its industry's parent.
struct CellSystem {
  /// `whole` is the sum of `parts`, up to `slack` (numbers that were rounded one by one do not add up exactly).
  struct Sum {
    enum Relation {
      case equal
      /// The parts do not make up the whole of it, or nobody knows whether they do.
      case atMost
    }

    var whole: Int32
    /// Range in `partList`.
    var parts: Range<Int>
    var relation: Relation
    var slack: Double
  }

  private(set) var intervals: [Interval]
  private(set) var sums: [Sum] = []
  private var partList: [Int32] = []

  init(intervals: [Interval]) { self.intervals = intervals }

  mutating func addSum(whole: Int, parts: some Sequence<Int>, relation: Sum.Relation, slack: Double) {
    let start = partList.count
    for part in parts { partList.append(Int32(part)) }
    sums.append(Sum(whole: Int32(whole), parts: start..<partList.count, relation: relation, slack: slack))
  }

  func parts(of sum: Sum) -> ArraySlice<Int32> { partList[sum.parts] }

  /// Sweeps over all sums, forwards and backwards, until a sweep changes nothing that matters.
  ///
  /// Every state on the way is sound, so stopping early only leaves intervals wider than they need be.
  ///
  /// - Complexity: O(parts) for each of at most `sweepLimit` sweeps.
  mutating func propagate() {
    for sweep in 0..<Self.sweepLimit {
      var changed = false
      if sweep.isMultiple(of: 2) {
        for sum in sums.reversed() where narrow(sum) { changed = true }
      } else {
        for sum in sums where narrow(sum) { changed = true }
      }
      if !changed { return }
    }
  }

  private static let sweepLimit = 40

  /// - Returns: Whether an end has moved by more than rounding.
  private mutating func narrow(_ sum: Sum) -> Bool {
    let whole = Int(sum.whole)
    var lows = 0.0
    var highs = 0.0
    var openCount = 0
    for part in partList[sum.parts] {
      let interval = intervals[Int(part)]
      lows += interval.low
      if interval.high.isFinite { highs += interval.high } else { openCount += 1 }
    }
    let highest = openCount == 0 && sum.relation == .equal ? highs + sum.slack : .infinity
    var changed = set(whole, low: lows - sum.slack, high: highest)
    let total = intervals[whole]
    for part in partList[sum.parts] {
      let index = Int(part)
      let own = intervals[index]
      if own.isPoint { continue }
      let high = total.high - (lows - own.low) + sum.slack
      let othersOpen = openCount - (own.high.isFinite ? 0 : 1)
      let othersHigh = own.high.isFinite ? highs - own.high : highs
      let low = sum.relation == .equal && othersOpen == 0 ? total.low - othersHigh - sum.slack : -.infinity
      if set(index, low: low, high: high) {
        changed = true
        let now = intervals[index]
        lows += now.low - own.low
        if own.high.isFinite {
          highs += now.high - own.high
        } else if now.high.isFinite {
          highs += now.high
          openCount -= 1
        }
      }
    }
    return changed
  }

  private mutating func set(_ cell: Int, low: Double, high: Double) -> Bool {
    let own = intervals[cell]
    // Differences of large sums carry rounding; a bound must not cut off what it should just touch.
    let tolerance = 1e-9 * max(1, min(own.high, 1e15).magnitude, low.isFinite ? low.magnitude : 0)
    var next = own
    if low > own.low + tolerance { next.low = low }
    if high < own.high - tolerance { next.high = high }
    guard next != own else { return false }
    if next.low > next.high {
      // Within rounding the two ends meet; a real contradiction (noise in the source) leaves the cell as it is.
      guard next.low - next.high <= 2 * tolerance else { return false }
      (next.low, next.high) = (min(next.low, next.high), max(next.low, next.high))
    }
    intervals[cell] = next
    return true
  }
}
