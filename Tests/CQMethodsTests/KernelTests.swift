import CQColumns
import Testing

@testable import CQMethods

@Suite struct KernelTests {
  @Test func namesAreUniqueAndKernelsAreFound() {
    let names = KernelRegistry.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(KernelRegistry.kernel(name)?.name == name) }
  }

  @Test func parametersOfAKernelAreTold() {
    for kernel in KernelRegistry.all {
      let names = kernel.operands.map(\.name) + kernel.options.map(\.name)
      #expect(Set(names).count == names.count, "\(kernel.name)")
      #expect(!names.contains("over"), "\(kernel.name): over is what the sample goes over")
      #expect(!kernel.columns.isEmpty)
    }
  }

  /// No kernel traps on a sample of nothing, of one member, or of gaps.
  @Test func emptySamplesAreSurvived() throws {
    for kernel in KernelRegistry.all {
      for (rowCount, columnCount) in [(0, 1), (1, 1), (3, 1), (0, 0), (1, 0), (3, 2)] {
        for state in [CellState.missing, .known] {
          let input = Self.input(kernel, rowCount, columnCount, state)
          let output = try kernel.run(input)
          for column in output.columns { #expect(column.values.count == column.states.count, "\(kernel.name)") }
        }
      }
    }
  }

  private static func input(_ kernel: Kernel, _ rowCount: Int, _ columnCount: Int, _ state: CellState) -> KernelInput {
    let columns = kernel.shape == .vector || kernel.shape == .map || kernel.shape == .table ? 1 : columnCount
    var input = KernelInput(
      rows: (0..<rowCount).map { KernelMember(code: "r\($0)", name: "r\($0)") },
      columns: (0..<columns).map { KernelMember(code: "c\($0)", name: "c\($0)") })
    for operand in kernel.operands where !operand.isOptional {
      let count =
        switch operand.axis {
        case .cell: rowCount * columns
        case .row: rowCount
        case .column: columns
        case .text: 0
        }
      if operand.axis == .text {
        input.texts[operand.name] = (0..<rowCount).map { "t\($0)" }
      } else {
        input.operands[operand.name] = KernelValues(
          [Double](repeating: 0, count: count), [CellState](repeating: state, count: count))
      }
    }
    return input
  }

  // MARK: - Gini

  @Test func giniOfKnownDistributions() throws {
    #expect(Inequality.gini([1, 1, 1, 1]) == 0)
    #expect(try agree(#require(Inequality.gini([0, 0, 0, 1])), 0.75, within: 1e-15))
    #expect(try agree(#require(Inequality.gini([0, 0, 0, 1], isCorrected: true)), 1, within: 1e-15))
    #expect(
      Inequality.gini([]) == nil && Inequality.gini([0, 0]) == nil && Inequality.gini([-2, 1]) == nil
        && Inequality.gini([1], isCorrected: true) == nil)
  }

  /// Against the mean absolute difference of all pairs, and weights against repeated values.
  @Test func giniAgreesWithThePairs() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      let values = (0..<(2 + generator.below(20))).map { _ in Double(generator.below(1_000)) }
      let total = values.reduce(0, +)
      let pairs = values.reduce(0) { sum, one in values.reduce(sum) { $0 + ($1 - one).magnitude } }
      guard total > 0 else { continue }
      let naive = pairs / (2 * Double(values.count) * total)
      #expect(try agree(#require(Inequality.gini(values)), naive, within: 1e-12))
      let weights = values.map { _ in Double(1 + generator.below(4)) }
      let repeated = zip(values, weights).flatMap { [Double](repeating: $0, count: Int($1)) }
      #expect(
        try agree(
          #require(Inequality.gini(values, weights: weights)), #require(Inequality.gini(repeated)), within: 1e-12))
    }
  }

  // MARK: - Ellison–Glaeser

  @Test func ellisonGlaeserOfTheListOfFirms() throws {
    let firms = try Golden.input("firms_of_four_industries")
    let expected = try Golden.expected("029_ellison_glaeser_fk2014_multi")
    let kernel = try #require(KernelRegistry.kernel("ellison_glaeser_plants"))
    let output = try kernel.run(
      KernelInput(
        operands: ["size": KernelValues(try firms.numbers("employment"))],
        texts: ["industry": try firms.texts("industry"), "place": try firms.texts("region")]))
    #expect(output.texts[0].sorted() == expected.rows())
    for (row, industry) in output.texts[0].enumerated() {
      for (column, name) in ["Gamma i", "G i", "HHI i", "z Gi", "K i"].enumerated() {
        let reference = try #require(try expected.number("", industry, name))
        #expect(agree(try #require(output.columns[column][row]), reference, within: 1e-9), "\(industry) \(name)")
      }
    }
  }

  @Test func ellisonGlaeserOfPlantsAsLargeAsEachOther() throws {
    // One plant per place, all alike, in places that are alike: as spread out as can be.
    let index = try #require(
      EllisonGlaeser(industry: [1, 1, 1, 1], reference: [1, 1, 1, 1], plants: 0.25))
    #expect(try agree(#require(index.gamma), -1.0 / 3, within: 1e-12) && index.raw == 0)
    #expect(EllisonGlaeser(industry: [1, 0], reference: [1, 1], plants: 1)?.gamma == nil, "one plant")
    #expect(EllisonGlaeser(industry: [1], reference: [1], plants: 0.5)?.gamma == nil, "one place")
    #expect(EllisonGlaeser(industry: [0, 0], reference: [1, 1], plants: 0.5) == nil)
    #expect(EllisonGlaeser(industry: [1, -1], reference: [1, 1], plants: 0.5) == nil)
  }

  // MARK: - Similarity

  @Test func similarityOfRows() throws {
    let shares = rowShares(Matrix(rows: [[1, 1, 0], [2, 2, 0], [0, 0, 5], [0, 0, 0]]))
    #expect(shares[3] == nil)
    let (first, second, third) = (try #require(shares[0]), try #require(shares[1]), try #require(shares[2]))
    for method in Similarity.allCases {
      #expect(agree(try #require(method.of(first[...], second[...])), 1, within: 1e-12))
    }
    #expect(Similarity.overlap.of(first[...], third[...]) == 0 && Similarity.cosine.of(first[...], third[...]) == 0)
    #expect(agree(try #require(Similarity.correlation.of(first[...], third[...])), -1, within: 1e-12))
  }
}
