import CQCatalog
import CQColumns
import CQEngine
import CQPlan
import CQSemantics
import CQSource
import CQSyntax
import Testing

/// Grids of which only the cells with rows are laid out, on invented data with published covers, states and several vintages.
struct SparseGridTests {
  private func run(_ text: String, on catalog: Catalog, denseCells: Int, limits: Limits = Limits()) throws -> (
    table: Table, plan: QueryPlan, statistics: RunStatistics
  ) {
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
    var planner = Planner(catalog: catalog, denseCellLimit: denseCells)
    let plan = try planner.plan(query)
    let outcome = try Executor(catalog: catalog, plan: plan, limits: limits, cancellation: Cancellation()).run()
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
  ]

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
        #expect(sparse.plan.sparseGrids.isEmpty == world.absentIsZero, "\(text)")
        if world.absentIsZero {
          #expect(sparse.plan.sparseObstacles == [.absentIsZero(dataset: "world")])
        } else {
          #expect(sparse.statistics.sparseGrids.count == sparse.plan.sparseGrids.count)
          #expect(sparse.statistics.sparseGrids.allSatisfy { $0.count <= $0.possible })
        }
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
      ("table(l = estimate(employment), by:[state,naics6,year])", .bounds),
      ("table(e = employment, b = employment(region:base), by:[state,naics6,year])", .formula(name: "b")),
      ("table(s = sum(employment ?? 1, over:naics6), by:[state,naics3])", .formula(name: "sum")),
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
}
