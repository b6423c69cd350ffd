import CQCatalog
import CQColumns
import CQEngine
import CQSemantics
import CQSource
import CQSyntax
import Testing

@testable import CQPlan

/// Grids of which only the cells with rows are laid out, on invented data with published covers, states and several vintages.
struct SparseGridTests {
  private func query(_ text: String, on catalog: Catalog) throws -> TypedQuery {
    let source = SourceText(name: "test", text: text)
    let parsed = Parser.parse(source)
    let country = try #require(catalog.list(.country).members.first)
    let elaborator = Elaborator(
      catalog: catalog, source: source, environment: Environment(), sessionArea: RegionSet([country]), parameters: [:],
      files: nil)
    let checked = elaborator.elaborate(parsed.program)
    let errors = (parsed.diagnostics + checked.diagnostics).filter { $0.severity == .error }
    #expect(errors.map(\.message) == [], "\(text)")
    guard case .query(let query) = checked.outcomes.last else { throw CancellationError() }
    return query
  }

  private func run(
    _ text: String, on catalog: Catalog, denseCells: Int, limits: Limits = Limits(),
    cancellation: Cancellation = Cancellation()
  ) throws -> (table: Table, plan: QueryPlan, statistics: RunStatistics) {
    var planner = Planner(catalog: catalog, denseCellLimit: denseCells)
    let plan = try planner.plan(try query(text, on: catalog))
    let outcome = try Executor(catalog: catalog, plan: plan, limits: limits, cancellation: cancellation).run()
    return (outcome.table, plan, outcome.statistics)
  }

  /// Every value, bit by bit, with its state and its bounds.
  private func described(_ table: Table) -> [[String]] {
    table.columns.map { column in
      let bounds = column.bounds.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      let values: [String] =
        switch column.values {
        case .members(let codes, let members): codes.map { members[Int($0)].code }
        case .periods(let years): years.map { "\($0)" }
        case .numbers(let values, let states, _): zip(values, states).map { "\($0.bitPattern) \($1.name)" }
        case .texts(let texts): texts.map { $0 }
        case .truths(let truths): truths.map { "\($0)" }
        }
      return [column.name] + values + bounds
    }
  }

  private static let queries = [
    "table(employment, by:[state,naics6,year])", "table(employment, payroll, by:[year,naics4,state])",
    "table(a = payroll / employment, by:[state,naics4,year])",
    "table(s = sum(employment, over:naics6), by:[state,naics3,year])",
    "table(s = sum(employment, over:state), by:[naics6,year])",
    "table(m = median(employment, over:naics6), x = max(payroll, over:naics6), by:[state,year])",
    "table(n = count(employment, over:naics6), by:[state,naics2,year])",
    "table(e = employment / employment(region:base, activity:all), by:[state,naics6,year])",
    "table(employment, by:[state,cluster,year])",
    "table(employment, by:[state,naics6,year]) | where employment is withheld",
    "table(employment, by:[state,naics6,year]) | top 3 | sort employment",
    "table(l = bounds(employment).low, h = bounds(employment).high, by:[year,state,naics6])",
    "table(e = estimate(payroll) / employment(region:base, activity:all), by:[state,naics6,year])",
    "table(l = bounds(payroll / employment(region:base)).high, by:[state,naics4,year])",
    "table(l = bounds(employment / employment(year:2003)).low, by:[state,naics6,year])",
  ]

