import ClusterQuery
import Testing

/// `cq fmt --official`: aliases become official names where their place says what they name.
@Suite struct OfficialNamesTests {
  @Test(arguments: [
    ("lq(cluster:\"Aerospace\", by:state)", "lq(cluster:\"Aerospace Vehicles and Defense\", by:state)\n"),
    ("employment(by:cluster, in:\"OH\")", "employment(by:cluster, in:\"Ohio\")\n"),
    (
      "employment(state:[\"OHIO\", \"michigan\"], year:2010)", "employment(state:[\"Ohio\", \"Michigan\"], year:2010)\n"
    ),
    ("employment(by:state) | where state == \"ohio\"", "employment(by:state) | where state == \"Ohio\"\n"),
    ("employment(by:state) | where state in [\"ohio\"]", "employment(by:state) | where state in [\"Ohio\"]\n"),
    ("let x = lq(cluster:\"aeroespacial\")", "let x = lq(cluster:\"Aerospace Vehicles and Defense\")\n"),
    ("employment(cluster:\"Aerospce\")", "employment(cluster:\"Aerospce\")\n"),
    ("employment(naics4:3364)", "employment(naics4:3364)\n"),
    ("employment(by:state) | note \"Aerospace\"", "employment(by:state) | note \"Aerospace\"\n"),
    (
      "# Aerospace\nemployment(cluster:\"Aerospace\")",
      "# Aerospace\nemployment(cluster:\"Aerospace Vehicles and Defense\")\n"
    ),
  ])
  func aliasesBecomeOfficial(text: String, expected: String) throws {
    let session = Session(engine: try Bundled.engine.get())
    let formatted = try session.format(text, usesOfficialNames: true)
    #expect(formatted == expected)
    #expect(try session.format(formatted, usesOfficialNames: true) == expected, "once is enough")
  }

  @Test func withoutTheOptionNothingChanges() throws {
    let session = Session(engine: try Bundled.engine.get())
    #expect(try session.format("lq(cluster:\"Aerospace\")") == "lq(cluster:\"Aerospace\")\n")
  }

  @Test func aSessionAnswersAboutItsCatalogue() throws {
    let session = Session(engine: try Bundled.engine.get())
    #expect(session.definition(of: "lq")?.contains("def lq(") == true)
    #expect(session.definition(of: "lq")?.hasPrefix("## Location quotient") == true)
    #expect(session.definition(of: "nothing") == nil)
    #expect(session.provenance(of: "employment")?.contains("us_qcew_state") == true)
    #expect(session.provenance(of: "us_cbp_state")?.contains("County Business Patterns") == true)
    #expect(session.provenance(of: "nothing") == nil)
    #expect(session.members(of: "cluster", matching: "aero veh")?.contains("Aerospace Vehicles and Defense") == true)
    #expect(session.members(of: "cluster", matching: "zzz") == "no cluster has zzz in its name")
    #expect(session.members(of: "clutser") == nil)
    #expect(session.availability(of: "employment", in: "US")?.contains("us_cbp_state") == true)
    #expect(session.availability(of: "employment", in: "Atlantis") == nil)
    #expect(session.availability(of: "nothing") == nil)
    #expect(session.help("bounds")?.contains("size classes") == true)
  }
}
