import CQColumns
import CQPlan
import CQSemantics

/// Combines the elements of one group in their order; cells without a number are left out.
struct Aggregation {
  let aggregate: Aggregate

  /// - Returns: missing for a group without numbers (a count of none is 0) and for an overflow; withheld when a withheld
  ///   element makes a sum unknowable.
  func combine(_ values: [Double], _ states: [CellState]) -> (value: Double, state: CellState) {
    combine(values, states, checking: {})
  }

  /// As ``combine(_:_:)`` for many elements.
  ///
  /// - Parameter check: Called every now and then, to ask whether to go on.
  func combine(
    _ values: [Double], _ states: [CellState], checking check: () throws -> Void
  ) rethrows -> (value: Double, state: CellState) {
    let combined = try combineUnchecked(values, states, check)
    return combined.value.isFinite ? combined : (0, .missing)
  }

  private func combineUnchecked(
    _ values: [Double], _ states: [CellState], _ check: () throws -> Void
  ) rethrows -> (value: Double, state: CellState) {
    if aggregate == .countWithheld { return (Double(states.count { $0 == .withheld }), .known) }
    // Most groups have a number in every element; the others leave some out.
    let areKnown = states.allAreKnown
    var (numbers, present) = areKnown ? (values, []) : ([], [CellState]())
    if !areKnown {
      for index in values.indices {
        if index % RunControl.morselRowCount == 0 { try check() }
        guard states[index].hasValue else { continue }
        numbers.append(values[index])
        present.append(states[index])
      }
    }
    if aggregate == .count { return (Double(numbers.count), .known) }
    let hasWithheld = !areKnown && states.contains(.withheld)
    guard let first = numbers.first, let last = numbers.last else { return (0, hasWithheld ? .withheld : .missing) }
    if hasWithheld && (aggregate == .sum || aggregate == .mean) { return (0, .withheld) }
    let state = present.max() ?? .known
    switch aggregate {
    case .sum, .cumsum: return (numbers.reduce(0, +), state)
    case .mean: return (numbers.reduce(0, +) / Double(numbers.count), state)
    case .min: return (numbers.reduce(first, min), state)
    case .max: return (numbers.reduce(first, max), state)
    case .median: return (try Self.quantile(0.5, of: &numbers, check), state)
    case .quantile(let part): return (try Self.quantile(part, of: &numbers, check), state)
    case .first: return (first, present.first ?? .known)
    case .last: return (last, present.last ?? .known)
    case .stdev:
      if numbers.count < 2 { return (0, .missing) }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return ((squares / Double(numbers.count - 1)).squareRoot(), state)
    case .count, .countWithheld: return (Double(numbers.count), .known)
    }
  }

  /// The value below which `part` of the numbers lie, between two of them in proportion (Hyndman and Fan's type 7).
  ///
  /// - Source: Hyndman and Fan (1996), The American Statistician 50(4): 361–365.
  private static func quantile(
    _ part: Double, of numbers: inout [Double], _ check: () throws -> Void
  ) rethrows -> Double {
    let position = part * Double(numbers.count - 1)
    let below = Int(position.rounded(.down))
    let lower = try numbers.smallest(below + 1, checking: check)
    let rest = position - Double(below)
    // The next one is the smallest of those behind.
    guard rest != 0, let upper = numbers[(below + 1)...].min() else { return lower }
    return lower * (1 - rest) + upper * rest
  }

  /// The cells of a finer grid combined into those of a coarser one: years stay, activities and places are added up.
  ///
  /// - Parameter regionParents: Group of the coarser grid for each group of places; empty where places stay.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func reduce(
    _ fine: Vector, parents: [Int32], regionParents: [Int32] = [], regionCount: Int, coarseCount: Int, yearCount: Int,
    control: RunControl
  ) throws -> Vector {
    var result = Vector(repeating: .missing, count: regionCount * coarseCount * yearCount)
    var members = [[Int]](repeating: [], count: coarseCount)
    for (index, parent) in parents.enumerated() { members[Int(parent)].append(index) }
    let places = Self.places(of: regionCount, regionParents)
    for region in 0..<regionCount {
      for coarse in 0..<coarseCount {
        try control.check()
        for year in 0..<yearCount {
          let elements = places[region].flatMap { place in
            members[coarse].map { (place * parents.count + $0) * yearCount + year }
          }
          let combined = combine(elements.map { fine.values[$0] }, elements.map { fine.states[$0] })
          let target = (region * coarseCount + coarse) * yearCount + year
          result.values[target] = combined.value
          result.states[target] = combined.state
        }
      }
    }
    return result
  }

  /// The groups of places of the finer grid in each of the coarser one.
  static func places(of count: Int, _ parents: [Int32]) -> [[Int]] {
    if parents.isEmpty { return (0..<count).map { [$0] } }
    var places = [[Int]](repeating: [], count: count)
    for (index, parent) in parents.enumerated() { places[Int(parent)].append(index) }
    return places
  }
}
