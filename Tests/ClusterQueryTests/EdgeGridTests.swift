import CQCatalog
import CQSource
import CQSyntax
import Foundation
import Testing

@testable import ClusterQuery

/// Every definition of the library on small tables that are hard: each number is finite, each gap is explained, or there is a
/// diagnostic; known limits have the number that they must have.
@Suite struct EdgeGridTests {
  // MARK: - The tables

  enum World: String, CaseIterable, Sendable {
    case nothing, onePlace, oneActivity, allEqual, allZero, oneYear, withheld, islands, separated, negative, tiny, huge

    /// What every number of the usual table is multiplied by.
    var scale: Double? { self == .tiny ? 1e-300 : self == .huge ? 1e300 : nil }
  }

  private static let measures = [
    "employment", "establishments", "payroll", "gdp", "population", "patents", "output", "exports", "imports",
  ]
  private static let touching = ["Alabama", "Florida", "Georgia", "Tennessee", "Mississippi", "Ohio"]
  private static let apart = ["Alaska", "Hawaii", "Puerto Rico", "Maine", "Ohio"]
  private static let clusters = ["Apparel", "Automotive", "Coal Mining", "Footwear", "Local Utilities"]
  private static let years = [2012, 2013, 2014]

  /// `let mine = dataset(…)`, dense: what is missing in an answer is never just absent.
  private static func text(_ world: World?) throws -> String {
    var source = SeededSource(seed: 11)
    let places = world == .onePlace ? ["Ohio"] : world == .islands ? apart : touching
    let activities = world == .oneActivity ? ["Automotive"] : clusters
    var lines = [["state", "cluster", "year"] + measures]
    for year in world == .oneYear ? [2014] : years {
      for (i, place) in places.enumerated() {
        for (j, activity) in activities.enumerated() {
          let fields = measures.map { measure -> String in
            let drawn = 1 + source.index(below: 900)
            switch world {
            case .allEqual: return "100"
            case .allZero: return "0"
            case .tiny: return "\(drawn)e-300"
            case .huge: return "\(drawn)e300"
            case .withheld: return (i + j) % 3 == 0 && measure != "population" ? "D" : "\(drawn)"
            case .separated: return (i < 3) == (j < 2) ? "\(drawn)" : "0"
            case .negative: return "\((i + j) % 2 == 0 ? -drawn : drawn)"
            default: return "\(drawn)"
            }
          }
          lines.append([place, activity, "\(year)"] + fields)
        }
      }
    }
    let path = try Answers.file("edge-\(world?.rawValue ?? "usual").csv", lines)
    let money = ["payroll", "gdp", "output", "exports", "imports"]
    let columns = measures.map { "\($0):\($0)\(money.contains($0) ? " * 1 USD" : "")" }.joined(separator: ", ")
    return "let mine = dataset(\"\(path)\", state:state, cluster:cluster, year:year, \(columns))\n"
  }

  /// Deliveries among five names, for verbs that read tables of pairs.
  private static func flows(_ world: World?) throws -> String {
    var source = SeededSource(seed: 12)
    let names = world == .onePlace ? ["a"] : ["a", "b", "c", "d", "e"]
    var lines = [["seller", "buyer", "amount", "made", "bought", "jobs", "all_jobs"]]
    for (i, from) in names.enumerated() {
      for (j, to) in names.enumerated() {
        let drawn = 1 + source.index(below: 90)
        let isLinked = world == .islands ? i == j : world == .separated ? (i < 2) == (j < 2) : true
        var amount = world == .allEqual ? "50" : isLinked && world != .allZero ? "\(drawn)" : "0"
        if world == .tiny { amount += "e-300" }
        if world == .huge { amount += "e300" }
        if world == .withheld, (i + j) % 3 == 0 { amount = "D" }
        if world == .negative, (i + j) % 2 == 0 { amount = "-\(amount)" }
        lines.append([from, to, amount, "\(300 + i)", "\(300 + j)", "\(10 + i)", "\(100 - i)"])
      }
    }
    let path = try Answers.file("edge-flows-\(world?.rawValue ?? "usual").csv", lines)
    return "open(\"\(path)\")\(world == .nothing ? " | where amount > 1M" : "")"
  }

  // MARK: - The calls

  struct Entry: CustomStringConvertible, Sendable {
    let name: String
    let arguments: String
    let isVerb: Bool
    /// It takes `output:`.
    let hasOutput: Bool
    /// It asks for two years.
    let isOverTime: Bool
    var description: String { name }
  }

