import CQColumns
import CQPlan
import CQSemantics
import Testing

@testable import CQEngine

struct AggregationTests {
  /// Numbers are known; `~` estimated, W withheld, – missing.
  private static func vector(_ text: String) -> Vector {
    var vector = Vector(repeating: .known, count: 0)
    for word in text.split(separator: " ") {
      let state: CellState =
        word == "W" ? .withheld : word == "–" ? .missing : word.hasSuffix("~") ? .estimated : .known
      vector.values.append(Double(word.filter { $0 != "~" }) ?? 0)
      vector.states.append(state)
    }
    return vector
  }

  private static func text(_ value: Double, _ state: CellState) -> String {
    switch state {
    case .known: "\(value)"
    case .estimated: "\(value)~"
    case .withheld: "W"
    case .missing: "–"
    }
  }

  @Test(arguments: [
    (Aggregate.sum, "1 2 3", "6.0"), (.sum, "1 2~ 3", "6.0~"), (.sum, "1 – 3", "4.0"), (.sum, "1 W 3", "W"),
    (.sum, "W –", "W"), (.sum, "– –", "–"), (.sum, "", "–"), (.sum, "0", "0.0"), (.sum, "1e308 1e308", "–"),
    (.mean, "1 2 6", "3.0"), (.mean, "1 – 3~", "2.0~"), (.mean, "1 W", "W"), (.mean, "–", "–"), (.mean, "", "–"),
    (.median, "5 1 3", "3.0"), (.median, "4 1 3 2", "2.5"), (.median, "9 – 1", "5.0"), (.median, "7 W", "7.0"),
    (.median, "2~ 1 3", "2.0~"), (.median, "W", "W"), (.median, "", "–"), (.median, "1e308 1.5e308", "1.25e+308"),
    (.min, "3 -1 2", "-1.0"), (.min, "3 – W 5~", "3.0~"), (.min, "W –", "W"), (.max, "3 -1 2", "3.0"),
    (.max, "-5 –", "-5.0"), (.max, "", "–"),
    (.count, "1 2~ W –", "2.0"), (.count, "", "0.0"), (.count, "–", "0.0"), (.count, "W", "0.0"),
    (.first, "– 4~ 5", "4.0~"), (.first, "4 5~", "4.0"), (.last, "4 5~ W", "5.0~"), (.last, "–", "–"),
  ])
  func groupsAreCombined(aggregate: Aggregate, input: String, expected: String) {
    let vector = Self.vector(input)
    let (value, state) = Aggregation(aggregate: aggregate).combine(vector.values, vector.states)
    #expect(Self.text(value, state) == expected)
  }

  @Test(arguments: 0..<20)
  func finerGridsAreReduced(seed: Int) throws {
    var source = RandomSource(seed: seed)
    let (regions, fine, coarse) = (source.pick([1, 3]), source.pick([7, 2_500]), source.pick([1, 4]))
    let years = source.pick([1, 2])
    let parents = (0..<fine).map { _ in Int32.random(in: 0..<Int32(coarse), using: &source) }
    let count = regions * fine * years
    let areKnown = source.chance(0.4)
    let vector = Vector(
      values: (0..<count).map { _ in Double(Int.random(in: 0...99, using: &source)) },
      states: (0..<count).map { _ in
        areKnown ? .known : source.pick(CellState.allCases + [.known, .known, .known])
      })
    // A second column that is there where both are: listwise.
    let other = Vector(
      values: vector.values,
      states: (0..<count).map { _ in source.pick([CellState.known, .known, .withheld, .missing]) })
    let isListwise = source.chance(0.5)
    let skipped = (0..<count).map { isListwise && !(vector.states[$0].hasValue && other.states[$0].hasValue) }
    let load = Formula(inputs: [.cell(0)], instructions: [.load(0)], depth: 1)
    for aggregate in Aggregate.allCases where aggregate.worksOver && (!isListwise || aggregate.isRunning) {
      let aggregation = Aggregation(aggregate: aggregate)
      let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: source.pick([1, 2, 7])))
      let found: Vector
      if aggregate.isRunning {
        let fused = FusedReduction(
          aggregate: aggregate,
          columns: (isListwise ? [vector, other] : [vector]).map {
            FormulaEvaluator(formula: load, inputs: [$0], rowCount: count)
          }, parents: parents, regionParents: [], regionCount: regions, coarseCount: coarse, yearCount: years,
          isListwise: isListwise)
        let result = try fused.run(control)
        found = result.columns[0]
        #expect(
          result.leftOutCount
            == (0..<count).count { skipped[$0] && (vector.states[$0] != .missing || other.states[$0] != .missing) })
      } else {
        found = try aggregation.reduce(
          vector, parents: parents, regionCount: regions, coarseCount: coarse, yearCount: years, control: control)
      }
      #expect(found.count == regions * coarse * years)
      for region in 0..<regions {
        for group in 0..<coarse {
          for year in 0..<years {
            var values: [Double] = []
            var states: [CellState] = []
            for element in 0..<fine where parents[element] == group {
              let cell = (region * fine + element) * years + year
              if skipped[cell] { continue }
              values.append(vector.values[cell])
              states.append(vector.states[cell])
            }
            let expected = aggregation.combine(values, states)
            let cell = (region * coarse + group) * years + year
            #expect(found.values[cell] == expected.value && found.states[cell] == expected.state)
          }
        }
      }
    }
  }
}
