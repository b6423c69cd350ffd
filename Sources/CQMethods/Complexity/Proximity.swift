internal import CVectorLoops

/// How often two activities are found in the same places.
package enum ProximityMethod: String, Sendable, CaseIterable {
  /// The smaller of the two conditional probabilities: co-occurrence over the larger ubiquity.
  case minimum = "min"
  /// The larger of the two conditional probabilities.
  case maximum = "max"
  /// Co-occurrence over the geometric mean of the ubiquities (cosine of presence).
  case cosine
  /// The probability of the column's activity given the row's; not symmetric.
  case asymmetric
  /// `(1 + r) / 2` with the correlation of location quotients across places.
  case correlation
  /// Cosine of location quotients across places.
  case cosineOfAdvantage = "cosine_rca"
}

extension PresenceMatrix {
  /// Proximity of each pair of columns, `columnCount × columnCount`.
  ///
  /// `φ_pp' = Σ_c M_cp M_cp' / max(k_p, k_p')` for ``ProximityMethod/minimum``, the method of Hidalgo et al.
  ///
  /// Activities that no place has have proximity 0 with everything, themselves included.
  ///
  /// - Parameters:
  ///   - diagonal: Proximity of an activity to itself: 1 (Atlas) or 0 (Observatory of Economic Complexity).
  /// - Precondition: the method needs presence only.
  /// - Source: Hidalgo et al. (2007), Science 317.
  package func proximity(_ method: ProximityMethod = .minimum, diagonal: Double = 1) -> Matrix {
    let size = columnCount
    let ubiquity = self.ubiquity.map(Double.init)
    // What no place has is divided by 1: it is never found together with anything.
    let safe = ubiquity.map { max($0, 1) }
    let roots = safe.map { $0.squareRoot() }
    let byActivity = transposed
    let elements = unsafe [Double](unsafeUninitializedCapacity: size * size) { target, count in
      count = size * size
      unsafe safe.withUnsafeBufferPointer { safe in
        unsafe roots.withUnsafeBufferPointer { roots in
          // SAFETY: each row is written once, and its own elements only.
          guard let base = target.baseAddress, let safe = safe.baseAddress, let roots = roots.baseAddress else {
            return
          }
          unsafe byActivity.forEachCoOccurrence { row, shared in
            let result = unsafe base + row * size
            let (own, ownRoot) = unsafe (safe[row], roots[row])
            switch method {
            case .maximum:
              for other in 0..<size { unsafe result[other] = Double(shared[other]) / min(own, safe[other]) }
            case .cosine:
              for other in 0..<size { unsafe result[other] = Double(shared[other]) / (ownRoot * roots[other]) }
            case .asymmetric:
              for other in 0..<size { unsafe result[other] = Double(shared[other]) / own }
            default:
              unsafe cq_divide_by_larger(VectorLoops.width, shared, own, safe, result, size)
            }
            if ubiquity[row] > 0 { unsafe result[row] = diagonal }
          }
        }
      }
    }
    return Matrix(rowCount: size, columnCount: size, elements: elements)
  }
}

extension Matrix {
  /// Proximity of each pair of columns from amounts rather than presence; gaps count as 0.
  ///
  /// - Parameter isCentered: Pearson's correlation as `(1 + r) / 2`; otherwise the cosine.
  func columnProximity(isCentered: Bool, diagonal: Double) -> Matrix {
    var columns = transposed
    for row in 0..<columns.rowCount {
      let range = row * rowCount..<(row + 1) * rowCount
      for index in range where columns.elements[index].isNaN { columns.elements[index] = 0 }
      if isCentered {
        let mean = columns.elements[range].reduce(0, +) / Double(max(rowCount, 1))
        for index in range { columns.elements[index] -= mean }
      }
      let length = columns.elements[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in range where length > 0 { columns.elements[index] /= length }
    }
    var result = columns.multiplied(by: columns.transposed)
    if isCentered { for index in result.elements.indices { result.elements[index] = (1 + result.elements[index]) / 2 } }
    for index in 0..<result.rowCount { result[index, index] = diagonal }
    return result
  }
}

/// Proximity by any method.
///
/// - Parameter advantage: Location quotients, for the two methods that use them.
package func proximity(
  of presence: PresenceMatrix, advantage: Matrix, method: ProximityMethod = .minimum, diagonal: Double = 1
) -> Matrix {
  switch method {
  case .correlation: advantage.columnProximity(isCentered: true, diagonal: diagonal)
  case .cosineOfAdvantage: advantage.columnProximity(isCentered: false, diagonal: diagonal)
  default: presence.proximity(method, diagonal: diagonal)
  }
}
