import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// The reference values of `Tests/Golden`, asked for in the language: the tables of Germany under names that the catalogue knows.
@Suite struct GoldenQueryTests {
  /// Sixteen states for sixteen Länder, seventeen sectors for seventeen, in the order of their names.
  static let states = [
    "Alabama", "Arizona", "Arkansas", "California", "Colorado", "Florida", "Georgia", "Idaho", "Illinois", "Indiana",
    "Iowa",
    "Kansas", "Kentucky", "Maine", "Ohio", "Texas",
  ]
  static let sectors = [
    "11", "21", "22", "23", "31-33", "42", "44-45", "48-49", "51", "52", "53", "54", "55", "56", "61", "62", "71",
  ]

  // MARK: - Tables

  struct Table {
    let names: [String]
    let rows: [[String]]

    func column(_ name: String) throws -> [String] {
      let index = try #require(names.firstIndex(of: name), "no column \(name)")
      return rows.map { $0[index] }
    }
  }

  static func table(_ path: String) throws -> Table {
    let text = try String(contentsOf: packageFolder.appending(path: "Tests/Golden/\(path).tsv"), encoding: .utf8)
    var lines = text.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    return Table(names: lines.removeFirst(), rows: lines)
  }

  /// Values by result, row and column.
  private static func expected(_ name: String) throws -> [[String]: Double] {
    Dictionary(
      uniqueKeysWithValues: try table("expected/\(name)").rows.compactMap { row in
        Double(row[3]).map { (Array(row[0...2]), $0) }
      })
  }

  static func distinct(_ texts: [String]) -> [String] { Set(texts).sorted() }

