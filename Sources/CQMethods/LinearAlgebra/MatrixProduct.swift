extension Matrix {
  /// The matrix product `self · other`.
  ///
  /// Each element is summed in the same order whatever the number of threads.
  ///
  /// - Precondition: `columnCount == other.rowCount`.
  /// - Complexity: O(rows × columns × inner) operations, in blocks that stay in the first-level cache.
  package func multiplied(by other: Matrix) -> Matrix {
    precondition(columnCount == other.rowCount, "inner dimensions differ")
    var result = Matrix(rowCount: rowCount, columnCount: other.columnCount)
    let width = other.columnCount
    let work = 2 * rowCount * columnCount * width
    unsafe result.elements.withUnsafeMutableBufferPointer { product in
      unsafe elements.withUnsafeBufferPointer { left in
        unsafe other.elements.withUnsafeBufferPointer { right in
          // SAFETY: the base addresses exist when there is work; each block writes its own rows only.
          guard let target = product.baseAddress, let a = left.baseAddress,
            let b = right.baseAddress
          else { return }
          Parallel.forEachBlock(of: rowCount, grain: 64, work: work) { rows in
            unsafe addProduct(
              of: a + rows.lowerBound * columnCount, stride: columnCount,
              and: b, stride: width,
              to: target + rows.lowerBound * width, stride: width,
              rowCount: rows.count, inner: columnCount, columnCount: width, sign: 1)
          }
        }
      }
    }
    return result
  }

  /// The product of the matrix and a column vector.
  package func multiplied(by vector: [Double]) -> [Double] {
    precondition(vector.count == columnCount, "the vector has another length")
    return (0..<rowCount).map { row in
      var sum = 0.0
      for column in 0..<columnCount { sum += elements[row * columnCount + column] * vector[column] }
      return sum
    }
  }

  /// The product of a row vector and the matrix.
  package func leftMultiplied(by vector: [Double]) -> [Double] {
    precondition(vector.count == rowCount, "the vector has another length")
    var result = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount where vector[row] != 0 {
      let factor = vector[row]
      for column in 0..<columnCount { result[column] += factor * elements[row * columnCount + column] }
    }
    return result
  }

  package static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rowCount: size, columnCount: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  /// The sum of each column.
  package var columnSums: [Double] { leftMultiplied(by: [Double](repeating: 1, count: rowCount)) }

  /// The sum of each row.
  package var rowSums: [Double] { multiplied(by: [Double](repeating: 1, count: columnCount)) }
}

/// `C += sign · A · B` for row-major blocks inside larger matrices.
///
/// Four rows of `B` are added to two rows of `C` at once: twelve loads and stores for 16 multiplications, in loops that
/// the compiler turns into vector instructions. Columns go in strips that fit the first-level cache.
///
/// - Precondition: the pointers reach `rowCount` (`inner`) rows of their stride.
func addProduct(
  of a: UnsafePointer<Double>, stride aStride: Int,
  and b: UnsafePointer<Double>, stride bStride: Int,
  to c: UnsafeMutablePointer<Double>, stride cStride: Int,
  rowCount: Int, inner: Int, columnCount: Int, sign: Double
) {
  let stripWidth = 512
  var firstColumn = 0
  while firstColumn < columnCount {
    let width = min(stripWidth, columnCount - firstColumn)
    var row = 0
    while row < rowCount {
      let isPair = row + 1 < rowCount
      let c0 = unsafe c + row * cStride + firstColumn
      let c1 = unsafe isPair ? c0 + cStride : c0
      let a0 = unsafe a + row * aStride
      let a1 = unsafe isPair ? a0 + aStride : a0
      var step = 0
      while step + 4 <= inner {
        let b0 = unsafe b + step * bStride + firstColumn
        if isPair {
          unsafe addFour(
            rows: b0, stride: bStride, scaledBy: a0 + step, and: a1 + step, sign: sign, to: c0, and: c1, count: width)
        } else {
          unsafe addFour(rows: b0, stride: bStride, scaledBy: a0 + step, sign: sign, to: c0, count: width)
        }
        step += 4
      }
      while step < inner {
        let source = unsafe b + step * bStride + firstColumn
        unsafe addScaled(source, by: sign * a0[step], to: c0, count: width)
        if isPair { unsafe addScaled(source, by: sign * a1[step], to: c1, count: width) }
        step += 1
      }
      row += 2
    }
    firstColumn += width
  }
}

@inline(__always)
private func addFour(
  rows b: UnsafePointer<Double>, stride: Int, scaledBy a0: UnsafePointer<Double>, and a1: UnsafePointer<Double>,
  sign: Double, to c0: UnsafeMutablePointer<Double>, and c1: UnsafeMutablePointer<Double>, count: Int
) {
  let (b0, b1, b2, b3) = unsafe (b, b + stride, b + 2 * stride, b + 3 * stride)
  let (p0, p1, p2, p3) = unsafe (sign * a0[0], sign * a0[1], sign * a0[2], sign * a0[3])
  let (q0, q1, q2, q3) = unsafe (sign * a1[0], sign * a1[1], sign * a1[2], sign * a1[3])
  for column in 0..<count {
    let (x0, x1, x2, x3) = unsafe (b0[column], b1[column], b2[column], b3[column])
    unsafe c0[column] += p0 * x0 + p1 * x1 + (p2 * x2 + p3 * x3)
    unsafe c1[column] += q0 * x0 + q1 * x1 + (q2 * x2 + q3 * x3)
  }
}

@inline(__always)
private func addFour(
  rows b: UnsafePointer<Double>, stride: Int, scaledBy a0: UnsafePointer<Double>,
  sign: Double, to c0: UnsafeMutablePointer<Double>, count: Int
) {
  let (b0, b1, b2, b3) = unsafe (b, b + stride, b + 2 * stride, b + 3 * stride)
  let (p0, p1, p2, p3) = unsafe (sign * a0[0], sign * a0[1], sign * a0[2], sign * a0[3])
  for column in 0..<count {
    unsafe c0[column] += p0 * b0[column] + p1 * b1[column] + (p2 * b2[column] + p3 * b3[column])
  }
}

/// `target += factor · source`.
@inline(__always)
func addScaled(
  _ source: UnsafePointer<Double>, by factor: Double, to target: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count { unsafe target[index] += factor * source[index] }
}

/// The scalar product of two vectors, in eight running sums.
func dotProduct(_ lhs: [Double], _ rhs: [Double]) -> Double {
  precondition(lhs.count == rhs.count, "vectors of different lengths")
  var sums = (0.0, 0.0, 0.0, 0.0)
  var index = 0
  while index + 4 <= lhs.count {
    sums.0 += lhs[index] * rhs[index]
    sums.1 += lhs[index + 1] * rhs[index + 1]
    sums.2 += lhs[index + 2] * rhs[index + 2]
    sums.3 += lhs[index + 3] * rhs[index + 3]
    index += 4
  }
  var sum = sums.0 + sums.1 + (sums.2 + sums.3)
  while index < lhs.count {
    sum += lhs[index] * rhs[index]
    index += 1
  }
  return sum
}
