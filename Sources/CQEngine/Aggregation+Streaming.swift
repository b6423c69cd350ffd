import CQColumns
import CQSemantics

extension Aggregation {
  /// As ``reduce(_:parents:regionParents:regionCount:coarseCount:yearCount:skipped:)``, in one pass over the elements in
  /// their order, for aggregates that need no more of a cell than what has been added up so far. Workers take whole
  /// regions, so that the order within a cell is always the same.
  ///
  /// - Returns: nil for other aggregates.
  func streamed(
    _ fine: Vector, parents: [Int32], regionParents: [Int32], regionCount: Int, coarseCount: Int, yearCount: Int,
    skipped: [Bool], _ control: RunControl?
  ) throws -> Vector? {
    switch aggregate {
    case .sum, .mean, .min, .max, .count, .countWithheld: break
    default: return nil
    }
    let places = Self.places(of: regionCount, regionParents)
    let cellCount = coarseCount * yearCount
    let width = parents.count * yearCount
    precondition(
      fine.values.count == fine.states.count && parents.allSatisfy { $0 >= 0 && $0 < coarseCount }
        && places.allSatisfy { $0.allSatisfy { ($0 + 1) * width <= fine.count } }, "members lie outside the grid")
    // Regions of so many elements together that a worker is busy, and yet asks soon whether to stop.
    let regionsPerUnit = max(1, (1 << 17) / max(1, fine.count / max(1, regionCount)))
    let unitCount = (regionCount + regionsPerUnit - 1) / regionsPerUnit
    let scheduler = Scheduler(control?.limits ?? Limits(), isWorthwhile: fine.count >= RollUp.threadedCellCount)
    var states: [CellState] = []
    let values = try unsafe [Double](writing: regionCount * cellCount) { values in
      states = try unsafe [CellState](writing: regionCount * cellCount) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(unitCount) { unit in
          try control?.check()
          var cells = RunningCells(count: cellCount)
          for region in unit * regionsPerUnit..<min(regionCount, (unit + 1) * regionsPerUnit) {
            cells.reset()
            for place in places[region] {
              cells.add(fine, place * width, parents, yearCount, skipped, aggregate)
            }
            let part = region * cellCount..<(region + 1) * cellCount
            let (values, states) = unsafe (values.part(part), states.part(part))
            for cell in 0..<cellCount { unsafe (values[cell], states[cell]) = cells.finished(cell, aggregate) }
          }
        }
      }
    }
    return Vector(values: values, states: states)
  }
}

/// What is known of the cells of a region so far.
private struct RunningCells {
  private var values: [Double]
  private var counts: [Int32]
  private var withheldCounts: [Int32]
  private var worst: [CellState]

  init(count: Int) {
    values = [Double](repeating: 0, count: count)
    counts = [Int32](repeating: 0, count: count)
    withheldCounts = counts
    worst = [CellState](repeating: .known, count: count)
  }

  mutating func reset() {
    for cell in values.indices {
      values[cell] = 0
      counts[cell] = 0
      withheldCounts[cell] = 0
      worst[cell] = .known
    }
  }

  /// Adds the members of one place, whose elements begin at `first`.
  mutating func add(
    _ fine: Vector, _ first: Int, _ parents: [Int32], _ yearCount: Int, _ skipped: [Bool], _ aggregate: Aggregate
  ) {
    let all = first..<first + parents.count * yearCount
    // Most often everything is known, and then no state need be looked at.
    if skipped.isEmpty, fine.states[all].allAreKnown {
      switch aggregate {
      case .min: combine(fine.values, first, parents, yearCount) { $2 ? $1 : min($0, $1) }
      case .max: combine(fine.values, first, parents, yearCount) { $2 ? $1 : max($0, $1) }
      default: combine(fine.values, first, parents, yearCount) { before, value, _ in before + value }
      }
      return
    }
    for (member, parent) in parents.enumerated() {
      let (from, target) = (first + member * yearCount, Int(parent) * yearCount)
      for year in 0..<yearCount where skipped.isEmpty || !skipped[from + year] {
        add(fine.values[from + year], fine.states[from + year], to: target + year, aggregate)
      }
    }
  }

  /// - Parameter operation: Gets what there is so far, the next number, and whether that is the first.
  @inline(__always)
  private mutating func combine(
    _ source: [Double], _ first: Int, _ parents: [Int32], _ yearCount: Int,
    _ operation: (Double, Double, Bool) -> Double
  ) {
    for (member, parent) in parents.enumerated() {
      let (from, target) = (first + member * yearCount, Int(parent) * yearCount)
      for year in 0..<yearCount {
        let value = source[from + year]
        values[target + year] = operation(values[target + year], value, counts[target + year] == 0)
        counts[target + year] += 1
      }
    }
  }

  private mutating func add(_ element: Double, _ state: CellState, to cell: Int, _ aggregate: Aggregate) {
    guard state.hasValue else {
      if state == .withheld { withheldCounts[cell] += 1 }
      return
    }
    switch aggregate {
    case .min: values[cell] = counts[cell] == 0 ? element : min(values[cell], element)
    case .max: values[cell] = counts[cell] == 0 ? element : max(values[cell], element)
    default: values[cell] += element
    }
    counts[cell] += 1
    worst[cell] = max(worst[cell], state)
  }

  func finished(_ cell: Int, _ aggregate: Aggregate) -> (value: Double, state: CellState) {
    let (count, withheldCount) = (counts[cell], withheldCounts[cell])
    if aggregate == .count { return (Double(count), .known) }
    if aggregate == .countWithheld { return (Double(withheldCount), .known) }
    if count == 0 { return (0, withheldCount > 0 ? .withheld : .missing) }
    if withheldCount > 0 && (aggregate == .sum || aggregate == .mean) { return (0, .withheld) }
    let value = aggregate == .mean ? values[cell] / Double(count) : values[cell]
    return value.isFinite ? (value, worst[cell]) : (0, .missing)
  }
}
