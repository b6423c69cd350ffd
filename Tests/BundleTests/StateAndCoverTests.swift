import CQColumns
import Testing
import bundle

/// States and covers of the fixture, worked out by hand.
struct StateAndCoverTests {
  private let files: [BundleFile]

  init() throws { files = try FixtureFolder.build() }

  /// Compares the state and the cover of a measure, as the manifest says where they are, with `known 3`.
  private func expect(_ file: String, _ expected: [String: String], measure: String = "employment") throws {
    let table = try BuiltTable(file, in: files, keys: ["year", "region", "activity"])
    let columns = try ["state", "cover"].map { try #require(table.table.metadata("measure.\(measure).\($0)")) }
    for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
      let found = try columns.first == "cell:0" ? table.row(key, "cell") : table.row(key, columns[0], columns[1])
      #expect(found == value, "\(file), \(key)")
    }
  }

  @Test func publishedRowsCoverByTheirParents() throws {
    try expect(
      "us_cbp_state.arrow",
      [
        "2007 53 00": "known 0", "2007 53 31-33": "known 1", "2007 53 336": "known 2", "2007 53 3364": "known 3",
        // Six digits hang below four: the source has no five.
        "2007 53 336411": "known 4",
      ])
  }

  @Test func onlyUnknownChildOfAKnownParentIsKnown() throws {
    try expect(
      "us_cbp_state.arrow",
      [
        // 336 = 100 and 3366 = 20 are published, so 3364 is 80.
        "2007 02 3364": "known 3",
        // Two unknown under 3364.
        "2007 02 336411": "estimated 4", "2007 02 336412": "estimated 4", "2007 02 336413": "known 4",
        // A chain of only children below 42: each becomes known through the one above.
        "2007 02 423": "known 2", "2007 02 4231": "known 3", "2007 02 423110": "known 4",
      ])
  }

  @Test func payrollMustAgreeToo() throws {
    // Employment is left over exactly, payroll is 1 off.
    try expect("us_cbp_state.arrow", ["2007 02 336611": "estimated 4"])
  }

  @Test func unresolvedRowsAreLeftToTheirChildren() throws {
    try expect(
      "us_cbp_state.arrow",
      [
        // 332 and 336 are both withheld under 31-33; their published children hang on 31-33 (depth 2).
        "2008 53 332": "estimated 255", "2008 53 3321": "known 2", "2008 53 332111": "known 4",
        "2008 53 336": "estimated 255", "2008 53 3364": "known 2",
      ])
  }

  @Test func incompleteFamiliesDoNotStandForTheirParent() throws {
    try expect(
      "us_cbp_state.arrow",
      [
        // The code list under 42 has a gap in NAICS 2007, so 42 counts although it is estimated.
        "2009 02 42": "estimated 1", "2009 02 423": "known 2", "2009 02 4231": "known 3",
      ])
  }

  @Test func incompleteFamiliesProveNothing() throws {
    try expect(
      "us_cbp_state.arrow",
      [
        // In Alaska, 42 has 150 and its only published child 140: the code list under 42 has a gap in NAICS 2007.
        "2008 53 423": "estimated 255", "2008 53 4231": "known 2",
        // The children of 3364 are never all published in 2008, so nothing shows that they are complete.
        "2008 53 336412": "estimated 4",
      ])
  }

  @Test func roundedAveragesMayBeAFewJobsApart() throws {
    try expect(
      "us_qcew_state.arrow",
      [
        // 310 - 200 - 108 = 2 in 2019, so the family counts as complete; 300 - 190 = 110 in 2020, estimated 109.
        "2019 53 238111": "known 2", "2020 53 238112": "known 2",
        // 42 = 200 would leave all to its only child 423, whose estimate is 150.
        "2020 53 423": "estimated 255", "2020 53 4231": "estimated 255", "2020 53 42311": "known 2",
      ])
  }

  @Test func rowsThatRepeatTheRowAboveAreLeftOut() throws {
    let table = try BuiltTable("us_qcew_state.arrow", in: files, keys: ["year", "region", "activity"])
    #expect(table.has("2020 53 42311") && !table.has("2020 53 423110"), "the only part says what the whole says")
    #expect(table.has("2020 53 4231"), "42311 is not all of 4231")
  }

  @Test func ownershipsHaveTreesOfTheirOwn() throws {
    let file = "us_qcew_state.government.arrow"
    try expect(file, ["2019 53 23": "known 1", "2019 53 238": "missing 255"], measure: "federal_employment")
    try expect(
      file,
      [
        "2019 53 238": "known 2", "2020 53 23": "estimated 255", "2020 53 238": "estimated 1",
        "2019 53 42": "estimated 1",
      ],
      measure: "local_government_employment")
    try expect(file, ["2019 53 00": "missing 255", "2020 53 00": "known 0"], measure: "state_government_employment")
    try expect(file, ["2019 53 00": "known 0", "2019 53 23": "missing 255"], measure: "covered_employment")
  }

  @Test func establishmentsOfGovernmentAreKnownOrMissing() throws {
    let table = try BuiltTable(
      "us_qcew_state.government.arrow", in: files, keys: ["year", "region", "activity"])
    #expect(
      try table.row("2019 53 42", "local_government_establishments", "local_government_establishments_state")
        == "5 known")
    #expect(try table.row("2019 53 42", "federal_establishments", "federal_establishments_state") == "0 missing")
  }

  @Test func payrollOfTheClusterMapHasTheScopeOfItsEmployment() throws {
    let table = try BuiltTable("us_cluster_map_2016.arrow", in: files, keys: ["region", "activity"])
    func row(_ key: String, _ measures: String...) throws -> String {
      try measures.map { measure in
        let state = try #require(table.table.metadata("measure.\(measure).state"))
        return try "\(table.row(key, measure)) \(table.row(key, state))"
      }.joined(separator: " ")
    }
    // 240,001 thousand dollars are of 3,000 reported jobs; 4,000 jobs at the same wage earn 320,001.33.
    #expect(try row("53 1", "employment", "payroll") == "4000 estimated 320001 estimated")
    #expect(try row("53 101", "employment", "payroll") == "300 known 9000 known")
    #expect(try row("02 1", "employment", "payroll") == "30 estimated 0 withheld")
    #expect(try row("02 101", "employment", "payroll") == "0 known 0 known")
    #expect(try row("US 1", "employment", "payroll") == "5000 known 0 missing")
    #expect(try row("53 1", "reported_employment", "reported_payroll") == "3000 known 240001 known")
    #expect(try row("53 1", "published_lq") == "5.25 known")
    #expect(try row("US 1", "published_lq") == "0.0 missing")
  }
}
