import CQCatalog
import CQEngine
import Foundation
import Synchronization
import Testing

@testable import ClusterQuery

/// Grids too large to be laid out: what stands in the way of leaving out cells without rows, what they may use, and stopping.
@Suite struct SparseLimitTests {
  /// `let mine = dataset(…)` of jobs by county, six-digit industry and year, in few of the cells: of Ohio, whose 88 counties make grids of
  /// a million cells, and of Maryland, which has a quarter of them.
  private static func facts(
    _ name: String, absent: String = "missing", years: ClosedRange<Int> = 2010...2019, rows: Int = 300
  ) throws -> String {
    let catalogue = [
      "39049", "39061", "39035", "39041", "39017", "39113", "39151", "24003", "24005", "24031", "24510", "36061",
    ]
    let industries = [
      "111110", "113310", "311111", "311211", "511210", "522110", "236115", "335911", "541511", "722511",
    ]
    var source = SeededSource(seed: 5)
    var lines = [["county", "naics6", "year", "employment", "payroll"]]
    for _ in 0..<rows {
      let jobs = 1 + source.index(below: 5_000)
      lines.append([
        catalogue[source.index(below: catalogue.count)], industries[source.index(below: industries.count)],
        "\(years.lowerBound + source.index(below: years.count))", "\(jobs)", "\(jobs * 40)",
      ])
    }
    let path = try Answers.file("\(name).csv", lines)
    return
      "let mine = dataset(\"\(path)\", county:county, naics6:naics6, year:year, employment:employment, payroll:payroll * 1 USD, duplicates:add, absent:\(absent))\n"
  }

  private static func limits(denseCells: Int, cells: Int = 50_000_000, memory: Int = 4 << 30) -> Limits {
    var limits = Limits(cells: cells, memory: memory)
    limits.denseCells = denseCells
    limits.reusesSums = false
    return limits
  }

  private static func session() throws -> Session { Session(engine: try Bundled.engine.get(), mode: .readOnly) }

  /// - Parameter session: One that knows some names already.
  private static func run(
    _ text: String, _ limits: Limits, cancellation: Cancellation = Cancellation(), in session: Session? = nil
  ) throws -> (text: String, stats: RunStatistics) {
    let session = try session ?? Self.session()
    var answer = ("", RunStatistics())
    try session.execute(text, limits: limits, cancellation: cancellation) { table in
      answer = (table.render(.csv), table.stats)
    }
    return answer
  }

  // MARK: - Obstacles

  /// Each reason why a grid stays whole, in the words of E0601.
  @Test(
    arguments: [
      (
        "employment(by:[county, naics6, year], in:\"Ohio\", data:mine)", "zero",
        "in mine a cell that is not listed is 0, so that every cell is a row"
      ),
      (
        "table(e = employment ?? 0, by:[county, naics6, year], in:\"Ohio\", data:mine)", "missing",
        "e gives a number where the data have none, so that every cell is a row"
      ),
      (
        "table(e = employment ?? 0, by:[county, naics6, year], in:\"Ohio\", data:mine) | sort e", "missing",
        "e gives a number where the data have none, so that every cell is a row"
      ),
      (
        "table(e = employment ?? 0, by:[county, naics6, year], in:\"Ohio\", data:mine) | where naics6 == \"311111\"",
        "missing",
        "e gives a number where the data have none, so that every cell is a row"
      ),
      ("eci(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "missing", "eci takes all cells at a time"),
      ("density(by:[county, naics6, year], in:\"Ohio\", data:mine)", "missing", "density takes all cells at a time"),
      (
        "table(s = sum((employment ?? 0) + (sum(employment, over:county) ?? 0), over:naics6), by:year, in:\"Ohio\", data:mine)",
        "missing",
        "every cell needs sum of a finer level"
      ),
      (
        "table(b = bounds(sum(employment, over:naics6)).low, by:[county, naics4, year], in:\"Ohio\", data:mine)",
        "missing",
        "bounds are found for all cells at a time"
      ),
      (
        "table(e = employment, r = employment(region:base), by:[county, naics6, year], in:\"Ohio\", data:mine)",
        "missing",
        "r gives a number where the data have none, so that every cell is a row"
      ),
      // Mexico's codes are coarser than clusters.
      (
        "employment(by:[state, cluster, year], in:\"Mexico\", year:2013..2018)", "missing",
        "codes are shared among clusters by weights"
      ),
    ])
  func anObstacleIsNamed(_ query: String, _ absent: String, _ reason: String) throws {
    let facts = try Self.facts("obstacles-\(absent)", absent: absent)
    let error = #expect(throws: LimitExceeded.self, "\(query)") {
      try Self.run(facts + query, Self.limits(denseCells: 0, cells: 10))
    }
    #expect(error?.code == "E0601")
    #expect(error?.message.hasSuffix(": \(reason)") == true, "\(error?.message ?? "")")
    #expect(error?.help.contains("add `in:`") == true)
    // As large as it may be, it is the same table as ever.
    let dense = try Self.run(facts + query, Self.limits(denseCells: .max))
    let sparse = try Self.run(facts + query, Self.limits(denseCells: 0))
    #expect(sparse.text == dense.text)
  }