  /// Tables about the bundled data, which take no dataset: their parts are in the grid themselves.
  private static let ofBundledData: Set<String> = [
    "peers", "strong_clusters", "profile", "scorecard", "related_to", "opportunities", "suppliers", "customers",
    "impact",
    "value_chain", "manufacturing_intensity", "value_network",
  ]

  /// Calls that need more than a place and a year.
  private static let whole: [String: String] = [
    "reilly": "reilly(5, size_b:0, distance_a:0, distance_b:3)",
    "breaking_point": "breaking_point(0, size_b:3, distance:4)", "cbp_midpoint": "cbp_midpoint(\"Z\")",
    "cluster_index":
      "cluster_index(jobs:5, firms:0, area:0, people:0, all_jobs:9, all_firms:3, all_area:9, all_people:0)",
    "index_number": "index_number(by:[state, year], year:2012..2014, data:mine)",
    "yoy": "yoy(by:[state, year], year:2012..2014, data:mine)",
    "log_yoy": "log_yoy(by:[state, year], year:2012..2014, data:mine)",
    "both_years":
      "both_years(employment(year:start), of:payroll, jobs:employment, by:[state, cluster], year:2012..2014, data:mine)",
    "shift_share_yearly": "shift_share_yearly(by:[state, year], year:2013..2014, data:mine)",
    "dynamic_shift_share": "shift_share_yearly(by:[state, year], year:2013..2014, data:mine) | dynamic_shift_share",
    "stars": "stars(by:[state, cluster], minimum:10, year:2014, data:mine)",
    "sigma_between": "sigma_between(employment(year:2012), end:employment(year:2014), over:state, data:mine)",
    "beta_between": "beta_between(employment(year:2012), end:employment(year:2014), over:state, data:mine)",
    "rank_between": "rank_between(employment(year:2012), end:employment(year:2014), over:state, data:mine)",
    "neighbour_pairs": "employment(by:state, year:2014, data:mine) | neighbour_pairs place:state",
    "correlogram":
      "employment(by:state, year:2014, data:mine) | correlogram place:state, value:employment, step:500, permutations:9",
    "concord":
      "employment(by:[state, cluster], year:2014, data:mine) | concord code:cluster, value:employment, place:state, from:cluster, to:related_cluster, links:cluster_relatedness",
    "convergence_clubs":
      "employment(by:[state, cluster], year:2014, data:mine) | convergence_clubs place:state, year:cluster, value:employment",
    "cross_proximities":
      "employment(by:[state, cluster], year:2014, data:mine) | derive kind = if employment > 400 then \"large\" else \"small\" | cross_proximities place:state, activity:cluster, space:kind, of:employment, from:\"large\", to:\"small\"",
    "cross_density":
      "employment(by:[state, cluster], year:2014, data:mine) | derive kind = if employment > 400 then \"large\" else \"small\" | cross_density place:state, activity:cluster, space:kind, of:employment, from:\"large\", to:\"small\"",
    "cluster_scores":
      "employment(by:[state, cluster], year:2014, data:mine) | cluster_scores industry:cluster, place:state, employment:employment, first:2, last:4, step:1",
    "key_sectors":
      "table(backward = lq, forward = place_lq, by:[state, cluster], year:2014, data:mine) | key_sectors",
  ]

  /// Arguments that a parameter without a default takes, by its name.
  private static let given: [String: String] = [
    "with": "\"Ohio\"", "demand": "\"Automotive\"", "exports": "exports", "imports": "imports", "output": "output",
    "part": "patents", "place": "state", "activity": "cluster", "year": "year", "period": "year",
    "value": "employment", "of": "employment", "row": "state", "column": "cluster", "from": "seller", "to": "buyer",
    "industry": "cluster", "size": "employment", "kind": "cluster", "type": "\"Apparel\"", "a": "\"Apparel\"",
    "b": "\"Automotive\"", "x": "gdp", "y": "payroll", "area": "1000", "origin": "state", "destination": "cluster",
    "attraction": "gdp", "distance": "payroll", "flow": "employment", "origin_mass": "gdp",
    "destination_mass": "output", "sent": "gdp", "received": "output", "before": "exports", "after": "imports",
    "product": "cluster", "row_total": "gdp", "column_total": "output", "regional": "employment", "national": "gdp",
    "lag": "gdp", "employment": "employment", "group": "cluster", "quantity": "patents", "member": "state",
    "indicator": "cluster",
  ]
  private static let givenTo: [String: [String: String]] = [
    "proximity": ["with": "\"Automotive\""], "coagglomeration": ["with": "\"Automotive\""],
    "m_density": ["to": "400"], "d_function": ["to": "400", "area": "1_000_000"], "duranton_overman": ["to": "400"],
    "m_function": ["to": "400"], "ripley": ["to": "400"],
    "demand_impact": ["demand": "jobs"], "ras": ["row_total": "made", "column_total": "bought"],
    "regionalize": ["regional": "jobs", "national": "all_jobs"], "validate_clusters": ["cluster": "state"],
    "structural_decomposition": ["before": "amount", "after": "jobs"], "communities": ["weight": "amount"],
    "gravity_effects": ["destination": "cluster"],
  ]

