import CQPlan
import CQSemantics

/// What a query is going to take, from what is known before anything is read: rows by the way they will be read, cells by what is
/// done with them, and rows that verbs look at.
///
/// The nanoseconds are of one thread, as `Benchmarks/estimates.py` measures them: they tell a query of a moment from one of minutes,
/// not one machine from another. Nothing is refused because of them; only ``bytes`` is held against a limit.
struct CostEstimate {
  /// Kinds of work, by nanoseconds for each row or cell.
  enum Work: Double {
    /// Rows that are added up by code, where places are runs and where they are not, and rows that are looked at one by one.
    case sortedRow = 0.36
    case looseRow = 1.1
    case singleRow = 4
    /// Rows that are added up for the combinations of codes that rows have, and what these combinations take later.
    case sparseRow = 120
    /// Possible cells of a sparse grid: bits of a set, looked through for every request.
    case sparseBit = 0.25
    /// Cells of a request that are laid out.
    case answeredCell = 2
    /// One step of a formula at one cell.
    case step = 0.8
    /// Rows of a grid, with the codes of their members.
    case gridRow = 5
    /// Numbers that a kernel gets.
    case kernelCell = 30
    /// One step of a formula over rows; and the other verbs, for each row that they look at.
    case verbStep = 3
    case groupedRow = 22
    case sortedKey = 75
    case topRow = 8
    case rankedRow = 70
    case pivotedRow = 40
    case joinedRow = 45
    case savedRow = 150
  }

  /// What there is to do, in nanoseconds of one thread: what several threads share, and what one does alone.
  private var shared = 0.0
  private var alone = 0.0
  /// What sums by code take.
  var bytes = 0

  /// - Parameter weight: How often that is done.
  mutating func add(_ count: Int, _ work: Work, times weight: Double = 1) {
    let nanoseconds = Double(count) * work.rawValue * weight
    if count >= RollUp.threadedCellCount { shared += nanoseconds } else { alone += nanoseconds }
  }

  mutating func add(_ other: CostEstimate) {
    shared += other.shared
    alone += other.alone
    bytes += other.bytes
  }

  /// - Parameter threads: For what there is enough of.
  func milliseconds(threads: Int) -> Double { (Self.start + alone + shared / Double(max(1, threads))) / 1e6 }

  /// What any query takes.
  private static let start = 200_000.0
}

extension Executor {
  /// What `plan` is going to take, with the tables that it joins and appends.
  func expected(_ plan: QueryPlan) throws -> CostEstimate {
    var cost = CostEstimate()
    var rowCount = plan.grids.first?.cellCount ?? 0
    switch plan.query.source {
    case .frame(let frame, _):
      cost = try GroupingEngine(catalog: catalog, frame: frame, control: control, cache: cache).expected(plan)
      rowCount = try addGrids(of: plan, frame, to: &cost)
    case .imported(let table): rowCount = table.rowCount
    case .catalogue: break
    }
    for stage in plan.stages {
      try add(stage, &rowCount, to: &cost)
    }
    return cost
  }

  /// - Returns: Rows of the table, about.
  private func addGrids(of plan: QueryPlan, _ frame: Frame, to cost: inout CostEstimate) throws -> Int {
    let factRows = try GroupingEngine(catalog: catalog, frame: frame, control: control, cache: cache).rowCount(plan)
    /// Cells of a grid that something is computed for.
    func cellCount(_ grid: Int) -> Int {
      guard let sparse = plan.sparseGrid(grid), !sparse.isPassedOver else { return plan.grids[grid].cellCount }
      return min(factRows, plan.grids[grid].cellCount)
    }
    let sparseRequests = Set(plan.sparseGrids.flatMap(\.requests))
    for (index, request) in plan.requests.enumerated() where !sparseRequests.contains(index) {
      cost.add(request.grid.cellCount, .answeredCell)
    }
    for sparse in plan.sparseGrids {
      cost.add(plan.grids[sparse.grid].cellCount, .sparseBit, times: Double(1 + sparse.requests.count))
    }
    func add(_ formula: Formula, on grid: Int) {
      cost.add(cellCount(grid), .step, times: Double(formula.instructions.count))
    }
    for formula in plan.formulas { add(formula, on: 0) }
    for reduction in plan.reductions {
      for formula in reduction.formulas { add(formula, on: reduction.grid) }
      if !reduction.aggregate.isRunning { cost.add(cellCount(reduction.grid), .kernelCell) }
    }
    for kernel in plan.kernels {
      for formula in kernel.formulas { add(formula, on: kernel.grid) }
      cost.add(plan.grids[kernel.grid].cellCount, .kernelCell)
    }
    if let condition = plan.sparseGrid(0)?.condition {
      // A `top` needs two passes, and each begins with the filters.
      for formula in condition.filters { add(formula, on: 0) }
      if let top = condition.top {
        for formula in condition.filters + condition.shown + [top.key, top.key] { add(formula, on: 0) }
      }
    }
    let rows = plan.sparseGrid(0) == nil ? plan.grids[0].cellCount : min(factRows, plan.grids[0].cellCount)
    cost.add(rows, .gridRow, times: Double(1 + plan.formulas.count))
    return rows
  }

  /// - Parameter rowCount: Rows that the stage gets, and those that it leaves, as far as anyone can say before.
  private func add(_ stage: QueryPlan.Stage, _ rowCount: inout Int, to cost: inout CostEstimate) throws {
    func add(_ formula: Formula) {
      cost.add(rowCount, .verbStep, times: Double(formula.instructions.count))
      for input in formula.inputs {
        switch input {
        case .rowAggregate(let aggregate): cost.add(rowCount, .groupedRow, times: aggregate.groups.isEmpty ? 0.2 : 1)
        case .rowKernel: cost.add(rowCount, .kernelCell)
        default: break
        }
      }
    }
    switch stage {
    case .filter(let formula):
      add(formula)
      rowCount = (rowCount + 1) / 2
    case .derive(let formula, _): add(formula)
    case .sort(let keys):
      for (key, _) in keys { add(key) }
      cost.add(rowCount, .sortedKey, times: 0.5 + 0.5 * Double(keys.count))
    case .top(let count, let key, _):
      add(key)
      cost.add(rowCount, .topRow)
      rowCount = min(rowCount, count)
    case .first(let count): rowCount = min(rowCount, count)
    case .rank(let formula, _):
      add(formula)
      cost.add(rowCount, .rankedRow)
    case .collapse:
      cost.add(rowCount, .groupedRow)
      rowCount = (rowCount + 3) / 4
    case .pivot, .unpivot, .compare: cost.add(rowCount, .pivotedRow)
    case .kernel: cost.add(rowCount, .kernelCell)
    case .describe(let columns): cost.add(rowCount, .sortedKey, times: Double(columns.count))
    case .append(let other, _), .join(let other, _, _, _):
      cost.add(try expected(other))
      cost.add(rowCount, .joinedRow)
    case .save: cost.add(rowCount, .savedRow)
    case .hidden, .note, .compareTotal: break
    }
  }
}
