import CQColumns
import CQPlan
import CQSemantics
import CQSyntax

#if canImport(Glibc)
  import Glibc
#endif

/// Runs a formula over intervals: the result holds every value that the intervals of its inputs allow.
struct IntervalEvaluator {
  let formula: Formula
  /// One per input of the formula, all of `rowCount` elements.
  let inputs: [IntervalVector]
  let rowCount: Int

  func evaluate() -> IntervalVector {
    var stack: [IntervalVector] = []
    for instruction in formula.instructions { run(instruction, &stack) }
    return stack.last ?? IntervalVector(missing: rowCount)
  }

  private func run(_ instruction: Formula.Instruction, _ stack: inout [IntervalVector]) {
    switch instruction {
    case .load(let input): stack.append(inputs[input])
    case .constant(let value, let state):
      stack.append(
        state == .missing
          ? IntervalVector(missing: rowCount)
          : IntervalVector(repeating: state.hasValue ? Interval(value) : .unknown, count: rowCount))
    case .arithmetic(let operation): combine(&stack) { arithmetic(operation, $0, $1) }
    case .negate: map(&stack) { -$0 }
    case .function(let function, let operandCount): call(function, operandCount, &stack)
    case .compare, .not, .both, .either, .isState, .select, .coalesce:
      // The elaborator lets none of these through: nothing is known then.
      stack = [IntervalVector(repeating: .unknown, count: rowCount)]
    }
  }

  private func arithmetic(_ operation: BinaryOperator, _ lhs: Interval, _ rhs: Interval) -> Interval? {
    switch operation {
    case .add: lhs + rhs
    case .subtract: lhs - rhs
    case .multiply: lhs * rhs
    case .divide: lhs / rhs
    default: lhs.power(rhs)
    }
  }

  private func call(_ function: ScalarFunction, _ operandCount: Int, _ stack: inout [IntervalVector]) {
    switch function {
    case .abs: map(&stack) { $0.magnitude }
    case .ln: map(&stack) { $0.mapped { $0 > 0 ? log($0) : .nan } }
    case .exp: map(&stack) { $0.mapped { Glibc.exp($0) } }
    case .sqrt: map(&stack) { $0.mapped { $0 >= 0 ? $0.squareRoot() : .nan } }
    case .mod: combine(&stack) { _, _ in .unknown }
    case .round:
      if operandCount == 1 {
        map(&stack) { $0.mapped { $0.rounded() } }
      } else {
        combine(&stack) { value, digits in
          guard digits.isPoint else { return .unknown }
          let scale = pow(10, digits.low)
          return value.mapped { ($0 * scale).rounded() / scale }
        }
      }
    case .min:
      for _ in 1..<operandCount { combine(&stack) { Interval(min($0.low, $1.low), min($0.high, $1.high)) } }
    case .max:
      for _ in 1..<operandCount { combine(&stack) { Interval(max($0.low, $1.low), max($0.high, $1.high)) } }
    }
  }

  private func map(_ stack: inout [IntervalVector], _ body: (Interval) -> Interval) {
    guard var top = stack.popLast() else { return }
    for row in 0..<top.count { top.intervals[row] = body(top.intervals[row]) }
    stack.append(top)
  }

  /// A result that is no number (0 divided by 0) is missing, as it is in every other formula.
  private func combine(_ stack: inout [IntervalVector], _ body: (Interval, Interval) -> Interval?) {
    guard let right = stack.popLast(), var left = stack.popLast() else { return }
    for row in 0..<left.count {
      if let interval = body(left.intervals[row], right.intervals[row]) {
        left.intervals[row] = interval
        left.isMissing[row] = left.isMissing[row] || right.isMissing[row]
      } else {
        left.isMissing[row] = true
      }
    }
    stack.append(left)
  }
}

extension Aggregation {
  /// As ``reduce(_:parents:regionCount:coarseCount:yearCount:control:)`` for intervals: all of these functions grow with
  /// each of their values, so each end of the result comes from the same end of all of them.
  func reduce(
    _ fine: IntervalVector, parents: [Int32], regionParents: [Int32] = [], regionCount: Int, coarseCount: Int,
    yearCount: Int, control: RunControl
  ) throws -> IntervalVector {
    func ends(isHigh: Bool) throws -> Vector {
      var vector = Vector(repeating: .missing, count: fine.count)
      for row in 0..<fine.count where !fine.isMissing[row] {
        let end = isHigh ? fine.intervals[row].high : fine.intervals[row].low
        vector.values[row] = end
        vector.states[row] = end.isFinite ? .known : .withheld
      }
      return try reduce(
        vector, parents: parents, regionParents: regionParents, regionCount: regionCount, coarseCount: coarseCount,
        yearCount: yearCount, control: control)
    }
    let (lows, highs) = (try ends(isHigh: false), try ends(isHigh: true))
    // Of a minimum or a quantile, values that are open at this end are left out: nothing is known at that end then.
    let hasOpen = openGroups(fine, parents, regionParents, regionCount, coarseCount, yearCount)
    var result = IntervalVector(missing: lows.count)
    for row in 0..<lows.count where lows.states[row] != .missing {
      result.isMissing[row] = false
      result.intervals[row] = Interval(
        lows.states[row].hasValue && !hasOpen[row].low ? lows.values[row] : -.infinity,
        highs.states[row].hasValue && !hasOpen[row].high ? highs.values[row] : .infinity)
    }
    return result
  }

  private func openGroups(
    _ fine: IntervalVector, _ parents: [Int32], _ regionParents: [Int32], _ regionCount: Int, _ coarseCount: Int,
    _ yearCount: Int
  ) -> [(low: Bool, high: Bool)] {
    var open = [(low: Bool, high: Bool)](repeating: (false, false), count: regionCount * coarseCount * yearCount)
    let regions = regionParents.isEmpty ? (0..<Int32(regionCount)).map { $0 } : regionParents
    for (place, region) in regions.enumerated() {
      for (index, parent) in parents.enumerated() {
        for year in 0..<yearCount {
          let element = (place * parents.count + index) * yearCount + year
          if fine.isMissing[element] { continue }
          let target = (Int(region) * coarseCount + Int(parent)) * yearCount + year
          if !fine.intervals[element].low.isFinite { open[target].low = true }
          if !fine.intervals[element].high.isFinite { open[target].high = true }
        }
      }
    }
    return open
  }
}
