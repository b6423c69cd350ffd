import CQCatalog
import CQColumns
import CQSemantics

/// A grid of which only the cells that some row of the data is in are laid out: of the others it is certain that no formula
/// has a number there.
package struct SparseGrid: Sendable {
  /// Index among the grids of the plan.
  package var grid: Int
  /// Requests for the groups of this grid, in its years or in one year for all.
  package var requests: [Int]
  /// Reductions of finer grids, sparse too, whose numbers stand on this one.
  package var reductions: [Int]
}

/// Why a grid of more cells than the budget has to be laid out whole.
package enum SparseObstacle: Sendable, Equatable {
  /// The dataset says that a cell that is not listed is 0: then every cell is a row.
  case absentIsZero(dataset: String)
  /// A formula gives a number where the data have none.
  case formula(name: String)
  case kernel(name: String)
  case bounds
  case engine(dataset: String)
  case severalDatasets
  case clusterShares
  /// More groups in one year than codes can number.
  case groups

  /// What stands in the way, as the end of a sentence.
  package var reason: String {
    switch self {
    case .absentIsZero(let dataset): "in \(dataset) a cell that is not listed is 0, so that every cell is a row"
    case .formula(let name): "\(name) gives a number where the data have none, so that every cell is a row"
    case .kernel(let name): "\(name) takes all cells at a time"
    case .bounds: "bounds are found for all cells at a time"
    case .engine(let dataset): "the rows of \(dataset) are in an engine"
    case .severalDatasets: "they come from several datasets"
    case .clusterShares: "codes are shared among clusters by weights"
    case .groups: "there are too many places and activities"
    }
  }
}

/// Finds the grids that need not be laid out whole.
///
/// A cell of a grid is *empty* when no row of a measure that formulas ask for at the grid's own places and activities is in it.
/// Where every formula is missing at empty cells, they are left out: rows that have nothing are no rows, and sums over members
/// pass over what is missing.
struct SparseGrids {
  let catalog: Catalog
  let plan: QueryPlan
  /// Cells up to which a grid is laid out whole.
  let budget: Int

  /// What is evaluated on a grid.
  private struct Use {
    var formula: Formula
    var name: String
    /// Rows exist, or members count, where it has a number.
    var decides: Bool
  }

  /// - Returns: Fine grids before the coarser ones that their sums stand on; and for grids over the budget that are laid out whole
  ///   why they are.
  func find() -> (grids: [SparseGrid], obstacles: [SparseObstacle]) {
    guard case .frame(let frame, let columns) = plan.query.source else { return ([], []) }
    let large = plan.grids.indices.filter { index in
      plan.grids[index].cellCount > budget && (index != 0 || !frame.levels.isEmpty)
    }
    guard !large.isEmpty else { return ([], []) }
    let uses = uses(columns)
    var found: [Int: SparseGrid] = [:]
    var reasons: [Int: SparseObstacle] = [:]
    // Sums of a finer grid stand on a coarser one, so the finer ones come first.
    for grid in large.sorted(by: { isFiner($0, than: $1) }) {
      let sparse = SparseGrid(
        grid: grid, requests: ownRequests(of: grid, uses[grid] ?? []),
        reductions: reductions(on: grid, uses[grid] ?? []))
      if let obstacle = obstacle(sparse, uses, frame, reasons) {
        reasons[grid] = obstacle
      } else {
        found[grid] = sparse
      }
    }
    let order = large.sorted { isFiner($0, than: $1) }
    var obstacles: [SparseObstacle] = []
    for grid in order {
      if let reason = reasons[grid], !obstacles.contains(reason) { obstacles.append(reason) }
    }
    return (order.compactMap { found[$0] }, obstacles)
  }

  private func isFiner(_ one: Int, than other: Int) -> Bool {
    let levels = { (grid: Grid) in grid.region.levels.count + grid.activity.levels.count }
    let (left, right) = (plan.grids[one], plan.grids[other])
    return levels(left) != levels(right) ? levels(left) > levels(right) : one > other
  }

  /// Everything that is evaluated on each grid.
  private func uses(_ columns: [SourceColumn]) -> [Int: [Use]] {
    var uses: [Int: [Use]] = [:]
    for (index, formula) in plan.formulas.enumerated() {
      let name = columns.indices.contains(index) ? columns[index].name : ""
      uses[0, default: []].append(Use(formula: formula, name: name, decides: !name.isEmpty))
    }
    for reduction in plan.reductions {
      for formula in reduction.formulas {
        uses[reduction.grid, default: []].append(
          Use(formula: formula, name: "\(reduction.aggregate)", decides: true))
      }
    }
    return uses
  }

  private func ownRequests(of grid: Int, _ uses: [Use]) -> [Int] {
    var requests: [Int] = []
    for use in uses {
      for case .cell(let request) in use.formula.inputs
      where !requests.contains(request) && isOwn(plan.requests[request].grid, of: plan.grids[grid]) {
        requests.append(request)
      }
    }
    return requests
  }