  static let entries: [Entry] = StandardLibrary.files.flatMap { file in
    Parser.parse(file).program.statements.compactMap { statement -> Entry? in
      guard case .definition(let definition) = statement.kind, !ofBundledData.contains(definition.name.text)
      else { return nil }
      let name = definition.name.text
      let isVerb = if case .fragment = definition.body { true } else { false }
      var arguments: [String] = []
      for parameter in definition.parameters {
        let key = parameter.name.text
        if let value = parameter.defaultValue.map({ file.slice($0.span) }) {
          if let level = Level(rawValue: value) {
            arguments.append("\(key):\(level.dimension == .region ? "state" : "cluster")")
          } else if key == "permutations" || key == "simulations" {
            arguments.append("\(key):9")
          }
        } else {
          arguments.append("\(key):\(givenTo[name]?[key] ?? given[key] ?? "1")")
        }
      }
      let code = file.slice(statement.span)
      let isOverTime =
        code.contains("year:start") || code.contains("change(") || code.contains("growth(")
        || code.contains("cagr(") || code.contains("shift_share")
      return Entry(
        name: name, arguments: arguments.joined(separator: ", "), isVerb: isVerb,
        hasOutput: definition.parameters.contains { $0.name.text == "output" && $0.defaultValue != nil },
        isOverTime: isOverTime)
    }
  }

  private static func queries(_ entry: Entry, _ world: World?) throws -> [String] {
    if let call = whole[entry.name] {
      let nowhere = world == .nothing ? call.replacing("data:mine", with: "state:\"Wyoming\", data:mine") : call
      return [nowhere]
    }
    let year = entry.isOverTime ? "year:2012..2014" : "year:2014"
    let place = world == .nothing ? ", state:\"Wyoming\"" : ""
    if entry.isVerb, entry.arguments.contains("from:") {
      let arguments = entry.arguments.replacing("value:employment", with: "value:amount")
      let made =
        entry.name == "structural_decomposition"
        ? ", output_before:made, output_after:bought" : entry.hasOutput ? ", output:made" : ""
      return ["\(try flows(world)) | \(entry.name) \(arguments)\(made)"]
    }
    if entry.isVerb {
      let table =
        "table(\(measures.joined(separator: ", ")), lq, opportunity_score, by:[state, cluster, year], year:2012..2014, data:mine)"
      let arguments = entry.arguments.isEmpty ? "" : " \(entry.arguments)"
      return ["\(table)\(world == .nothing ? " | where employment > 1M" : "") | \(entry.name)\(arguments)"]
    }
    let arguments = entry.arguments.isEmpty ? "" : "\(entry.arguments), "
    let rows = ["", "by:state, ", "by:cluster, ", "by:[state, cluster], "]
    return rows.map { by in
      "\(entry.name)(\(arguments)\(by)\(year)\(by.contains("state") ? place : ""), data:mine)"
    }
  }

  // MARK: - The grid

  /// Notes that say why there is no number.
  private static let explaining: Set<String> = ["N0501", "N0504", "N0541", "N0542"]

