import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// Evaluates formulas whose inputs are cells and reductions, on any grid of the plan.
struct GridEvaluator {
  let plan: QueryPlan
  let answers: [GroupedCells]
  /// The cells of sparse grids, by the index of the grid; what stands on these has an element for each cell.
  let sparse: [Int: SparseCells]
  let frame: Frame
  let boundsEngine: BoundsEngine
  let replacements = ReplacementCounts()
  let catalog: Catalog
  let control: RunControl
  private var reduced: [Int: [Vector]] = [:]
  /// How often formulas load each answer.
  private var usesOfCells: [Int: Int] = [:]
  var kernelResults: [Int: [Vector]] = [:]
  /// What kernels said (N0541).
  var kernelRemarks: [TableNote] = []
  /// What the numbers of kernels are computed from, and by which of them.
  var kernelSamples: [(text: String, names: [String])] = []
  var answeredBounds: [Int: IntervalVector] = [:]
  private var intervalsOfFormulas: [Int: IntervalVector] = [:]
  /// Members left out of `columns(…)` because a number of theirs is withheld or missing.
  private(set) var leftOutCount = 0

  init(
    plan: QueryPlan, answers: [GroupedCells], sparse: [Int: SparseCells] = [:], frame: Frame,
    boundsEngine: BoundsEngine, catalog: Catalog, control: RunControl
  ) {
    self.sparse = sparse
    self.catalog = catalog
    self.control = control
    self.plan = plan
    self.answers = answers
    self.frame = frame
    self.boundsEngine = boundsEngine
    for formula in plan.formulas + plan.reductions.flatMap(\.formulas) + plan.kernels.flatMap(\.formulas)
      + plan.bounds.map(\.formula)
    {
      for case .cell(let index) in formula.inputs { usesOfCells[index, default: 0] += 1 }
    }
  }

  mutating func evaluate(_ formula: Formula, grid: Int) throws -> Vector {
    try evaluator(formula, grid: grid).evaluate(control)
  }

  /// The formula with what it loads.
  mutating func evaluator(_ formula: Formula, grid: Int) throws -> FormulaEvaluator {
    let own = plan.sparseGrid(grid)
    if let cells = sparse[grid], own?.isPassedOver != true { return try evaluator(formula, grid: grid, over: cells) }
    var inputs: [Vector] = []
    var broadcasts: [Broadcast?] = []
    var cells: [Int: any BlockCells] = [:]
    for input in formula.inputs {
      var broadcast: Broadcast?
      switch input {
      case .cell(let index) where own?.requests.contains(index) == true:
        cells[inputs.count] = answers[index].blocks
        inputs.append(Vector(values: [], states: []))
      case .cell(let index):
        broadcast = Self.broadcast(from: plan.requests[index].grid, to: plan.grids[grid])
        if broadcast == nil, isReadInBlocks(index) {
          cells[inputs.count] = answers[index].coded
          inputs.append(answers[index].vector)
        } else {
          inputs.append(try answers[index].numbers(control))
        }
      case .reduction(let index, let column): inputs.append(try reduction(index, onto: grid)[column])
      case .kernel(let index, let column): inputs.append(try kernel(index, onto: grid)[column])
      case .bounds(let index, let isHigh): inputs.append(try bounds(index, grid: grid).end(isHigh: isHigh))
      case .exchangeRate(let table):
        inputs.append(exchangeRates(table, plan.grids[grid]))
        broadcast = Broadcast(byPlaceAndYear: plan.grids[grid])
      case .activityKind(let kind):
        inputs.append(activityKinds(kind, plan.grids[grid]))
        broadcast = Broadcast(byActivity: plan.grids[grid])
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .rowKernel:
        // The elaborator hoists measures out of row expressions, never the other way round.
        inputs.append(Vector(repeating: .missing, count: plan.grids[grid].cellCount))
      }
      broadcasts.append(broadcast)
    }
    let evaluator = FormulaEvaluator(
      formula: formula, inputs: inputs, broadcasts: broadcasts,
      cells: cells.isEmpty ? [] : inputs.indices.map { cells[$0] }, rowCount: plan.grids[grid].cellCount,
      replacements: replacements)
    return try FormulaHoisting(grid: plan.grids[grid]).hoisted(evaluator, control)
  }

