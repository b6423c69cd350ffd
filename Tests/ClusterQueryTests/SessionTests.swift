import ClusterQuery
import Testing

/// A conversation remembers what worked, and only that.
@Suite struct SessionTests {
  let session: Session

  init() throws { session = Session(engine: try Bundled.engine.get()) }

  private func results(_ text: String) throws -> [ResultTable] {
    var tables: [ResultTable] = []
    try session.execute(text) { tables.append($0) }
    return tables
  }

  private func codes(_ text: String) -> [String] {
    do {
      try session.execute(text) { _ in }
      return []
    } catch let diagnostics as Diagnostics {
      return diagnostics.all.map(\.code)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func definitionsAndBindingsStay() throws {
    #expect(try results("let belt = [\"Ohio\", \"Michigan\"]").isEmpty)
    #expect(try results("def double(of = employment) = of * 2").isEmpty)
    let table = try #require(try results("double(by:state, state:belt, year:2020)").first)
    #expect(try table.names("state") == ["Michigan", "Ohio"])
    #expect(try table.numbers("double")[1] == 2 * 4_419_189)
  }

  @Test func theLastResultChains() throws {
    _ = try results("employment(by:state, year:2020) | top 5")
    #expect(try results("| top 3")[0].rowCount == 3)
    #expect(try results("_ | first 2")[0].rowCount == 2)
    #expect(try results("| sort employment | first 1")[0].names("state") == ["Texas"])
  }

  @Test func anErrorLeavesTheSessionAsItWas() throws {
    _ = try results("let belt = [\"Ohio\", \"Michigan\"]\nemployment(by:state, state:belt, year:2020)")
    #expect(codes("let belt = [\"Iowa\"]\nemployment(by:sate, state:belt)") == ["E0310"])
    #expect(codes("employment(by:state") == ["E0103"])
    #expect(throws: LimitExceeded.self) {
      try session.execute("let belt = [\"Iowa\"]\nlq(by:state)", limits: Limits(cells: 1)) { _ in }
    }
    #expect(try results("| top 5")[0].names("state") == ["Ohio", "Michigan"])
    #expect(try results("employment(by:state, state:belt, year:2020)")[0].rowCount == 2)
  }

  @Test func nothingRunsWhenOneStatementIsWrong() throws {
    var tables = 0
    #expect(throws: Diagnostics.self) {
      try session.execute("employment(by:state)\nlq(by:sate)") { _ in tables += 1 }
    }
    #expect(tables == 0)
  }

  @Test func mistakesOfAnEarlierTextShowAtTheirUse() throws {
    _ = try results("def above(of = employment) = of\nlet few = [\"Ohio\", \"Iowa\"]")
    do {
      try session.execute("above(of:lq, by:state) | derive x = above(of:lq, cluster:few)") { _ in }
      Issue.record("states are no clusters")
    } catch let diagnostics as Diagnostics {
      #expect(diagnostics.all.allSatisfy { $0.code == "E0301" && $0.fixes.isEmpty })
      let source = diagnostics.source
      #expect(diagnostics.all.map { source.slice($0.span) } == ["few", "few"])
    }
  }

  @Test func checkRunsNothingAndTrustsParameters() {
    #expect(session.check("lq(cluster:$cluster, by:state)").all.isEmpty)
    #expect(session.check("lq(by:sate)").all.map(\.code) == ["E0310"])
    #expect(session.check("").all.isEmpty)
  }

  @Test func whatIsIncomplete() {
    for text in ["lq(", "lq(by:state,", "lq(by:state) |", "let x =", "1 +"] {
      #expect(session.isIncomplete(text), "\(text)")
    }
    for text in ["lq(by:state)", "", "lq(by:sate)", "| top 3"] { #expect(!session.isIncomplete(text), "\(text)") }
  }

  @Test func parameterNamesInTheOrderOfUse() {
    let text =
      "let place = $region ?? \"Ohio\"\nlq(cluster:$cluster, in:place, year:$year) | where lq > $least | top $n"
    #expect(session.parameterNames(in: text) == ["region", "cluster", "year", "least", "n"])
  }

  @Test func restrictedTextOpensNothing() throws {
    let restricted = Session(engine: try Bundled.engine.get(), mode: .restricted)
    for text in ["use \"a.cq\"", "open(\"/etc/passwd\")", "employment(by:state) | save \"/tmp/never-written.csv\""] {
      #expect(throws: Diagnostics.self) { try restricted.execute(text) { _ in } }
      #expect(restricted.check(text).hasErrors, "\(text)")
    }
    var rowCount = 0
    try restricted.execute("employment(by:state)") { rowCount = $0.rowCount }
    #expect(rowCount == 51)
  }

  @Test func helpKnowsIndicatorsMeasuresVerbsDatasetsAndMembers() throws {
    for topic in ["lq", "employment", "where", "us_qcew_state", "Ohio", "verbs", ""] {
      #expect(session.help(topic)?.isEmpty == false, "\(topic)")
    }
    #expect(session.help("nothing of this name") == nil)
    let page = try #require(session.helpPage("lq"))
    #expect(page.text.contains("\n  formula   "))
    #expect(page.text.contains("\nrelated: "))
    #expect(page.examples.first == "lq(cluster:\"Aerospace\", by:state) | top 5")
    #expect(try #require(session.definition(of: "lq")).contains("share(of"))
  }

  @Test func helpInQuotesLooksEverywhere() throws {
    let wage = try #require(session.helpPage("\"wage\""))
    for name in ["avg_wage ", "monthly_wage ", "mx_labour "] { #expect(wage.text.contains(name)) }
    let ohio = try #require(session.helpPage("\"Ohio\""))
    #expect(ohio.text.hasPrefix("Ohio  state, code 39\n"))
    #expect(ohio.text.contains("within    United States"))
    #expect(ohio.examples == ["employment(by:cluster, in:\"Ohio\") | top 5"])
    let aerospace = try #require(session.helpPage("“aerosp”"))
    #expect(aerospace.text.contains("naics4:\"Aerospace Product and Parts Manufacturing\"   code 3364"))
    #expect(session.helpPage("\"no such word anywhere\"") == nil)
  }

  @Test func examplesOfEveryTopicRun() throws {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    for topic in [
      "lq", "employment", "us_qcew_state", "mx_censo_metro", "Ohio", "\"Texas\"", "Aerospace", "organisations",
      "county",
    ] {
      let page = try #require(session.helpPage(topic), "\(topic)")
      #expect(!page.examples.isEmpty, "\(topic)")
      for example in page.examples {
        var rowCount = 0
        try session.execute(example) { rowCount = $0.rowCount }
        #expect(rowCount > 0, "\(topic): \(example)")
      }
    }
  }

  @Test func aCountryAnswersUntilTheNext() throws {
    let session = Session(engine: try Bundled.engine.get())
    var title: [String] = []
    try session.setCountry("Mexico")
    try session.execute("employment(by:year)") { title = $0.header.title }
    #expect(title.contains("Mexico"))
    #expect(throws: EngineError.self) { try session.setCountry("Atlantis") }
    #expect(session.engine.country == "Mexico")
    try session.execute("let mine = employment(by:year)") { _ in }
    session.reset()
    #expect(session.check("mine | first 1").hasErrors)
    #expect(session.engine.country == "Mexico")
  }
}