  /// `let jobs = dataset(…)` over the states of Germany in 2015, and what each name stands for.
  func germany() throws -> (text: String, land: [String: String], industry: [String: String]) {
    let table = try Self.table("inputs/german_states_2015")
    let (lands, industries) = (try table.column("state"), try table.column("industry"))
    let land = Dictionary(uniqueKeysWithValues: zip(Self.states, Self.distinct(lands)))
    let industry = Dictionary(uniqueKeysWithValues: zip(Self.sectors, Self.distinct(industries)))
    let state = Dictionary(uniqueKeysWithValues: land.map { ($1, $0) })
    let sector = Dictionary(uniqueKeysWithValues: industry.map { ($1, $0) })
    let (jobs, firms, people) = (
      try table.column("employment"), try table.column("establishments"), try table.column("population")
    )
    var lines = [["state", "sector", "year", "employment", "establishments"]]
    var population: [String: String] = [:]
    for row in table.rows.indices {
      let place = try #require(state[lands[row]])
      lines.append([place, try #require(sector[industries[row]]), "2015", jobs[row], firms[row]])
      population[place] = people[row]
    }
    let path = try Answers.file("germany.csv", lines)
    let peoplePath = try Answers.file(
      "people.csv",
      [["state", "year", "population"]] + population.sorted { $0.key < $1.key }.map { [$0.key, "2015", $0.value] })
    let text = """
      let jobs = dataset("\(path)", state:state, naics2:sector, year:year, employment:employment, establishments:establishments)
      let people = dataset("\(peoplePath)", state:state, year:year, population:population)

      """
    return (text, land, industry)
  }

  // MARK: - Specialisation

  @Test func locationQuotients() throws {
    let (text, land, industry) = try germany()
    let quotients = try Self.expected("002_lq_matrix_lander")
    let standard = try Self.expected("005_lq_standardized_lander")
    let found = try Answers.rows(
      text
        + """
        table(lq, rca = rca(employment), rsca = rsca(employment), standardized_lq, symmetric = lq(method:symmetric),
          by:[state, naics2], data:jobs)
        """)
    #expect(found.count == 272)
    for row in found {
      let key = ["", try #require(land[row["state"] ?? ""]), try #require(industry[row["naics2_code"] ?? ""])]
      let reference = try #require(quotients[key])
      #expect(Answers.agrees(row["lq"], reference) && Answers.agrees(row["rca"], reference), "\(key)")
      for name in ["symmetric", "rsca"] {
        #expect(Answers.agrees(row[name], (reference - 1) / (reference + 1)), "\(key)")
      }
      #expect(try Answers.agrees(row["standardized_lq"], #require(standard[key])), "\(key)")
    }
  }

  @Test func mixesOfTheStates() throws {
    let (text, land, _) = try germany()
    let averages = try Self.expected("008_lq_avg_lander")
    let distances = try Self.expected("011_krugman_index_lander")
    let found = try Answers.rows(
      text
        + "table(lq_average(over:naics2), hachman(over:naics2), krugman(over:naics2), coef_spec(over:naics2), rdi(over:naics2), by:state, data:jobs)"
    )
    #expect(found.count == 16)
    for row in found {
      let key = [try #require(land[row["state"] ?? ""]), "", ""]
      let average = try #require(averages[[key[0], "", ""]] ?? averages[["", key[0], ""]])
      let distance = try #require(distances[[key[0], "", ""]] ?? distances[["", key[0], ""]])
      #expect(Answers.agrees(row["lq_average"], average) && Answers.agrees(row["hachman"], 1 / average), "\(key)")
      #expect(Answers.agrees(row["krugman"], distance) && Answers.agrees(row["coef_spec"], distance / 2), "\(key)")
      #expect(Answers.agrees(row["rdi"], 1 / distance), "\(key)")
    }
  }

  @Test func hooverWithThePopulation() throws {
    let (text, _, industry) = try germany()
    let reference = try Self.expected("023_hoover_index_lander")
    let found = try Answers.rows(text + "hoover(ref:population, by:naics2, data:[jobs, people])")
    #expect(found.count == 17)
    for row in found {
      let name = try #require(industry[row["naics2_code"] ?? ""])
      #expect(
        try Answers.agrees(row["hoover"], #require(reference[[name, "", ""]] ?? reference[["", name, ""]])), "\(name)")
    }
  }

  /// Identities that hold for any table, on this one.
  @Test func identities() throws {
    let (text, _, _) = try germany()
    let sums = try Answers.rows(
      text
        + """
        table(
          hoover, krugman_conc, hoover_gini, locational_gini, by:naics2, data:jobs
        ) | derive twice = 2 * hoover - krugman_conc, half = hoover_gini - 2 * locational_gini
        """)
    for row in sums { #expect(Answers.agrees(row["twice"], 0) && Answers.agrees(row["half"], 0)) }
    let mixes = try Answers.rows(
      text
        + "table(h = hhi(over:naics2), e = hhi(over:naics2, equivalent:true), s = diversity(over:naics2), n = hhi(over:naics2, normalize:true), relative = entropy(over:naics2, normalize:true), whole = entropy(over:naics2), bits = entropy(over:naics2, log:\"2\"), by:state, data:jobs)"
    )
    for row in mixes {
      let h = try #require(row["h"].flatMap { Double($0) })
      #expect(
        Answers.agrees(row["e"], 1 / h) && Answers.agrees(row["s"], 1 - h)
          && Answers.agrees(row["n"], (h - 1 / 17) / (1 - 1 / 17)))
      let whole = try #require(row["whole"].flatMap { Double($0) })
      #expect(Answers.agrees(row["relative"], whole / log(17)) && Answers.agrees(row["bits"], whole / log(2)))
    }
  }

  @Test func giniOfSpecialisation() throws {
    // Göttingen is one state, the rest of Germany another one: together they are the base area.
    let table = try Self.table("inputs/goettingen_2008_2017")
    let (codes, own, all) = (
      try table.column("code"), try table.column("goettingen_2017"), try table.column("germany_2017")
    )
    var lines = [["state", "sector", "year", "employment"]]
    var used = 0
    for row in codes.indices where codes[row] != "A-R" {
      lines.append(["Ohio", Self.sectors[used], "2015", own[row]])
      lines.append([
        "Texas", Self.sectors[used], "2015", "\(try #require(Int(all[row])) - (try #require(Int(own[row]))))",
      ])
      used += 1
    }
    let path = try Answers.file("goettingen.csv", lines)
    let found = try Answers.rows(
      "let jobs = dataset(\"\(path)\", state:state, naics2:sector, year:year, employment:employment)\ngini_spec(over:naics2, by:state, state:\"Ohio\", data:jobs)"
    )
    let reference = try #require(try Self.expected("014_gini_spec_goettingen")[["G", "", ""]])
    #expect(Answers.agrees(found.first?["gini_spec"], reference))
  }

  // MARK: - Diversity

  @Test func concentrationOfCarMakers() throws {
    let makers = packageFolder.appending(path: "Tests/Golden/inputs/car_makers.tsv").path
    let reference = try Self.expected("017_herf_automotive")
    let found = try Answers.rows(
      "open(\"\(makers)\") | derive s = turnover_2013 / sum(turnover_2013) | summarize hhi = sum(s ^ 2), gini = gini(turnover_2013), corrected = gini(turnover_2013, corrected:true), n = count(turnover_2013)"
    )
    let row = try #require(found.first)
    #expect(try Answers.agrees(row["hhi"], #require(reference[["HHI", "", ""]])))
    #expect(try Answers.agrees(row["gini"], #require(reference[["gini", "", ""]])))
    #expect(try Answers.agrees(row["corrected"], #require(reference[["gini_norm", "", ""]])))
  }

  /// Fifty countries as states, broad classes as sectors, products as industries: the entropy of each, and the difference.
  @Test func relatedAndUnrelatedVariety() throws {
    let table = try Self.table("inputs/world_exports_sitc2")
    let (countries, products) = (try table.column("country"), try table.column("product"))
    let values = try table.column("exports")
    let places = try Answers.rows("members(state) | where country == \"US\"").compactMap { $0["name"] }
    let industries = try Answers.rows("employment(by:naics4, year:2020)").compactMap { $0["naics4_code"] }
    let names = Array(Self.distinct(countries).prefix(min(50, places.count)))
    let (fine, broad) = (Self.distinct(products), Self.distinct(products.map { String($0.prefix(1)) }))
    var lines = [["state", "industry", "year", "exports"]]
    var sums: [[String]: Double] = [:]
    for row in table.rows.indices {
      guard let value = Double(values[row]), let place = names.firstIndex(of: countries[row]) else { continue }
      let industry = industries[try #require(fine.firstIndex(of: products[row]))]
      lines.append([places[place], industry, "2019", values[row]])
      let sector = Self.sectors[try #require(broad.firstIndex(of: String(products[row].prefix(1))))]
      sums[[places[place], sector, "2019"], default: 0] += value
    }
    let finePath = try Answers.file("products.csv", lines)
    let broadLines = sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { $0.key + ["\($0.value)"] }
    let broadPath = try Answers.file("classes.csv", [["state", "sector", "year", "exports"]] + broadLines)
    let unrelated = try Answers.rows(
      "let t = dataset(\"\(broadPath)\", state:state, naics2:sector, year:year, exports:exports)\nunrelated_variety(exports, by:state, data:t)"
    )
    let whole = try Answers.rows(
      "let t = dataset(\"\(finePath)\", state:state, naics4:industry, year:year, exports:exports)\nentropy(exports, over:naics4, log:\"2\", by:state, data:t)"
    )
    let reference = try Self.expected("020_variety_world_sitc")
    #expect(unrelated.count == names.count && whole.count == names.count)
    for (row, other) in zip(unrelated, whole) {
      let country = names[try #require(places.firstIndex(of: row["state"] ?? ""))]
      #expect(
        try Answers.agrees(row["unrelated_variety"], #require(reference[["unrelated_variety", country, ""]])),
        "\(country)")
      let (fine, broad) = (Double(other["entropy"] ?? "") ?? 0, Double(row["unrelated_variety"] ?? "") ?? 0)
      #expect(try abs(fine - broad - #require(reference[["related_variety", country, ""]])) < 1e-9, "\(country)")
    }
  }

  // MARK: - Concentration

  @Test func giniOfConcentration() throws {
    let (own, all) = ([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000])
    var lines = [["state", "sector", "year", "employment"]]
    for place in own.indices {
      lines.append([Self.states[place], "11", "2015", "\(own[place])"])
      lines.append([Self.states[place], "21", "2015", "\(all[place] - own[place])"])
    }
    let path = try Answers.file("five.csv", lines)
    let found = try Answers.rows(
      "let jobs = dataset(\"\(path)\", state:state, naics2:sector, year:year, employment:employment)\ngini_conc(by:naics2, naics2:\"11\", data:jobs)"
    )
    let reference = try #require(try Self.expected("026_gini_conc_fk2013")[["G", "", ""]])
    #expect(Answers.agrees(found.first?["gini_conc"], reference))
  }

  @Test func indicesOfFirms() throws {
    let firms = packageFolder.appending(path: "Tests/Golden/inputs/firms_of_four_industries.tsv").path
    let ellison = try Answers.rows(
      "open(\"\(firms)\") | ellison_glaeser_plants industry:industry, place:region, size:employment")
    let reference = try Self.expected("029_ellison_glaeser_fk2014_multi")
    #expect(ellison.count == 4)
    for row in ellison {
      let name = row["industry"] ?? ""
      #expect(try Answers.agrees(row["ellison_glaeser"], #require(reference[["", name, "Gamma i"]])), "\(name)")
      #expect(try Answers.agrees(row["z"], #require(reference[["", name, "z Gi"]])), "\(name)")
    }
    let maurel = try Answers.rows(
      "open(\"\(firms)\") | maurel_sedillot_plants industry:industry, place:region, size:employment, total:region_employment"
    )
    let other = try Self.expected("032_maurel_sedillot_fk2014")
    for row in maurel {
      #expect(try Answers.agrees(row["maurel_sedillot"], #require(other[[row["industry"] ?? "", "", ""]])), "\(row)")
    }
  }

  @Test func colocationOfSixFirms() throws {
    let kinds = ["A", "B", "A", "B", "A", "B"]
    let places = ["X", "X", "X", "Y", "Y", "X"]
    let path = try Answers.file("six.csv", [["kind", "place"]] + zip(kinds, places).map { [$0, $1] })
    let found = try Answers.rows(
      "open(\"\(path)\") | colocation kind:kind, place:place, a:\"A\", b:\"B\", simulations:50")
    let reference = try #require(try Self.expected("035_howard_cl_doc")[["CL", "", ""]])
    #expect(Answers.agrees(found.first?["colocation"], reference))
  }

  // MARK: - Growth

  /// A region beside the rest of its nation, in two years.
  private func twoYears(_ name: String, _ region: [(Double, Double)], _ nation: [(Double, Double)]) throws -> String {
    var lines = [["state", "sector", "year", "employment"]]
    for (index, pair) in region.enumerated() {
      let sector = Self.sectors[index]
      lines.append(["Ohio", sector, "2008", "\(pair.0)"])
      lines.append(["Ohio", sector, "2014", "\(pair.1)"])
      lines.append(["Texas", sector, "2008", "\(nation[index].0 - pair.0)"])
      lines.append(["Texas", sector, "2014", "\(nation[index].1 - pair.1)"])
    }
    let path = try Answers.file(name, lines)
    return
      "let jobs = dataset(\"\(path)\", state:state, naics2:sector, year:year, employment:employment, vintage:2012)\n"
  }

  func freiburg() throws -> (text: String, names: [String]) {
    let table = try Self.table("inputs/freiburg_2008_2014")
    func numbers(_ column: String) throws -> [Double] { try table.column(column).map { try #require(Double($0)) } }
    let region = Array(zip(try numbers("freiburg_2008"), try numbers("freiburg_2014")))
    let nation = Array(zip(try numbers("germany_2008"), try numbers("germany_2014")))
    return (try twoYears("freiburg.csv", region, nation), try table.column("industry"))
  }

  private let call = "over:naics2, by:state, state:\"Ohio\", data:jobs, year:2008..2014)"

  @Test func shiftShareOfFreiburg() throws {
    let (text, names) = try freiburg()
    let total = try Self.expected("041_shift_share_dunn_freiburg")
    func value(_ name: String) throws -> Double { try #require(total[[name, "", ""]] ?? total[["", name, ""]]) }
    let whole = try #require(try Answers.rows(text + "shift_share(" + call).first)
    #expect(
      try Answers.agrees(whole["national"], value("National share"))
        && Answers.agrees(whole["mix"], value("Industrial mix")))
    #expect(
      try Answers.agrees(whole["local"], value("Regional share"))
        && Answers.agrees(whole["actual"], value("Growth (t1-t)")))
    let signs = try ["Industrial mix", "Regional share"].map { try value($0) < 0 ? "-" : "+" }
    let kind = try Answers.rows(text + "shift_share_type(" + call).first?["shift_share_type"]
    #expect(kind == "mix \(signs[0]) local \(signs[1])")

    let parts = try Self.expected("044_shift_share_by_industry_freiburg")
    let lightcast = try Answers.rows(
      text + "shift_share(over:naics2, names:lightcast, by:naics2, region:\"Ohio\", data:jobs, year:2008..2014)")
    let esteban = try Answers.rows(
      text + "shift_share(over:naics2, method:esteban, by:naics2, region:\"Ohio\", data:jobs, year:2008..2014)")
    #expect(lightcast.count == names.count && esteban.count == names.count)
    for (row, other) in zip(lightcast, esteban) {
      let index = try #require(Self.sectors.firstIndex(of: row["naics2_code"] ?? ""))
      func part(_ name: String) throws -> Double { try #require(parts[["", names[index], name]]) }
      #expect(try Answers.agrees(row["national_growth"], part("national_share")), "\(names[index])")
      #expect(try Answers.agrees(row["industry_mix"], part("industry_mix")))
      #expect(try Answers.agrees(row["competitive"], part("regional_share")))
      #expect(
        try Answers.agrees(row["expected"], part("expected_change")) && Answers.agrees(row["actual"], part("change")))
      #expect(
        try Answers.agrees(other["local"], part("rs_esteban"))
          && Answers.agrees(other["allocation"], part("allocation")))
    }
  }

  @Test func arcelusOfFreiburg() throws {
    let (text, _) = try freiburg()
    let reference = try Self.expected("047_shift_share_arcelus_freiburg")
    func value(_ name: String) throws -> Double {
      try #require(reference[[name, "", ""]] ?? reference[["", name, ""]])
    }
    let row = try #require(try Answers.rows(text + "shift_share(method:arcelus, " + call).first)
    for (column, name) in [
      ("national", "national_expected"), ("national_difference", "national_differential"), ("mix", "mix_expected"),
      ("mix_difference", "mix_differential"), ("regional", "regional_growth_expected"),
      ("regional_difference", "regional_growth_differential"), ("regional_mix", "regional_mix_expected"),
      ("regional_mix_difference", "regional_mix_differential"), ("actual", "total"),
    ] {
      #expect(try Answers.agrees(row[column], value(name), 1e-8), "\(column)")
    }
  }

  @Test(arguments: ["A", "B", "C"]) func shiftShareOfThreeRegions(_ region: String) throws {
    let regions: [String: [(Double, Double)]] = [
      "A": [(90, 100), (20, 40), (10, 10), (60, 55)], "B": [(60, 85), (30, 55), (30, 40), (40, 35)],
      "C": [(250, 255), (100, 115), (110, 85), (300, 390)],
    ]
    let text = try twoYears(
      "region\(region).csv", try #require(regions[region]), [(400, 440), (150, 210), (150, 135), (400, 480)])
    let reference = try Self.expected("038_shift_share_dunn_fk2013")
    let row = try #require(try Answers.rows(text + "shift_share(" + call).first)
    for (column, name) in [
      ("national", "National share"), ("mix", "Industrial mix"), ("local", "Regional share"),
      ("actual", "Growth (t1-t)"),
    ] {
      #expect(try Answers.agrees(row[column], #require(reference[[region, name, ""]])), "\(column)")
    }
  }

  // MARK: - Coverage

  @Test func midpointsOfSizeClasses() throws {
    for (key, value) in try Self.expected("137_cmp_empflag_midpoints") {
      let flag = try #require(key.first { !$0.isEmpty })
      #expect(Answers.agrees(try Answers.rows("cbp_midpoint(\"\(flag)\")").first?.values.first, value), "\(flag)")
    }
  }
}