  /// The formula over the cells of a sparse grid: all that it loads has an element for each of them.
  private mutating func evaluator(_ formula: Formula, grid: Int, over cells: SparseCells) throws -> FormulaEvaluator {
    var inputs: [Vector] = []
    for input in formula.inputs {
      switch input {
      case .cell(let index) where plan.sparseGrid(grid)?.requests.contains(index) == true:
        inputs.append(answers[index].vector)
      case .cell(let index):
        let broadcast = Self.broadcast(from: plan.requests[index].grid, to: plan.grids[grid])
        inputs.append(try cells.gathered(try answers[index].numbers(control), broadcast, control))
      case .reduction(let index, let column): inputs.append(try reduction(index, onto: grid)[column])
      case .exchangeRate(let table):
        let rates = exchangeRates(table, plan.grids[grid])
        inputs.append(try cells.gathered(rates, Broadcast(byPlaceAndYear: plan.grids[grid]), control))
      case .activityKind(let kind):
        let kinds = activityKinds(kind, plan.grids[grid])
        inputs.append(try cells.gathered(kinds, Broadcast(byActivity: plan.grids[grid]), control))
      case .bounds(let index, let isHigh): inputs.append(try bounds(index, grid: grid).end(isHigh: isHigh))
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .rowKernel, .kernel:
        // The planner lays out grids on which kernels give numbers whole.
        inputs.append(Vector(repeating: .missing, count: cells.count))
      }
    }
    return FormulaEvaluator(formula: formula, inputs: inputs, rowCount: cells.count, replacements: replacements)
  }

  private mutating func bounds(_ index: Int, grid: Int) throws -> IntervalVector {
    if let known = intervalsOfFormulas[index] { return known }
    let intervals = try intervals(plan.bounds[index].formula, grid: grid)
    intervalsOfFormulas[index] = intervals
    return intervals
  }

  /// Whether the cells of an answer are written block by block where a formula wants them: many, and wanted once or twice.
  private func isReadInBlocks(_ answer: Int) -> Bool {
    answers[answer].coded != nil && answers[answer].count >= Self.blockwiseCellCount && usesOfCells[answer] ?? 0 <= 2
  }

  private static let blockwiseCellCount = 1 << 18

  private mutating func reduction(_ index: Int, onto grid: Int) throws -> [Vector] {
    if let known = reduced[index] { return known }
    let reduction = plan.reductions[index]
    let coarse = plan.grids[grid]
    let (regionCount, coarseCount) = (coarse.region.groupCount, coarse.activity.groupCount)
    var result: [Vector] = []
    if plan.sparseGrid(reduction.grid)?.isPassedOver == true, !reduction.aggregate.isRunning {
      result = try combinedInPassing(reduction, onto: coarse)
    } else if let fine = sparse[reduction.grid], plan.sparseGrid(reduction.grid)?.isPassedOver != true {
      let columns = try reduction.formulas.map { try evaluate($0, grid: reduction.grid) }
      let combined = try fine.reduced(columns, reduction, onto: sparse[grid], coarse, control)
      leftOutCount += combined.leftOutCount
      result = combined.columns
    } else if reduction.aggregate.isRunning {
      var columns: [FormulaEvaluator] = []
      for formula in reduction.formulas { columns.append(try evaluator(formula, grid: reduction.grid)) }
      var fused = FusedReduction(
        aggregate: reduction.aggregate, columns: columns, parents: reduction.parents,
        regionParents: reduction.regionParents, regionCount: regionCount, coarseCount: coarseCount,
        yearCount: coarse.years.count, isListwise: reduction.isListwise)
      if let cells = sparse[reduction.grid], MemberGaps.areAllowed(by: reduction.formulas),
        var gaps = MemberGaps(cells, columns)
      {
        for formula in reduction.formulas {
          gaps.columns.append(try evaluator(formula, grid: reduction.grid, over: cells).evaluate(control))
        }
        fused.gaps = gaps
      }
      let combined = try fused.run(control)
      leftOutCount += combined.leftOutCount
      result = combined.columns
    } else {
      // Only sums are listwise.
      for formula in reduction.formulas {
        result.append(
          try Aggregation(aggregate: reduction.aggregate).reduce(
            try evaluate(formula, grid: reduction.grid), parents: reduction.parents,
            regionParents: reduction.regionParents, regionCount: regionCount, coarseCount: coarseCount,
            yearCount: coarse.years.count, control: control))
      }
    }
    reduced[index] = result
    return result
  }

