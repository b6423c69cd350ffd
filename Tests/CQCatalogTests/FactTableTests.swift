import CQCatalog
import CQColumns
import Testing

/// Fact tables whose columns are narrow, constant or made of runs, and measures in several of them.
struct FactTableTests {
  private func facts(_ change: (inout SmallFiles) -> Void) throws -> FactTable {
    var files = SmallFiles()
    change(&files)
    return try #require(try files.openIndexed().datasets.first).facts(0)
  }

  private func codes(_ codes: DictionaryCodes) -> [Int] {
    switch codes {
    case .bits8(let codes): (0..<codes.count).map { Int(codes[$0]) }
    case .bits16(let codes): (0..<codes.count).map { Int(codes[$0]) }
    case .bits32(let codes): (0..<codes.count).map { Int(codes[$0]) }
    }
  }

  @Test func constantKeysAreInTheMetadata() throws {
    let manifest = SmallFiles.manifest + [("region", "US"), ("period", "2018")]
    let table = try facts { $0.add("us_test.arrow", facts: manifest, years: nil, region: nil) }
    #expect(table.regions == ["US"] && codes(table.regionCodes) == [0, 0, 0, 0])
    #expect(table.rows(of: 2018) == 0..<4 && table.rows(of: 2019).isEmpty)
  }

  @Test func runsOfRegionsAreCodes() throws {
    let table = try facts {
      $0.add("us_test.arrow", facts: SmallFiles.manifest, region: .runs(ends: [1, 4], values: ["53", "39"]))
    }
    #expect(table.regions == ["53", "39"] && codes(table.regionCodes) == [0, 1, 1, 1])
  }

  @Test(arguments: [
    ArrowWriter.Values.uint8([10, 4, 12, 5]), .uint16([10, 4, 12, 5]), .int16([10, 4, 12, 5]), .int32([10, 4, 12, 5]),
  ])
  func narrowNumbersAreWidened(values: ArrowWriter.Values) throws {
    let table = try facts { $0.add("us_test.arrow", facts: SmallFiles.manifest, values: values) }
    guard case .int32(let numbers) = try table.numbers("employment") else {
      Issue.record("they must become 32-bit numbers")
      return
    }
    #expect((0..<numbers.count).map { numbers[$0] } == [10, 4, 12, 5])
  }

  @Test func aMeasureMayLieInSeveralTables() throws {
    var files = SmallFiles()
    let fine = SmallFiles.manifest.map { ($0.0, ["levels.activity": "naics6"][$0.0] ?? $0.1) }
    files.add("us_test.2021.arrow", facts: SmallFiles.manifest + [("period", "2021")], years: nil)
    files.add(
      "us_test.2021_naics6.arrow",
      facts: fine + [("period", "2021"), ("measure.employment.levels.activity", "naics6")], years: nil)
    let dataset = try #require(try files.openIndexed().datasets.first)
    let employment = try #require(dataset.measure(named: "employment"))
    #expect(dataset.years == [2019, 2020, 2021] && employment.periods == [2019, 2020, 2021])
    #expect(employment.parts.map(\.factTable) == [0, 1, 2] && employment.parts[2].activityLevels == [.naics6])
    #expect(employment.activityLevels == nil, "the first part has all levels")
    #expect(try dataset.facts(for: employment, period: 2021).map(\.part.factTable) == [1, 2])
    #expect(try dataset.facts(for: employment, period: 2019).map(\.part.factTable) == [0])
    #expect(try dataset.facts(for: employment, period: 1999).isEmpty)
  }

  @Test func yearsOfAMeasureMayBeFewer() throws {
    var files = SmallFiles()
    files.add(
      "us_test.arrow",
      facts: SmallFiles.manifest + [
        ("measure.employment.years", "2020-2021"), ("measure.employment.price_year", "2012"),
      ])
    let measure = try #require(try files.openIndexed().datasets.first?.measure(named: "employment"))
    #expect(measure.periods == [2020] && measure.priceYear == 2012)
  }

  // MARK: - Damage

  @Test(arguments: [
    ("region", "it must have a column `region`, or one `region` for all rows"),
    ("year", "it must have a column `year`, or one `period` for all rows"),
    ("text", "its column `employment` must hold numbers"),
    ("plain", "its columns `region` and `activity` must be dictionaries"),
  ])
  func damageIsAnError(what: String, message: String) throws {
    let error = #expect(throws: CatalogError.self) {
      let table = try facts { files in
        files.add(
          "us_test.arrow", facts: SmallFiles.manifest, years: what == "year" ? nil : .int16([2019, 2019, 2020, 2020]),
          region: what == "region"
            ? nil
            : what == "plain"
              ? .int8([1, 1, 1, 1]) : .dictionary(codes: [0, 0, 0, 0], values: ["53"], width: .bits8),
          values: what == "text" ? .texts(["", "", "", ""]) : .int32([1, 2, 3, 4]))
      }
      _ = try table.numbers("employment")
    }
    #expect(error?.message == "the data file of `us_test` can't be used: \(message)")
  }
}
