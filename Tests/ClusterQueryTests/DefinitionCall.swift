import CQCatalog
import CQSource
import CQSyntax
import Foundation

@testable import ClusterQuery

/// A definition of the library, and how it is called on a ``HardTable``.
struct DefinitionCall: CustomStringConvertible, Sendable {
  struct Parameter: Sendable {
    let name: String
    /// As the definition declares it: `text`, `level`, `region`; empty where it does not.
    let kind: String
    /// As it is written; nil where one must be given.
    let defaultValue: String?

    /// Whether it takes a number that is an option, not a measure.
    var isNumber: Bool { defaultValue.map { Double($0) != nil || $0.hasSuffix("%") } ?? false }
  }

  let name: String
  let parameters: [Parameter]
  let isVerb: Bool
  /// It asks for two years.
  let isOverTime: Bool
  var description: String { name }

  /// Tables about the bundled data, which take no dataset: their parts are in the grid themselves.
  private static let ofBundledData: Set<String> = [
    "peers", "strong_clusters", "profile", "scorecard", "related_to", "opportunities", "suppliers", "customers",
    "impact",
    "value_chain", "manufacturing_intensity", "value_network",
  ]

  /// Calls that need more than a place and a year.
  static let whole: [String: String] = [
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

  static let all: [DefinitionCall] = StandardLibrary.files.flatMap { file in
    Parser.parse(file).program.statements.compactMap { statement -> DefinitionCall? in
      guard case .definition(let definition) = statement.kind, !ofBundledData.contains(definition.name.text)
      else { return nil }
      let code = file.slice(statement.span)
      return DefinitionCall(
        name: definition.name.text,
        parameters: definition.parameters.map { parameter in
          Parameter(
            name: parameter.name.text, kind: parameter.kind?.text ?? "",
            defaultValue: parameter.defaultValue.map { file.slice($0.span) })
        }, isVerb: { if case .fragment = definition.body { true } else { false } }(),
        isOverTime: ["year:start", "change(", "growth(", "cagr(", "shift_share"].contains { code.contains($0) })
    }
  }

  /// The arguments that it is called with, and those in `other` in place of them.
  private func arguments(_ other: [String: String]) -> String {
    parameters.compactMap { parameter -> String? in
      let key = parameter.name
      if let value = other[key] { return "\(key):\(value)" }
      guard let value = parameter.defaultValue else {
        return "\(key):\(Self.givenTo[name]?[key] ?? Self.given[key] ?? "1")"
      }
      if let level = Level(rawValue: value) { return "\(key):\(level.dimension == .region ? "state" : "cluster")" }
      return key == "permutations" || key == "simulations" ? "\(key):9" : nil
    }.joined(separator: ", ")
  }

  /// Calls that may mean something, for one row, for places, for activities, for both.
  ///
  /// - Parameter other: Values for parameters by name, in place of the usual ones.
  func queries(_ table: HardTable, with other: [String: String] = [:]) throws -> [String] {
    if let call = Self.whole[name] {
      let nowhere = table == .nothing ? call.replacing("data:mine", with: "state:\"Wyoming\", data:mine") : call
      return [try replaced(nowhere, other)]
    }
    let year = isOverTime ? "year:2012..2014" : "year:2014"
    let place = table == .nothing ? ", state:\"Wyoming\"" : ""
    let arguments = arguments(other)
    if isVerb, parameters.contains(where: { $0.name == "from" && $0.defaultValue == nil }) {
      let hasOutput = parameters.contains { $0.name == "output" && $0.defaultValue != nil } && other["output"] == nil
      let made =
        name == "structural_decomposition"
        ? other.keys.contains { $0.hasPrefix("output") } ? "" : ", output_before:made, output_after:bought"
        : hasOutput ? ", output:made" : ""
      return ["\(try table.flows()) | \(name) \(arguments.replacing("value:employment", with: "value:amount"))\(made)"]
    }
    if isVerb {
      let rows =
        "table(\(HardTable.measures.joined(separator: ", ")), lq, opportunity_score, by:[state, cluster, year], year:2012..2014, data:mine)"
      let none = table == .nothing ? " | where employment > 1M" : ""
      return ["\(rows)\(none) | \(name)\(arguments.isEmpty ? "" : " \(arguments)")"]
    }
    let given = arguments.isEmpty ? "" : "\(arguments), "
    return ["", "by:state, ", "by:cluster, ", "by:[state, cluster], "].map { by in
      "\(name)(\(given)\(by)\(year)\(by.contains("state") ? place : ""), data:mine)"
    }
  }

  /// A whole call with other values for some arguments, which it or its first value without a name may give already.
  private func replaced(_ call: String, _ other: [String: String]) throws -> String {
    var call = call
    for (key, value) in other {
      guard let start = call.range(of: isVerb ? name + " " : name + "(", options: .backwards)?.upperBound else {
        continue
      }
      let written = "(\"[^\"]*\"|\\[[^\\]]*\\]|[\\w.]+(\\([^()]*\\))?)"
      let rest = call[start...]
      if let match = rest.firstMatch(of: try Regex("\\b\(key):\(written)")) {
        call.replaceSubrange(match.range, with: "\(key):\(value)")
      } else if key == parameters.first?.name, !isVerb,
        let match = rest.prefixMatch(of: try Regex("\(written)(?=[,)])"))
      {
        call.replaceSubrange(match.range, with: value)
      } else {
        // What stands without a name stays first.
        let comma = isVerb ? nil : rest.prefixMatch(of: try Regex("\(written), "))?.range.upperBound
        call.insert(contentsOf: "\(key):\(value), ", at: comma ?? start)
      }
    }
    return call
  }
}
