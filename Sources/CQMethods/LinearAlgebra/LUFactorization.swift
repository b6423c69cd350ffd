/// A square matrix as `P · A = L · U`, for solving many systems with it.
///
/// - Complexity: 2/3 · n³ operations once, 2 · n² for each right-hand side; blocks of 48 columns.
package struct LUFactorization: Sendable {
  package enum Failure: Error, Equatable {
    /// The matrix has no inverse: this row or column depends on the others.
    case singular(column: Int)
    /// An element is not a finite number.
    case notFinite
  }

  package let size: Int
  private var factors: Matrix
  /// Row `permutation[i]` of the matrix is row `i` of the factors.
  private var permutation: [Int]
  private let norm: Double

  private static let blockSize = 48

  /// - Precondition: the matrix is square.
  package init(_ matrix: Matrix) throws(Failure) {
    precondition(matrix.rowCount == matrix.columnCount, "the matrix is not square")
    size = matrix.rowCount
    factors = matrix
    permutation = Array(0..<matrix.rowCount)
    norm = matrix.oneNorm
    guard norm.isFinite else { throw .notFinite }
    var firstColumn = 0
    while firstColumn < size {
      let lastColumn = min(firstColumn + Self.blockSize, size)
      try factorPanel(firstColumn..<lastColumn)
      updateRight(of: firstColumn..<lastColumn)
      firstColumn = lastColumn
    }
  }

  /// Eliminates below the diagonal in some columns, with the largest pivot of each.
  private mutating func factorPanel(_ columns: Range<Int>) throws(Failure) {
    for pivot in columns {
      var best = pivot
      for row in pivot..<size where abs(factors[row, pivot]) > abs(factors[best, pivot]) { best = row }
      // A pivot that is rounding noise beside the matrix means that there is no inverse.
      guard abs(factors[best, pivot]) > norm * 1e-15 else { throw .singular(column: pivot) }
      if best != pivot { swapRows(best, pivot) }
      let inverse = 1 / factors[pivot, pivot]
      let width = columns.upperBound - pivot - 1
      let size = size
      unsafe factors.elements.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: rows and columns are below `size`; `buffer` has size × size elements.
        guard let base = buffer.baseAddress else { return }
        for row in pivot + 1..<size {
          let target = unsafe base + row * size + pivot
          unsafe target[0] *= inverse
          let factor = unsafe target[0]
          if factor != 0 {
            unsafe addScaled(base + pivot * size + pivot + 1, by: -factor, to: target + 1, count: width)
          }
        }
      }
    }
  }

  private mutating func updateRight(of columns: Range<Int>) {
    let width = size - columns.upperBound
    guard width > 0 else { return }
    let size = size
    unsafe factors.elements.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: blocks lie inside size × size elements and do not overlap.
      guard let base = buffer.baseAddress else { return }
      for pivot in columns {
        for row in pivot + 1..<columns.upperBound where unsafe base[row * size + pivot] != 0 {
          unsafe addScaled(
            base + pivot * size + columns.upperBound, by: -base[row * size + pivot],
            to: base + row * size + columns.upperBound, count: width)
        }
      }
      Parallel.forEachBlock(of: width, grain: 64, work: 2 * width * width * columns.count) { rows in
        let row = columns.upperBound + rows.lowerBound
        unsafe addProduct(
          of: base + row * size + columns.lowerBound, stride: size,
          and: base + columns.lowerBound * size + columns.upperBound, stride: size,
          to: base + row * size + columns.upperBound, stride: size,
          rowCount: rows.count, inner: columns.count, columnCount: width, sign: -1)
      }
    }
  }

  private mutating func swapRows(_ first: Int, _ second: Int) {
    for column in 0..<size { factors.elements.swapAt(first * size + column, second * size + column) }
    permutation.swapAt(first, second)
  }

  /// `X` of `A · X = B`.
  package func solve(_ rightHandSides: Matrix) -> Matrix {
    precondition(rightHandSides.rowCount == size, "as many rows as the matrix")
    let width = rightHandSides.columnCount
    var result = Matrix(rowCount: size, columnCount: width)
    for row in 0..<size {
      let source = permutation[row] * width
      for column in 0..<width { result.elements[row * width + column] = rightHandSides.elements[source + column] }
    }
    let size = size
    unsafe factors.elements.withUnsafeBufferPointer { factorBuffer in
      unsafe result.elements.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: `factorBuffer` has size × size elements and `buffer` size × width; threads write separate columns.
        guard let base = buffer.baseAddress, let lu = factorBuffer.baseAddress else { return }
        Parallel.forEachBlock(of: width, grain: 128, work: 2 * size * size * width) { columns in
          unsafe Self.substitute(lu, size, base + columns.lowerBound, stride: width, width: columns.count)
        }
      }
    }
    return result
  }

  /// Forward and back substitution of some columns of right-hand sides, in place.
  private static func substitute(
    _ lu: UnsafePointer<Double>, _ size: Int, _ x: UnsafeMutablePointer<Double>, stride: Int, width: Int
  ) {
    var first = 0
    while first < size {
      let last = min(first + blockSize, size)
      for row in first..<last {
        for pivot in first..<row where unsafe lu[row * size + pivot] != 0 {
          unsafe addScaled(x + pivot * stride, by: -lu[row * size + pivot], to: x + row * stride, count: width)
        }
      }
      unsafe addProduct(
        of: lu + last * size + first, stride: size, and: x + first * stride, stride: stride,
        to: x + last * stride, stride: stride, rowCount: size - last, inner: last - first, columnCount: width, sign: -1)
      first = last
    }
    var last = size
    while last > 0 {
      let first = max(last - blockSize, 0)
      var row = last - 1
      while row >= first {
        for pivot in row + 1..<max(last, row + 1) where unsafe lu[row * size + pivot] != 0 {
          unsafe addScaled(x + pivot * stride, by: -lu[row * size + pivot], to: x + row * stride, count: width)
        }
        let inverse = unsafe 1 / lu[row * size + row]
        for column in 0..<width { unsafe x[row * stride + column] *= inverse }
        row -= 1
      }
      unsafe addProduct(
        of: lu + first, stride: size, and: x + first * stride, stride: stride,
        to: x, stride: stride, rowCount: first, inner: last - first, columnCount: width, sign: -1)
      last = first
    }
  }

  /// `x` of `A · x = b`.
  package func solve(_ rightHandSide: [Double]) -> [Double] {
    var vector = Matrix(rowCount: rightHandSide.count, columnCount: 1)
    vector.elements = rightHandSide
    return solve(vector).elements
  }

  /// `x` of `Aᵀ · x = b`.
  package func solveTransposed(_ rightHandSide: [Double]) -> [Double] {
    precondition(rightHandSide.count == size, "as many elements as the matrix has rows")
    var x = rightHandSide
    for column in 0..<size {
      x[column] /= factors[column, column]
      let value = x[column]
      for row in column + 1..<max(size, column + 1) { x[row] -= factors[column, row] * value }
    }
    for column in stride(from: size - 1, through: 0, by: -1) {
      let value = x[column]
      for row in 0..<column { x[row] -= factors[column, row] * value }
    }
    var result = x
    for row in 0..<size { result[permutation[row]] = x[row] }
    return result
  }

  package var inverse: Matrix { solve(.identity(size)) }

  /// An estimate of `1 / (‖A‖₁ · ‖A⁻¹‖₁)`: near 0 when solutions are mostly rounding error.
  ///
  /// - Source: Hager (1984), SIAM J. Sci. Stat. Comput. 5(2); Higham (1988), ACM TOMS 14(4).
  package var reciprocalCondition: Double {
    guard size > 0, norm > 0 else { return 0 }
    var x = [Double](repeating: 1 / Double(size), count: size)
    var estimate = 0.0
    for _ in 0..<5 {
      let y = solve(x)
      let sum = y.reduce(0) { $0 + abs($1) }
      guard sum > estimate else { break }
      estimate = sum
      let z = solveTransposed(y.map { $0 < 0 ? -1 : 1 })
      guard let largest = z.indices.max(by: { abs(z[$0]) < abs(z[$1]) }), abs(z[largest]) > dotProduct(z, x) else {
        break
      }
      x = [Double](repeating: 0, count: size)
      x[largest] = 1
    }
    return estimate > 0 ? 1 / (norm * estimate) : 0
  }
}

extension Matrix {
  /// The largest sum of absolute values of a column.
  var oneNorm: Double {
    var sums = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { sums[column] += abs(elements[row * columnCount + column]) }
    }
    return sums.reduce(0) { $1.isNaN ? .nan : max($0, $1) }
  }
}
