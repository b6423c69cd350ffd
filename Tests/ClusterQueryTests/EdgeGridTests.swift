import ClusterQuery
import Foundation
import Testing

/// Every definition of the library on small tables that are hard: each number is finite, each gap is explained, or there is a
/// diagnostic; known limits have the number that they must have.
@Suite struct EdgeGridTests {
  // MARK: - The grid

  /// Notes that say why there is no number.
  private static let explaining: Set<String> = ["N0501", "N0504", "N0541", "N0542"]

  /// What is wrong with a result, nil for nothing.
  static func problem(_ result: ResultTable, _ table: HardTable) -> String? {
    let isExplained = result.notes.contains { explaining.contains($0.code) }
    if result.rowCount == 0, table != .nothing, !isExplained { return "no rows and no word why" }
    for column in result.columns {
      guard case .numbers(let values, let states, _) = column.values else { continue }
      for (value, state) in zip(values, states) {
        if state.hasValue, !value.isFinite { return "\(column.name) is \(value)" }
        if state == .missing, !isExplained { return "\(column.name) is missing and no note says why" }
        if state == .withheld, table != .withheld { return "\(column.name) is withheld" }
      }
    }
    return nil
  }

  /// Whether a number of a table whose numbers were all multiplied by `scale` is that of the usual table: the same, or multiplied or divided
  /// by a power of the scale.
  private static func isScaled(_ value: Double, _ usual: Double, _ scale: Double) -> Bool {
    if abs(usual) < 1e-9 { return min(abs(value), abs(value / scale)) < 1e-9 }
    return [usual, usual * scale, usual / scale, usual * scale * scale, usual / scale / scale].contains {
      $0 != 0 && $0.isFinite && abs(value - $0) <= 1e-6 * max(abs($0), abs(value))
    }
  }

  /// What has thresholds or a unit of its own (distances, the chance of counts, output that is not in the scaled table, constants of
  /// regressions): another scale is another question. And groups of a network, which are numbered.
  private static let absolute: Set<String> = [
    "duranton_overman", "m_function", "m_density", "d_function", "ripley", "dalton", "productivity_growth",
    "components", "component_loadings", "k_means",
    "cross_proximities", "cross_density", "shrunk_lq", "lq_test",
    "lq_error",
    "lq_interval", "stars", "cluster_scores", "ellison_glaeser", "maurel_sedillot", "volatility", "beta_between",
    "moran_rate",
    "gravity", "io_multipliers", "leontief", "extraction", "demand_impact", "chain_positions", "chain_links",
    "structural_decomposition", "communities",
  ]

  /// The first number of a scaled table that is not that of the usual one, nil for none: a gap may be where the squares of numbers are beyond
  /// what a number can hold, and rows whose order they decide may be others.
  private static func unscaled(_ result: ResultTable, _ usual: ResultTable, _ scale: Double) -> String? {
    guard result.rowCount == usual.rowCount else {
      return result.rowCount < usual.rowCount ? nil : "\(result.rowCount) rows, not \(usual.rowCount)"
    }
    for (column, other) in zip(result.columns, usual.columns) {
      guard case .numbers(let values, let states, _) = column.values,
        case .numbers(let usualValues, let usualStates, _) = other.values
      else { continue }
      for row in values.indices where states[row].hasValue {
        guard usualStates[row].hasValue else { return "\(column.name) is \(values[row]), not missing" }
        if !isScaled(values[row], usualValues[row], scale) {
          return "\(column.name) is \(values[row]), not \(usualValues[row])"
        }
      }
    }
    return nil
  }

  /// Runs the calls that mean something on usual numbers on all hard tables.
  @Test(arguments: DefinitionCall.all) func numbersGapsOrDiagnostics(_ call: DefinitionCall) throws {
    let calls = try call.queries(.usual)
    let meant = calls.map { query -> ResultTable? in
      guard let result = try? HardTable.usual.answer(query), result.rowCount > 0 else { return nil }
      #expect(Self.problem(result, .usual) == nil, "usual: \(query)")
      return result
    }
    let indices = meant.indices.filter { meant[$0] != nil }
    #expect(!indices.isEmpty, "no call of \(call.name) runs: \(calls)")
    // The coarsest and the finest rows that it has.
    for index in Set([indices.first, indices.last].compactMap { $0 }).sorted() {
      for table in HardTable.hard {
        let query = try call.queries(table)[index]
        do {
          let result = try table.answer(query)
          let problem = Self.problem(result, table)
          #expect(problem == nil, "\(table): \(query)\n\(result.render(.csv).prefix(400))")
          if let scale = table.scale, !Self.absolute.contains(call.name), let usual = meant[index] {
            let problem = Self.unscaled(result, usual, scale)
            #expect(problem == nil, "\(table): \(query)\n\(result.render(.csv).prefix(400))")
          }
        } catch is Diagnostics {
          // Says what is wrong with the question.
        }
      }
    }
  }

  /// A row with a number, a text or a truth; one number without a value is a row, and none in a longer table.
  private static func hasValue(_ row: [String: String]) -> Bool {
    row.contains {
      !$0.key.hasSuffix("_state") && !["state", "state_code", "cluster", "cluster_code"].contains($0.key)
        && !$0.value.isEmpty
    }
  }

