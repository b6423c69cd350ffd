#if canImport(Glibc)
  import Glibc
#endif

/// An eigenvalue and its eigenvector of length 1.
package struct Eigenpair: Equatable, Sendable {
  package let value: Double
  package let vector: [Double]

  package init(value: Double, vector: [Double]) {
    self.value = value
    self.vector = vector
  }
}

extension Matrix {
  /// All eigenvalues of a symmetric matrix, the largest first, with eigenvectors of length 1.
  ///
  /// Householder reflections make the matrix tridiagonal, implicit QL steps make it diagonal.
  ///
  /// - Returns: Nothing where the iteration does not end, which finite symmetric matrices do not do.
  /// - Precondition: the matrix is square; only symmetric matrices have meaningful results.
  /// - Complexity: about 9 · n³ operations. For a few pairs of a large matrix see ``Lanczos``.
  package var symmetricEigenpairs: [Eigenpair]? {
    precondition(rowCount == columnCount, "the matrix is not square")
    var system = tridiagonalized()
    guard system.diagonalize() else { return nil }
    return system.pairs
  }

  /// `Qᵀ · A · Q` with three diagonals, and `Qᵀ`.
  private func tridiagonalized() -> TridiagonalSystem {
    let size = rowCount
    var work = self
    var basis = Matrix.identity(size)
    var reflected = [Double](repeating: 0, count: size)
    for pivot in 0..<max(size - 2, 0) {
      let below = pivot + 1..<size
      var length = 0.0
      for row in below { length = hypot(length, work[row, pivot]) }
      guard length > 0 else { continue }
      // The reflection takes the column below the pivot onto the first axis, away from cancellation.
      let head = work[pivot + 1, pivot]
      let target = head > 0 ? -length : length
      var mirror = [Double](repeating: 0, count: size)
      for row in below { mirror[row] = work[row, pivot] }
      mirror[pivot + 1] = head - target
      let factor = 1 / (length * (length + abs(head)))
      for row in below {
        var sum = 0.0
        for column in below { sum += work[row, column] * mirror[column] }
        reflected[row] = sum * factor
      }
      var overlap = 0.0
      for row in below { overlap += reflected[row] * mirror[row] }
      for row in below { reflected[row] -= overlap * factor / 2 * mirror[row] }
      for row in below {
        let (first, second) = (mirror[row], reflected[row])
        for column in below { work[row, column] -= first * reflected[column] + second * mirror[column] }
      }
      work[pivot + 1, pivot] = target
      var projection = [Double](repeating: 0, count: size)
      for row in below {
        let weight = mirror[row] * factor
        for column in 0..<size { projection[column] += weight * basis[row, column] }
      }
      for row in below {
        let weight = mirror[row]
        for column in 0..<size { basis[row, column] -= weight * projection[column] }
      }
    }
    return TridiagonalSystem(
      diagonal: (0..<size).map { work[$0, $0] },
      offDiagonal: (1..<max(size, 1)).map { work[$0, $0 - 1] },
      basis: basis)
  }
}

/// A symmetric matrix with three diagonals, in a basis whose vectors are the rows of `basis`.
struct TridiagonalSystem {
  var diagonal: [Double]
  /// Element `i` stands beside diagonal elements `i` and `i + 1`.
  var offDiagonal: [Double]
  var basis: Matrix

  /// The largest eigenvalue first. Call after ``diagonalize()``.
  var pairs: [Eigenpair] {
    diagonal.indices.sorted { (diagonal[$0], $1) > (diagonal[$1], $0) }.map { index in
      let start = index * basis.columnCount
      return Eigenpair(
        value: diagonal[index], vector: Array(basis.elements[start..<start + basis.columnCount]))
    }
  }

  /// Rotates until the off-diagonal elements vanish.
  ///
  /// - Source: the implicit QL method of Dubrulle, Martin and Wilkinson (1968), Numerische Mathematik 12.
  mutating func diagonalize() -> Bool {
    let size = diagonal.count
    guard size > 1 else { return true }
    offDiagonal.append(0)
    for first in 0..<size {
      var rounds = 0
      while true {
        var end = first
        while end + 1 < size, abs(offDiagonal[end]) > 2.3e-16 * (abs(diagonal[end]) + abs(diagonal[end + 1])) {
          end += 1
        }
        if end == first { break }
        rounds += 1
        guard rounds <= 60 else { return false }
        sweep(first...end)
      }
    }
    offDiagonal.removeLast()
    return true
  }

  /// One QL step on a block, with Wilkinson's shift.
  private mutating func sweep(_ block: ClosedRange<Int>) {
    let (first, end) = (block.lowerBound, block.upperBound)
    let ratio = (diagonal[first + 1] - diagonal[first]) / (2 * offDiagonal[first])
    let root = hypot(ratio, 1)
    var bulge = diagonal[end] - diagonal[first] + offDiagonal[first] / (ratio + (ratio < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    var index = end - 1
    while index >= first {
      let above = sine * offDiagonal[index]
      let beside = cosine * offDiagonal[index]
      let length = hypot(above, bulge)
      offDiagonal[index + 1] = length
      if length == 0 {
        diagonal[index + 1] -= shift
        offDiagonal[end] = 0
        return
      }
      sine = above / length
      cosine = bulge / length
      let level = diagonal[index + 1] - shift
      let turn = (diagonal[index] - level) * sine + 2 * cosine * beside
      shift = sine * turn
      diagonal[index + 1] = level + shift
      bulge = cosine * turn - beside
      rotate(index, cosine, sine)
      index -= 1
    }
    diagonal[first] -= shift
    offDiagonal[first] = bulge
    offDiagonal[end] = 0
  }

  private mutating func rotate(_ row: Int, _ cosine: Double, _ sine: Double) {
    let width = basis.columnCount
    unsafe basis.elements.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: rows `row` and `row + 1` lie inside the basis.
      guard let base = buffer.baseAddress else { return }
      let first = unsafe base + row * width
      let second = unsafe first + width
      for column in 0..<width {
        let (x, y) = unsafe (first[column], second[column])
        unsafe first[column] = cosine * x - sine * y
        unsafe second[column] = sine * x + cosine * y
      }
    }
  }
}
