import CQColumns
import CQPlan
import CQSyntax
import Testing

@testable import CQEngine

/// Comparisons of a column of a file in place, against the formula that reads it.
@Suite struct PlainConditionTests {
  private static let comparisons: [BinaryOperator] = [
    .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
  ]

  private func reader(_ input: RowInput, _ rows: RowSelection, _ comparison: BinaryOperator, _ number: Double)
    -> RowReader
  {
    RowReader(
      formula: Formula(
        inputs: [.column(0)], instructions: [.load(0), .constant(number, .known), .compare(comparison)], depth: 2),
      inputs: [input], selection: rows, replacements: ReplacementCounts())
  }

  @Test(arguments: comparisons) func rowsAreThoseOfTheFormula(_ comparison: BinaryOperator) throws {
    var random = RandomSource(seed: 3)
    let ends = [Int32.min, .min + 1, .max - 1, .max, 0, -1, 1]
    let numbers = (0..<20_000).map { _ in random.chance(0.1) ? random.pick(ends) : Int32(random.next(below: 41)) - 20 }
    let input = RowInput.numbers(.int32(ColumnBuffer(numbers)), states: nil)
    let known = ColumnBuffer([UInt8](repeating: 0, count: numbers.count))
    let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: 2))
    for range in [0..<numbers.count, 3..<16_500, 70..<70, 5..<68] {
      for number in [0, 7, -20, 2.5, -2.5, 1e9, -2_147_483_648, 2_147_483_647, 2_147_483_646.5, -2_147_483_647.5] {
        let plain = reader(input, RowSelection(range), comparison, number)
        #expect(PlainCondition(plain) != nil)
        let formula = reader(
          .numbers(.int32(ColumnBuffer(numbers)), states: known), RowSelection(range), comparison, number)
        #expect(PlainCondition(formula) == nil)
        let (found, wanted) = (try plain.matches(control), try formula.matches(control))
        let areThose = found.positions == wanted.positions
        #expect(
          areThose, "\(comparison.rawValue) \(number): \(found.positions.count), not \(wanted.positions.count) rows")
        #expect(found.withheld == 0 && found.missing == 0)
      }
    }
  }

  /// What is compared otherwise is left to the formula.
  @Test func otherConditionsAreNone() {
    let input = RowInput.numbers(.int32(ColumnBuffer([1, 2, 3])), states: nil)
    let rows = RowSelection(0..<3)
    #expect(PlainCondition(reader(input, rows, .less, 1e10)) == nil)
    #expect(PlainCondition(reader(input, RowSelection([2, 0] as [Int32]), .less, 2)) == nil)
    #expect(PlainCondition(reader(.numbers(.float64(ColumnBuffer([1, 2, 3])), states: nil), rows, .less, 2)) == nil)
    #expect(PlainCondition(RowReader(loading: input, rows, ReplacementCounts())) == nil)
  }
}
