import ClusterQuery
import Foundation
import Testing

/// Each case is a text with the cursor as `▮`, and every candidate in order: what is written, then what it is.
@Suite struct CompletionTests {
  struct Case: CustomTestStringConvertible {
    var text: String
    var candidates: [String]

    init(_ text: String, _ candidates: String...) {
      self.text = text
      self.candidates = candidates
    }

    var testDescription: String { text }
  }

  /// A session that has defined a few names.
  private static let session = Result {
    let session = Session(engine: try Bundled.engine.get())
    let definitions = """
      let big_states = employment(by:state) | top 5
      ## Jobs that are not at the centre.
      def outskirts(of = employment, apart_from: region = "Ohio", within: level = county) = of
      def keepers(floor = 5) =
        | where employment > floor
      """
    try session.execute(definitions) { _ in }
    return session
  }

  private func completion(_ text: String) throws -> (completion: Completion, plain: String) {
    let parts = text.split(separator: "▮", omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let completer = Completer(try Self.session.get())
    return (completer.completion(of: parts.joined(), at: parts[0].utf8.count), parts.joined())
  }

  // MARK: - What is offered

  static let cases: [Case] = [
    // Verbs
    Case("employment(by:state) | to▮", "top"),
    Case("employment(by:state) | u▮", "unpivot"),
    Case("employment(by:state) | kee▮", "keepers"),
    Case("_ | de▮", "derive", "describe", "demand_impact", "detect_clusters"),
    Case("employment(by:state) ▮", "|"),
    // Slots
    Case("employment(clu▮", "cluster:"),
    Case("employment(cluster:\"Aerospace\", cl▮", "clip:"),
    Case("overlap(w▮", "with:"),
    Case("outskirts(apart▮", "apart_from:"),
    Case("employment(by:state) | keepers fl▮", "floor:"),
    Case("employment(by:state) | top 5, ▮", "by:"),
    Case("employment(by:state) | chart bar, t▮", "title:"),
    // Levels
    Case("lq(by:st▮", "state"),
    Case("lq(by:[cluster, na▮", "naics2", "naics3", "naics4", "naics5", "naics6"),
    Case("lq(by:muni▮", "municipio"),
    Case("outskirts(within:me▮", "metro"),
    // Members
    Case("lq(cluster:\"aero▮", "Aerospace Vehicles and Defense\" = 1 cluster"),
    Case("lq(cluster:\"defense veh▮\", by:state)", "Aerospace Vehicles and Defense = 1 cluster"),
    Case("lq(cluster:aero▮", "\"Aerospace Vehicles and Defense\" = 1 cluster"),
    Case("lq(by:state, in:\"Mexico\", state:\"leon▮", "Nuevo León\" = 19 state"),
    Case("lq(by:county, county:\"cook county, i▮", "Cook County, IL\" = 17031 county"),
    Case("lq(by:county, county:\"obri▮", "O'Brien County, IA\" = 19141 county"),
    Case(
      "lq(state:[\"Ohio\", \"new▮", "New Hampshire\" = 33 state", "New Jersey\" = 34 state",
      "New Mexico\" = 35 state", "New York\" = 36 state", "New Brunswick\" = 13 state of CA",
      "Newfoundland and Labrador\" = 10 state of CA"),
    Case(
      "employment(naics4:336▮", "3364 = Aerospace Product and Parts Manufacturing",
      "3362 = Motor Vehicle Body and Trailer Manufacturing", "3361 = Motor Vehicle Manufacturing",
      "3363 = Motor Vehicle Parts Manufacturing", "3369 = Other Transportation Equipment Manufacturing",
      "3365 = Railroad Rolling Stock Manufacturing", "3366 = Ship and Boat Building"),
    Case("employment(naics4:\"3364▮", "Aerospace Product and Parts Manufacturing\" = 3364 naics4"),
    Case("outskirts(apart_from:\"vermo▮", "Vermont\" = 50 state"),
    Case("lq(by:state) | where state == \"ohi▮", "Ohio\" = 39 state"),
    // Columns
    Case("lq(by:[state, cluster]) | rank lq | select ▮", "state = states", "cluster = clusters", "lq", "rank"),
    Case("big_states | sort ▮", "state = states", "employment = persons"),
    Case("employment(by:state) | derive wage = avg_wage | drop w▮", "wage = USD"),
    Case("employment(by:state) | top 3, by:▮", "state = states", "employment = persons"),
    Case("employment(by:state) | rename jobs = ▮", "state = states", "employment = persons"),
    // Words of the language
    Case("lq(by:state) | sort lq ▮", "asc", "desc"),
    Case("lq(by:state) | where lq is ▮", "known", "estimated", "withheld", "missing", "not"),
    Case("lq(suppressed:▮", "estimate", "exclude", "withhold"),
    Case("bounds(employment).▮", "low", "high"),
    Case("dataset(\"jobs.csv\", establishm▮", "establishments:", "establishments_rank:"),
    // Years and datasets
    Case("employment(by:state, data:us_cbp_s▮", "us_cbp_state"),
    Case("employment(by:year, data:us_cbp_state, year:2009..▮", "2011", "2010"),
    // Nothing to say
    Case("employment(by:state) # and ▮"),
    Case("employment(by:state) | top ▮"),
    Case("employment(by:state) | note \"a▮"),
  ]

  @Test(arguments: cases) func offers(_ expected: Case) throws {
    let (completion, _) = try completion(expected.text)
    let found = completion.candidates.map { candidate in
      let note =
        [.member, .column].contains(candidate.kind) && candidate.note != "number" ? " = \(candidate.note)" : ""
      return candidate.text + candidate.suffix.filter { $0 != " " } + note
    }
    #expect(found == expected.candidates)
    #expect(completion.omittedCount == 0)
  }

  /// What it takes in a debug build is many times what it takes in a release build.
  @Test func offersWithoutDelay() throws {
    #if DEBUG
      let limit = Duration.seconds(1)
    #else
      let limit = Duration.milliseconds(5)
    #endif
    let texts = Self.cases.map(\.text) + ["lq(in:\"san jo▮", "lq(in:\"a▮", "lq(activity:\"man▮", "▮", "lq(▮"]
    for text in texts {
      let times = try (0..<3).map { _ in try ContinuousClock().measure { _ = try completion(text) } }
      #expect(try #require(times.min()) < limit, "\(text)")
    }
  }

  // MARK: - What is replaced

  private func replaced(_ text: String) throws -> String {
    let (completion, plain) = try completion(text)
    let candidate = try #require(completion.candidates.first)
    let bytes = Array(plain.utf8)
    let result =
      bytes[..<completion.span.start] + Array((candidate.text + candidate.suffix).utf8) + bytes[completion.span.end...]
    return String(decoding: result, as: UTF8.self)
  }

  @Test(arguments: [
    ("lq(clu▮", "lq(cluster:"),
    ("lq(clu▮ster:\"Aerospace\")", "lq(cluster:\"Aerospace\")"),
    ("lq(cluster:\"aero▮", "lq(cluster:\"Aerospace Vehicles and Defense\""),
    ("lq(cluster:\"aero▮\", by:state)", "lq(cluster:\"Aerospace Vehicles and Defense\", by:state)"),
    ("lq(cluster:\"aero▮space\", by:state)", "lq(cluster:\"Aerospace Vehicles and Defense\", by:state)"),
    (
      "lq(cluster:\"aero▮, by:state, in:\"Ohio\")",
      "lq(cluster:\"Aerospace Vehicles and Defense\", by:state, in:\"Ohio\")"
    ),
    ("lq(cluster:“aero▮", "lq(cluster:“Aerospace Vehicles and Defense”"),
    ("lq(state:\"ciudad de mé▮", "lq(state:\"Ciudad de México\""),
    ("lq(cluster:\"Aerospace\", by:state) | wh▮ lq > 1", "lq(cluster:\"Aerospace\", by:state) | where lq > 1"),
    ("employment(by:state) |\n  to▮", "employment(by:state) |\n  top "),
  ]) func replaces(_ text: String, _ result: String) throws {
    #expect(try replaced(text) == result)
  }

  @Test func hintsSayHowACallIsUsed() throws {
    func hint(_ text: String) throws -> String? { try completion(text).completion.hint }
    let signature = "outskirts(of:employment, apart_from:\"Ohio\", within:county, by:, in:, year:, …)"
    #expect(try hint("outskirts(▮") == signature)
    #expect(try hint("outskirts(cluster:\"a▮") == signature)
    #expect(try hint("employment(by:state) | top ▮") == "| top n, by:column")
    #expect(try hint("employment(▮") == "employment(by:, in:, year:, …)")
    #expect(try hint("employment(by:state) ▮") == nil)
  }

  @Test func aStatementBeforeTheCursorDefinesNames() throws {
    let (completion, _) = try completion("let mine_alone = employment(by:metro)\nmine_a▮")
    #expect(completion.candidates.map(\.text) == ["mine_alone"])
    let (columns, _) = try self.completion("let mine_alone = employment(by:metro)\nmine_alone | sort ▮")
    #expect(columns.candidates.map(\.text) == ["metro", "employment"])
  }

  @Test func columnsAreKnownBehindAMistake() throws {
    let (completion, _) = try completion("employment(by:state) | derive x = nonsense_here | sort ▮")
    #expect(completion.candidates.map(\.text) == ["state", "employment", "x"])
  }

  @Test func filesAreOffered() throws {
    let (completion, _) = try completion("open(\"\(packageFolder.path)/examples/tou▮")
    #expect(completion.candidates.map { $0.text + $0.suffix } == ["\(packageFolder.path)/examples/tour/"])
    let (modules, _) = try self.completion("use \"\(packageFolder.path)/examples/▮")
    #expect(modules.candidates.allSatisfy { $0.kind == .folder || $0.text.hasSuffix(".cq") })
    #expect(modules.candidates.contains { $0.text.hasSuffix("demo.cq") && $0.suffix == "\"" })
    let restricted = Session(engine: try Bundled.engine.get(), mode: .restricted)
    #expect(Completer(restricted).completion(of: "use \"/", at: 6).candidates.isEmpty)
  }

  @Test func longListsAreCut() throws {
    let (completion, _) = try completion("employment(county:\"▮")
    #expect(completion.candidates.count == Completer.candidateLimit)
    #expect(completion.omittedCount > 1_000)
    #expect(completion.commonText == nil)
  }

  @Test func noTextTraps() throws {
    let completer = Completer(try Self.session.get())
    let texts =
      Self.cases.map(\.text).map { $0.replacing("▮", with: "") } + [
        "", "\"", "“", "(((((", "|||", "é\u{301}\"", "lq(\"{",
      ]
    for text in texts { for offset in -1...(text.utf8.count + 1) { _ = completer.completion(of: text, at: offset) } }
  }
}
