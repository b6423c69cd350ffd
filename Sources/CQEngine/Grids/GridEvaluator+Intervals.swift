import CQColumns
import CQPlan

extension GridEvaluator {
  /// As ``evaluate(_:grid:)``, with the interval of every cell in place of its number. On a sparse grid, of every cell that there is.
  mutating func intervals(_ formula: Formula, grid: Int) throws -> IntervalVector {
    if let cells = sparse[grid] { return try intervals(formula, grid: grid, over: cells) }
    let target = plan.grids[grid]
    var inputs: [IntervalVector] = []
    for input in formula.inputs {
      switch input {
      case .cell(let index):
        let intervals = try cellIntervals(index)
        let broadcast = Self.broadcast(from: plan.requests[index].grid, to: target)
        inputs.append(broadcast.map { intervals.gathered($0.sourceRows()) } ?? intervals)
      case .reduction(let index, let column):
        let reduction = plan.reductions[index]
        let fine = try intervals(reduction.formulas[column], grid: reduction.grid)
        inputs.append(
          try Aggregation(aggregate: reduction.aggregate).reduce(
            fine, parents: reduction.parents, regionParents: reduction.regionParents,
            regionCount: target.region.groupCount, coarseCount: target.activity.groupCount,
            yearCount: target.years.count, control: control))
      case .exchangeRate(let table):
        inputs.append(IntervalVector(Broadcast(byPlaceAndYear: target).gathered(exchangeRates(table, target))))
      case .activityKind(let kind):
        inputs.append(IntervalVector(Broadcast(byActivity: target).gathered(activityKinds(kind, target))))
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .bounds, .kernel, .rowKernel:
        inputs.append(IntervalVector(missing: target.cellCount))
      }
    }
    return IntervalEvaluator(formula: formula, inputs: inputs, rowCount: target.cellCount).evaluate()
  }

  /// What is known about the cells of a request.
  mutating func cellIntervals(_ request: Int) throws -> IntervalVector {
    if let known = answeredBounds[request] { return known }
    let intervals = try boundsEngine.answer(plan.requests[request], answers[request])
    answeredBounds[request] = intervals
    return intervals
  }

  private mutating func intervals(_ formula: Formula, grid: Int, over cells: SparseCells) throws -> IntervalVector {
    let target = plan.grids[grid]
    var inputs: [IntervalVector] = []
    for input in formula.inputs {
      switch input {
      case .cell(let index) where plan.sparseGrid(grid)?.requests.contains(index) == true:
        inputs.append(try cellIntervals(index, over: cells))
      case .cell(let index):
        let broadcast = Self.broadcast(from: plan.requests[index].grid, to: target)
        inputs.append(try cellIntervals(index).gathered(cells.elements(of: broadcast)))
      case .exchangeRate(let table):
        let rates = exchangeRates(table, target)
        inputs.append(IntervalVector(try cells.gathered(rates, Broadcast(byPlaceAndYear: target), control)))
      case .activityKind(let kind):
        let kinds = activityKinds(kind, target)
        inputs.append(IntervalVector(try cells.gathered(kinds, Broadcast(byActivity: target), control)))
      case .reduction, .column, .namesLike, .memberTest, .textTest, .rowAggregate, .bounds, .kernel, .rowKernel:
        // The planner lays out grids whole where bounds are of sums over members.
        inputs.append(IntervalVector(missing: cells.count))
      }
    }
    return IntervalEvaluator(formula: formula, inputs: inputs, rowCount: cells.count).evaluate()
  }

  /// What is known about the cells of a request that rows have.
  private mutating func cellIntervals(_ index: Int, over cells: SparseCells) throws -> IntervalVector {
    if let known = answeredBounds[index] { return known }
    let request = plan.requests[index]
    // The numbers of the cells on the grid of the request, which may be of one year for all.
    let (yearCount, own) = (cells.grid.years.count, request.grid.years.count)
    let numbers = own == yearCount ? cells.numbers : cells.numbers.map { $0 / yearCount }
    let intervals = try boundsEngine.answer(request, answers[index], numbers: numbers)
    answeredBounds[index] = intervals
    return intervals
  }
}
