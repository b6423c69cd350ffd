internal import CVectorLoops

/// A square matrix as `P · A = L · U`, for solving many systems with it.
///
/// Panels of 32 columns are eliminated one after the other; everything to their right, and every solution, are products of blocks.
/// The triangles on the diagonal are inverted once, so that solving with them is a product too.
///
/// - Complexity: 2/3 · n³ operations once, 2 · n² for each right-hand side.
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
  /// Of each block on the diagonal, the inverse of its part of L, and of U; `blockSize` × `blockSize` numbers each.
  private var lowerInverses: [Double] = []
  private var upperInverses: [Double] = []

  private static let blockSize = Int(CQ_PANEL_WIDTH)

  /// - Precondition: the matrix is square.
  package init(_ matrix: Matrix) throws(Failure) {
    precondition(matrix.rowCount == matrix.columnCount, "the matrix is not square")
    size = matrix.rowCount
    factors = matrix
    permutation = Array(0..<matrix.rowCount)
    norm = matrix.oneNorm
    guard norm.isFinite else { throw .notFinite }
    for first in stride(from: 0, to: size, by: Self.blockSize) {
      let columns = first..<min(first + Self.blockSize, size)
      try factorPanel(columns)
      invertTriangles(columns)
      updateRight(of: columns)
    }
  }

  /// Eliminates below the diagonal in some columns, with the largest pivot of each.
  private mutating func factorPanel(_ columns: Range<Int>) throws(Failure) {
    let (width, rowCount) = (Self.blockSize, size - columns.lowerBound)
    var panel = [Double](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount {
      let start = (columns.lowerBound + row) * size + columns.lowerBound
      for column in 0..<columns.count { panel[row * width + column] = factors.elements[start + column] }
    }
    var pivots = [Int](repeating: 0, count: columns.count)
    // A pivot that is rounding noise beside the matrix means that there is no inverse.
    let count = unsafe panel.withUnsafeMutableBufferPointer { panel in
      unsafe pivots.withUnsafeMutableBufferPointer { pivots in
        // SAFETY: `panel` holds `rowCount` rows of `width` numbers, `pivots` one number per column.
        unsafe Int(
          cq_eliminate(VectorLoops.width, panel.baseAddress, rowCount, columns.count, norm * 1e-15, pivots.baseAddress))
      }
    }
    guard count == columns.count else { throw .singular(column: columns.lowerBound + count) }
    for (step, pivot) in pivots.enumerated() where pivot != step {
      swapRows(columns.lowerBound + pivot, columns.lowerBound + step)
    }
    for row in 0..<rowCount {
      let start = (columns.lowerBound + row) * size + columns.lowerBound
      for column in 0..<columns.count { factors.elements[start + column] = panel[row * width + column] }
    }
  }

  /// Inverts the triangles of a block on the diagonal: columns of L⁻¹ forward, of U⁻¹ backward.
  private mutating func invertTriangles(_ columns: Range<Int>) {
    let width = Self.blockSize
    var (lower, upper) = ([Double](repeating: 0, count: width * width), [Double](repeating: 0, count: width * width))
    for row in 0..<columns.count {
      let start = (columns.lowerBound + row) * size + columns.lowerBound
      lower[row * width + row] = 1
      for pivot in 0..<row {
        let factor = factors.elements[start + pivot]
        for column in 0...pivot { lower[row * width + column] -= factor * lower[pivot * width + column] }
      }
    }
    for row in (0..<columns.count).reversed() {
      let start = (columns.lowerBound + row) * size + columns.lowerBound
      upper[row * width + row] = 1
      for pivot in row + 1..<max(columns.count, row + 1) {
        let factor = factors.elements[start + pivot]
        for column in pivot..<columns.count { upper[row * width + column] -= factor * upper[pivot * width + column] }
      }
      let inverse = 1 / factors.elements[start + row]
      for column in row..<columns.count { upper[row * width + column] *= inverse }
    }
    lowerInverses += lower
    upperInverses += upper
  }

  private mutating func updateRight(of columns: Range<Int>) {
    let width = size - columns.upperBound
    guard width > 0 else { return }
    let (size, block) = (size, columns.lowerBound / Self.blockSize)
    unsafe factors.elements.withUnsafeMutableBufferPointer { buffer in
      unsafe lowerInverses.withUnsafeBufferPointer { lower in
        // SAFETY: blocks lie inside size × size elements and do not overlap; threads write separate rows.
        guard let base = buffer.baseAddress, let lower = lower.baseAddress else { return }
        let right = unsafe base + columns.lowerBound * size + columns.upperBound
        unsafe Self.multiply(
          lower + block * Self.blockSize * Self.blockSize, rowCount: columns.count, times: right, stride: size,
          width: width)
        let grain = Parallel.grain(of: width, least: 64)
        Parallel.forEachBlock(of: width, grain: grain, work: 2 * width * width * columns.count / 8) { rows in
          let row = columns.upperBound + rows.lowerBound
          unsafe addProduct(
            of: base + row * size + columns.lowerBound, stride: size, and: right, stride: size,
            to: base + row * size + columns.upperBound, stride: size,
            rowCount: rows.count, inner: columns.count, columnCount: width, sign: -1)
        }
      }
    }
  }

  /// `X = T · X` for a block of a triangle's inverse.
  private static func multiply(
    _ triangle: UnsafePointer<Double>, rowCount: Int, times x: UnsafeMutablePointer<Double>, stride: Int, width: Int
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: rowCount * width) { space in
      // SAFETY: `space` and the rows of `x` hold `rowCount` × `width` numbers.
      guard let product = space.baseAddress else { return }
      unsafe product.initialize(repeating: 0, count: rowCount * width)
      unsafe addProduct(
        of: triangle, stride: blockSize, and: x, stride: stride, to: product, stride: width,
        rowCount: rowCount, inner: rowCount, columnCount: width, sign: 1)
      for row in 0..<rowCount { unsafe (x + row * stride).update(from: product + row * width, count: width) }
    }
  }

  private mutating func swapRows(_ first: Int, _ second: Int) {
    let size = size
    unsafe factors.elements.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: both rows lie inside size × size elements.
      for column in 0..<size { unsafe buffer.swapAt(first * size + column, second * size + column) }
    }
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
    substitute(into: &result)
    return result
  }

  /// `A⁻¹`: the columns of `U⁻¹ L⁻¹` in the order of the rows of the matrix. A row of `L⁻¹` ends at its diagonal.
  package var inverse: Matrix {
    var product = Matrix.identity(size)
    substitute(into: &product, isIdentity: true)
    var result = product
    for (position, column) in permutation.enumerated() where position != column {
      for row in 0..<size { result.elements[row * size + column] = product.elements[row * size + position] }
    }
    return result
  }

  private func substitute(into result: inout Matrix, isIdentity: Bool = false) {
    let (size, width) = (size, result.columnCount)
    unsafe factors.elements.withUnsafeBufferPointer { factorBuffer in
      unsafe result.elements.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: `factorBuffer` has size × size elements and `buffer` size × width; threads write separate columns.
        guard let base = buffer.baseAddress, let lu = factorBuffer.baseAddress else { return }
        // Four equal blocks keep two processors equally busy, though they cut off some tiles.
        let grain = max(48, (width + 3) / 4)
        Parallel.forEachBlock(of: width, grain: grain, work: 2 * size * size * width) { columns in
          unsafe forward(lu, base, stride: width, columns, isIdentity: isIdentity)
          unsafe backward(lu, base + columns.lowerBound, stride: width, width: columns.count)
        }
      }
    }
  }

  /// `X = L⁻¹ · X` in some columns.
  private func forward(
    _ lu: UnsafePointer<Double>, _ base: UnsafeMutablePointer<Double>, stride: Int, _ columns: Range<Int>,
    isIdentity: Bool
  ) {
    let x = unsafe base + columns.lowerBound
    unsafe lowerInverses.withUnsafeBufferPointer { lower in
      // SAFETY: a block for each `blockSize` columns of the matrix.
      guard let lower = lower.baseAddress else { return }
      for first in Swift.stride(from: 0, to: size, by: Self.blockSize) {
        let last = min(first + Self.blockSize, size)
        // What an identity has right of the diagonal stays 0.
        let width = isIdentity ? min(last, columns.upperBound) - columns.lowerBound : columns.count
        guard width > 0 else { continue }
        unsafe Self.multiply(
          lower + first * Self.blockSize, rowCount: last - first, times: x + first * stride, stride: stride,
          width: width)
        unsafe addProduct(
          of: lu + last * size + first, stride: size, and: x + first * stride, stride: stride,
          to: x + last * stride, stride: stride, rowCount: size - last, inner: last - first, columnCount: width,
          sign: -1)
      }
    }
  }

  /// `X = U⁻¹ · X` in some columns.
  private func backward(
    _ lu: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>, stride: Int, width: Int
  ) {
    unsafe upperInverses.withUnsafeBufferPointer { upper in
      // SAFETY: a block for each `blockSize` columns of the matrix.
      guard let upper = upper.baseAddress else { return }
      for first in Swift.stride(from: 0, to: size, by: Self.blockSize).reversed() {
        let last = min(first + Self.blockSize, size)
        unsafe Self.multiply(
          upper + first * Self.blockSize, rowCount: last - first, times: x + first * stride, stride: stride,
          width: width)
        unsafe addProduct(
          of: lu + first, stride: size, and: x + first * stride, stride: stride,
          to: x, stride: stride, rowCount: first, inner: last - first, columnCount: width, sign: -1)
      }
    }
  }

  /// `x` of `A · x = b`.
  package func solve(_ rightHandSide: [Double]) -> [Double] {
    precondition(rightHandSide.count == size, "as many elements as the matrix has rows")
    var x = permutation.map { rightHandSide[$0] }
    for row in 0..<size { for column in 0..<row { x[row] -= factors[row, column] * x[column] } }
    for row in (0..<size).reversed() {
      for column in row + 1..<max(size, row + 1) { x[row] -= factors[row, column] * x[column] }
      x[row] /= factors[row, row]
    }
    return x
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
