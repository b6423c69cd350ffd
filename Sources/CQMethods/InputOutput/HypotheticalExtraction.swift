/// Output that an economy would lose without one industry.
package enum Extraction: String, Sendable, CaseIterable {
  /// The industry is gone: its purchases, its sales, its final demand.
  case all
  /// It buys from and sells to itself and final demand only.
  case ties
  /// It buys from no other industry.
  case backward
  /// It sells to no other industry.
  case forward

  /// Loss of output of the whole economy, for each industry by itself.
  ///
  /// Each needs the Leontief inverse of the whole economy only: taking out a row or a column changes it by a matrix of rank 1.
  ///
  /// - Returns: In the unit of the output; 0 for an industry without output.
  /// - Complexity: O(size²) for all industries.
  /// - Source: Paelinck, de Caevel and Degueldre (1965); Miller and Lahr (2001), A taxonomy of extractions.
  package func losses(_ table: InputOutputTable, inverse: Matrix) -> [Double] {
    let (size, output) = (table.size, table.output)
    let coefficients = table.inputCoefficients
    let demand = table.finalDemand
    let sums = inverse.columnSums
    return (0..<size).map { industry in
      let own = coefficients[industry, industry]
      let diagonal = inverse[industry, industry]
      switch self {
      case .all:
        return output[industry] * sums[industry] / diagonal
      case .ties:
        let others = output[industry] * (sums[industry] - diagonal) / diagonal
        return others + output[industry] - demand[industry] / (1 - own)
      case .backward:
        // L · (A e_k - a_kk e_k) = L e_k - e_k - a_kk L e_k
        let total = sums[industry] - 1 - own * sums[industry]
        let atOwn = diagonal - 1 - own * diagonal
        return total * output[industry] / (1 + atOwn)
      case .forward:
        let sold = output[industry] - demand[industry] - own * output[industry]
        let atOwn = diagonal - 1 - own * diagonal
        return sums[industry] * sold / (1 + atOwn)
      }
    }
  }
}