  /// Sums over members that count where the data have nothing.
  private static let sumsOfAll = [
    "table(s = sum(employment ?? 7, over:naics6), by:[state,naics3,year])",
    "table(s = mean(if employment is missing then 1 else employment, over:naics6), by:[state,year])",
    "table(s = max(employment ?? 3_000_000_000, over:state), t = min(employment ?? 1, over:state), by:[naics6,year])",
    "table(n = count(employment ?? 0, over:naics6), w = sum(employment, over:naics6), by:[state,naics2,year])",
    "table(columns(a = employment ?? 1, b = payroll, over:naics6), by:[state,year])",
    "table(s = sum(abs((employment ?? 0) / employment(activity:all) - employment(region:base) / employment(region:base, activity:all)), over:naics6), by:[state,year])",
    "table(s = sum((employment(year:2003) ?? 0) - (employment(year:2001) ?? 0), over:naics6), by:state)",
    "table(s = sum((employment(year:2003) ?? 0) - (employment ?? 0), over:naics6), by:[state,year])",
    "table(s = sum(if traded then employment ?? 0 else 1, over:cluster), by:[state,year])",
    "table(m = median(employment ?? 1, over:naics6), d = stdev(payroll ?? 9, over:naics6), by:[state,naics2,year])",
    "table(m = median(employment ?? 1, over:state), d = quantile(payroll ?? 9, 0.3, over:state), by:[naics6,year])",
  ]

  /// Rows that verbs leave few of, of formulas with a number where the data have nothing.
  private static let selections = [
    "table(e = employment ?? 7, by:[state,naics6,year]) | where e > 7",
    "table(e = employment ?? 7, p = payroll, by:[year,naics6,state]) | where e > 7 | where p > 1000",
    "table(e = employment ?? 7, by:[state,naics6,year]) | where e > 7 and e < 1_000_000_000 | top 2 | derive x = e * 2",
    "table(e = employment / employment(region:base), p = payroll ?? 3, by:[state,naics4,year]) | where e > 0.2 | sort p desc | first 5",
    "table(e = employment ?? 7, by:[state,naics6,year]) | top 4",
    "table(e = employment ?? 7, p = payroll, by:[year,state,naics6]) | bottom 4, by:p",
    "table(e = employment ?? 7, by:[state,naics6,year]) | where e < 9 | bottom 3, by:-e",
    "table(e = employment ?? 7, by:[state,naics6,year]) | top 9_000 | summarize n = count(e), s = sum(e), by:year",
    "table(e = employment ?? 7, by:[state,naics6,year]) | where e is missing",
    "table(e = employment ?? 7, by:[state,naics6,year]) | where not (e <= 7)",
    "table(e = employment ?? 7, by:[state,naics6,year]) | where e is estimated | pivot year, values:e",
  ]

  @Test(arguments: 0..<40) func theSameRowsThatVerbsKeep(seed: Int) throws {
    let world = RandomWorld(seed: seed)
    let catalog = try world.catalog()
    var queries = Self.selections
    if world.absentIsZero {
      queries +=
        Self.queries.filter { $0.contains("|") } + ["table(employment, by:[year,naics6,state]) | where employment > 0"]
    }
    for text in queries {
      for policy in ["estimate", "exclude", "withhold"] {
        let text = text.replacing("])", with: "], suppressed:\(policy))")
        let dense = try run(text, on: catalog, denseCells: .max)
        let sparse = try run(text, on: catalog, denseCells: 0, limits: Limits(threads: 1 + seed % 3))
        // What `??` fills in, and rows without a number, are counted among the cells that there are.
        let notes = { (table: Table) in table.notes.filter { !["N0509", "N0542"].contains($0.code) } }
        #expect(described(sparse.table) == described(dense.table), "seed \(seed): \(text)")
        #expect(notes(sparse.table) == notes(dense.table), "seed \(seed): \(text)")
        #expect(sparse.plan.sparseGrid(0)?.condition != nil, "\(text): \(sparse.plan.sparseObstacles)")
      }
    }
  }

