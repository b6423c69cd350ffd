/// Conditional permutations: the value of a place stays, its neighbours' values are drawn from all the others.
///
/// - Source: Anselin (1995), *Geographical Analysis* 27(2): 93–115.
enum LocalPermutations {
  /// For every place how many of `count` draws give its neighbours a sum Σ w_ij y at least as high, and at most as high,
  /// as the one observed. Places without neighbours count nothing.
  ///
  /// The same draws serve all places, as in PySAL; the result depends on nothing but the seed.
  ///
  /// - Complexity: O(count × most neighbours + places × log count) where the neighbours of each place count alike, otherwise
  ///   O(count × pairs of neighbours).
  static func extremes(
    _ y: [Double], weights: SpatialWeights, count: Int, seed: UInt64, checkpoint: () throws -> Void
  ) rethrows -> (above: [Int], below: [Int]) {
    var (above, below) = ([Int](repeating: 0, count: y.count), [Int](repeating: 0, count: y.count))
    let places = y.indices.map { Drawn(place: $0, y, weights) }
    let length = places.map(\.weights.count).max() ?? 0
    guard length > 0, y.count > 1 else { return (above, below) }
    var random = SeededGenerator(seed: seed, stream: 0)
    var order = (0..<Int32(truncatingIfNeeded: y.count - 1)).map(\.self)
    // Many draws of many neighbours do not fit into memory at once.
    let batch = max(1, min(count, 8_000_000 / length))
    for start in stride(from: 0, to: count, by: batch) {
      try checkpoint()
      var draws = Draws(y, length: length, count: min(batch, count - start), order: &order, random: &random)
      for place in places where !place.weights.isEmpty {
        if place.index % 64 == 0 { try checkpoint() }
        let (high, low) = draws.extremes(of: place)
        above[place.index] += high
        below[place.index] += low
      }
    }
    return (above, below)
  }
}

/// A place with the weights of its neighbours, itself left out.
private struct Drawn {
  let index: Int
  let weights: ArraySlice<Double>
  let isEven: Bool
  /// Σ w_ij y_j as observed, in units of the one weight where they are even; sums that reach `low` count as above.
  let low: Double
  let high: Double

  init(place: Int, _ y: [Double], _ all: SpatialWeights) {
    index = place
    let row = all.row(place)
    let hasItself = row.contains { all.neighbours[$0] == place }
    let own = hasItself ? row.filter { all.neighbours[$0] != place }.map { all.values[$0] }[...] : all.values[row]
    weights = own
    isEven = own.first.map { first in first > 0 && own.allSatisfy { $0 == first } } ?? false
    var (observed, scale) = (0.0, 0.0)
    for entry in row where all.neighbours[entry] != place {
      let term = (isEven ? 1 : all.values[entry]) * y[all.neighbours[entry]]
      observed += term
      scale += abs(term)
    }
    // The same neighbours in another order add up to the same but for rounding.
    low = observed - 1e-12 * scale
    high = observed + 1e-12 * scale
  }
}

/// Lists of different slots: slot `j` stands for place `j`, or for the last place where `j` is the place in question.
///
/// For places with `k` neighbours that count alike, the sums of the first `k` slots are the same but in the few draws that
/// hold the place itself: they are sorted once for each `k` and looked up.
private struct Draws {
  private let y: [Double]
  private let count: Int
  private let length: Int
  /// Values of the slots, draw by draw.
  private var values: [Double] = []
  /// Entries of `values` by the slot they are of.
  private var entryOffsets: [Int]
  private var entries: [Int32]
  private var sums: [Int: (byDraw: [Double], sorted: [Double])] = [:]

  init(_ y: [Double], length: Int, count: Int, order: inout [Int32], random: inout SeededGenerator) {
    self.y = y
    self.count = count
    self.length = length
    let slotCount = y.count - 1
    var slots: [Int32] = []
    slots.reserveCapacity(count * length)
    for _ in 0..<count {
      // The first steps of a shuffle are a draw without replacement; any order is as good a beginning for the next one.
      for step in 0..<length {
        order.swapAt(step, step + random.index(below: slotCount - step))
        slots.append(order[step])
      }
    }
    values = slots.map { y[Int($0)] }
    var offsets = [Int](repeating: 0, count: slotCount + 1)
    for slot in slots { offsets[Int(slot) + 1] += 1 }
    for slot in 0..<slotCount { offsets[slot + 1] += offsets[slot] }
    var (next, entries) = (offsets, [Int32](repeating: 0, count: slots.count))
    for (entry, slot) in slots.enumerated() {
      entries[next[Int(slot)]] = Int32(truncatingIfNeeded: entry)
      next[Int(slot)] += 1
    }
    entryOffsets = offsets
    self.entries = entries
  }

  mutating func extremes(of place: Drawn) -> (above: Int, below: Int) {
    place.isEven ? evenExtremes(of: place) : weightedExtremes(of: place)
  }

  private mutating func evenExtremes(of place: Drawn) -> (above: Int, below: Int) {
    let size = place.weights.count
    if sums[size] == nil {
      let byDraw = (0..<count).map { draw in values[draw * length..<draw * length + size].reduce(0, +) }
      sums[size] = (byDraw, byDraw.sorted())
    }
    guard let (byDraw, sorted) = sums[size] else { return (0, 0) }
    var above = count - Order.countBelow(place.low, in: sorted)
    var below = Order.countUpTo(place.high, in: sorted)
    // In the draws that hold the place itself the last place stands for it.
    for entry in ownEntries(of: place.index) where entry % length < size {
      let sum = byDraw[entry / length]
      let replaced = sum - y[place.index] + y[y.count - 1]
      above += (replaced >= place.low ? 1 : 0) - (sum >= place.low ? 1 : 0)
      below += (replaced <= place.high ? 1 : 0) - (sum <= place.high ? 1 : 0)
    }
    return (above, below)
  }

  private mutating func weightedExtremes(of place: Drawn) -> (above: Int, below: Int) {
    let own = ownEntries(of: place.index)
    for entry in own { values[entry] = y[y.count - 1] }
    var (above, below) = (0, 0)
    for draw in 0..<count {
      var sum = 0.0
      for (position, weight) in zip(draw * length..<(draw + 1) * length, place.weights) {
        sum += weight * values[position]
      }
      if sum >= place.low { above += 1 }
      if sum <= place.high { below += 1 }
    }
    for entry in own { values[entry] = y[place.index] }
    return (above, below)
  }

  private func ownEntries(of slot: Int) -> [Int] {
    slot + 1 < entryOffsets.count ? entries[entryOffsets[slot]..<entryOffsets[slot + 1]].map { Int($0) } : []
  }
}

/// Many tests at once.
package enum MultipleTests {
  /// p-values adjusted so that of all that are called significant at a level, at most that part is expected to be false.
  ///
  /// - Source: Benjamini and Hochberg (1995), *Journal of the Royal Statistical Society B* 57: 289–300.
  package static func falseDiscoveryRate(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { p[$0] < p[$1] }
    var adjusted = p
    var least = 1.0
    for (rank, index) in order.enumerated().reversed() {
      least = min(least, p[index] * Double(p.count) / Double(rank + 1))
      adjusted[index] = least
    }
    return adjusted
  }
}