  private func isOwn(_ request: Grid, of grid: Grid) -> Bool {
    request.region == grid.region && request.activity == grid.activity
      && (request.years.count == grid.years.count || request.years.count == 1)
  }

  private func reductions(on grid: Int, _ uses: [Use]) -> [Int] {
    var reductions: [Int] = []
    for use in uses {
      for case .reduction(let reduction, _) in use.formula.inputs where !reductions.contains(reduction) {
        reductions.append(reduction)
      }
    }
    return reductions
  }

  // MARK: - Obstacles

  private func obstacle(
    _ sparse: SparseGrid, _ uses: [Int: [Use]], _ frame: Frame, _ reasons: [Int: SparseObstacle]
  ) -> SparseObstacle? {
    let grid = plan.grids[sparse.grid]
    let (groups, overflows) = grid.region.groupCount.multipliedReportingOverflow(by: grid.activity.groupCount)
    if overflows || groups >= Int(Int32.max) { return .groups }
    if let kernel = plan.kernels.first(where: { $0.grid == sparse.grid }) { return .kernel(name: kernel.call.name) }
    if plan.bounds.contains(where: { $0.grid == sparse.grid }) { return .bounds }
    for (index, others) in uses {
      for input in others.flatMap(\.formula.inputs) {
        switch input {
        case .kernel(let kernel, _) where index == sparse.grid: return .kernel(name: plan.kernels[kernel].call.name)
        // What is read for this grid alone is not there for another.
        case .cell(let request) where index != sparse.grid && sparse.requests.contains(request):
          return .formula(name: plan.requests[request].measure)
        default: break
        }
      }
    }
    for formula in plan.kernels.flatMap(\.formulas) + plan.bounds.map(\.formula) {
      for case .cell(let request) in formula.inputs where sparse.requests.contains(request) { return .bounds }
    }
    for request in sparse.requests {
      if let obstacle = obstacle(plan.requests[request], frame) { return obstacle }
    }
    for reduction in sparse.reductions.map({ plan.reductions[$0] }) {
      // Sums stand on a sparse grid only if they are of one.
      if let reason = reasons[reduction.grid] { return reason }
      if plan.grids[reduction.grid].cellCount <= budget { return .formula(name: "\(reduction.aggregate)") }
    }
    for use in uses[sparse.grid] ?? [] where use.decides && !isMissingWhereEmpty(use.formula, sparse) {
      return .formula(name: use.name)
    }
    return nil
  }

  private func obstacle(_ request: GroupingRequest, _ frame: Frame) -> SparseObstacle? {
    let sources = frame.sources.filter { $0.measures.contains(request.measure) }
    guard let source = sources.first, sources.count == 1 else { return .severalDatasets }
    let dataset = source.dataset
    if dataset.remote != nil { return .engine(dataset: dataset.name) }
    if dataset.absentIsZero { return .absentIsZero(dataset: dataset.name) }
    if request.grid.activity.usesClusters, catalog.weights(scheme: dataset.scheme) != nil { return .clusterShares }
    return nil
  }

  /// Whether the formula is missing at every empty cell, whatever stands on coarser grids.
  private func isMissingWhereEmpty(_ formula: Formula, _ sparse: SparseGrid) -> Bool {
    var stack: [Bool] = []
    for instruction in formula.instructions {
      var operandCount = 0
      switch instruction {
      case .load(let input):
        stack.append(isMissingWhereEmpty(formula.inputs[input], sparse))
        continue
      case .constant(_, let state):
        stack.append(state == .missing)
        continue
      case .isState: operandCount = 1
      case .negate, .not: operandCount = 1
      case .arithmetic, .compare, .both, .either, .coalesce: operandCount = 2
      case .select: operandCount = 3
      case .function(_, let count): operandCount = count
      }
      guard stack.count >= operandCount else { return false }
      let operands = Array(stack.suffix(operandCount))
      stack.removeLast(operandCount)
      switch instruction {
      case .isState: stack.append(false)
      // One side may decide, or stand in.
      case .both, .either, .coalesce: stack.append(operands.allSatisfy { $0 })
      // A test that is withheld makes withheld what would be missing either way.
      case .select: stack.append(operands[0])
      default: stack.append(operands.contains(true))
      }
    }
    return stack.last ?? false
  }

  private func isMissingWhereEmpty(_ input: Formula.Input, _ sparse: SparseGrid) -> Bool {
    switch input {
    case .cell(let request): sparse.requests.contains(request)
    case .reduction(let reduction, _):
      switch plan.reductions[reduction].aggregate {
      // Of no members there are none.
      case .count, .countWithheld: false
      default: sparse.reductions.contains(reduction)
      }
    default: false
    }
  }
}
