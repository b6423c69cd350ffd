/// Values in random orders, eight orders at a time: lane `k` of the elements together is one order.
///
/// Looking at a pair of places costs as much for eight orders as for one or two, so that a statistic of a thousand orders
/// takes little more than shuffling.
typealias EightOrders = [SIMD8<Double>]

enum Shuffles {
  /// A statistic under each of `count` random orders of `values`.
  ///
  /// Order `k` draws from stream `k` of the seed, so the result depends on nothing else, however many threads share the work.
  ///
  /// - Parameters:
  ///   - pairCount: About how many terms the statistic has, to judge whether threads are worth their start.
  ///   - statistic: Of eight orders at once.
  /// - Complexity: O(count × (values + pairs)).
  static func simulated(
    _ values: [Double], count: Int, seed: UInt64, pairCount: Int, checkpoint: () throws -> Void,
    _ statistic: @escaping (borrowing EightOrders) -> SIMD8<Double>
  ) rethrows -> [Double] {
    var results = [Double](repeating: 0, count: max(0, count))
    // The checkpoint is asked between parts: threads cannot be left by an error.
    for start in stride(from: 0, to: results.count, by: 1_024) {
      try checkpoint()
      let part = start..<min(start + 1_024, results.count)
      unsafe results.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: every block writes the results of its own orders; the buffer outlives the call.
        nonisolated(unsafe) let buffer = unsafe buffer
        nonisolated(unsafe) let statistic = statistic
        Parallel.forEachBlock(
          of: (part.count + 7) / 8, grain: 8, work: part.count * (values.count + pairCount)
        ) { blocks in
          var scratch = values
          var orders = EightOrders(repeating: SIMD8(repeating: 0), count: values.count)
          for block in blocks {
            let first = part.lowerBound + block * 8
            let lanes = min(8, part.upperBound - first)
            for lane in 0..<lanes {
              scratch = values
              shuffle(&scratch, seed: seed, stream: first + lane)
              copy(scratch, to: lane, of: &orders)
            }
            let sums = unsafe statistic(orders)
            for lane in 0..<lanes { unsafe buffer[first + lane] = sums[lane] }
          }
        }
      }
    }
    return results
  }

  /// Fisher–Yates: every order is as likely.
  private static func shuffle(_ values: inout [Double], seed: UInt64, stream: Int) {
    guard values.count > 1 else { return }
    var random = SeededGenerator(seed: seed, stream: stream)
    var elements = values.mutableSpan
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      // SAFETY: the index drawn is at most `last`, which is below the count.
      unsafe elements.swapAt(unchecked: last, unchecked: random.index(below: last + 1))
    }
  }

  private static func copy(_ values: borrowing [Double], to lane: Int, of orders: inout EightOrders) {
    precondition(values.count == orders.count && (0..<8).contains(lane), "one element per value, one of eight lanes")
    let source = values.span
    var target = orders.mutableSpan
    // SAFETY: both have as many elements.
    for index in source.indices { unsafe target[unchecked: index][lane] = source[unchecked: index] }
  }
}

/// `Σ (w_ij + w_ji) f(i, j)` over pairs of places: each pair is looked at once.
struct PairSum: Sendable {
  /// Pairs of place `i` with later ones are `offsets[i] ..< offsets[i + 1]`.
  private let offsets: [Int]
  private let later: [Int32]
  private let weights: [Double]
  /// `w_ii`, where places are their own neighbours.
  private let own: [(place: Int, weight: Double)]

  var pairCount: Int { later.count }

  init(_ weights: SpatialWeights) {
    var (offsets, later, values) = ([0], [Int32](), [Double]())
    for pair in weights.pairs {
      while offsets.count <= pair.first { offsets.append(later.count) }
      later.append(Int32(truncatingIfNeeded: pair.second))
      values.append(pair.weight)
    }
    while offsets.count <= weights.count { offsets.append(later.count) }
    self.offsets = offsets
    self.later = later
    self.weights = values
    own = (0..<weights.count).flatMap { place in
      weights.row(place).filter { weights.neighbours[$0] == place }.map { (place, weights.values[$0]) }
    }
  }

  /// Σ (w_ij + w_ji) y_i y_j + Σ w_ii y_i².
  func products(_ y: borrowing EightOrders) -> SIMD8<Double> {
    precondition(y.count == offsets.count - 1, "one element per place")
    let (values, seconds, weights) = (y.span, later.span, weights.span)
    var total = SIMD8<Double>(repeating: 0)
    for place in 0..<values.count {
      var sum = SIMD8<Double>(repeating: 0)
      // SAFETY: pairs end at the count of both lists, and hold places of `y`.
      for pair in offsets[place]..<offsets[place + 1] {
        unsafe sum += weights[unchecked: pair] * values[unchecked: Int(seconds[unchecked: pair])]
      }
      unsafe total += sum * values[unchecked: place]
    }
    for entry in own { total += entry.weight * y[entry.place] * y[entry.place] }
    return total
  }

  /// Σ (w_ij + w_ji) (y_i − y_j)².
  func squaredDifferences(_ y: borrowing EightOrders) -> SIMD8<Double> {
    precondition(y.count == offsets.count - 1, "one element per place")
    let (values, seconds, weights) = (y.span, later.span, weights.span)
    var total = SIMD8<Double>(repeating: 0)
    for place in 0..<values.count {
      // SAFETY: as in `products`.
      let own = unsafe values[unchecked: place]
      for pair in offsets[place]..<offsets[place + 1] {
        let difference = unsafe own - values[unchecked: Int(seconds[unchecked: pair])]
        unsafe total += weights[unchecked: pair] * difference * difference
      }
    }
    return total
  }

  /// Σ (w_ij + w_ji) |y_i − y_j|.
  func absoluteDifferences(_ y: borrowing EightOrders) -> SIMD8<Double> {
    var total = SIMD8<Double>(repeating: 0)
    for place in 0..<y.count {
      for pair in offsets[place]..<offsets[place + 1] {
        let difference = y[place] - y[Int(later[pair])]
        total += weights[pair] * difference.replacing(with: -difference, where: difference .< 0)
      }
    }
    return total
  }

  // MARK: - One order

  func products(_ y: [Double]) -> Double { products(y.map { SIMD8(repeating: $0) })[0] }
  func squaredDifferences(_ y: [Double]) -> Double { squaredDifferences(y.map { SIMD8(repeating: $0) })[0] }
  func absoluteDifferences(_ y: [Double]) -> Double { absoluteDifferences(y.map { SIMD8(repeating: $0) })[0] }
}
