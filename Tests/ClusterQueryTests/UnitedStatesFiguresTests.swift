import ClusterQuery
import Testing

/// What the agencies of the United States have published comes out again, and everything bundled can be asked for.
@Suite struct UnitedStatesFiguresTests {
  /// Totals as published, in units (persons, dollars), each with a query of one row and one column.
  private static let totals: [(query: String, published: Double)] = [
    // Census Bureau, County Business Patterns: employment, establishments and payroll of the nation.
    ("employment(year:2003)", 113_398_043), ("employment(year:2007)", 120_604_265),
    ("employment(year:2011)", 113_425_965), ("establishments(year:2007)", 7_705_018),
    ("establishments(year:2011)", 7_354_043), ("payroll(year:2011)", 5_164_897_905_000),
    // Bureau of Labor Statistics, Quarterly Census: private employers, governments, all.
    ("employment(year:2019)", 126_358_746), ("employment(year:2020)", 117_944_857),
    ("establishments(year:2020)", 10_192_546), ("payroll(year:2019)", 7_480_666_095_812),
    ("federal_employment(year:2019)", 2_824_155), ("state_government_employment(year:2019)", 4_666_128),
    ("local_government_employment(year:2019)", 14_256_070), ("covered_employment(year:2019)", 148_105_092),
    ("covered_payroll(year:2020)", 8_904_710_745_957),
    // Bureau of Economic Analysis: the country as in the area accounts, and as in the accounts of states.
    ("gdp(year:2001)", 10_581_822_000_000), ("gdp(year:2019)", 21_433_226_000_000),
    ("gdp_real(year:2019)", 19_091_662_000_000), ("gdp(year:2019, data:us_state_accounts)", 21_427_690_000_000),
    (#"gdp(naics2:"31-33", year:2019)"#, 2_359_864_000_000), ("compensation(year:2017)", 10_424_471_000_000),
    ("employment(year:2018, data:us_state_accounts)", 200_746_000),
    (#"employment(naics2:"31-33", year:2018, data:us_state_accounts)"#, 13_501_300),
    // Census Bureau: exports of the states of origin, residents.
    ("exports(year:2013)", 1_529_830_490_987), ("exports(year:2018)", 1_595_072_504_669),
    ("population(year:1900)", 76_095_000), ("population(year:2020)", 331_578_104),
    ("population(year:2025)", 341_784_857),
    // Patent and Trademark Office.
    ("patents(year:2002)", 86_969), ("patents(year:2015)", 140_958),
    // U.S. Cluster Mapping Project: clusters of the nation.
    (#"employment(cluster:"Aerospace", data:us_cluster_map_2016)"#, 522_646),
    (#"employment(cluster:"Automotive", data:us_cluster_map_2016)"#, 966_002),
    (#"employment(cluster:"Biopharmaceuticals", data:us_cluster_map_2016)"#, 247_268),
    // Census Bureau, County Business Patterns 2023: the sum of the cells of metropolitan areas.
    ("establishments(data:us_cbsa_establishments)", 6_619_159),
  ]

  @Test func totalsAreReproduced() async throws {
    for (query, published) in Self.totals {
      let table = try await Bundled.run(query)
      let column = try #require(table.columns.last?.name, "\(query)")
      #expect(try table.numbers(column) == [published], "\(query)")
    }
  }

  @Test func statesAddUpToTheCountry() async throws {
    let states = try await Bundled.run("gdp(by:state, year:2012, data:us_state_accounts)")
    #expect(states.rowCount == 51)
    let exports = try await Bundled.run("exports(by:state, year:2018)")
    #expect(try exports.numbers("exports").reduce(0) { $0 + ($1 ?? .nan) } == 1_595_072_504_669)
  }

  /// Six digits that are the only part of four digits are answered from the four digits, which the files keep.
  @Test func codesThatRepeatTheCodeAboveAreStillAnswered() async throws {
    for (six, four, data, place) in [
      ("113310", "1133", "us_cbp_county", #"county:"Grays Harbor County, WA", year:2018"#),
      ("211130", "2111", "us_qcew_state", #"in:"Texas", year:2020"#),
      ("551114", "551114", "us_qcew_state", #"in:"Ohio", year:2020"#),
    ] {
      let detail = try await Bundled.run(#"establishments(naics6:"\#(six)", \#(place), data:\#(data))"#)
      let group = try await Bundled.run(
        #"establishments(naics\#(four.count):"\#(four)", \#(place), data:\#(data))"#)
      let numbers = try detail.numbers("establishments")
      #expect(numbers.count == 1 && numbers[0] != nil, "\(six)")
      if six == "113310" { #expect(try numbers == group.numbers("establishments"), "\(six)") }
    }
  }

  /// Every stored measure of every dataset, by every level of places that it has, in its latest period.
  @Test func everyMeasureIsReached() async throws {
    let datasets = try await Bundled.run(#"datasets | where kind == "dataset""#)
    var queryCount = 0
    let names = try datasets.texts("dataset")
    for (row, name) in names.enumerated() {
      let levels = try datasets.texts("levels")[row].split(separator: " ").map(String.init)
      let country = try datasets.texts("country")[row]
      for measure in try datasets.texts("measures")[row].split(separator: " ") {
        for level in levels where Self.placeLevels.contains(level) {
          // The cluster map's records of the country are employment alone; estimates of Canada end with the provinces.
          if name == "us_cluster_map_2016", level == "country", measure != "employment" { continue }
          if name == "ca_population", level == "county", measure == "population" { continue }
          let place = Self.places[name] ?? Self.places[country] ?? country
          let more = Self.selections["\(name) \(level)"] ?? Self.selections[name] ?? ""
          let query = #"\#(measure)(by:\#(level), in:"\#(place)"\#(more), data:\#(name)) | top 1"#
          queryCount += 1
          do {
            #expect(try await Bundled.run(query).rowCount >= 1, "\(query)")
          } catch let error as Diagnostics {
            Issue.record("\(query): \(error.all.map(\.code))")
          }
        }
      }
    }
    #expect(names.count >= 30 && queryCount > 100)
  }

  /// Bounds of withheld cells are worked out place by place: a small state is enough of the counties.
  private static let places = [
    "US": "United States", "MX": "Mexico", "CA": "Canada", "world": "World", "us_cbp_county": "Delaware",
    "mx_censo_tamaulipas": "Tamaulipas",
  ]

  /// What has a number only for single clusters or in some years.
  private static let selections = [
    "us_cluster_map_2016": #", cluster:"Automotive""#, "us_population county": ", year:2020",
    "ca_population county": ", year:2016", "ca_earnings": #", naics2:"31-33""#, "ca_seph": #", naics2:"31-33""#,
    "ca_seph_national": #", naics2:"31-33""#,
  ]

  private static let placeLevels: Set<String> = ["country", "state", "metro", "economic_area", "county"]
}

extension ResultTable {
  fileprivate func texts(_ name: String) throws -> [String] {
    switch table.column(named: name)?.values {
    case .texts(let texts)?: return Array(texts)
    default: throw NoSuchColumn(name: name)
    }
  }
}
