import CQColumns
import CQMethods
import CQPlan
import CQSemantics
internal import Synchronization

/// Some places of a grid and some of their activities, in all years: as much as need lie in memory at a time.
struct GridPart: Sendable {
  let regions: Range<Int>
  let activities: Range<Int>

  /// Cells of a part, about.
  private static let cellCount = 1 << 20

  /// Parts with all activities of some places, or with all places of some activities.
  static func parts(of grid: Grid, areOverPlaces: Bool) -> [GridPart] {
    let (regions, activities) = (0..<grid.region.groupCount, 0..<grid.activity.groupCount)
    let others = max(1, (areOverPlaces ? regions : activities).count * grid.years.count)
    let size = max(1, cellCount / others)
    return (areOverPlaces ? activities : regions).chunks(of: size).map { chunk in
      areOverPlaces ? GridPart(regions: regions, activities: chunk) : GridPart(regions: chunk, activities: activities)
    }
  }
}

extension Range<Int> {
  fileprivate func chunks(of size: Int) -> [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: size).map { $0..<Swift.min(upperBound, $0 + size) }
  }
}

// Grids whose formulas pass over all cells, where more than a running sum is made of them.

extension GridEvaluator {
  /// The numbers of formulas in a part of their grid: region, then activity, then year.
  func numbers(_ evaluators: [FormulaEvaluator], in part: GridPart, of grid: Grid) throws -> [Vector] {
    let (width, years) = (grid.activity.groupCount, grid.years.count)
    let pieces = part.regions.map { region in
      (region * width + part.activities.lowerBound) * years..<(region * width + part.activities.upperBound) * years
    }
    return try evaluators.map { try $0.evaluate(pieces, control) }
  }

  /// Combines the cells of a finer grid that formulas pass over, where an aggregate needs all numbers of a cell at once.
  mutating func combinedInPassing(_ reduction: Reduction, onto coarse: Grid) throws -> [Vector] {
    let aggregation = Aggregation(aggregate: reduction.aggregate)
    let (fine, yearCount) = (plan.grids[reduction.grid], coarse.years.count)
    let isOverPlaces = !reduction.regionParents.isEmpty
    var evaluators: [FormulaEvaluator] = []
    for formula in reduction.formulas { evaluators.append(try evaluator(formula, grid: reduction.grid)) }
    var result = evaluators.map { _ in Vector(repeating: .missing, count: coarse.cellCount) }
    for part in GridPart.parts(of: fine, areOverPlaces: isOverPlaces) {
      // A part has all members of its cells: some places of the coarser grid, or some activities of all of them.
      let regions = isOverPlaces ? 0..<coarse.region.groupCount : part.regions
      let activities = isOverPlaces ? part.activities : 0..<coarse.activity.groupCount
      for (column, numbers) in try numbers(evaluators, in: part, of: fine).enumerated() {
        let cells = try aggregation.reduce(
          numbers, parents: isOverPlaces ? (0..<Int32(part.activities.count)).map { $0 } : reduction.parents,
          regionParents: reduction.regionParents, regionCount: regions.count, coarseCount: activities.count,
          yearCount: yearCount, control: control)
        for (position, region) in regions.enumerated() {
          let length = activities.count * yearCount
          let target = (region * coarse.activity.groupCount + activities.lowerBound) * yearCount
          for cell in 0..<length {
            result[column].values[target + cell] = cells.values[position * length + cell]
            result[column].states[target + cell] = cells.states[position * length + cell]
          }
        }
      }
    }
    return result
  }
}

// MARK: - Rows

extension GridEvaluator {
  /// The cells of the rows that the first verbs may keep, of a grid of rows that formulas pass over.
  ///
  /// - Complexity: Every cell is computed, once or (for `top`) twice; a bit for each is kept.
  mutating func selectedCells(_ selection: RowCondition) throws -> CellSet {
    let grid = plan.grids[0]
    var filters: [FormulaEvaluator] = []
    for formula in selection.filters { filters.append(try evaluator(formula, grid: 0)) }
    var shown: [FormulaEvaluator] = []
    for formula in selection.shown { shown.append(try evaluator(formula, grid: 0)) }
    var bound: (evaluator: FormulaEvaluator, isLargest: Bool, value: Double)?
    if let top = selection.top {
      let key = try evaluator(top.key, grid: 0)
      let passing = PassingRows(filters: filters, shown: shown, cellCount: grid.cellCount, control: control)
      if let value = try passing.last(of: top.count, by: key, isLargest: top.isLargest) {
        bound = (key, top.isLargest, value)
      }
    }
    return try PassingRows(filters: filters, shown: shown, cellCount: grid.cellCount, control: control).cells(bound)
  }
}