  /// What takes no years of its own gives for `by:[…, year]` what it gives for each year by itself.
  @Test(
    arguments: DefinitionCall.all.filter {
      !$0.isVerb && !$0.isOverTime && DefinitionCall.whole[$0.name] == nil && $0.name != "join_count"
    })
  func yearsAreOneByOne(_ definition: DefinitionCall) throws {
    let usual = HardTable.usual
    var compared = 0
    for call in try definition.queries(.usual).reversed() {
      guard compared < 40, let single = try? usual.rows(call), single.contains(where: Self.hasValue) else {
        continue
      }
      let byYear =
        call.contains("by:[")
        ? call.replacing("by:[state, cluster]", with: "by:[state, cluster, year]")
        : call.contains("by:")
          ? call.replacing(/by:(state|cluster)/) { "by:[\($0.1), year]" } : call.dropLast() + ", by:year)"
      let found = try usual.rows(byYear.replacing("year:2014", with: "year:2012..2014"))
      for year in HardTable.years {
        let alone =
          year == 2014 ? single : try usual.rows(call.replacing("year:2014", with: "year:\(year)"))
        let slice = found.filter { $0["year"] == "\(year)" }.map { row in row.filter { $0.key != "year" } }
        #expect(slice == alone.filter(Self.hasValue), "\(byYear), \(year)")
        compared += slice.count
      }
    }
    #expect(compared > 0, "nothing of \(definition.name) was compared")
  }

  // MARK: - Known limits

  /// The numbers of a query, its gaps left out.
  private static func numbers(_ table: HardTable, _ query: String) throws -> [Double] {
    let result = try table.answer(query)
    let column = try #require(result.columns.last { if case .numbers = $0.values { true } else { false } })
    guard case .numbers(let values, let states, _) = column.values else { return [] }
    return zip(values, states).compactMap { $1.hasValue ? $0 : nil }
  }

  @Test(arguments: [
    (HardTable.onePlace, "lq(by:[state, cluster], data:mine, year:2014)", 1.0),
    (.onePlace, "krugman(by:state, data:mine, year:2014)", 0),
    (.onePlace, "hoover(by:cluster, data:mine, year:2014)", 0),
    (.onePlace, "place_rank(by:state, data:mine, year:2014)", 1),
    (.onePlace, "percentile_rank(by:state, data:mine, year:2014)", 0.5),
    (.onePlace, "gini(over:state, data:mine, year:2014)", 0), (.oneActivity, "hhi(by:state, data:mine, year:2014)", 1),
    (.oneActivity, "entropy(by:state, data:mine, year:2014)", 0),
    (.oneActivity, "lq(by:[state, cluster], data:mine, year:2014)", 1),
    (.oneActivity, "hall_tideman(by:state, data:mine, year:2014)", 1),
    (.oneActivity, "share(by:[state, cluster], data:mine, year:2014)", 1),
    (.oneActivity, "hachman(by:state, data:mine, year:2014)", 1),
    (.allEqual, "gini(over:state, data:mine, year:2014)", 0), (.allEqual, "theil(over:state, data:mine, year:2014)", 0),
    (.allEqual, "atkinson(over:state, data:mine, year:2014)", 0),
    (.allEqual, "variation(over:state, data:mine, year:2014)", 0),
    (.allEqual, "palma(over:state, data:mine, year:2014)", 0.25),
    (.allEqual, "wolfson(over:state, data:mine, year:2014)", 0),
    (.allEqual, "lq(by:[state, cluster], data:mine, year:2014)", 1),
    (.allEqual, "hhi(by:state, data:mine, year:2014)", 0.2),
    (.allEqual, "hhi(by:state, normalize:true, data:mine, year:2014)", 0),
    (.allEqual, "entropy(by:state, normalize:true, data:mine, year:2014)", 1),
    (.allEqual, "growth(by:state, data:mine, year:2012..2014)", 0),
    (.allEqual, "specialties(by:state, over:cluster, data:mine, year:2014)", 5),
    (.allEqual, "ubiquity(by:cluster, data:mine, year:2014)", 6),
    (.allEqual, "locational_gini(by:cluster, data:mine, year:2014)", 0),
    (.allEqual, "shrunk_lq(by:[state, cluster], data:mine, year:2014)", 1),
    (.islands, "neighbours(by:state, data:mine, year:2014)", 0),
    (.separated, "density(by:[state, cluster], state:\"Ohio\", cluster:\"Apparel\", data:mine, year:2014)", 0),
  ])
  func limitsHaveTheirNumber(_ table: HardTable, _ query: String, _ expected: Double) throws {
    let found = try Self.numbers(table, query)
    #expect(!found.isEmpty && found.allSatisfy { abs($0 - expected) < 1e-12 }, "\(found)")
  }

  /// What has no number, and the word why.
  @Test(arguments: [
    (HardTable.allEqual, "moran(over:state, data:mine, year:2014)", "missing"),
    (.islands, "moran(over:state, data:mine, year:2014)", "neighbours"),
    (.allEqual, "standardized(by:state, data:mine, year:2014)", "without a number"),
    (.onePlace, "others_mean(by:state, data:mine, year:2014)", "without a number"),
    (.allEqual, "eci(by:state, over:cluster, data:mine, year:2014)", "do not differ"),
    (.negative, "theil(over:state, data:mine, year:2014)", "undefined"),
    (.onePlace, "ellison_glaeser(by:cluster, data:mine, year:2014)", "without a number"),
    (.onePlace, "rdi(by:state, data:mine, year:2014)", "without a number"),
    (.negative, "eci(by:state, over:cluster, data:mine, year:2014)", "negative numbers count as absent"),
  ])
  func whatHasNoNumberSaysWhy(_ table: HardTable, _ query: String, _ word: String) throws {
    let result = try table.answer(query)
    #expect(result.notes.contains { $0.text.contains(word) }, "\(result.notes.map(\.text)) \(result.render(.csv))")
  }
}
