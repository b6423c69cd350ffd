import CQCatalog
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
    case singleRow = 5.4
    /// Combinations of codes, each with a sum of its own in every period.
    case codeCell = 2.5
    /// Rows that are added up for the combinations of codes that rows have, and what these combinations take later.
    case sparseRow = 26
    /// Possible cells of a sparse grid: bits of sets, looked through for every request.
    case sparseBit = 0.12
    /// One step of a formula at a cell that is one of few, what it loads being gathered for it; and its part in a sum.
    case sparseStep = 1.25
    case sparseMember = 8
    /// Cells of a request that are laid out, and one step of a formula at each.
    case answeredCell = 0.5
    case step = 0.15
    /// A cell that formulas pass over, for each request.
    case passedCell = 1.5
    /// A place of which it is decided what formulas may give where no rows are, and a part of its sums that is the same for many.
    case passedPlace = 1_000
    case passedMember = 0.25
    /// Rows of a grid; of one with gaps, which are taken out.
    case gridRow = 1.2
    case gapRow = 10
    /// Numbers that are put in order for a median, and numbers that a kernel gets.
    case orderedMember = 28
    case kernelCell = 120
    /// One step of a formula over rows; and the other verbs, for each row that they look at.
    case verbStep = 1.3
    case groupedRow = 1.4
    case sortedKey = 20
    case topRow = 0.4
    case rankedRow = 24
    case pivotedRow = 12.5
    case joinedRow = 18
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
    // Of a grid that is laid out whole the cells are known.
    let factRows =
      plan.sparseGrids.isEmpty
      ? 0 : try GroupingEngine(catalog: catalog, frame: frame, control: control, cache: cache).rowCount(plan)
    /// Whether nothing is computed on a grid but at cells that rows have, and at those of the others that may be kept, which are few most
    /// of the time; and how many cells something is computed for.
    func hasFewCells(_ grid: Int) -> Bool {
      plan.sparseGrid(grid).map { !$0.isPassedOver || $0.condition != nil } ?? false
    }
    func cellCount(_ grid: Int) -> Int {
      hasFewCells(grid) ? min(factRows, plan.grids[grid].cellCount) : plan.grids[grid].cellCount
    }
    let sparseRequests = Set(plan.sparseGrids.flatMap(\.requests))
    for (index, request) in plan.requests.enumerated() where !sparseRequests.contains(index) {
      cost.add(request.grid.cellCount, .answeredCell)
    }
    for sparse in plan.sparseGrids {
      cost.add(plan.grids[sparse.grid].cellCount, .sparseBit, times: Double(1 + sparse.requests.count))
    }
    func add(_ formula: Formula, on grid: Int, times weight: Double = 1) {
      let steps = Double(formula.instructions.count) * weight
      cost.add(cellCount(grid), hasFewCells(grid) ? .sparseStep : .step, times: steps)
      guard plan.sparseGrid(grid)?.isPassedOver == true else { return }
      for case .cell(let request) in formula.inputs where sparseRequests.contains(request) {
        cost.add(cellCount(grid), .passedCell, times: weight)
      }
    }
    for formula in plan.formulas { add(formula, on: 0) }
    for reduction in plan.reductions {
      if isOfGaps(reduction, plan) {
        let steps = reduction.formulas.reduce(0) { $0 + $1.instructions.count }
        cost.add(factRows, .sparseStep, times: Double(steps))
        cost.add(factRows, .sparseMember, times: Double(reduction.formulas.count))
        cost.add(cellCount(reduction.grid), .passedMember, times: Double(reduction.formulas.count))
        continue
      }
      // Of grids that are passed over, some turn out to have gaps of one kind.
      let weight = plan.sparseGrid(reduction.grid)?.isPassedOver == true && reduction.aggregate.isRunning ? 0.5 : 1
      for formula in reduction.formulas { add(formula, on: reduction.grid, times: weight) }
      if hasFewCells(reduction.grid) { cost.add(cellCount(reduction.grid), .sparseMember) }
      if !reduction.aggregate.isRunning { cost.add(cellCount(reduction.grid), .orderedMember) }
    }
    for kernel in plan.kernels {
      for formula in kernel.formulas { add(formula, on: kernel.grid) }
      cost.add(plan.grids[kernel.grid].cellCount, .kernelCell)
    }
    if let condition = plan.sparseGrid(0)?.condition {
      for formula in condition.filters + condition.shown + (condition.top.map { [$0.key] } ?? []) {
        add(formula, on: 0)
        cost.add(plan.grids[0].region.groupCount, .passedPlace)
      }
    }
    let rows = plan.sparseGrid(0) == nil ? plan.grids[0].cellCount : min(factRows, plan.grids[0].cellCount)
    cost.add(rows, .gridRow, times: Double(max(1, plan.formulas.count)))
    if plan.sparseGrid(0) == nil, frame.datasets.contains(where: { !$0.absentIsZero }) { cost.add(rows, .gapRow) }
    return rows
  }

  /// Whether what a reduction adds up where no rows are is the same for many places (``MemberGaps``), as far as that is plain: what
  /// surrounds a cell differs by places or by activities, not by both.
  private func isOfGaps(_ reduction: Reduction, _ plan: QueryPlan) -> Bool {
    guard plan.sparseGrid(reduction.grid)?.isPassedOver == true, reduction.aggregate.isRunning,
      MemberGaps.areAllowed(by: reduction.formulas)
    else { return false }
    let own = plan.sparseGrid(reduction.grid)?.requests ?? []
    var (differsByPlace, differsByActivity) = (false, false)
    for case .cell(let request) in reduction.formulas.flatMap(\.inputs) where !own.contains(request) {
      let grid = plan.requests[request].grid
      differsByPlace = differsByPlace || grid.region.groupCount > 1
      differsByActivity = differsByActivity || grid.activity.groupCount > 1
    }
    return !(differsByPlace && differsByActivity)
  }

  /// - Parameter rowCount: Rows that the stage gets, and those that it leaves, as far as anyone can say before.
  private func add(_ stage: QueryPlan.Stage, _ rowCount: inout Int, to cost: inout CostEstimate) throws {
    func add(_ formula: Formula) {
      cost.add(rowCount, .verbStep, times: Double(formula.instructions.count))
      for input in formula.inputs {
        switch input {
        case .rowAggregate(let aggregate):
          // Each more column makes more groups, until they are hashed.
          cost.add(rowCount, .groupedRow, times: [0.2, 1, 3, 9][min(3, aggregate.groups.count)])
        case .rowKernel: cost.add(rowCount, .kernelCell)
        default: break
        }
      }
    }
    switch stage {
    case .filter(let formula):
      add(formula)
      rowCount = (rowCount + 3) / 4
    case .derive(let formula, _): add(formula)
    case .sort(let keys):
      for (key, _) in keys { add(key) }
      cost.add(rowCount, .sortedKey, times: 0.7 + 0.3 * Double(keys.count))
    case .top(let count, let key, _):
      add(key)
      cost.add(rowCount, .topRow)
      rowCount = min(rowCount, count)
    case .first(let count): rowCount = min(rowCount, count)
    case .rank(let formula, _):
      add(formula)
      cost.add(rowCount, .rankedRow)
    case .collapse(let groups):
      cost.add(rowCount, .groupedRow, times: [0.2, 0.3, 3, 9][min(3, groups.count)])
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
