/// The largest eigenvalues of a symmetric operator that is given by its product with a vector.
///
/// Every new direction is made orthogonal to all earlier ones, twice, so that no eigenvalue appears as a ghost; the start
/// vector is the same in every run.
///
/// - Source: Lanczos (1950); Parlett (1998), The Symmetric Eigenvalue Problem, ch. 13.
package struct Lanczos: Sendable {
  /// The pairs found, the largest eigenvalue first.
  package let pairs: [Eigenpair]
  /// Whether each residual is below the tolerance.
  package let isConverged: Bool
  package let stepCount: Int

  /// - Parameters:
  ///   - count: Pairs wanted.
  ///   - known: Eigenvectors of length 1, orthogonal to each other, that are left out of the search.
  ///   - stepLimit: Products at most; each costs a vector of memory.
  ///   - tolerance: Of `‖A·v − λ·v‖`, as a part of the largest eigenvalue.
  ///   - multiply: Writes the product with the first vector into the second, which is not cleared before. What it throws ends the
  ///     search.
  /// - Complexity: steps × product + steps² × size.
  package init(
    size: Int, count: Int, orthogonalTo known: [[Double]] = [], stepLimit: Int = 600, tolerance: Double = 1e-13,
    multiply: ([Double], inout [Double]) throws -> Void
  ) rethrows {
    let limit = min(size - known.count, stepLimit)
    var directions: [[Double]] = []
    var diagonal: [Double] = []
    var offDiagonal: [Double] = []
    var generator = SeededGenerator(seed: 0x5eed)
    guard limit > 0, var next = Self.newDirection(size, &generator, orthogonalTo: known) else {
      (pairs, isConverged, stepCount) = ([], true, 0)
      return
    }
    var product = [Double](repeating: 0, count: size)
    var found: (pairs: [Eigenpair], isConverged: Bool) = ([], false)
    var nextCheck = 24
    while directions.count < limit {
      directions.append(next)
      try multiply(next, &product)
      diagonal.append(dotProduct(product, next))
      for _ in 0..<2 {
        for vector in known { Self.remove(vector, from: &product) }
        for vector in directions { Self.remove(vector, from: &product) }
      }
      let length = dotProduct(product, product).squareRoot()
      let scale = diagonal.reduce(1e-300) { max($0, abs($1)) }
      let isExhausted = directions.count == limit
      let isInvariant = length <= scale * 1e-15 * Double(size).squareRoot()
      if directions.count >= nextCheck || isExhausted {
        nextCheck += max(8, nextCheck / 3)
        found = Self.ritzPairs(
          diagonal, offDiagonal, residual: isInvariant ? 0 : length, directions, count: count,
          isComplete: limit == size - known.count && isExhausted, tolerance: tolerance)
        if found.isConverged && directions.count > 2 * count { break }
      }
      if isExhausted { break }
      if isInvariant {
        // The directions span an invariant space: what is left is searched from a fresh one.
        guard let fresh = Self.newDirection(size, &generator, orthogonalTo: known + directions) else { break }
        offDiagonal.append(0)
        next = fresh
      } else {
        offDiagonal.append(length)
        next = product.map { $0 / length }
      }
    }
    pairs = found.pairs
    isConverged = found.isConverged
    stepCount = directions.count
  }

  /// The pairs of the small tridiagonal problem, as vectors of the large one.
  private static func ritzPairs(
    _ diagonal: [Double], _ offDiagonal: [Double], residual: Double, _ directions: [[Double]], count: Int,
    isComplete: Bool, tolerance: Double
  ) -> (pairs: [Eigenpair], isConverged: Bool) {
    let steps = diagonal.count
    var system = TridiagonalSystem(
      diagonal: diagonal, offDiagonal: Array(offDiagonal.prefix(steps - 1)), basis: .identity(steps))
    guard system.diagonalize() else { return ([], false) }
    let small = system.pairs.prefix(count)
    let scale = max(small.first.map { abs($0.value) } ?? 0, 1e-300)
    let isConverged =
      isComplete
      || (small.count == count && small.allSatisfy { residual * abs($0.vector[steps - 1]) <= tolerance * scale })
    guard isConverged || steps >= 1 else { return ([], false) }
    let pairs = small.map { pair in
      var vector = [Double](repeating: 0, count: directions[0].count)
      for (direction, weight) in zip(directions, pair.vector) {
        for index in vector.indices { vector[index] += weight * direction[index] }
      }
      let length = dotProduct(vector, vector).squareRoot()
      return Eigenpair(value: pair.value, vector: vector.map { $0 / length })
    }
    return (pairs, isConverged)
  }

  private static func newDirection(
    _ size: Int, _ generator: inout SeededGenerator, orthogonalTo known: [[Double]]
  ) -> [Double]? {
    for _ in 0..<5 {
      var vector = (0..<size).map { _ in generator.unit() - 0.5 }
      for _ in 0..<2 { for other in known { remove(other, from: &vector) } }
      let length = dotProduct(vector, vector).squareRoot()
      if length > 1e-10 { return vector.map { $0 / length } }
    }
    return nil
  }

  private static func remove(_ direction: [Double], from vector: inout [Double]) {
    let overlap = dotProduct(direction, vector)
    for index in vector.indices { vector[index] -= overlap * direction[index] }
  }
}