  /// What is wrong with a result, nil for nothing.
  private static func problem(_ result: ResultTable, _ world: World?) -> String? {
    let isExplained = result.notes.contains { explaining.contains($0.code) }
    if result.rowCount == 0, world != .nothing, !isExplained { return "no rows and no word why" }
    for column in result.columns {
      guard case .numbers(let values, let states, _) = column.values else { continue }
      for (value, state) in zip(values, states) {
        if state.hasValue, !value.isFinite { return "\(column.name) is \(value)" }
        if state == .missing, !isExplained { return "\(column.name) is missing and no note says why" }
        if state == .withheld, world != .withheld { return "\(column.name) is withheld" }
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
  @Test(arguments: entries) func numbersGapsOrDiagnostics(_ entry: Entry) throws {
    let usual = try Self.text(nil)
    let calls = try Self.queries(entry, nil)
    let meant = calls.indices.filter { index in
      guard let result = try? Answers.table(usual + calls[index]), result.rowCount > 0 else { return false }
      #expect(Self.problem(result, nil) == nil, "usual: \(calls[index])")
      return true
    }
    #expect(!meant.isEmpty, "no call of \(entry.name) runs: \(calls)")
    // The coarsest and the finest rows that it has.
    for index in Set([meant.first, meant.last].compactMap { $0 }).sorted() {
      let expected = try Answers.table(usual + calls[index])
      for world in World.allCases {
        let query = try Self.queries(entry, world)[index]
        do {
          let result = try Answers.table(try Self.text(world) + query)
          let problem = Self.problem(result, world)
          #expect(problem == nil, "\(world): \(query)\n\(result.render(.csv).prefix(400))")
          if let scale = world.scale, !Self.absolute.contains(entry.name) {
            let problem = Self.unscaled(result, expected, scale)
            #expect(problem == nil, "\(world): \(query)\n\(result.render(.csv).prefix(400))")
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
  @Test(arguments: entries.filter { !$0.isVerb && !$0.isOverTime && whole[$0.name] == nil && $0.name != "join_count" })
  func yearsAreOneByOne(_ entry: Entry) throws {
    let usual = try Self.text(nil)
    var compared = 0
    for call in try Self.queries(entry, nil).reversed() {
      guard compared < 40, let single = try? Answers.rows(usual + call), single.contains(where: Self.hasValue) else {
        continue
      }
      let byYear =
        call.contains("by:[")
        ? call.replacing("by:[state, cluster]", with: "by:[state, cluster, year]")
        : call.contains("by:")
          ? call.replacing(/by:(state|cluster)/) { "by:[\($0.1), year]" } : call.dropLast() + ", by:year)"
      let found = try Answers.rows(usual + byYear.replacing("year:2014", with: "year:2012..2014"))
      for year in Self.years {
        let alone =
          year == 2014 ? single : try Answers.rows(usual + call.replacing("year:2014", with: "year:\(year)"))
        let slice = found.filter { $0["year"] == "\(year)" }.map { row in row.filter { $0.key != "year" } }
        #expect(slice == alone.filter(Self.hasValue), "\(byYear), \(year)")
        compared += slice.count
      }
    }
    #expect(compared > 0, "nothing of \(entry.name) was compared")
  }

  // MARK: - Known limits

  /// The numbers of a query, its gaps left out.
  private static func numbers(_ world: World, _ query: String) throws -> [Double] {
    let result = try Answers.table(try text(world) + query)
    let column = try #require(result.columns.last { if case .numbers = $0.values { true } else { false } })
    guard case .numbers(let values, let states, _) = column.values else { return [] }
    return zip(values, states).compactMap { $1.hasValue ? $0 : nil }
  }

  @Test(arguments: [
    (World.onePlace, "lq(by:[state, cluster], data:mine, year:2014)", 1.0),
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
  func limitsHaveTheirNumber(_ world: World, _ query: String, _ expected: Double) throws {
    let found = try Self.numbers(world, query)
    #expect(!found.isEmpty && found.allSatisfy { abs($0 - expected) < 1e-12 }, "\(found)")
  }

  /// What has no number, and the word why.
  @Test(arguments: [
    (World.allEqual, "moran(over:state, data:mine, year:2014)", "missing"),
    (.islands, "moran(over:state, data:mine, year:2014)", "neighbours"),
    (.allEqual, "standardized(by:state, data:mine, year:2014)", "without a number"),
    (.onePlace, "others_mean(by:state, data:mine, year:2014)", "without a number"),
    (.allEqual, "eci(by:state, over:cluster, data:mine, year:2014)", "do not differ"),
    (.negative, "theil(over:state, data:mine, year:2014)", "undefined"),
    (.onePlace, "ellison_glaeser(by:cluster, data:mine, year:2014)", "without a number"),
    (.onePlace, "rdi(by:state, data:mine, year:2014)", "without a number"),
    (.negative, "eci(by:state, over:cluster, data:mine, year:2014)", "negative numbers count as absent"),
  ])
  func whatHasNoNumberSaysWhy(_ world: World, _ query: String, _ word: String) throws {
    let result = try Answers.table(try Self.text(world) + query)
    #expect(result.notes.contains { $0.text.contains(word) }, "\(result.notes.map(\.text)) \(result.render(.csv))")
  }
}
