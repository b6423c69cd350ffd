/// How near industries are to each other, by where they are and what they deliver: symmetric matrices of industries.
///
/// - Source: Delgado, Porter and Stern (2016), *Journal of Economic Geography* 16(1): 1–38, section 3.
package enum IndustryRelatedness: String, Sendable, CaseIterable {
  /// Correlation over places of the jobs of two industries (LC-Employment).
  case employment
  /// Correlation over places of their establishments (LC-Establishments).
  case establishments
  /// `Σ_r (s_ir − x_r)(s_jr − x_r) / (1 − Σ x_r²)` (COI).
  case coagglomeration
  /// The largest of the four parts that the flows between two industries are of what they buy and sell.
  case inputOutput = "input_output"
  /// The mean of those that there are, each in standard scores of its pairs.
  case composite

  /// Pearson correlation of each two rows.
  ///
  /// - Parameter numbers: Industries × places.
  /// - Returns: 0 beside an industry that is the same everywhere, 1 on the diagonal.
  /// - Complexity: O(industries² · places).
  package static func correlations(_ numbers: Matrix) -> Matrix {
    var rows = numbers
    var isFlat = [Bool](repeating: false, count: rows.rowCount)
    for row in 0..<rows.rowCount {
      let range = row * rows.columnCount..<(row + 1) * rows.columnCount
      rows.elements.replaceSubrange(range, with: Array(rows.elements[range]).nearOne)
      let mean = rows.elements[range].reduce(0, +) / Double(max(1, rows.columnCount))
      var squares = 0.0
      for index in range {
        rows.elements[index] -= mean
        squares += rows.elements[index] * rows.elements[index]
      }
      isFlat[row] = !(squares > 1e-24 * mean * mean)
      let scale = isFlat[row] ? 0 : 1 / squares.squareRoot()
      for index in range { rows.elements[index] *= scale }
    }
    return withUnitDiagonal(rows.multiplied(by: rows.transposed)) { min(1, max(-1, $0)) }
  }

  /// Location quotients of industries × places, so that the size of places does not count; 0 where a total is.
  package static func quotients(_ numbers: Matrix) -> Matrix {
    let whole = numbers.elements.reduce(0, +)
    let places = (0..<numbers.columnCount).map { place in
      (0..<numbers.rowCount).reduce(0) { $0 + numbers[$1, place] }
    }
    var result = numbers
    for row in 0..<numbers.rowCount {
      let total = (0..<numbers.columnCount).reduce(0) { $0 + numbers[row, $1] }
      for place in 0..<numbers.columnCount {
        let expected = whole > 0 ? total * places[place] / whole : 0
        result[row, place] = expected > 0 ? numbers[row, place] / expected : 0
      }
    }
    return result
  }

  /// - Parameter numbers: Industries × places; the reference is all industries together.
  /// - Returns: nil where one place has everything.
  /// - Source: Ellison, Glaeser and Kerr (2010), *American Economic Review* 100(3): 1195–1213.
  package static func coagglomerations(_ numbers: Matrix) -> Matrix? {
    let whole = numbers.elements.reduce(0, +)
    guard whole > 0 else { return nil }
    let reference = (0..<numbers.columnCount).map { place in
      (0..<numbers.rowCount).reduce(0) { $0 + numbers[$1, place] } / whole
    }
    let rest = 1 - reference.reduce(0) { $0 + $1 * $1 }
    guard rest > 1e-12 else { return nil }
    var gaps = numbers
    for row in 0..<numbers.rowCount {
      let total = (0..<numbers.columnCount).reduce(0) { $0 + numbers[row, $1] }
      for place in 0..<numbers.columnCount {
        gaps[row, place] = total > 0 ? numbers[row, place] / total - reference[place] : 0
      }
    }
    var result = gaps.multiplied(by: gaps.transposed)
    for index in result.elements.indices { result.elements[index] /= rest }
    return result
  }

  /// - Parameter flows: Deliveries of each industry (row) to each (column).
  /// - Returns: `max(z_ij / Σ_j z_ij, z_ij / Σ_i z_ij, z_ji / Σ_i z_ji, z_ji / Σ_j z_ji)`, 1 on the diagonal.
  package static func inputOutputLinks(_ flows: Matrix) -> Matrix {
    let count = flows.rowCount
    let sales = (0..<count).map { row in (0..<count).reduce(0) { $0 + flows[row, $1] } }
    let purchases = (0..<count).map { column in (0..<count).reduce(0) { $0 + flows[$1, column] } }
    var links = Matrix(rowCount: count, columnCount: count)
    for one in 0..<count {
      links[one, one] = 1
      for other in 0..<one {
        var most = 0.0
        for (from, to) in [(one, other), (other, one)] where flows[from, to] > 0 {
          if sales[from] > 0 { most = max(most, flows[from, to] / sales[from]) }
          if purchases[to] > 0 { most = max(most, flows[from, to] / purchases[to]) }
        }
        links[one, other] = most
        links[other, one] = most
      }
    }
    return links
  }

  /// The mean of matrices, each in standard scores of its pairs of different industries (divisor n).
  ///
  /// - Returns: nil for no matrix; one whose pairs are all equal adds nothing.
  package static func composite(_ matrices: [Matrix]) -> Matrix? {
    guard let first = matrices.first else { return nil }
    let count = first.rowCount
    var result = Matrix(rowCount: count, columnCount: count)
    for matrix in matrices {
      let pairs = pairs(of: matrix)
      guard let (mean, deviation) = Across.moments(pairs, freedom: 0), deviation > 1e-12 else { continue }
      for index in result.elements.indices {
        result.elements[index] += (matrix.elements[index] - mean) / deviation / Double(matrices.count)
      }
    }
    return result
  }

  /// The elements below the diagonal.
  package static func pairs(of matrix: Matrix) -> [Double] {
    (0..<matrix.rowCount).flatMap { one in (0..<one).map { matrix[one, $0] } }
  }

  private static func withUnitDiagonal(_ matrix: Matrix, _ limit: (Double) -> Double) -> Matrix {
    var result = matrix
    for index in result.elements.indices { result.elements[index] = limit(result.elements[index]) }
    for row in 0..<result.rowCount { result[row, row] = 1 }
    return result
  }
}