  /// Where the elements of a coarser grid stand behind those of `target`; nil when the grids are laid out alike.
  static func broadcast(from source: Grid, to target: Grid) -> Broadcast? {
    let (sourceWidth, sourceYears) = (source.activity.groupCount, source.years.count)
    let (width, years) = (target.activity.groupCount, target.years.count)
    let regions = target.region.groupCount
    if source.region == target.region || (source.region.groupCount == 1 && regions == 1), sourceWidth == width,
      sourceYears == years
    {
      return nil
    }
    return Broadcast(
      regionBases: regionGroups(of: target.region, in: source.region).map { $0 * sourceWidth * sourceYears },
      activityStride: sourceWidth == 1 ? 0 : sourceYears, yearStride: sourceYears == 1 ? 0 : 1, width: width,
      yearCount: years)
  }

  // MARK: - Clusters

  /// For each activity of a grid 1 where its cluster is of `kind`; missing where it has no cluster.
  func activityKinds(_ kind: String, _ grid: Grid) -> Vector {
    var result = Vector(repeating: .missing, count: grid.activity.groupCount)
    let clusters = catalog.list(.cluster)
    for (activity, entry) in grid.activity.entries.enumerated() {
      guard let member = entry.last(where: { $0.level == .cluster || $0.level == .subcluster }) else { continue }
      let found =
        member.level == .cluster
        ? member.kind : clusters.member(code: member.parent, country: member.country)?.kind
      guard let found else { continue }
      result.values[activity] = found == kind ? 1 : 0
      result.states[activity] = .known
    }
    return result
  }

  // MARK: - Currencies

  /// For each place and year of a grid the rate of its country; missing where the table has none.
  func exchangeRates(_ table: RateTable, _ grid: Grid) -> Vector {
    let yearCount = grid.years.count
    var result = Vector(repeating: .missing, count: grid.region.groupCount * yearCount)
    for region in 0..<grid.region.groupCount {
      let place = grid.region.entries[region].first ?? grid.region.parts[region].first?.place
      let country = place?.country ?? frame.dataset.country
      let source = frame.sources.first { $0.countries.contains(country) }
      for (index, code) in grid.years.enumerated() {
        let year = Period.year(of: source?.period(code) ?? code)
        guard let rate = table.rate(country: country, year: year) else { continue }
        result.values[region * yearCount + index] = rate
        result.states[region * yearCount + index] = .known
      }
    }
    return result
  }

  /// The group of `source` that belongs to each group of `target`: its own, the only one, or its country's.
  private static func regionGroups(of target: RegionAxis, in source: RegionAxis) -> [Int] {
    if source == target { return Array(0..<target.groupCount) }
    guard source.groupCount > 1 else { return [Int](repeating: 0, count: target.groupCount) }
    let shared = source.levels.compactMap { target.levels.firstIndex(of: $0) }
    if !shared.isEmpty, shared.count == source.levels.count {
      // Places of a finer grid, each within its own.
      let positions = Dictionary(
        source.entries.enumerated().map { ($1.map(\.key), $0) }, uniquingKeysWith: { first, _ in first })
      return target.entries.map { entry in positions[shared.map { entry[$0].key }] ?? 0 }
    }
    let positions = Dictionary(
      source.entries.enumerated().map { ($1.first?.code ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    return target.entries.map { entry in positions[entry.first?.country ?? ""] ?? 0 }
  }
}