  @Test(arguments: 0..<40) func theSameTableAsLaidOutWhole(seed: Int) throws {
    let world = RandomWorld(seed: seed)
    let catalog = try world.catalog()
    for text in Self.queries {
      for policy in ["estimate", "exclude", "withhold"] {
        let text = text.replacing("year])", with: "year], suppressed:\(policy))")
        let dense = try run(text, on: catalog, denseCells: .max)
        let sparse = try run(text, on: catalog, denseCells: 0)
        let notes = { (table: Table) in table.notes.filter { $0.code != "N0542" } }
        #expect(described(sparse.table) == described(dense.table), "seed \(seed): \(text)")
        #expect(notes(sparse.table) == notes(dense.table), "seed \(seed): \(text)")
        #expect(dense.plan.sparseGrids.isEmpty)
        #expect(sparse.statistics.sparseGrids.count == sparse.plan.sparseGrids.count)
        #expect(sparse.statistics.sparseGrids.allSatisfy { $0.count <= $0.possible })
        if world.absentIsZero, text.contains("|") {
          #expect(sparse.plan.sparseGrid(0)?.isPassedOver == true && sparse.plan.sparseObstacles.isEmpty, "\(text)")
        } else if world.absentIsZero {
          // Every cell is a row; only what is added up to fewer rows need not be laid out.
          let reason: SparseObstacle =
            text.contains("bounds(") || text.contains("estimate(") ? .bounds : .absentIsZero(dataset: "world")
          #expect(sparse.plan.sparseObstacles.contains(reason), "\(text)")
          #expect(sparse.plan.sparseGrids.allSatisfy { $0.isPassedOver && $0.grid != 0 }, "\(text)")
        } else {
          #expect(!sparse.plan.sparseGrids.isEmpty, "\(text)")
          #expect(sparse.plan.sparseGrids.allSatisfy { !$0.isPassedOver }, "\(text)")
        }
      }
    }
  }

  @Test(arguments: 0..<40) func theSameSumsOfWhatRowsDoNotHave(seed: Int) throws {
    let catalog = try RandomWorld(seed: seed).catalog()
    for text in Self.sumsOfAll {
      for policy in ["estimate", "exclude", "withhold"] {
        let text = text.replacing("year])", with: "year], suppressed:\(policy))")
        let dense = try run(text, on: catalog, denseCells: .max)
        let sparse = try run(text, on: catalog, denseCells: 0, limits: Limits(threads: 1 + seed % 3))
        #expect(described(sparse.table) == described(dense.table), "seed \(seed): \(text)")
        #expect(sparse.table.notes == dense.table.notes, "seed \(seed): \(text)")
        #expect(sparse.plan.sparseGrids.contains { $0.isPassedOver }, "\(text): \(sparse.plan.sparseObstacles)")
        #expect(sparse.statistics.sparseGrids.contains { $0.isPassedOver })
      }
    }
  }

  @Test func whatGivesNumbersEverywhereIsLaidOutWhole() throws {
    let seed = try #require((0..<40).first { !RandomWorld(seed: $0).absentIsZero })
    let catalog = try RandomWorld(seed: seed).catalog()
    for (text, obstacle) in [
      ("table(e = employment ?? 0, by:[state,naics6,year])", SparseObstacle.formula(name: "e")),
      ("table(e = if employment is missing then 0 else employment, by:[state,naics6,year])", .formula(name: "e")),
      (
        "table(e = if employment(activity:all) > 0 then employment else missing, by:[state,naics6,year])",
        .formula(name: "e")
      ),
      ("table(e = employment, b = employment(region:base), by:[state,naics6,year])", .formula(name: "b")),
      ("table(b = bounds(sum(employment, over:naics6)).low, by:[state,naics3,year])", .bounds),
      (
        "table(s = sum((employment ?? 0) + (sum(employment, over:state) ?? 0), over:naics6), by:year)",
        .nested(name: "sum")
      ),
    ] {
      let dense = try run(text, on: catalog, denseCells: .max)
      let sparse = try run(text, on: catalog, denseCells: 0)
      #expect(sparse.plan.sparseObstacles.contains(obstacle), "\(text): \(sparse.plan.sparseObstacles)")
      #expect(described(sparse.table) == described(dense.table))
    }
  }

