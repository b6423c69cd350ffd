import Testing

@testable import CQMethods

extension Matrix {
  /// Numbers from -1 to 1.
  static func random(_ rowCount: Int, _ columnCount: Int, using generator: inout SeededGenerator) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    for index in result.elements.indices { result.elements[index] = 2 * generator.unit() - 1 }
    return result
  }

  func naiveProduct(_ other: Matrix) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: other.columnCount)
    for row in 0..<rowCount {
      for column in 0..<other.columnCount {
        for inner in 0..<columnCount { result[row, column] += self[row, inner] * other[inner, column] }
      }
    }
    return result
  }

  func largestDifference(from other: Matrix) -> Double {
    zip(elements, other.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

@Suite struct LinearAlgebraTests {
  @Test(arguments: [(1, 1, 1), (2, 3, 4), (7, 5, 9), (65, 33, 70), (3, 100, 520), (64, 64, 64)])
  func productsEqualNaiveOnes(_ rows: Int, _ inner: Int, _ columns: Int) {
    var generator = SeededGenerator(seed: 7)
    let (left, right) = (
      Matrix.random(rows, inner, using: &generator), Matrix.random(inner, columns, using: &generator)
    )
    #expect(left.multiplied(by: right).largestDifference(from: left.naiveProduct(right)) < 1e-12)
    let vector = Matrix.random(1, inner, using: &generator).elements
    var column = Matrix(rowCount: inner, columnCount: 1)
    column.elements = vector
    let product = left.multiplied(by: vector)
    #expect(zip(product, left.naiveProduct(column).elements).allSatisfy { abs($0 - $1) < 1e-12 })
    let fromLeft = left.transposed.leftMultiplied(by: vector)
    #expect(zip(product, fromLeft).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: [1, 2, 5, 47, 48, 49, 100, 131])
  func inversesGiveTheIdentity(_ size: Int) throws {
    var generator = SeededGenerator(seed: size)
    var matrix = Matrix.random(size, size, using: &generator)
    // Not dominated by its diagonal, so that rows are swapped.
    for index in 0..<size { matrix[index, (index + 1) % size] += 3 }
    let factors = try LUFactorization(matrix)
    #expect(matrix.multiplied(by: factors.inverse).largestDifference(from: .identity(size)) < 1e-10)
    let right = Matrix.random(1, size, using: &generator).elements
    let solution = factors.solve(right)
    #expect(zip(matrix.multiplied(by: solution), right).allSatisfy { abs($0 - $1) < 1e-10 })
    let transposed = factors.solveTransposed(right)
    #expect(zip(matrix.leftMultiplied(by: transposed), right).allSatisfy { abs($0 - $1) < 1e-10 })
    let exact = 1 / (matrix.oneNorm * factors.inverse.oneNorm)
    #expect(factors.reciprocalCondition >= exact * 0.999 && factors.reciprocalCondition < exact * 10)
  }

  @Test func singularMatricesAreRecognised() {
    let twice = Matrix(rows: [[1, 2, 3], [2, 4, 6], [1, 0, 1]])
    #expect(throws: LUFactorization.Failure.singular(column: 2)) { try LUFactorization(twice) }
    #expect(throws: LUFactorization.Failure.singular(column: 0)) {
      try LUFactorization(Matrix(rowCount: 3, columnCount: 3))
    }
    #expect(throws: LUFactorization.Failure.notFinite) { try LUFactorization(Matrix(rows: [[1, .nan], [0, 1]])) }
    // An industry that uses up all that it makes.
    #expect(throws: LUFactorization.Failure.self) {
      try LUFactorization(Matrix(rows: [[1, 0.2], [0, 0.5]]).leontief)
    }
  }

  @Test func aNearlySingularMatrixHasAPoorCondition() throws {
    let hilbert = Matrix(rows: (0..<10).map { row in (0..<10).map { 1 / Double(row + $0 + 1) } })
    #expect(try LUFactorization(hilbert).reciprocalCondition < 1e-12)
    let identity = try LUFactorization(.identity(10))
    #expect(agree(identity.reciprocalCondition, 1, within: 1e-12))
  }

  @Test(arguments: [1, 2, 3, 10, 60])
  func eigenpairsSolveTheEquation(_ size: Int) throws {
    var generator = SeededGenerator(seed: size + 100)
    let half = Matrix.random(size, size, using: &generator)
    var matrix = half
    for index in matrix.elements.indices { matrix.elements[index] += half.transposed.elements[index] }
    let pairs = try #require(matrix.symmetricEigenpairs)
    #expect(pairs.count == size)
    for (index, pair) in pairs.enumerated() {
      let product = matrix.multiplied(by: pair.vector)
      #expect(zip(product, pair.vector).allSatisfy { abs($0 - pair.value * $1) < 1e-10 })
      #expect(abs(dotProduct(pair.vector, pair.vector) - 1) < 1e-12)
      if index > 0 { #expect(pair.value <= pairs[index - 1].value) }
    }
    let trace = (0..<size).reduce(0) { $0 + matrix[$1, $1] }
    #expect(abs(pairs.reduce(0) { $0 + $1.value } - trace) < 1e-10)
  }

  @Test func repeatedEigenvaluesAreAllFound() throws {
    let pairs = try #require(Matrix.identity(5).symmetricEigenpairs)
    #expect(pairs.map(\.value) == [1, 1, 1, 1, 1])
    var blocks = Matrix(rowCount: 6, columnCount: 6)
    for block in 0..<3 {
      for row in 0..<2 { for column in 0..<2 { blocks[2 * block + row, 2 * block + column] = 0.5 } }
    }
    let values = try #require(blocks.symmetricEigenpairs).map(\.value)
    #expect(zip(values, [1, 1, 1, 0, 0, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test(arguments: [3, 20, 90])
  func lanczosFindsTheLargestPairs(_ size: Int) throws {
    var generator = SeededGenerator(seed: size + 200)
    let half = Matrix.random(size, size + 3, using: &generator)
    let matrix = half.multiplied(by: half.transposed)
    let all = try #require(matrix.symmetricEigenpairs)
    let search = Lanczos(size: size, count: 2, orthogonalTo: [all[0].vector]) { $1 = matrix.multiplied(by: $0) }
    #expect(search.isConverged)
    for (found, expected) in zip(search.pairs, all[1...]) {
      #expect(agree(found.value, expected.value, within: 1e-11))
      #expect(abs(abs(dotProduct(found.vector, expected.vector)) - 1) < 1e-10)
    }
  }

  @Test func lanczosSurvivesInvariantSpaces() {
    // Two eigenvalues only: the first two products span everything that one start vector reaches.
    let search = Lanczos(size: 40, count: 3) { vector, product in
      for index in vector.indices { product[index] = index < 3 ? vector[index] : vector[index] / 2 }
    }
    #expect(search.isConverged)
    #expect(search.pairs.count == 3 && search.pairs.allSatisfy { abs($0.value - 1) < 1e-12 })
    let none = Lanczos(size: 1, count: 2, orthogonalTo: [[1]]) { $1 = $0 }
    #expect(none.pairs.isEmpty)
  }
}
