import CQCatalog
import CQColumns
import CQEngine
import CQPlan
import CQSemantics
import CQSource
import CQSyntax
import Testing

/// Whole queries on invented data: one way of asking against another.
struct ExecutorTests {
  private func run(
    _ text: String, on catalog: Catalog, limits: Limits = Limits(), cancellation: Cancellation = Cancellation()
  ) throws -> Table {
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
    var planner = Planner(catalog: catalog)
    let plan = try planner.plan(query)
    return try Executor(catalog: catalog, plan: plan, limits: limits, cancellation: cancellation).run().table
  }

  /// The cells of each row: codes of members, years, and numbers with their state's initial.
  private func rows(_ table: Table) -> [[String]] {
    (0..<table.rowCount).map { row in
      table.columns.map { column in
        switch column.values {
        case .members(let codes, let members): members[Int(codes[row])].code
        case .periods(let years): "\(years[row])"
        case .numbers(let values, let states, _): "\(states[row].hasValue ? values[row] : 0) \(states[row].name)"
        case .texts(let texts): texts[row]
        case .truths(let truths): "\(truths[row])"
        }
      }
    }
  }

  @Test(arguments: 0..<15)
  func theOrderOfLevelsIsTheOrderOfRows(seed: Int) throws {
    let catalog = try RandomWorld(seed: seed).catalog()
    let reference = rows(try run("table(employment, by:[state,naics3,year])", on: catalog))
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let names = order.map { ["state", "naics3", "year"][$0] }.joined(separator: ",")
      let found = rows(try run("table(employment, by:[\(names)])", on: catalog))
      let expected = reference.map { row in order.map { row[$0] } + [row[3]] }
        .sorted { ($0[0], $0[1], $0[2]) < ($1[0], $1[1], $1[2]) }
      #expect(found == expected, "seed \(seed), \(names)")
    }
  }

  @Test(arguments: 0..<15)
  func sumsOverMembersAreThoseOfTheirRows(seed: Int) throws {
    let catalog = try RandomWorld(seed: seed).catalog()
    let fine = rows(try run("table(employment, by:[state,naics4], year:2003)", on: catalog))
    let coarse = rows(
      try run(
        "table(s = sum(employment, over:naics4), n = count(employment, over:naics4), by:state, year:2003)", on: catalog)
    )
    for row in coarse {
      let cells = fine.filter { $0[0] == row[0] }.map { $0[2].split(separator: " ") }
      let numbers = cells.filter { $0[1] == "known" || $0[1] == "estimated" }
      #expect(row[2] == "\(Double(numbers.count)) known")
      let total = numbers.reduce(0.0) { $0 + (Double($1[0]) ?? 0) }
      let state =
        cells.contains { $0[1] == "withheld" }
        ? "withheld"
        : numbers.isEmpty
          ? "missing"
          : numbers.contains { $0[1] == "estimated" } ? "estimated" : "known"
      #expect(row[1] == "\(state == "withheld" || state == "missing" ? 0 : total) \(state)", "seed \(seed)")
    }
  }

  /// A base that is the same for all rows of a year, asked for in a table and alone.
  @Test(arguments: 0..<15)
  func coarserCellsRepeatOverTheRows(seed: Int) throws {
    let catalog = try RandomWorld(seed: seed).catalog()
    let alone = rows(try run("table(employment, by:year)", on: catalog))
    let byActivity = rows(try run("table(employment, by:[naics2,year])", on: catalog))
    let table = rows(
      try run(
        "table(e = employment, b = employment(region:base), t = employment(region:base, activity:all), by:[state,naics2,year])",
        on: catalog))
    #expect(!table.isEmpty)
    for row in table {
      let total = alone.first { $0[0] == row[2] }?[1] ?? "0 missing"
      let ofActivity = byActivity.first { $0[0] == row[1] && $0[1] == row[2] }?[2] ?? "0.0 missing"
      #expect(row[4] == ofActivity, "seed \(seed), \(row)")
      #expect(row[5] == total, "seed \(seed), \(row)")
    }
  }

  @Test func equalCellsAreAskedForOnce() throws {
    let catalog = try RandomWorld(seed: 3).catalog()
    let table = rows(
      try run(
        "table(a = employment, b = employment + 0, c = employment - employment, by:state, year:2003)", on: catalog))
    for row in table where !row[1].hasSuffix("withheld") && !row[1].hasSuffix("missing") {
      #expect(row[1] == row[2])
      #expect(row[3].hasPrefix("0.0 "))
    }
  }

  @Test func missingFitsEveryKind() throws {
    let catalog = try RandomWorld(seed: 3).catalog()
    for (expression, expected) in [
      (#"if establishments >= 0 then "some" else missing"#, "some"),
      (#"if establishments < 0 then "none" else missing"#, "–"),
      (#"missing ?? "some""#, "some"), ("if establishments < 0 then missing else true", "true"),
      ("if establishments >= 0 then missing else 5", "0.0 missing"),
    ] {
      let table = try run("table(establishments, by:country) | derive x = \(expression)", on: catalog)
      #expect(rows(table).map { $0[2] } == [expected], "\(expression)")
    }
  }

  // MARK: - Limits

  @Test func limitsStopTheQuery() throws {
    let catalog = try RandomWorld(seed: 3).catalog()
    let text = "table(employment, by:[state,naics4,year])"
    let count = try run(text, on: catalog).rowCount
    #expect(throws: LimitExceeded.rows(needed: count, limit: count - 1)) {
      try run(text, on: catalog, limits: Limits(rows: count - 1))
    }
    #expect(try run(text, on: catalog, limits: Limits(rows: count)).rowCount == count)
    let cells = #expect(throws: LimitExceeded.self) { try run(text, on: catalog, limits: Limits(cells: 5)) }
    guard case .cells(let needed, 5, nil) = cells else {
      Issue.record("\(String(describing: cells))")
      return
    }
    #expect(needed >= count, "the bound is known before the query runs")
    #expect(throws: LimitExceeded.time(.zero)) { try run(text, on: catalog, limits: Limits(time: .zero)) }
  }

  @Test func aCancelledQueryGivesNothing() throws {
    let catalog = try RandomWorld(seed: 3).catalog()
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: CancellationError.self) {
      try run("employment(by:state)", on: catalog, cancellation: cancellation)
    }
    cancellation.reset()
    #expect(try run("employment(by:state)", on: catalog, cancellation: cancellation).rowCount == 3)
  }
}