  @Test func cellsThatRowsHaveAreBounded() throws {
    let seed = try #require((0..<40).first { !RandomWorld(seed: $0).absentIsZero })
    let catalog = try RandomWorld(seed: seed).catalog()
    let text = "table(employment, by:[state,naics6,year])"
    let found = try run(text, on: catalog, denseCells: 0)
    let count = try #require(found.statistics.sparseGrids.first?.count)
    #expect(count >= found.table.rowCount && found.statistics.cells == 2 * count)
    #expect(throws: LimitExceeded.cells(needed: 2 * count, limit: 2 * count - 1)) {
      try run(text, on: catalog, denseCells: 0, limits: Limits(cells: 2 * count - 1))
    }
    _ = try run(text, on: catalog, denseCells: 0, limits: Limits(cells: 2 * count))
    #expect(throws: LimitExceeded.self) { try run(text, on: catalog, denseCells: 0, limits: Limits(memory: 100)) }
  }

  @Test func aGridThatHasToBeWholeSaysWhy() throws {
    let seed = try #require((0..<40).first { RandomWorld(seed: $0).absentIsZero })
    let catalog = try RandomWorld(seed: seed).catalog()
    let error = #expect(throws: LimitExceeded.self) {
      try run("table(employment, by:[state,naics6,year])", on: catalog, denseCells: 0, limits: Limits(cells: 5))
    }
    let reason = "the limit here is 5: in world a cell that is not listed is 0, so that every cell is a row"
    #expect(error?.message.hasSuffix(reason) == true)
  }

  /// A table in an engine that nobody asks.
  private struct SilentEngine: RemoteFacts {
    let title = "Silent 1, table jobs"
    let engine = "Silent 1"
    let rowCount = 0
    var traffic: (statements: Int, bytes: Int) { (0, 0) }
    func answers(to asks: [FactAsk], _ control: StatementControl) throws -> [FactAsk: FactSums] { [:] }
    func statements(for asks: [FactAsk]) -> [String] { [] }
  }

  /// Rows that are in an engine stay there: said before it is asked anything.
  @Test func anEngineIsNamed() throws {
    let catalog = try RandomWorld(seed: 1).catalog()
    var query = try query("table(employment, by:[state,naics6,year])", on: catalog)
    guard case .frame(var frame, let columns) = query.source else { throw CancellationError() }
    let world = frame.sources[0].dataset
    let measure = try #require(world.measure(named: "employment"))
    let facts = try #require(try world.facts(for: measure, period: 2001).first).table.columns
    frame.sources[0].dataset = try Dataset(name: "jobs", facts, remote: SilentEngine())
    query.source = .frame(frame, columns)
    var planner = Planner(catalog: catalog, denseCellLimit: 0)
    let plan = try planner.plan(query)
    let error = #expect(throws: LimitExceeded.self) {
      try Executor(catalog: catalog, plan: plan, limits: Limits(cells: 5), cancellation: Cancellation()).run()
    }
    #expect(error?.code == "E0601" && error?.message.hasSuffix(": the rows of jobs are in an engine") == true)
    let help = "import the table as a file, ask for fewer years or a coarser level, or add `in:`"
    #expect(error?.help.contains(help) == true, "\(error?.help ?? "")")
  }

  /// More groups in one year than codes of 32 bits can number.
  @Test func axesThatAreTooLongAreNamed() throws {
    let catalog = try RandomWorld(seed: 1).catalog()
    var planner = Planner(catalog: catalog, denseCellLimit: 0)
    var plan = try planner.plan(try query("table(employment, by:[state,naics6,year])", on: catalog))
    let grid = plan.grids[0]
    let regions = [[Member]](repeating: grid.region.entries[0], count: Int(Int32.max) / grid.activity.groupCount + 1)
    plan.grids[0].region = RegionAxis(levels: grid.region.levels, constraints: [], entries: regions, parts: [])
    let found = SparseGrids(catalog: catalog, plan: plan, budget: 0).find()
    #expect(found.grids.isEmpty && found.obstacles == [.groups])
    (plan.sparseGrids, plan.sparseObstacles) = found
    let error = #expect(throws: LimitExceeded.self) {
      try Executor(catalog: catalog, plan: plan, limits: Limits(), cancellation: Cancellation()).run()
    }
    #expect(error?.message.hasSuffix(": there are too many places and activities") == true)
    #expect(error?.help.contains("add `in:`, or ask for fewer years or a coarser level") == true)
  }
}
