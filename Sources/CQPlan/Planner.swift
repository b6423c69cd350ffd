package import CQCatalog
import CQColumns
import CQMethods
package import CQSemantics
import CQSyntax

/// Turns a typed query into grouping requests and formulas; equal cells become one request.
package struct Planner {
  private let catalog: Catalog
  private var grids: [Grid] = []
  private var requests: [GroupingRequest] = []
  private var requestIndexes: [GroupingRequest: Int] = [:]
  private var reductions: [Reduction] = []
  private var kernels: [KernelPlan] = []
  private var kernelIndexes: [ObjectIdentifier: [Int: Int]] = [:]
  private var rowKernels: [ObjectIdentifier: RowKernel] = [:]
  /// What `region:all` means inside the sum over places, or the sample, that is being planned.
  private var wholeRegion: RegionAxis?
  private var listwiseIndexes: [ObjectIdentifier: [Int: Int]] = [:]
  private var texts: [String] = []
  private var rowRequests: [Int] = []
  private var baseRequests: [Int] = []
  private var bounds: [(formula: Formula, grid: Int)] = []
  private var axes: AxisBuilder?

  private let denseCellLimit: Int

  /// - Parameter denseCellLimit: Cells up to which a grid is laid out whole.
  package init(catalog: Catalog, denseCellLimit: Int = QueryPlan.usualDenseCellLimit) {
    self.catalog = catalog
    self.denseCellLimit = denseCellLimit
  }

  package mutating func plan(_ query: TypedQuery) throws(CatalogError) -> QueryPlan {
    var formulas: [Formula] = []
    if case .frame(let frame, let columns) = query.source {
      let axes = AxisBuilder(catalog: catalog, frame: frame)
      self.axes = axes
      grids = [Grid(region: axes.regionAxis(), activity: try axes.activityAxis(), years: frame.years)]
      for column in columns { formulas.append(try formula(column.expression, grid: 0)) }
    }
    var stages: [QueryPlan.Stage] = []
    for stage in query.stages { stages.append(try self.stage(stage)) }
    var plan = QueryPlan(
      query: query, grids: grids, requests: requests, reductions: reductions, kernels: kernels, bounds: bounds,
      formulas: formulas, stages: stages, texts: texts, rowRequests: rowRequests, baseRequests: baseRequests)
    (plan.sparseGrids, plan.sparseObstacles) =
      SparseGrids(catalog: catalog, plan: plan, budget: denseCellLimit).find()
    return plan
  }

  private mutating func stage(_ stage: TypedStage) throws(CatalogError) -> QueryPlan.Stage {
    switch stage {
    case .filter(let condition): return .filter(try formula(condition, grid: 0))
    case .sort(let keys):
      var planned: [(key: Formula, isDescending: Bool)] = []
      for key in keys { planned.append((try formula(key.key, grid: 0), key.isDescending)) }
      return .sort(planned)
    case .top(let count, let key, let largest): return .top(count, by: try formula(key, grid: 0), largest: largest)
    case .first(let count): return .first(count)
    case .derive(let expression): return .derive(try formula(expression, grid: 0), expression.type)
    case .hidden(let index): return .hidden(index)
    case .rank(let expression, let groups): return .rank(try formula(expression, grid: 0), groups: groups)
    case .collapse(let groups): return .collapse(groups: groups)
    case .pivot(let key, let keys, let values, let groups):
      return .pivot(key: key, keys: keys, values: values, groups: groups)
    case .unpivot(let kept, let stacked): return .unpivot(kept: kept, stacked: stacked)
    case .compare(let key, let keys, let measures, let groups):
      return .compare(key: key, keys: keys, measures: measures, groups: groups)
    case .kernel(let call, let types): return .kernel(try verb(call, types))
    case .describe(let columns): return .describe(columns)
    case .append(let other, let mine): return .append(try nested(other), mine: mine)
    case .join(let other, let on, let added, let keep):
      return .join(try nested(other), on: on, added: added, keep: keep)
    case .compareTotal(let name, let rows, let total): return .compareTotal(name: name, rows: rows, total: total)
    case .note(let text): return .note(text)
    case .save(let path, let visible, let picture): return .save(path: path, visible: visible, picture: picture)
    }
  }

  /// The plan of the other table of a join or an append.
  private func nested(_ query: TypedQuery) throws(CatalogError) -> QueryPlan {
    var planner = Planner(catalog: catalog, denseCellLimit: denseCellLimit)
    return try planner.plan(query)
  }

  // MARK: - Formulas

  private mutating func formula(_ expression: TypedExpression, grid: Int) throws(CatalogError) -> Formula {
    var formula = Formula()
    var height = 0
    try emit(expression, grid: grid, into: &formula, &height)
    return formula
  }

  private mutating func emit(
    _ expression: TypedExpression, grid: Int, into formula: inout Formula, _ height: inout Int
  ) throws(CatalogError) {
    func push(_ instruction: Formula.Instruction, _ formula: inout Formula, _ height: inout Int) {
      formula.instructions.append(instruction)
      height += 1
      formula.depth = max(formula.depth, height)
    }
    func load(_ input: Formula.Input, _ formula: inout Formula, _ height: inout Int) {
      formula.inputs.append(input)
      push(.load(formula.inputs.count - 1), &formula, &height)
    }
    func combine(_ instruction: Formula.Instruction, taking count: Int, _ formula: inout Formula, _ height: inout Int) {
      formula.instructions.append(instruction)
      height -= count - 1
    }
    switch expression.kind {
    case .number(let value): push(.constant(value, .known), &formula, &height)
    case .truth(let value): push(.constant(value ? 1 : 0, .known), &formula, &height)
    case .text(let text): push(.constant(Double(code(of: text)), .known), &formula, &height)
    case .absent(let state): push(.constant(0, state), &formula, &height)
    case .yearCount:
      push(.constant(axes?.frame.yearCount ?? 0, .known), &formula, &height)
    case .cell(let cell): load(.cell(try request(cell, grid: grid)), &formula, &height)
    case .column(let column): load(.column(column), &formula, &height)
    case .isMember(let column, let members): load(.memberTest(column: column, members: Set(members)), &formula, &height)
    case .isText(let operand, let texts):
      if case .column(let column) = operand.kind {
        load(.textTest(column: column, texts: texts), &formula, &height)
      } else {
        push(.constant(0, .known), &formula, &height)
        for text in texts {
          try emit(operand, grid: grid, into: &formula, &height)
          push(.constant(Double(code(of: text)), .known), &formula, &height)
          combine(.compare(.equal), taking: 2, &formula, &height)
          combine(.either, taking: 2, &formula, &height)
        }
      }
    case .bounds(let operand, let isHigh):
      bounds.append((try self.formula(operand, grid: grid), grid))
      load(.bounds(bounds.count - 1, isHigh: isHigh), &formula, &height)
    case .midpoint(let operand):
      try emit(operand, grid: grid, into: &formula, &height)
      bounds.append((try self.formula(operand, grid: grid), grid))
      load(.bounds(bounds.count - 1, isHigh: false), &formula, &height)
      load(.bounds(bounds.count - 1, isHigh: true), &formula, &height)
      combine(.arithmetic(.add), taking: 2, &formula, &height)
      push(.constant(0.5, .known), &formula, &height)
      combine(.arithmetic(.multiply), taking: 2, &formula, &height)
      combine(.coalesce(.midpoint), taking: 2, &formula, &height)
    case .activityKind(let kind): load(.activityKind(kind), &formula, &height)
    case .exchangeRate(let table): load(.exchangeRate(table), &formula, &height)
    case .over(let aggregate, let body, let level):
      let inner = try innerGrid(of: grid, level)
      let formulas = try self.formulas([body], on: inner, within: grid, level)
      reductions.append(
        Reduction(
          aggregate: aggregate, grid: inner.index, parents: inner.parents, regionParents: inner.regionParents,
          formulas: formulas, isListwise: false))
      load(.reduction(reductions.count - 1, column: 0), &formula, &height)
    case .listwise(let columns, let index):
      load(.reduction(try listwise(columns, grid: grid), column: index), &formula, &height)
    case .kernel(let call, let column):
      load(.kernel(try kernel(call, grid: grid), column: column), &formula, &height)
    case .kernelOfRows(let call, let column, let groups):
      load(.rowKernel(try rowKernel(call, groups, grid: grid), column: column), &formula, &height)
    case .ofRows(let aggregate, let operand, let groups):
      let inner = RowAggregate(aggregate: aggregate, formula: try self.formula(operand, grid: grid), groups: groups)
      load(.rowAggregate(inner), &formula, &height)
    case .arithmetic(let operation, let lhs, let rhs):
      try emit(lhs, grid: grid, into: &formula, &height)
      try emit(rhs, grid: grid, into: &formula, &height)
      combine(.arithmetic(operation), taking: 2, &formula, &height)
    case .compare(let operation, let lhs, let rhs):
      if case .column(let column) = lhs.kind, case .column(let other) = rhs.kind, lhs.type.holdsNames {
        for one in [column, other] { load(.namesLike(column: one, other: column), &formula, &height) }
        combine(.compare(operation), taking: 2, &formula, &height)
        break
      }
      try emit(lhs, grid: grid, into: &formula, &height)
      try emit(rhs, grid: grid, into: &formula, &height)
      combine(.compare(operation), taking: 2, &formula, &height)
    case .both(let lhs, let rhs), .either(let lhs, let rhs), .coalesce(let lhs, let rhs):
      try emit(lhs, grid: grid, into: &formula, &height)
      try emit(rhs, grid: grid, into: &formula, &height)
      combine(expression.kind.connective, taking: 2, &formula, &height)
    case .negate(let operand):
      try emit(operand, grid: grid, into: &formula, &height)
      combine(.negate, taking: 1, &formula, &height)
    case .not(let operand):
      try emit(operand, grid: grid, into: &formula, &height)
      combine(.not, taking: 1, &formula, &height)
    case .isState(let operand, let state):
      try emit(operand, grid: grid, into: &formula, &height)
      combine(.isState(state), taking: 1, &formula, &height)
    case .conditional(let test, let then, let otherwise):
      for operand in [test, then, otherwise] { try emit(operand, grid: grid, into: &formula, &height) }
      combine(.select, taking: 3, &formula, &height)
    case .function(let function, let operands):
      for operand in operands { try emit(operand, grid: grid, into: &formula, &height) }
      combine(.function(function, operandCount: operands.count), taking: operands.count, &formula, &height)
    }
  }

  private mutating func code(of text: String) -> Int {
    if let index = texts.firstIndex(of: text) { return index }
    texts.append(text)
    return texts.count - 1
  }

  // MARK: - Grids

  /// A finer grid, and which coarser activity and place each of its own belongs to.
  private struct InnerGrid {
    var index: Int
    var parents: [Int32]
    /// Empty where the places are the same.
    var regionParents: [Int32]
  }

  /// The grid whose activities or places are also split by `level`.
  private mutating func innerGrid(of outer: Int, _ level: Level) throws(CatalogError) -> InnerGrid {
    guard let axes else { return InnerGrid(index: outer, parents: [], regionParents: []) }
    let coarse = grids[outer]
    if level.dimension == .region {
      let (region, regionParents) = axes.regionAxis(of: coarse.region, splitBy: level)
      let index = index(of: Grid(region: region, activity: coarse.activity, years: coarse.years))
      return InnerGrid(
        index: index, parents: coarse.activity.entries.indices.map { Int32($0) }, regionParents: regionParents)
    }
    let levels = coarse.activity.levels.contains(level) ? coarse.activity.levels : coarse.activity.levels + [level]
    let activity = try axes.activityAxis(levels: levels, constraints: coarse.activity.constraints)
    let index = index(of: Grid(region: coarse.region, activity: activity, years: coarse.years))
    if coarse.activity.groupCount == 1, coarse.activity.levels.isEmpty {
      return InnerGrid(
        index: index, parents: [Int32](repeating: 0, count: activity.groupCount), regionParents: [])
    }
    let positions = Dictionary(
      coarse.activity.entries.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let width = coarse.activity.levels.count
    return InnerGrid(
      index: index, parents: activity.entries.map { positions[Array($0.prefix(width))] ?? 0 }, regionParents: [])
  }

  private mutating func index(of grid: Grid) -> Int {
    if let known = grids.firstIndex(of: grid) { return known }
    grids.append(grid)
    return grids.count - 1
  }

  /// The formulas of a sum over `level`: in a sum over places, `region:all` is the place that is split.
  private mutating func formulas(
    _ bodies: [TypedExpression], on inner: InnerGrid, within outer: Int, _ level: Level
  ) throws(CatalogError) -> [Formula] {
    let before = wholeRegion
    defer { wholeRegion = before }
    if level.dimension == .region { wholeRegion = grids[outer].region }
    var formulas: [Formula] = []
    for body in bodies { formulas.append(try formula(body, grid: inner.index)) }
    return formulas
  }

  // MARK: - Kernels

  private mutating func kernel(_ call: KernelCall, grid: Int) throws(CatalogError) -> Int {
    if let known = kernelIndexes[ObjectIdentifier(call)]?[grid] { return known }
    guard let axes else { return 0 }
    let before = wholeRegion
    defer { wholeRegion = before }
    let sampleGrid: Int
    let placement: KernelPlan.Placement
    if call.kernel.shape == .vector, let level = call.level {
      let inner = try innerGrid(of: grid, level)
      sampleGrid = inner.index
      if level.dimension == .region { wholeRegion = grids[grid].region }
      let groups = grids[grid].region.groupCount
      placement = .members(
        regionParents: inner.regionParents.isEmpty ? (0..<groups).map { Int32($0) } : inner.regionParents,
        activityParents: inner.parents, isOverPlaces: level.dimension == .region)
    } else {
      let (sample, found) = try axes.sample(of: call, grids[grid])
      sampleGrid = index(of: sample)
      placement = found
      wholeRegion = axes.baseAxis(axes.frame.base)
    }
    var formulas: [Formula] = []
    for operand in call.operands { formulas.append(try formula(operand.expression, grid: sampleGrid)) }
    kernels.append(KernelPlan(call: call, grid: sampleGrid, formulas: formulas, placement: placement))
    kernelIndexes[ObjectIdentifier(call), default: [:]][grid] = kernels.count - 1
    return kernels.count - 1
  }

  private mutating func rowKernel(
    _ call: KernelCall, _ groups: [Int], grid: Int
  ) throws(CatalogError) -> RowKernel {
    if let known = rowKernels[ObjectIdentifier(call)] { return known }
    var formulas: [Formula] = []
    for operand in call.operands { formulas.append(try formula(operand.expression, grid: grid)) }
    let kernel = RowKernel(call: call, formulas: formulas, groups: groups)
    rowKernels[ObjectIdentifier(call)] = kernel
    return kernel
  }

  private mutating func verb(_ call: KernelCall, _ types: [ValueType]) throws(CatalogError) -> KernelStage {
    var formulas: [Formula?] = []
    var nameColumns: [Int?] = []
    for operand in call.operands {
      if operand.axis == .text, case .column(let column) = operand.expression.kind {
        formulas.append(nil)
        nameColumns.append(column)
      } else {
        formulas.append(try formula(operand.expression, grid: 0))
        nameColumns.append(nil)
      }
    }
    return KernelStage(call: call, formulas: formulas, nameColumns: nameColumns, types: types)
  }

  private mutating func listwise(_ columns: ListwiseColumns, grid: Int) throws(CatalogError) -> Int {
    if let known = listwiseIndexes[ObjectIdentifier(columns)]?[grid] { return known }
    let inner = try innerGrid(of: grid, columns.level)
    let formulas = try self.formulas(columns.columns, on: inner, within: grid, columns.level)
    reductions.append(
      Reduction(
        aggregate: .sum, grid: inner.index, parents: inner.parents, regionParents: inner.regionParents,
        formulas: formulas, isListwise: true))
    listwiseIndexes[ObjectIdentifier(columns), default: [:]][grid] = reductions.count - 1
    return reductions.count - 1
  }

  /// The request that answers `cell` on `grid`: each coordinate is the grid's own, or a single group.
  private mutating func request(_ cell: Cell, grid: Int) throws(CatalogError) -> Int {
    guard let axes else { return 0 }
    let own = grids[grid]
    let region: RegionAxis =
      switch cell.region {
      case .row: own.region
      case .whole: wholeRegion ?? axes.regionAxis(levels: [])
      case .base(let base): axes.baseAxis(base)
      case .set(let set): axes.regionAxis(of: set)
      }
    let activity: ActivityAxis =
      switch cell.activity {
      case .row: own.activity
      case .set(let set): axes.activityAxis(of: set)
      }
    let years = years(cell.period, own.years, axes.frame)
    let request = GroupingRequest(
      measure: cell.measure, grid: Grid(region: region, activity: activity, years: years))
    let index: Int
    if let known = requestIndexes[request] {
      index = known
    } else {
      requests.append(request)
      index = requests.count - 1
      requestIndexes[request] = index
    }
    if cell.activity == .row {
      if case .base = cell.region {
        if !baseRequests.contains(index) { baseRequests.append(index) }
      } else if cell.region == .row, !rowRequests.contains(index) {
        rowRequests.append(index)
      }
    }
    return index
  }

  private func years(_ period: PeriodCoordinate, _ own: [Int], _ frame: Frame) -> [Int] {
    switch period {
    case .row: own
    case .fixed(let year): [year]
    case .rangeStart: [frame.range.lowerBound]
    case .rangeEnd: [frame.range.upperBound]
    case .latest: [0]
    case .previous(let inner): years(inner, own, frame).map { Period.year(before: $0) }
    case .previousQuarter(let inner): years(inner, own, frame).map { Period.quarter(before: $0) }
    }
  }
}

extension TypedExpression.Kind {
  fileprivate var connective: Formula.Instruction {
    switch self {
    case .both: .both
    case .either: .either
    default: .coalesce(.given)
    }
  }
}
