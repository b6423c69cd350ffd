import CQColumns
import CQMethods
import Foundation
import Testing

/// References without a file are of mapclassify 2.10 on the same values.
@Suite struct ClassSchemeTests {
  @Test func boundsOfAUser() {
    #expect(ClassScheme.bounds("0.5, 1,2") == [0.5, 1, 2] && ClassScheme.bounds("-1") == [-1])
    for text in ["", "a", "2, 1", "1, 1", "1, b", ","] { #expect(ClassScheme.bounds(text) == nil, "\(text)") }
  }

  @Test func mexicanStatesAgreeWithTheReference() throws {
    let input = try Golden.input("mexican_states_gdp_per_head")
    let (names, values) = (try input.texts("state"), try input.numbers("gdp_2000"))
    for (scheme, name) in [
      (ClassScheme.quantile, "113_classify_quantile_mexico"), (.boxplot, "116_classify_boxplot_mexico"),
      (.gaps, "119_classify_maxbreaks_mexico"),
    ] {
      let expected = try Golden.expected(name)
      let bounds = scheme.upperBounds(values.sorted(), count: 5)
      #expect(bounds.count == expected.rows(of: "bins").count)
      var counts = [Int](repeating: 0, count: bounds.count)
      for (place, value) in zip(names, values) {
        let index = ClassScheme.index(of: value, in: bounds)
        counts[index] += 1
        #expect(Double(index) == (try expected.number("yb", place)))
      }
      for (index, bound) in bounds.enumerated() {
        #expect(agree(bound, try #require(try expected.number("bins", "\(index + 1)")), within: 1e-12))
        #expect(Double(counts[index]) == (try expected.number("counts", "\(index + 1)")))
      }
    }
    let references: [(ClassScheme, [Double])] = [
      (.jenks, [13360, 21610, 30735, 38672, 54349]), (.equal, [17817, 26950, 36083, 45216, 54349]),
      (.headtail, [20862.8125, 30163.714285714286, 38672.2, 54349]),
      (.deviation, [310.23602271037817, 10586.524261355189, 31139.10073864481, 41415.38897728962, 54349]),
      (.percentiles, [8785.06, 11500.3, 17444, 33171.3, 49489.13, 54349]),
      (.pretty, [10000, 20000, 30000, 40000, 50000, 60000]),
    ]
    for (scheme, bounds) in references {
      let own = scheme.upperBounds(values.sorted(), count: 5)
      #expect(own.count == bounds.count)
      for (bound, reference) in zip(own, bounds) { #expect(agree(bound, reference, within: 1e-12), "\(scheme)") }
    }
  }

  /// Every division of few values, the best of them found by looking at all.
  @Test(arguments: 0..<60) func naturalBreaksAreTheBestOfAll(number: Int) {
    var random = SeededGenerator(seed: 77, stream: number)
    let values = (0..<(5 + number % 7)).map { _ in Double(Int.random(in: 0...30, using: &random)) }.sorted()
    let count = 2 + number % 3
    func cost(_ part: ArraySlice<Double>) -> Double {
      let mean = part.reduce(0, +) / Double(part.count)
      return part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    func least(_ rest: ArraySlice<Double>, _ classes: Int) -> Double {
      classes == 1
        ? cost(rest)
        : (1...max(1, rest.count - classes + 1)).map { cost(rest.prefix($0)) + least(rest.dropFirst($0), classes - 1) }
          .min()
          ?? 0
    }
    let bounds = ClassScheme.jenks.upperBounds(values, count: count)
    var own = 0.0
    for index in bounds.indices {
      let part = values.filter { ClassScheme.index(of: $0, in: bounds) == index }
      own += part.isEmpty ? 0 : cost(part[...])
    }
    #expect(own <= least(values[...], count) + 1e-9, "\(values) \(bounds)")
  }

  @Test(arguments: ClassScheme.allCases) func everySchemeCoversItsValues(scheme: ClassScheme) {
    var random = SeededGenerator(seed: 6, stream: 0)
    for count in 0...40 {
      let values = (0..<count).map { _ in Double(Int.random(in: -9...9, using: &random)) }.sorted()
      let bounds = scheme.upperBounds(values, count: 4)
      #expect(bounds == bounds.sorted())
      if let high = values.last { #expect((bounds.last ?? -100) >= high) }
      for value in values {
        let index = ClassScheme.index(of: value, in: bounds)
        #expect(value <= bounds[index] && (index == 0 || value > bounds[index - 1]))
      }
    }
    #expect(scheme.upperBounds([], count: 4) == [])
    #expect(scheme.upperBounds([2, 2, 2], count: 4) == [2])
  }

  @Test func rescaledValues() {
    #expect(Rescaling.minMax.of([1, 3, 2]) == [0, 1, 0.5])
    #expect(Rescaling.max.of([1, 4]) == [0.25, 1])
    #expect(Rescaling.mean.of([1, 3]) == [0.5, 1.5])
    #expect(Rescaling.minMax.of([2]) == [nil])
    #expect(Rescaling.max.of([-1, 0]) == [nil, nil])
    #expect(Rescaling.mean.of([-1, 1]) == [nil, nil])
    #expect(Rescaling.minMax.of([]) == [])
  }
}
