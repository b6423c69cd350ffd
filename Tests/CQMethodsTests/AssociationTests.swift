import CQColumns
import CQMethods
import Foundation
import Testing

@Suite struct AssociationTests {
  /// The first and the last of the four data sets of Anscombe (1973), *American Statistician* 27: 17–21, who gives
  /// y = 3 + 0.5 x, R² = 0.667 and 0.118 as the error of the slope for all of them.
  static let anscombe: [(x: [Double], y: [Double])] = [
    (
      [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
      [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    ),
    (
      [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
      [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89]
    ),
  ]

  @Test(arguments: anscombe) func linesAndCorrelationsAreAnscombes(x: [Double], y: [Double]) throws {
    let found = try Self.run("regression", ["of": y, "on": x])
    #expect(abs(found[0] - 0.5) < 0.001 && abs(found[4] - 3) < 0.01)
    #expect(abs(found[1] - 0.118) < 0.001 && abs(found[5] - 0.667) < 0.002)
    let r = try #require(Association.pearson(x, y))
    #expect(abs(r.coefficient - 0.816) < 0.001)
    // The test of the correlation is the test of the slope.
    #expect(abs(try #require(r.p) - found[3]) < 1e-9)
  }

  @Test func rankCorrelationsOfASmallTable() throws {
    // Ranks 1…5 against 2, 1, 4, 3, 5: Σd² = 4, so 1 − 6·4/(5·24) = 0.8; 8 pairs agree and 2 do not, so τ = 0.6.
    let (x, y) = ([10, 20, 30, 40, 1_000] as [Double], [0.2, 0.1, 0.4, 0.3, 0.5])
    #expect(abs(try #require(Association.spearman(x, y)).coefficient - 0.8) < 1e-12)
    let tau = try Self.run("correlation", ["of": x, "with": y], options: ["method": .text("kendall")])
    #expect(abs(tau[0] - 0.6) < 1e-12)
  }

  @Test func randomPairsAgreeWithTheDefinition() throws {
    var random = SeededGenerator(seed: 29, stream: 0)
    for count in 3..<40 {
      let x = (0..<count).map { _ in Double.random(in: -5...5, using: &random) }
      let y = x.map { $0 * 0.3 + Double.random(in: -2...2, using: &random) }
      let (n, sx, sy) = (Double(count), x.reduce(0, +), y.reduce(0, +))
      let xy = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
      let (xx, yy) = (x.reduce(0) { $0 + $1 * $1 }, y.reduce(0) { $0 + $1 * $1 })
      let naive = (n * xy - sx * sy) / ((n * xx - sx * sx) * (n * yy - sy * sy)).squareRoot()
      let found = try #require(Association.pearson(x, y))
      #expect(abs(found.coefficient - naive) < 1e-10)
      #expect(try #require(Association.pearson(y, x)).coefficient == found.coefficient, "it has no direction")
      let line = try Self.run("regression", ["of": y, "on": x])
      #expect(abs(line[0] - (n * xy - sx * sy) / (n * xx - sx * sx)) < 1e-10)
    }
  }

  @Test func weightsCountAsRepeatedValues() throws {
    let mean = try Self.run("weighted_mean", ["of": [2, 5, 11], "weight": [3, 1, 2]])
    #expect(mean == [([2, 2, 2, 5, 11, 11] as [Double]).reduce(0, +) / 6])
    for weights in [[0, 0, 0], [3, -1, 2]] as [[Double]] {
      #expect(try Self.run("weighted_mean", ["of": [2, 5, 11], "weight": weights])[0].isNaN)
    }
  }

  @Test func whatCannotBeTold() {
    #expect(Association.pearson([1], [2]) == nil)
    #expect(Association.pearson([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Association.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == nil)
    let line = Association.pearson([1, 2, 3], [2, 4, 6])
    #expect(line?.coefficient == 1 && line?.p == nil)
    #expect(Association.spearman([1, 2, 3], [9, 4, 1])?.coefficient == -1)
  }

  /// The numbers of a kernel's columns; not a number where one is missing.
  private static func run(
    _ name: String, _ operands: [String: [Double]], options: [String: KernelOption] = [:]
  ) throws -> [Double] {
    let kernel = try #require(KernelRegistry.kernel(name))
    let values = operands.mapValues { KernelValues($0, Array(repeating: .known, count: $0.count)) }
    let rows = (0..<(operands.values.first?.count ?? 0)).map { KernelMember(code: "\($0)") }
    let output = try kernel.run(KernelInput(rows: rows, operands: values, options: options))
    return output.columns.map { $0.states[0].hasValue ? $0.values[0] : .nan }
  }
}
