#if canImport(Glibc)
  import Glibc
#endif

/// Principal components of standardised indicators: few numbers that hold most of what many say.
///
/// - Source: Hotelling (1933), *Journal of Educational Psychology* 24; Jolliffe (2002), *Principal Component Analysis*; the rotation:
///   Kaiser (1958), *Psychometrika* 23: 187–200.
package struct PrincipalComponents: Sendable {
  /// Of the correlations, the largest first; all of them.
  package let eigenvalues: [Double]
  /// Indicators × components: correlations of indicators and components.
  package let loadings: Matrix
  /// Of each kept component: the squared loadings, added up.
  package let explained: [Double]
  /// Loadings to scores: `R⁻¹L` within the kept components.
  private let weights: Matrix

  /// - Parameters:
  ///   - correlations: Of the indicators; symmetric, 1 on the diagonal.
  ///   - count: Components to keep; nil keeps those with an eigenvalue of at least 1 (Kaiser), at least one.
  ///   - isRotated: By varimax, rows of equal length (Kaiser's normalisation).
  /// - Returns: nil for an empty matrix, or where the eigenvalues can't be found.
  /// - Complexity: O(indicators³).
  package init?(correlations: Matrix, count: Int? = nil, isRotated: Bool = false) {
    guard correlations.rowCount > 0, let pairs = correlations.symmetricEigenpairs else { return nil }
    let size = correlations.rowCount
    eigenvalues = pairs.map(\.value)
    let usable = pairs.filter { $0.value > 1e-10 * Double(size) }
    let kept = Array(usable.prefix(max(1, count ?? usable.count { $0.value >= 1 - 1e-12 })))
    guard !kept.isEmpty else { return nil }
    var loadings = Matrix(rowCount: size, columnCount: kept.count)
    var weights = loadings
    for (component, pair) in kept.enumerated() {
      // The sign that makes the sum of the loadings positive, or the first one that is not 0.
      let sum = pair.vector.reduce(0, +)
      let sign: Double =
        abs(sum) > 1e-9 ? (sum < 0 ? -1 : 1) : (pair.vector.first { abs($0) > 1e-9 } ?? 1) < 0 ? -1 : 1
      for row in 0..<size {
        loadings[row, component] = sign * pair.vector[row] * pair.value.squareRoot()
        weights[row, component] = sign * pair.vector[row] / pair.value.squareRoot()
      }
    }
    if isRotated, kept.count > 1 {
      let rotation = Self.varimax(loadings)
      loadings = loadings.multiplied(by: rotation)
      weights = weights.multiplied(by: rotation)
      // The largest first again, with the same rule of signs.
      let sizes = (0..<kept.count).map { column in
        (0..<size).reduce(0) { $0 + loadings[$1, column] * loadings[$1, column] }
      }
      let order = sizes.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
      let signs = order.map { column in (0..<size).reduce(0) { $0 + loadings[$1, column] } < 0 ? -1.0 : 1 }
      func sorted(_ matrix: Matrix) -> Matrix {
        Matrix(rows: (0..<size).map { row in order.indices.map { signs[$0] * matrix[row, order[$0]] } })
      }
      (loadings, weights) = (sorted(loadings), sorted(weights))
    }
    self.loadings = loadings
    self.weights = weights
    explained = (0..<kept.count).map { column in
      (0..<size).reduce(0) { $0 + loadings[$1, column] * loadings[$1, column] }
    }
  }

  /// Members × components, of members × standardised indicators; each component has variance 1.
  package func scores(_ standardised: Matrix) -> Matrix { standardised.multiplied(by: weights) }

  /// Columns less their means, in standard deviations (n - 1); nil where a column is the same everywhere.
  package static func standardised(_ table: Matrix) -> Matrix? {
    var result = table
    for column in 0..<table.columnCount {
      let scores = standardScores((0..<table.rowCount).map { table[$0, column] })
      guard scores.allSatisfy({ !$0.isNaN }) else { return nil }
      for (row, score) in scores.enumerated() { result[row, column] = score }
    }
    return result
  }

  /// Correlations of the columns of a standardised table.
  package static func correlations(_ standardised: Matrix) -> Matrix {
    var result = standardised.transposed.multiplied(by: standardised)
    let degrees = Double(standardised.rowCount - 1)
    for index in result.elements.indices { result.elements[index] /= degrees }
    for index in 0..<result.rowCount { result[index, index] = 1 }
    return result
  }

  /// The rotation that makes squared loadings as unequal as they can be, by turning pairs of components.
  static func varimax(_ loadings: Matrix) -> Matrix {
    let (size, count) = (loadings.rowCount, loadings.columnCount)
    var work = loadings
    for row in 0..<size {
      let length = (0..<count).reduce(0) { $0 + work[row, $1] * work[row, $1] }.squareRoot()
      if length > 0 { for column in 0..<count { work[row, column] /= length } }
    }
    var rotation = Matrix.identity(count)
    for _ in 0..<500 {
      var largest = 0.0
      for first in 0..<count {
        for second in first + 1..<max(count, first + 1) {
          var (u, v, squares, products) = (0.0, 0.0, 0.0, 0.0)
          for row in 0..<size {
            let (x, y) = (work[row, first], work[row, second])
            let (difference, product) = (x * x - y * y, 2 * x * y)
            u += difference
            v += product
            squares += difference * difference - product * product
            products += 2 * difference * product
          }
          let n = Double(size)
          let angle = atan2(products - 2 * u * v / n, squares - (u * u - v * v) / n) / 4
          largest = max(largest, abs(angle))
          work.turn(first, second, by: angle)
          rotation.turn(first, second, by: angle)
        }
      }
      if largest < 1e-12 { break }
    }
    return rotation
  }
}

extension Matrix {
  /// Turns two columns.
  fileprivate mutating func turn(_ first: Int, _ second: Int, by angle: Double) {
    let (cosine, sine) = (cos(angle), sin(angle))
    for row in 0..<rowCount {
      let (x, y) = (self[row, first], self[row, second])
      self[row, first] = cosine * x + sine * y
      self[row, second] = cosine * y - sine * x
    }
  }
}