  /// What is passed over, and what is left out, where nothing stands in the way; the plan says which.
  @Test(
    arguments: [
      ("employment(by:[county, naics6, year], in:\"Ohio\", data:mine)", "missing", ["lay out cells with rows only"]),
      (
        "employment(by:[county, naics6, year], in:\"Ohio\", data:mine) | where employment > 4000", "zero",
        ["pass over all"]
      ),
      ("lq(by:[county, naics6, year], in:\"Ohio\", data:mine) | top 5", "zero", ["pass over all"]),
      ("krugman(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "missing", ["pass over all"]),
      ("lq(by:[county, naics6, year], in:\"Ohio\", data:mine) | where lq > 2 | sort lq", "zero", ["pass over all"]),
      ("lq(by:[county, naics6, year], in:\"Ohio\", data:mine) | bottom 5", "zero", ["pass over all"]),
      ("krugman(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "zero", ["pass over all"]),
      ("shift_share(over:naics6, by:county, year:2010..2019, in:\"Ohio\", data:mine)", "zero", ["pass over all"]),
      ("hhi(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "zero", ["pass over all"]),
      ("gini_spec(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "missing", ["pass over all"]),
      ("locational_gini(over:county, by:[naics6, year], in:\"Ohio\", data:mine)", "missing", ["pass over all"]),
      ("shift_share(over:naics6, by:county, year:2010..2019, in:\"Ohio\", data:mine)", "missing", ["pass over all"]),
      (
        "table(m = median(employment, over:naics6), by:[county, year], in:\"Ohio\", data:mine)", "missing",
        ["lay out cells with rows only"]
      ),
      (
        "table(m = median(employment, over:county), by:[naics6, year], in:\"Ohio\", data:mine)", "zero",
        ["pass over all"]
      ),
    ])
  func thePlanSaysWhatIsDone(_ query: String, _ absent: String, _ words: [String]) throws {
    let facts = try Self.facts("plans-\(absent)", absent: absent)
    let session = try Self.session()
    let plan = try #require(try session.plan(of: facts + query, limits: Self.limits(denseCells: 30)))
    for word in words { #expect(plan.contains(word), "\(plan)") }
    let dense = try Self.run(facts + query, Self.limits(denseCells: .max))
    let sparse = try Self.run(facts + query, Self.limits(denseCells: 30))
    #expect(sparse.text == dense.text)
    #expect(dense.stats.sparseGrids.isEmpty && !sparse.stats.sparseGrids.isEmpty)
  }

  /// Cells that are passed over count as bits.
  @Test func passedCellsCount() throws {
    let facts = try Self.facts("passed")
    let query = "table(k = krugman(over:naics6), by:[county, year], in:\"Ohio\", data:mine)"
    let found = try Self.run(facts + query, Self.limits(denseCells: 200))
    let grid = try #require(found.stats.sparseGrids.first)
    #expect(grid.isPassedOver && grid.count < grid.possible)
    _ = try Self.run(facts + query, Self.limits(denseCells: 200, cells: found.stats.cells))
    let error = #expect(throws: LimitExceeded.self) {
      try Self.run(facts + query, Self.limits(denseCells: 200, cells: found.stats.cells - 1))
    }
    #expect(error?.message.hasSuffix("gives a number where the data have none, so that every cell is a row") == true)
  }

  // MARK: - Stopping and memory

  private static let large = [
    ("lq(by:[county, naics6, year], in:\"Ohio\", data:mine) | sort lq desc", "missing"),
    ("hhi(over:naics6, by:[year, county], in:\"Ohio\", data:mine)", "zero"),
    ("lq(by:[year, county, naics6], in:\"Ohio\", data:mine) | where lq > 1 | top 3", "zero"),
    ("gini_spec(over:naics6, by:[county, year], in:\"Ohio\", data:mine)", "missing"),
    ("table(m = median(employment ?? 0, over:county), by:[naics6, year], in:\"Ohio\", data:mine)", "missing"),
    ("shift_share(over:naics6, by:county, year:2010..2019, in:\"Ohio\", data:mine)", "missing"),
  ]

  /// Says that it is time to stop when it is asked for the given time and ever after.
  private final class Patience: Sendable {
    private let left: Atomic<Int>
    private let asked = Atomic<Int>(0)

    init(_ count: Int) { left = Atomic(count) }

    var isOver: Bool {
      asked.add(1, ordering: .relaxed)
      return left.subtract(1, ordering: .relaxed).newValue < 0
    }
    var askedCount: Int { asked.load(ordering: .relaxed) }
  }

  @Test(arguments: large) func stopsWheneverItIsAsked(_ query: String, _ absent: String) throws {
    let query = query.replacing("Ohio", with: "Maryland")
    // The file is read once for all runs.
    let session = try Self.session()
    _ = try Self.run(Self.facts("stops-\(absent)", absent: absent), Limits(), in: session)
    var limits = Self.limits(denseCells: 0)
    limits.threads = 1
    let calm = Patience(.max)
    let expected = try Self.run(query, limits, cancellation: Cancellation(isOver: { calm.isOver }), in: session)
    #expect(calm.askedCount > 20)
    #expect(!expected.stats.sparseGrids.isEmpty)
    for count in stride(from: 0, to: calm.askedCount, by: max(1, calm.askedCount / 24)) {
      let patience = Patience(count)
      #expect(throws: CancellationError.self, "\(query) after \(count) of \(calm.askedCount)") {
        try Self.run(query, limits, cancellation: Cancellation(isOver: { patience.isOver }), in: session)
      }
    }
  }

  @Test(arguments: large) func memoryIsBounded(_ query: String, _ absent: String) throws {
    let facts = try Self.facts("memory-\(absent)", absent: absent)
    let used = try Self.run(facts + query, Self.limits(denseCells: 0)).stats.peakBytes
    #expect(used > 0)
    for part in [2, 3] {
      let error = #expect(throws: LimitExceeded.self, "1/\(part) of \(used)") {
        try Self.run(facts + query, Self.limits(denseCells: 0, memory: used / part))
      }
      #expect(error?.code == "E0604")
    }
    _ = try Self.run(facts + query, Self.limits(denseCells: 0, memory: used))
  }

  // MARK: - Large spaces

  /// Jobs in 2,000 of some 10^9 cells: each county × industry × quarter of 75 years.
  private static func billion() throws -> String {
    let catalog = try Bundled.engine.get().catalog
    let counties = catalog.list(.county).members.filter { $0.country == "US" && $0.code < "57" }.map(\.code)
    let tree = try #require(catalog.tree(scheme: "naics", vintage: 2017))
    let industries = tree.codes.indices.filter { tree.levels[$0] == .naics6 }.map { tree.codes[$0] }
    var source = SeededSource(seed: 8)
    var lines = [["county", "naics6", "quarter", "employment"]]
    // Every county, industry and quarter once at least, so that the space is as large as it can be.
    for row in 0..<max(counties.count, industries.count) {
      let quarter = row % 300
      lines.append([
        counties[row % counties.count], industries[row % industries.count], "\(1945 + quarter / 4)Q\(quarter % 4 + 1)",
        "\(1 + source.index(below: 9_000))",
      ])
    }
    return "let mine = dataset(\"\(try Answers.file("billion.csv", lines))\", duplicates:add)\n"
  }

  @Test func aSpaceOfABillionCells() throws {
    let facts = try Self.billion()
    let found = try Self.run(
      facts + "lq(by:[county, naics6, quarter], quarter:1945Q1..2019Q4, data:mine) | top 3", Limits())
    let grid = try #require(found.stats.sparseGrids.first)
    #expect(grid.possible > 900_000_000 && grid.count < 4_000 && !grid.isPassedOver)
    #expect(found.stats.peakBytes < 1 << 30)
    #expect(found.text.split(separator: "\n").count == 4)
  }

  /// As many cells as nobody can look through: said before anything is read.
  @Test func aSpaceThatIsTooLargeToPassOver() throws {
    let facts = try Self.billion()
    let query = "krugman(over:naics6, by:[county, quarter], quarter:1945Q1..2019Q4, data:mine)"
    var limits = Limits(cells: 10_000_000)
    limits.reusesSums = false
    let error = #expect(throws: LimitExceeded.self) { try Self.run(facts + query, limits) }
    #expect(error?.code == "E0601")
    #expect(error?.message.hasSuffix("gives a number where the data have none, so that every cell is a row") == true)
    let small = #expect(throws: LimitExceeded.self) {
      try Self.run(
        facts + "lq(by:[county, naics6, quarter], quarter:1945Q1..2019Q4, data:mine)", Limits(memory: 64 << 20))
    }
    #expect(small?.code == "E0604")
  }
}
