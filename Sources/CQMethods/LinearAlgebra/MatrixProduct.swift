internal import CVectorLoops

extension Matrix {
  /// The matrix product `self · other`.
  ///
  /// Each element is summed in the same order whatever the number of threads.
  ///
  /// - Precondition: `columnCount == other.rowCount`.
  /// - Complexity: O(rows × columns × inner) operations, in tiles that stay in registers.
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
          Parallel.forEachBlock(of: rowCount, grain: Parallel.grain(of: rowCount, least: 32), work: work) { rows in
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
    unsafe result.withUnsafeMutableBufferPointer { result in
      unsafe elements.withUnsafeBufferPointer { elements in
        // SAFETY: `elements` has rowCount × columnCount numbers and `result` columnCount.
        guard let target = result.baseAddress, let base = elements.baseAddress else { return }
        for row in 0..<rowCount where vector[row] != 0 {
          unsafe addScaled(base + row * columnCount, by: vector[row], to: target, count: columnCount)
        }
      }
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

/// `C += sign · A · B` for row-major blocks inside larger matrices; the terms of an element are added one after the other.
///
/// - Precondition: the pointers reach `rowCount` (`inner`) rows of their stride.
func addProduct(
  of a: UnsafePointer<Double>, stride aStride: Int,
  and b: UnsafePointer<Double>, stride bStride: Int,
  to c: UnsafeMutablePointer<Double>, stride cStride: Int,
  rowCount: Int, inner: Int, columnCount: Int, sign: Double
) {
  guard rowCount > 0, inner > 0, columnCount > 0 else { return }
  unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: cq_product_space(inner, columnCount)) { space in
    unsafe cq_add_product(
      VectorLoops.width, a, aStride, b, bStride, c, cStride, rowCount, inner, columnCount, sign, space.baseAddress)
  }
}

/// Which of the compiled loops are taken.
package enum VectorLoops {
  /// Doubles of the widest register of this machine; the bits of results do not depend on it.
  package static let width = cq_vector_width()
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
