import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

extension GroupingEngine {
  /// Finds the cells of a sparse grid, and what its requests have there.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`, ``CatalogError`` for damaged columns.
  func answer(_ sparse: SparseGrid, _ plan: QueryPlan, _ answers: inout Answers) throws {
    let grid = plan.grids[sparse.grid]
    try control.ledger.reserve(CellSet.byteCount(spaceCount: grid.cellCount), control.limits)
    var own: [(request: Int, answer: SparseAnswer)] = []
    for request in sparse.requests { own.append((request, try sparseAnswer(plan.requests[request]))) }
    if sparse.condition != nil {
      // Which cells there are to be is known when formulas have passed over all.
      for (request, answer) in own {
        answers.cells[request] = GroupedCells(passedOver: SparseBlocks(answer: answer, yearCount: grid.years.count))
      }
      return
    }
    var set = try CellSet(spaceCount: grid.cellCount, control)
    for (_, answer) in own { try answer.mark(in: &set, yearCount: grid.years.count, control) }
    for reduction in sparse.reductions {
      let reduction = plan.reductions[reduction]
      answers.sparse[reduction.grid]?.markParents(of: reduction, on: grid, in: &set)
    }
    try layOut(own, on: set, sparse, plan, &answers)
  }

  /// Lays out what rows of a grid that formulas have passed over are made of, for those of its cells that are `kept`; of these
  /// the rest of the plan is computed as of any sparse grid.
  func keep(_ kept: CellSet, _ plan: inout QueryPlan, _ answers: inout Answers) throws {
    guard let index = plan.sparseGrids.firstIndex(where: { $0.grid == 0 }) else { return }
    let sparse = plan.sparseGrids[index]
    try layOut(passedOver(sparse, answers), on: kept, sparse, plan, &answers)
    plan.sparseGrids[index].layout = .rowsOnly
  }

  /// The same for the cells that rows of the data have, to look at these before others.
  ///
  /// - Returns: Bytes that have been reserved for that.
  func keepRows(_ plan: inout QueryPlan, _ answers: inout Answers) throws -> Int {
    guard let index = plan.sparseGrids.firstIndex(where: { $0.grid == 0 }) else { return 0 }
    let sparse = plan.sparseGrids[index]
    let (grid, own) = (plan.grids[0], passedOver(sparse, answers))
    let bytes = CellSet.byteCount(spaceCount: grid.cellCount)
    try control.ledger.reserve(bytes, control.limits)
    var set = try CellSet(spaceCount: grid.cellCount, control)
    for (_, answer) in own { try answer.mark(in: &set, yearCount: grid.years.count, control) }
    try set.finish(control)
    let bytesOfCells = set.count * bytesPerCell(sparse, plan)
    try control.ledger.reserve(bytesOfCells, control.limits)
    let cells = SparseCells(grid: grid, set: set)
    answers.sparse[0] = cells
    for (request, answer) in own { answers.cells[request] = try answer.laidOut(on: cells, control) }
    plan.sparseGrids[index].layout = .rowsOnly
    return bytes + bytesOfCells
  }

  private func passedOver(_ sparse: SparseGrid, _ answers: Answers) -> [(request: Int, answer: SparseAnswer)] {
    sparse.requests.compactMap { request in answers.cells[request]?.blocks.map { (request, $0.answer) } }
  }

  private func bytesPerCell(_ sparse: SparseGrid, _ plan: QueryPlan) -> Int {
    8 + sparse.requests.count * 21 + (sparse.grid == 0 ? plan.bytesPerRow : 0)
  }

  private func layOut(
    _ own: [(request: Int, answer: SparseAnswer)], on set: CellSet, _ sparse: SparseGrid, _ plan: QueryPlan,
    _ answers: inout Answers
  ) throws {
    var set = set
    try set.finish(control)
    let grid = plan.grids[sparse.grid]
    try control.countSparseCells(set.count * (1 + sparse.requests.count), plan)
    try control.ledger.reserve(set.count * bytesPerCell(sparse, plan), control.limits)
    let cells = SparseCells(grid: grid, set: set)
    answers.sparse[sparse.grid] = cells
    for (request, answer) in own {
      answers.cells[request] = try answer.laidOut(on: cells, control)
      if sparse.isPassedOver {
        answers.cells[request]?.blocks = SparseBlocks(answer: answer, yearCount: grid.years.count)
      }
    }
    control.ledger.addSparseGrid(possible: grid.cellCount, count: set.count, isPassedOver: sparse.isPassedOver)
  }

  /// The answer of all datasets that have the measure.
  private func sparseAnswer(_ request: GroupingRequest) throws -> SparseAnswer {
    let positions = frame.sources.indices.filter { frame.sources[$0].measures.contains(request.measure) }
    var result = SparseAnswer(request.grid)
    for position in positions {
      let source = frame.sources[position]
      guard let measure = source.dataset.measure(named: request.measure) else { continue }
      if positions.count == 1 {
        return SparseAnswer(request.grid, try scans[position].sparseYears(request.grid, measure))
      }
      let groups = groups(of: request.grid.region, in: source.countries)
      if groups.isEmpty { continue }
      let years = try scans[position].sparseYears(request.grid, measure)
      try result.take(years, of: groups, isAdditive: measure.additive.contains(.region), control)
    }
    return result
  }
}
