/// Relatedness of activities from how often they occur together, beyond what chance would give.
package enum RelatednessMethod: String, Sendable, CaseIterable {
  /// Observed over expected co-occurrence, `(C_ij / T) / ((S_i / T) (S_j / T))`.
  case association
  /// `C_ij / √(S_i S_j)`.
  case cosine
  /// `C_ij / (S_i + S_j - C_ij)`.
  case jaccard
  /// Observed over expected when a pair is two different activities:
  /// `C_ij / ((S_i / T · S_j / (T - S_i) + S_j / T · S_i / (T - S_j)) T / 2)`.
  case probability
}

/// What `S` and `T` are.
package enum RelatednessMarginals: String, Sendable, CaseIterable {
  /// Sums of the co-occurrence matrix without its diagonal (van Eck and Waltman; EconGeo).
  case coOccurrence = "cooccurrence"
  /// How many places have the activity, of how many places (econcomplex).
  case occurrence
}

/// Relatedness of each pair of activities; 0 on the diagonal and where an activity occurs with no other.
///
/// - Source: van Eck and Waltman (2009), JASIST 60(8); Steijn (2021), Journal of Informetrics 15(1).
package func coOccurrenceRelatedness(
  of presence: PresenceMatrix, method: RelatednessMethod = .association,
  marginals: RelatednessMarginals = .coOccurrence
) -> Matrix {
  let counts = presence.transposed.coOccurrence
  let size = presence.columnCount
  var sums = [Double](repeating: 0, count: size)
  for row in 0..<size {
    switch marginals {
    case .occurrence: sums[row] = Double(counts[row * size + row])
    case .coOccurrence:
      for column in 0..<size where column != row { sums[row] += Double(counts[row * size + column]) }
    }
  }
  let total = marginals == .occurrence ? Double(presence.rowCount) : sums.reduce(0, +)
  var result = Matrix(rowCount: size, columnCount: size)
  for row in 0..<size where sums[row] > 0 {
    for column in 0..<size where column != row && sums[column] > 0 {
      let both = Double(counts[row * size + column])
      let (first, second) = (sums[row], sums[column])
      let expected: Double =
        switch method {
        case .association: first * second / total
        case .cosine: (first * second).squareRoot()
        case .jaccard: first + second - both
        case .probability:
          (first / total * second / (total - first) + second / total * first / (total - second)) * total / 2
        }
      // An activity that is in every pair has no chance to be outside one: nothing to compare with.
      result[row, column] = expected > 0 && expected.isFinite ? both / expected : 0
    }
  }
  return result
}
