import CQCatalog
import CQColumns
import CQSemantics

/// A grid of which only the cells that some row of the data is in are laid out.
package struct SparseGrid: Sendable {
  /// What is done about the other cells.
  package enum Layout: Sendable, Equatable {
    /// Nothing: it is certain that no formula has a number there.
    case rowsOnly
    /// Formulas are computed there too, but in passing: block by block, and their numbers are added up at once.
    case inPassing(why: SparseObstacle)
  }

  /// Index among the grids of the plan.
  package var grid: Int
  package var layout: Layout
  /// Requests for the groups of this grid, in its years or in one year for all.
  package var requests: [Int]
  /// Reductions of finer grids, sparse too, whose numbers stand on this one.
  package var reductions: [Int]
  /// Of rows that formulas pass over, which of them verbs may keep.
  package var condition: RowCondition?

  /// Why formulas are computed at all of its cells; nil where they are not.
  package var whyPassedOver: SparseObstacle? { if case .inPassing(let why) = layout { why } else { nil } }
  package var isPassedOver: Bool { whyPassedOver != nil }
}

/// What the first verbs after a grid of rows ask of these: others need not be laid out.
package struct RowCondition: Sendable {
  /// The columns of the table: a cell in which none has anything is no row.
  package var shown: [Formula]
  /// What has to be true.
  package var filters: [Formula] = []
  /// For each filter whether it is unknown only where its cell is no row: it compares the only column with a number.
  package var isUnknownWithoutRow: [Bool] = []
  package var top: (count: Int, key: Formula, isLargest: Bool)?

  /// Rows of a `top` that are looked for while formulas pass over the cells.
  static let largestTop = 10_000
}

