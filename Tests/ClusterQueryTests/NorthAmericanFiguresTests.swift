import ClusterQuery
import Testing

/// What the agencies of Mexico and Canada and the sources on trade have published comes out again.
@Suite struct NorthAmericanFiguresTests {
  /// Totals as published, in units (persons, pesos, dollars), each with a query of one row and one column.
  private static let totals: [(query: String, published: Double)] = [
    // INEGI, Censos Económicos 2004 to 2024: persons employed in the nation.
    (#"employment(in:"Mexico", year:2003, data:mx_censo_nacional)"#, 16_239_536),
    (#"employment(in:"Mexico", year:2008, data:mx_censo_nacional)"#, 20_116_834),
    (#"employment(in:"Mexico", year:2013, data:mx_censo_nacional)"#, 21_576_358),
    (#"employment(in:"Mexico", year:2018, data:mx_censo_nacional)"#, 27_132_927),
    (#"employment(in:"Mexico", year:2023, data:mx_censo_nacional)"#, 27_965_433),
    // Its municipalities add up to the nation, and their units to the census of 2019.
    (#"employment(in:"Mexico", year:2008, data:mx_censo_municipio)"#, 20_116_834),
    (#"establishments(in:"Mexico", year:2018, data:mx_censo_municipio)"#, 4_800_157),
    (#"employment(in:"Mexico", year:2008, data:mx_censo_metro)"#, 15_835_072),
    (#"employment(in:"Mexico", year:2003, data:mx_censo_metro)"#, 12_885_556),
    // INEGI, ETEF: 387.4 thousand million dollars in 2018.
    (#"exports(in:"Mexico", year:2018, data:mx_exports)"#, 387_442_789_000),
    (#"exports(in:"Mexico", year:2007, data:mx_exports)"#, 237_809_741_000),
    // INEGI, MIP 2013: 11,990,569 million pesos of intermediate demand.
    (#"intermediate_demand(in:"Mexico", year:2013)"#, 11_990_569_450_000),
    (#"value_added(in:"Mexico", year:2013, data:mx_io_2013)"#, 15_642_619_845_000),
    // INEGI, censuses and counts of population.
    (#"population(in:"Mexico", year:2000)"#, 97_483_412),
    (#"population(in:"Mexico", year:2010)"#, 112_336_538),
    (#"population(in:"Mexico", year:2015)"#, 119_530_753),
    (#"population(in:"Mexico", year:2020)"#, 126_014_024),
    (#"population(state:"Nuevo León", year:2020)"#, 5_784_442),
    // Banco de México: remittances of 2024.
    (#"remittances(in:"Mexico", year:2024)"#, 64_746_381_615),
    (#"establishments(in:"Mexico", data:mx_denue)"#, 6_097_676),
    // Statistics Canada, SEPH and population estimates.
    (#"employment(in:"Canada", year:2019, data:ca_seph)"#, 16_976_382),
    (#"employment(naics2:"31-33", in:"Canada", year:2019, data:ca_seph)"#, 1_580_706),
    (#"employment(naics2:"31-33", in:"Canada", year:2019, data:ca_seph_national)"#, 1_580_706),
    (#"population(in:"Canada", year:2016)"#, 36_264_604),
    (#"census_population(county:"Toronto, ON", year:2016)"#, 2_731_571),
    (#"gdp_real(naics2:"31-33", in:"Ontario", year:2019)"#, 87_763_200_000),
    // Growth Lab at Harvard University: exports of 2019 by HS 1992.
    (#"exports(in:"World", data:trade_hs92)"#, 16_978_253_740_559),
    (#"exports(in:"Mexico", data:trade_hs92)"#, 464_383_102_910),
    (#"exports(in:"Canada", data:trade_hs92)"#, 438_005_993_960),
    (#"exports(product:"8703", in:"Mexico", data:trade_hs92)"#, 49_206_746_870),
  ]

  @Test func totalsAreReproduced() async throws {
    for (query, published) in Self.totals {
      let table = try await Bundled.run(query)
      let column = try #require(table.columns.last?.name, "\(query)")
      #expect(try table.numbers(column) == [published], "\(query)")
    }
  }

  @Test func provincesAddUpToCanada() async throws {
    let provinces = try await Bundled.run(#"employment(by:province, in:"Canada", year:2019, data:ca_seph)"#)
    #expect(provinces.rowCount == 13)
    #expect(abs(try provinces.numbers("employment").reduce(0) { $0 + ($1 ?? .nan) } - 16_976_382) <= 1)
  }

  @Test func flowsAddUpToIntermediateDemand() async throws {
    let table = try await Bundled.run("mx_io_flows | summarize total = sum(value)")
    let total = try #require(try table.numbers("total")[0])
    #expect(abs(total - 11_990_569.45) < 0.01, "million pesos")
  }

  @Test func leatherTownsOfGuanajuato() async throws {
    let table = try await Bundled.run(
      #"lq(by:municipio, scian3:"316", data:mx_censo_metro, year:2018) | top 3"#)
    #expect(
      try table.names("municipio") == ["Purísima del Rincón, Gto.", "San Francisco del Rincón, Gto.", "León, Gto."])
  }

  @Test func rowsDecodeByAnyWordOfTheirLevel() async throws {
    struct Row: Decodable {
      var county: String
      var employment: Double
    }
    let table = try await Bundled.run(#"employment(by:municipio, in:"Nuevo León", year:2018) | top 1"#)
    let rows = try table.rows(as: Row.self)
    #expect(rows.first?.county == "Monterrey, NL")
    #expect(rows.first?.employment == 644_531)
  }

  @Test func organisationsOfEachStateAreAsManyAsTheSourceSays() async throws {
    #expect(try await Bundled.run(#"organisations | where state == "Nuevo León""#).rowCount == 12)
    #expect(try await Bundled.run("organisations").rowCount == 74)
    let counts = try await Bundled.run(
      "organisations | summarize found = count(number), printed = first(organisations_in_state), by:state")
    #expect(counts.rowCount > 20)
    #expect(try counts.numbers("found") == counts.numbers("printed"))
  }

  /// Where INEGI withholds a municipality's sector, the state's total and the other municipalities bound it.
  @Test func municipalitiesOfTamaulipasAreWithheldWithoutEstimates() async throws {
    let table = try await Bundled.run(
      #"employment(by:municipio, in:"Tamaulipas", naics2:"21", year:2018, data:mx_censo_tamaulipas)"#)
    #expect(table.rowCount == 43)
    guard case .numbers(_, let states, _)? = table.columns.first(where: { $0.name == "employment" })?.values else {
      Issue.record("employment must be a column of numbers")
      return
    }
    #expect(states.contains(.withheld) && !states.contains(.estimated))
  }

  @Test func everyDatasetNamesItsSourceAndLicence() async throws {
    let table = try await Bundled.run("datasets")
    for column in ["title", "source", "licence"] {
      guard case .texts(let texts)? = table.columns.first(where: { $0.name == column })?.values else {
        Issue.record("\(column) must be a column of texts")
        continue
      }
      #expect(!texts.contains(""), "\(column)")
    }
  }
}
