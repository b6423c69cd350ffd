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