/// Why a grid of more cells than the budget has to be laid out whole, or at least passed over.
package enum SparseObstacle: Sendable, Equatable {
  /// The dataset says that a cell that is not listed is 0: then every cell is a row.
  case absentIsZero(dataset: String)
  /// A formula gives a number where the data have none.
  case formula(name: String)
  /// A kernel, or an aggregate that is not added up member by member.
  case allAtOnce(name: String)
  /// A sum of a finer grid is wanted in every cell of this one.
  case nested(name: String)
  case bounds
  case engine(dataset: String)
  case clusterShares
  /// More groups in one year than codes can number.
  case groups

  /// What stands in the way, as the end of a sentence.
  package var reason: String {
    switch self {
    case .absentIsZero(let dataset): "in \(dataset) a cell that is not listed is 0, so that every cell is a row"
    case .formula(let name): "\(name) gives a number where the data have none, so that every cell is a row"
    case .allAtOnce(let name): "\(name) takes all cells at a time"
    case .nested(let name): "every cell needs \(name) of a finer level"
    case .bounds: "bounds are found for all cells at a time"
    case .engine(let dataset): "the rows of \(dataset) are in an engine"
    case .clusterShares: "codes are shared among clusters by weights"
    case .groups: "there are too many places and activities"
    }
  }

  /// What to do about it.
  package var help: String {
    switch self {
    case .absentIsZero, .formula:
      "keep rows by their numbers (`| where x > 0`, `| top 20`), add up over a level, or add `in:`"
    case .allAtOnce: "ask for one year or a coarser level, or add `in:`"
    case .bounds: "ask for the bounds of fewer places: add `in:`"
    case .engine: "import the table as a file, ask for fewer years or a coarser level, or add `in:`"
    case .nested, .clusterShares, .groups: "add `in:`, or ask for fewer years or a coarser level"
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
    let candidates = plan.grids.indices.filter { index in
      plan.grids[index].cellCount > budget / Self.leastPart && (index != 0 || !frame.levels.isEmpty)
    }
    guard !candidates.isEmpty else { return ([], []) }
    let uses = uses(columns)
    let large = candidates.filter { index in
      plan.grids[index].cellCount > budget || hasFewRows(index, uses[index] ?? [], frame)
    }
    var found: [Int: SparseGrid] = [:]
    var reasons: [Int: SparseObstacle] = [:]
    // Sums of a finer grid stand on a coarser one, so the finer ones come first.
    for grid in large.sorted(by: { isFiner($0, than: $1) }) {
      var sparse = SparseGrid(
        grid: grid, layout: .rowsOnly, requests: ownRequests(of: grid, uses[grid] ?? []),
        reductions: reductions(on: grid, uses[grid] ?? []))
      if let obstacle = obstacle(sparse, uses, frame) {
        reasons[grid] = obstacle
        continue
      }
      if let why = numbersAtEmptyCells(sparse, uses[grid] ?? [], frame, found, reasons) {
        if grid == 0 { sparse.condition = condition(sparse, frame, columns) }
        if let obstacle = obstacleInPassing(sparse, uses[grid] ?? [], why) ?? slowInPassing(grid, why) {
          reasons[grid] = obstacle
          continue
        }
        sparse.layout = .inPassing(why: why)
      }
      found[grid] = sparse
    }
    let order = large.sorted { isFiner($0, than: $1) }
    var obstacles: [SparseObstacle] = []
    for grid in order where plan.grids[grid].cellCount > budget {
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
          Use(formula: formula, name: reduction.aggregate.name, decides: true))
      }
    }
    for kernel in plan.kernels {
      for formula in kernel.formulas {
        uses[kernel.grid, default: []].append(Use(formula: formula, name: kernel.call.name, decides: true))
      }
    }
    for bounds in plan.bounds {
      uses[bounds.grid, default: []].append(Use(formula: bounds.formula, name: "bounds", decides: false))
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

  /// What keeps the numbers of rows from lying by themselves, whatever formulas make of them.
  private func obstacle(_ sparse: SparseGrid, _ uses: [Int: [Use]], _ frame: Frame) -> SparseObstacle? {
    let grid = plan.grids[sparse.grid]
    let places = max(grid.region.groupCount, grid.region.parts.reduce(0) { $0 + $1.count })
    let (groups, overflows) = places.multipliedReportingOverflow(by: grid.activity.groupCount)
    if overflows || groups >= Int(Int32.max) { return .groups }
    if let kernel = plan.kernels.first(where: { $0.grid == sparse.grid && !$0.isByMembers }) {
      return .allAtOnce(name: kernel.call.name)
    }
    if gridsUnderBounds.contains(sparse.grid) { return .bounds }
    for (index, others) in uses {
      for input in others.flatMap(\.formula.inputs) {
        switch input {
        case .kernel(let kernel, _) where index == sparse.grid: return .allAtOnce(name: plan.kernels[kernel].call.name)
        // What is read for this grid alone is not there for another.
        case .cell(let request) where index != sparse.grid && sparse.requests.contains(request):
          return .formula(name: plan.requests[request].measure)
        default: break
        }
      }
    }
    for bounds in plan.bounds where bounds.grid != sparse.grid {
      for case .cell(let request) in bounds.formula.inputs where sparse.requests.contains(request) { return .bounds }
    }
    return sparse.requests.lazy.compactMap { obstacle(plan.requests[$0], frame) }.first
  }

  /// The finer grids that formulas add up whose bounds are asked for, and the coarser ones of these.
  private var gridsUnderBounds: Set<Int> {
    var grids = Set(
      plan.bounds.lazy.filter { bounds in
        bounds.formula.inputs.contains { if case .reduction = $0 { true } else { false } }
      }.map(\.grid))
    var formulas = plan.bounds.map(\.formula)
    while let formula = formulas.popLast() {
      for case .reduction(let index, _) in formula.inputs where grids.insert(plan.reductions[index].grid).inserted {
        formulas += plan.reductions[index].formulas
      }
    }
    return grids
  }

  private func obstacle(_ request: GroupingRequest, _ frame: Frame) -> SparseObstacle? {
    for dataset in datasets(of: request, frame) {
      if dataset.remote != nil { return .engine(dataset: dataset.name) }
      if request.grid.activity.usesClusters, catalog.weights(scheme: dataset.scheme) != nil { return .clusterShares }
    }
    return nil
  }

  private func datasets(of request: GroupingRequest, _ frame: Frame) -> [Dataset] {
    frame.sources.filter { $0.measures.contains(request.measure) }.map(\.dataset)
  }

  /// Why some empty cell may have a number, or count as a member; nil where none does.
  private func numbersAtEmptyCells(
    _ sparse: SparseGrid, _ uses: [Use], _ frame: Frame, _ found: [Int: SparseGrid], _ reasons: [Int: SparseObstacle]
  ) -> SparseObstacle? {
    for dataset in sparse.requests.flatMap({ datasets(of: plan.requests[$0], frame) }) where dataset.absentIsZero {
      return .absentIsZero(dataset: dataset.name)
    }
    if let kernel = plan.kernels.first(where: { $0.grid == sparse.grid }) { return .allAtOnce(name: kernel.call.name) }
    for reduction in sparse.reductions.map({ plan.reductions[$0] }) {
      // Sums stand on a sparse grid only if they are of one.
      if let reason = reasons[reduction.grid] { return reason }
      guard let finer = found[reduction.grid] else { return .formula(name: reduction.aggregate.name) }
      if case .inPassing(let why) = finer.layout { return why }
    }
    for use in uses where use.decides && !isMissingWhereEmpty(use.formula, sparse) { return .formula(name: use.name) }
    return nil
  }

  /// Why formulas can't be computed in passing.
  private func obstacleInPassing(_ sparse: SparseGrid, _ uses: [Use], _ why: SparseObstacle) -> SparseObstacle? {
    if plan.bounds.contains(where: { $0.grid == sparse.grid }) { return .bounds }
    if sparse.grid == 0, sparse.condition == nil { return why }
    for case .reduction(let index, _) in uses.flatMap(\.formula.inputs) {
      return .nested(name: plan.reductions[index].aggregate.name)
    }
    return nil
  }

  /// What takes many cells at a time gains nothing from passing over a grid that could be laid out.
  private func slowInPassing(_ grid: Int, _ why: SparseObstacle) -> SparseObstacle? {
    if plan.grids[grid].cellCount > budget { return nil }
    let isAddedUp = plan.reductions.allSatisfy { $0.grid != grid || $0.aggregate.isRunning }
    return isAddedUp && !plan.kernels.contains { $0.grid == grid } ? nil : why
  }

  /// Grids of fewer cells than this part of the budget are laid out whole, however few rows they have.
  private static let leastPart = 16
  /// Cells for each row from which on rows are few.
  private static let fewRows = 16

  /// Whether a grid that could be laid out has so few rows that it had better not be.
  private func hasFewRows(_ grid: Int, _ uses: [Use], _ frame: Frame) -> Bool {
    let requests = ownRequests(of: grid, uses)
    if requests.isEmpty { return false }
    var rowCount = 0
    for request in requests.map({ plan.requests[$0] }) {
      for source in frame.sources where source.measures.contains(request.measure) {
        guard source.dataset.remote == nil, let measure = source.dataset.measure(named: request.measure) else {
          return false
        }
        for period in request.grid.years.compactMap({ source.period($0) }).flatMap(measure.periods(standingFor:)) {
          // What is damaged is said when it is read.
          guard let facts = try? source.dataset.facts(for: measure, period: period) else { return false }
          rowCount += facts.reduce(0) { $0 + $1.table.rows(of: period).count }
        }
      }
    }
    return rowCount * Self.fewRows < plan.grids[grid].cellCount
  }

  /// What the first verbs keep of the rows, as far as that is a matter of the numbers of their cell; nil where they may keep all.
  private func condition(_ sparse: SparseGrid, _ frame: Frame, _ columns: [SourceColumn]) -> RowCondition? {
    let shown = columns.indices.filter { !columns[$0].name.isEmpty }.map { plan.formulas[$0] }
    // Notes look at a request for other years as a whole.
    let years = plan.grids[0].years.count
    guard sparse.requests.allSatisfy({ plan.requests[$0].grid.years.count == years }) else { return nil }
    func overCells(_ formula: Formula) -> Formula? {
      formula.replacingColumns { column in
        shown.indices.contains(column - frame.levels.count) ? shown[column - frame.levels.count] : nil
      }
    }
    var condition = RowCondition(shown: shown)
    for stage in plan.stages {
      if case .filter(let formula) = stage, let filter = overCells(formula) {
        condition.filters.append(filter)
        condition.isUnknownWithoutRow.append(shown.count == 1 && formula.comparesColumnWithNumber)
        continue
      }
      if case .top(let count, let key, let isLargest) = stage, (1...RowCondition.largestTop).contains(count),
        let key = overCells(key)
      {
        condition.top = (count, key, isLargest)
      }
      break
    }
    return condition.filters.isEmpty && condition.top == nil ? nil : condition
  }

  /// Whether the formula is missing at every empty cell, whatever stands on coarser grids.
  private func isMissingWhereEmpty(_ formula: Formula, _ sparse: SparseGrid) -> Bool {
    var stack: [Bool] = []
    for instruction in formula.instructions {
      switch instruction {
      case .load(let input):
        stack.append(isMissingWhereEmpty(formula.inputs[input], sparse))
        continue
      case .constant(_, let state):
        stack.append(state == .missing)
        continue
      default: break
      }
      let operandCount = instruction.operandCount
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
    case .bounds(let index, _): isMissingWhereEmpty(plan.bounds[index].formula, sparse)
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
