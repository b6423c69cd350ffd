import CQBundledData
import ClusterQuery
import Testing

/// The library as another program uses it.
@Suite struct EmbeddingTests {
  @Test func aPreparedQueryRunsWithDifferentParameters() async throws {
    let query = try Bundled.engine.get().prepare(#"lq(cluster:$cluster, by:state, year:2020) | top 1"#)
    #expect(try await query.run(["cluster": "Aerospace"]).names("state") == ["Washington"])
    #expect(try await query.run(["cluster": "Automotive"]).names("state") == ["Michigan"])
  }

  @Test func mistakesShowWhenAQueryIsPrepared() throws {
    #expect {
      _ = try Bundled.engine.get().prepare("lq(cluster:\"Aerospce\", by:sate)", name: "a.cq")
    } throws: { error in
      let codes = (error as? Diagnostics)?.all.map(\.code)
      return codes == ["E0301", "E0310"] && (error as? Diagnostics)?.source.name == "a.cq"
    }
  }

  @Test func aParameterThatIsMissingOrFitsNothing() async throws {
    let query = try Bundled.engine.get().prepare(#"lq(cluster:$cluster, by:state)"#)
    await #expect(throws: Diagnostics.self) { try await query.run() }
    await #expect(throws: Diagnostics.self) { try await query.run(["cluster": "Aerospce"]) }
  }

  @Test func resultsCarryTheirProvenance() async throws {
    let table = try await Bundled.run("lq(cluster:\"Aerospace\", by:state, year:2020)")
    #expect(table.header.base == "United States")
    #expect(table.header.dataset == "us_qcew_state")
    #expect(table.header.years == 2020...2020)
    #expect(!table.header.source.isEmpty)
    #expect(table.notes.contains { $0.code == "N0502" })
  }

  @Test func theLastQueryGivesTheTable() async throws {
    let table = try await Bundled.run("employment(by:state)\nemployment(in:\"Ohio\", year:2020)")
    #expect(try table.numbers("employment") == [4_419_189])
    await #expect(throws: EngineError.self) { try await Bundled.run("let x = 5") }
    await #expect(throws: EngineError.self) { try await Bundled.run("") }
  }

  @Test func countriesWithoutDataAreRefused() {
    #expect(throws: EngineError.self) { try Engine(.bundled, country: "Atlantis") }
  }

  // MARK: - Interpolation

  static let hostile = [
    "Ohio\") | drop lq", "\"", "\\", "$state", "{state}", "Ohio\", by:state", "", " ", "\u{0}", "ａ", "—",
    "O'Brien's County, IA",
    "base", "all", "bound_1", "\n| top 1", "# comment", String(repeating: "(", count: 5_000),
  ]

  /// A hostile text is the name of no member: it is looked up, and never read as part of the language.
  @Test(arguments: hostile) func interpolationBindsAndNeverSplices(_ text: String) async throws {
    let engine = try Bundled.engine.get()
    let error = await #expect(throws: Diagnostics.self) {
      try await engine.run("employment(by:cluster, in:\(text))")
    }
    #expect(error?.all.map(\.code) == ["E0301"])
  }

  @Test func interpolatedNamesListsAndYears() async throws {
    let engine = try Bundled.engine.get()
    let table = try await engine.run("employment(by:state, state:\(["Ohio", "Iowa"]), year:\(2020))")
    #expect(try table.names("state") == ["Iowa", "Ohio"])
    let above = try await engine.run("employment(by:state, year:2020) | where employment > \(10_000_000.5)")
    #expect(try above.names("state") == ["California", "Texas"])
  }

  // MARK: - Rows

  struct Row: Decodable, Sendable {
    let state: String
    let employment: Cell<Double>
  }

  struct Plain: Decodable, Sendable {
    let naics6: String
    let employment: Double?
  }

  struct Whole: Decodable, Sendable {
    let naics6: String
    let employment: Int
  }

  static let aircraft = """
    employment(by:naics6, naics6:[336411, 336413], in:"Washington", year:2020, suppressed:
    """

  @Test func cellsTellStatesApart() async throws {
    struct Industry: Decodable { let employment: Cell<Double> }
    let estimate = try await Bundled.run(Self.aircraft + "estimate)").rows(as: Industry.self)
    #expect(estimate.map(\.employment.state) == [.estimated, .known])
    #expect(estimate[1].employment == .known(11_137))
    let withhold = try await Bundled.run(Self.aircraft + "withhold)").rows(as: Industry.self)
    #expect(withhold.map(\.employment) == [.withheld, .known(11_137)])
  }

  @Test func withheldNumbersAreNilOfAnOptional() async throws {
    let rows = try await Bundled.run(Self.aircraft + "withhold)").rows(as: Plain.self)
    #expect(rows.map(\.employment) == [nil, 11_137])
    #expect(rows[1].naics6 == "Other Aircraft Parts and Auxiliary Equipment Manufacturing")
  }

  @Test func wholeNumbersDecodeToInt() async throws {
    let rows = try await Bundled.run("employment(by:state, state:\"Ohio\", year:2020)").rows(as: Row.self)
    #expect(rows.map(\.state) == ["Ohio"])
    struct Count: Decodable { let employment: Int }
    let counts = try await Bundled.run("employment(by:state, state:\"Ohio\", year:2020)").rows(as: Count.self)
    #expect(counts.map(\.employment) == [4_419_189])
  }

  @Test func errorsNameTheColumnAndTheRow() async throws {
    let table = try await Bundled.run(Self.aircraft + "withhold)")
    let error = #expect(throws: DecodingError.self) { try table.rows(as: Whole.self) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("employment"))
    #expect(context.debugDescription.contains("row 1"))

    struct Misspelt: Decodable { let emploiment: Double }
    let missing = #expect(throws: DecodingError.self) { try table.rows(as: Misspelt.self) }
    #expect("\(String(describing: missing))".contains("emploiment"))

    struct Text: Decodable { let employment: String }
    #expect(throws: DecodingError.self) { try table.rows(as: Text.self) }

    struct Fraction: Decodable { let lq: Int }
    let quotients = try await Bundled.run("lq(by:state, cluster:\"Aerospace\", state:\"Ohio\", year:2020)")
    #expect(throws: DecodingError.self) { try quotients.rows(as: Fraction.self) }
  }
}
