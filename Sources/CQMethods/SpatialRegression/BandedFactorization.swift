#if canImport(Glibc)
  import Glibc
#endif

/// `I - ρW` of weights whose rows add up to 1 (or 0), as a product of two triangles within a band.
///
/// Places are numbered so that neighbours get near numbers (reverse Cuthill and McKee), which keeps the band narrow for maps. With
/// |ρ| < 1 the diagonal dominates each row, so that no rows need to be exchanged and the determinant is above 0.
///
/// - Complexity: places × band² operations once, 4 · places × band for each right-hand side.
/// - Source: Cuthill and McKee (1969), Proceedings of the 24th ACM National Conference; Pace and Barry (1997), Geographical
///   Analysis 29(3), for determinants of sparse weights.
package struct BandedFactorization: Sendable {
  private let order: [Int]
  private let reach: Int
  /// Row by row, `2 · reach + 1` numbers each, the diagonal in the middle.
  private var band: [Double]

  private var width: Int { 2 * reach + 1 }

  /// How places are numbered, and how wide the band is: found once for all ρ.
  package struct Layout: Sendable {
    /// Place at each position.
    let order: [Int]
    /// The largest distance of two neighbours.
    let reach: Int

    package init(_ weights: SpatialWeights) {
      var links = [[Int]](repeating: [], count: weights.count)
      for pair in weights.pairs {
        links[pair.first].append(pair.second)
        links[pair.second].append(pair.first)
      }
      var isSeen = [Bool](repeating: false, count: weights.count)
      var order: [Int] = []
      for start in links.indices.sorted(by: { (links[$0].count, $0) < (links[$1].count, $1) }) where !isSeen[start] {
        isSeen[start] = true
        var next = order.count
        order.append(start)
        while next < order.count {
          let fresh = links[order[next]].filter { !isSeen[$0] }.sorted {
            (links[$0].count, $0) < (links[$1].count, $1)
          }
          for place in fresh { isSeen[place] = true }
          order += fresh
          next += 1
        }
      }
      order.reverse()
      var position = [Int](repeating: 0, count: order.count)
      for (index, place) in order.enumerated() { position[place] = index }
      self.order = order
      reach = links.indices.reduce(0) { reach, place in
        links[place].reduce(reach) { max($0, abs(position[place] - position[$1])) }
      }
    }
  }

  /// - Parameters:
  ///   - weights: Rows add up to 1 or are empty.
  ///   - rho: Between -1 and 1, ends excluded.
  package init(_ weights: SpatialWeights, rho: Double, layout: Layout) {
    order = layout.order
    reach = layout.reach
    let (size, reach) = (layout.order.count, layout.reach)
    let width = 2 * reach + 1
    var band = [Double](repeating: 0, count: size * width)
    var position = [Int](repeating: 0, count: size)
    for (index, place) in layout.order.enumerated() { position[place] = index }
    for (row, place) in layout.order.enumerated() {
      band[row * width + reach] = 1
      for entry in weights.row(place) {
        band[row * width + reach + position[weights.neighbours[entry]] - row] -= rho * weights.values[entry]
      }
    }
    unsafe band.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: columns of a row lie within `reach` of the diagonal, rows below `size`.
      guard let base = buffer.baseAddress else { return }
      for pivot in 0..<size {
        let own = unsafe base + pivot * width + reach
        let inverse = unsafe 1 / own[0]
        for row in pivot + 1..<max(pivot + 1, min(pivot + reach + 1, size)) {
          let target = unsafe base + row * width + reach + pivot - row
          guard unsafe target[0] != 0 else { continue }
          unsafe target[0] *= inverse
          unsafe addScaled(own + 1, by: -target[0], to: target + 1, count: min(reach, size - 1 - pivot))
        }
      }
    }
    self.band = band
  }

  /// `ln det (I - ρW)`.
  package var logDeterminant: Double {
    order.indices.reduce(0) { $0 + log(band[$1 * width + reach]) }
  }

  /// `x` of `(I - ρW) · x = b`.
  package func solve(_ rightHandSide: [Double]) -> [Double] {
    precondition(rightHandSide.count == order.count, "a number per place")
    let size = order.count
    var x = order.map { rightHandSide[$0] }
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe band.withUnsafeBufferPointer { band in
        // SAFETY: columns of a row lie within `reach` of the diagonal, and below `size`.
        for row in 0..<size {
          var value = unsafe x[row]
          for column in max(0, row - reach)..<row {
            unsafe value -= band[row * width + reach + column - row] * x[column]
          }
          unsafe x[row] = value
        }
        for row in (0..<size).reversed() {
          var value = unsafe x[row]
          for column in row + 1..<max(row + 1, min(row + reach + 1, size)) {
            unsafe value -= band[row * width + reach + column - row] * x[column]
          }
          unsafe x[row] = value / band[row * width + reach]
        }
      }
    }
    var result = x
    for (position, place) in order.enumerated() { result[place] = x[position] }
    return result
  }
}