/// Rows of a grid while formulas pass over its cells.
private struct PassingRows: Sendable {
  /// Cells that a worker takes at a time: whole words of a ``CellSet``.
  private static let unitCellCount = 64 * BlockStack.width

  let filters: [FormulaEvaluator]
  /// A cell in which none of these has anything is no row.
  let shown: [FormulaEvaluator]
  let cellCount: Int
  let control: RunControl

  private var unitCount: Int { (cellCount + Self.unitCellCount - 1) / Self.unitCellCount }

  private func cells(of unit: Int) -> Range<Int> {
    unit * Self.unitCellCount..<min(cellCount, (unit + 1) * Self.unitCellCount)
  }

  /// For each cell of a unit whether it is a row that all filters keep, or that they will say of that they can't compare it; empty where none is.
  private func isKept(_ cells: Range<Int>) -> [Bool] {
    var isKept = [Bool](repeating: true, count: cells.count)
    for filter in filters {
      let tests = filter.evaluate(cells)
      for cell in isKept.indices where tests.states[cell].hasValue && tests.values[cell] == 0 {
        isKept[cell] = false
      }
      if !isKept.contains(true) { return [] }
    }
    guard !shown.isEmpty else { return isKept }
    let columns = shown.map { $0.evaluate(cells) }
    for cell in isKept.indices where isKept[cell] {
      isKept[cell] = columns.contains { $0.states[cell] != .missing }
    }
    return isKept
  }

  /// The number of the last row of the `count` first ones by `key`; nil where there are not so many numbers.
  func last(of count: Int, by key: FormulaEvaluator, isLargest: Bool) throws -> Double? {
    // The largest so far, in order; negated for the smallest.
    let best = Mutex<[Double]>([])
    try Scheduler(control.limits, isWorthwhile: unitCount > 1).run(unitCount) { unit in
      try control.check()
      let cells = cells(of: unit)
      let isKept = isKept(cells)
      if isKept.isEmpty { return }
      let keys = key.evaluate(cells)
      let bound = best.withLock { $0.count < count ? -Double.infinity : $0[count - 1] }
      var found: [Double] = []
      for cell in isKept.indices where isKept[cell] && keys.states[cell].hasValue {
        let value = isLargest ? keys.values[cell] : -keys.values[cell]
        if value > bound { found.append(value) }
      }
      if found.isEmpty { return }
      let additional = found
      best.withLock { best in best = Array((best + additional).sorted(by: >).prefix(count)) }
    }
    let values = best.withLock { $0 }
    return values.count < count ? nil : isLargest ? values[count - 1] : -values[count - 1]
  }

  /// - Parameter bound: Rows beyond it are left out; nil for all.
  func cells(_ bound: (evaluator: FormulaEvaluator, isLargest: Bool, value: Double)?) throws -> CellSet {
    var set = CellSet(spaceCount: cellCount)
    try set.fill { words in
      try Scheduler(control.limits, isWorthwhile: unitCount > 1).run(unitCount) { unit in
        try control.check()
        let cells = cells(of: unit)
        var isKept = isKept(cells)
        if isKept.isEmpty { return }
        if let bound {
          let keys = bound.evaluator.evaluate(cells)
          for cell in isKept.indices where isKept[cell] {
            isKept[cell] =
              keys.states[cell].hasValue
              && (bound.isLargest ? keys.values[cell] >= bound.value : keys.values[cell] <= bound.value)
          }
        }
        for (index, cell) in zip(cells, isKept.indices) where isKept[cell] {
          words[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
        }
      }
    }
    return set
  }
}
