/// What curves look like under chance, from simulated ones: at each distance by itself, and over all distances together.
package struct SimulatedBand: Sendable {
  /// Between these lies the middle of the draws at each distance.
  package let low: [Double?]
  package let high: [Double?]
  /// A curve of pure chance leaves the band on this side at some distance with the given probability only.
  package let globalLow: [Double?]
  package let globalHigh: [Double?]

  /// - Parameters:
  ///   - draws: One curve each, of `count` numbers.
  ///   - alpha: The part of the draws outside, on either side.
  /// - Note: The global upper bound is the k-th largest of the draws at each distance with the largest k for which at most `alpha` of
  ///   the draws exceed it anywhere; k is at least 1 (the largest of all draws). The lower bound likewise.
  /// - Complexity: O(draws · log draws · count).
  /// - Source: Duranton and Overman (2005), *Review of Economic Studies* 72(4): 1077–1106, section 3.
  package init(_ draws: [[Double]], count: Int, alpha: Double = 0.05) {
    let sorted = (0..<count).map { index in draws.map { $0[index] }.sorted() }
    low = sorted.map { $0.isEmpty ? nil : Order.quantile($0, alpha) }
    high = sorted.map { $0.isEmpty ? nil : Order.quantile($0, 1 - alpha) }
    // The best rank of each draw at any distance, counted from the bottom and from the top; 0 is the outermost.
    var (fromBelow, fromAbove) = ([Int](), [Int]())
    for draw in draws {
      var (below, above) = (draws.count, draws.count)
      for index in 0..<count {
        below = min(below, Order.countBelow(draw[index], in: sorted[index]))
        above = min(above, draws.count - Order.countUpTo(draw[index], in: sorted[index]))
      }
      fromBelow.append(below)
      fromAbove.append(above)
    }
    // Draws with a rank below k lie outside of the k-th one: at most `alpha` of them may.
    let allowed = Int((alpha * Double(draws.count)).rounded(.down))
    func position(_ ranks: [Int]) -> Int {
      let ordered = ranks.sorted()
      return ordered.indices.contains(allowed) ? ordered[allowed] : max(0, draws.count - 1)
    }
    let (bottom, top) = (position(fromBelow), position(fromAbove))
    globalLow = sorted.map { $0.indices.contains(bottom) ? $0[bottom] : nil }
    globalHigh = sorted.map { values in
      let index = values.count - 1 - top
      return values.indices.contains(index) ? values[index] : nil
    }
  }
}
