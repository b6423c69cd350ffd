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

  /// A formula over two columns of numbers (0 and 1), one of codes (2) and one of members (3), and what it says of a row.
  struct Joined: Sendable {
    var instructions: [Formula.Instruction]
    var isKept: @Sendable (_ first: Int32, _ second: Int32, _ code: Int, _ member: Int) -> Bool
  }

  private static let truths: [Double] = [0, 1, 1, 0, 1]
  private static let small: [Formula.Instruction] = [.load(0), .constant(3, .known), .compare(.less)]
  private static let isSeven: [Formula.Instruction] = [.load(1), .constant(7, .known), .compare(.equal)]
  private static let isNotTwo: [Formula.Instruction] = [.load(1), .constant(2, .known), .compare(.notEqual)]

  static let joined = [
    Joined(instructions: [.load(2)]) { _, _, code, _ in truths[code] == 1 },
    Joined(instructions: [.load(3), .not]) { _, _, _, member in truths[member] == 0 },
    Joined(instructions: small + isSeven + [.both]) { first, second, _, _ in first < 3 && second == 7 },
    Joined(instructions: [.load(2)] + small + [.either]) { first, _, code, _ in truths[code] == 1 || first < 3 },
    Joined(instructions: [.load(2), .load(3), .both]) { _, _, code, member in truths[code] == 1 && truths[member] == 1
    },
    Joined(instructions: small + [.load(2), .both, .load(3), .either, .not]) { first, _, code, member in
      !(first < 3 && truths[code] == 1 || truths[member] == 1)
    },
    Joined(instructions: small + isNotTwo + [.load(2), .either, .both]) { first, second, code, _ in
      first < 3 && (second != 2 || truths[code] == 1)
    },
    Joined(instructions: isSeven + [.not] + small + isNotTwo + [.load(3), .both, .either, .both]) {
      first, second, _, member in second != 7 && (first < 3 || second != 2 && truths[member] == 1)
    },
  ]

  @Test func rowsOfJoinedConditionsAreThoseOfEach() throws {
    var random = RandomSource(seed: 5)
    let numbers = (0..<20_000).map { _ in (Int32(random.next(below: 9)), Int32(random.next(below: 9))) }
    let codes = numbers.map { _ in (random.next(below: 5), random.next(below: 5)) }
    let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: 2))
    for (index, condition) in Self.joined.enumerated() {
      let own: DictionaryCodes =
        switch index % 3 {
        case 0: .bits8(ColumnBuffer(codes.map { UInt8($0.0) }))
        case 1: .bits16(ColumnBuffer(codes.map { UInt16($0.0) }))
        default: .bits32(ColumnBuffer(codes.map { UInt32($0.0) }))
        }
      for range in [0..<numbers.count, 3..<16_500, 70..<70, 9..<10, 64..<128, 5..<68] {
        let reader = RowReader(
          formula: Formula(
            inputs: (0..<4).map { .column($0) }, instructions: condition.instructions, depth: 4),
          inputs: [
            .numbers(.int32(ColumnBuffer(numbers.map(\.0))), states: nil),
            .numbers(.int32(ColumnBuffer(numbers.map(\.1))), states: nil), .codes(own, Self.truths),
            .members(codes.map { Int32($0.1) }, Self.truths),
          ], selection: RowSelection(range), replacements: ReplacementCounts())
        #expect(PlainCondition(reader) != nil, "\(index)")
        let expected = range.filter {
          condition.isKept(numbers[$0].0, numbers[$0].1, codes[$0].0, codes[$0].1)
        }
        #expect(try reader.matches(control).positions.map { Int($0) + range.lowerBound } == expected, "\(index)")
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
    let (codes, isOne) = (DictionaryCodes.bits8(ColumnBuffer([0, 1, 1])), Formula.Instruction.compare(.equal))
    for (table, instructions) in [
      // Codes that are numbers, a column beside another, a constant for a condition, what may be missing.
      ([0.0, 2], [.load(0)]), ([0, 1], [.load(0), .constant(1, .known), isOne]),
      ([0, 1], [.load(1), .load(1), isOne]),
      ([0, 1], [.load(0), .constant(1, .known), .both]), ([0, 1], [.constant(1, .known), .load(0), .either]),
      ([0, 1], [.load(1), .constant(1, .missing), isOne]), ([0, 1], [.load(0), .isState(.missing)]),
    ] as [([Double], [Formula.Instruction])] {
      let formula = Formula(inputs: [.column(0), .column(1)], instructions: instructions, depth: 2)
      let reader = RowReader(
        formula: formula, inputs: [.codes(codes, table), input], selection: rows, replacements: ReplacementCounts())
      #expect(PlainCondition(reader) == nil, "\(instructions)")
    }
  }
}
