import CQCatalog
import CQSource
import CQSyntax
import ClusterQuery
import Foundation
import Testing

/// Small tables that are hard for indicators, each opened once for all tests.
enum HardTable: String, CaseIterable, Sendable {
  case usual, nothing, onePlace, oneActivity, allEqual, allZero, oneYear, withheld, islands, separated, negative, tiny,
    huge

  /// All but the usual one.
  static let hard = allCases.filter { $0 != .usual }

  /// What every number of the usual table is multiplied by.
  var scale: Double? { self == .tiny ? 1e-300 : self == .huge ? 1e300 : nil }

  static let years = [2012, 2013, 2014]
  static let measures = [
    "employment", "establishments", "payroll", "gdp", "population", "patents", "output", "exports", "imports",
  ]
  private static let touching = ["Alabama", "Florida", "Georgia", "Tennessee", "Mississippi", "Ohio"]
  private static let apart = ["Alaska", "Hawaii", "Puerto Rico", "Maine", "Ohio"]
  private static let clusters = ["Apparel", "Automotive", "Coal Mining", "Footwear", "Local Utilities"]

  // MARK: - Asking

  /// One session for each table, which knows it as `mine`.
  private static let sessions = Result {
    try Dictionary(
      uniqueKeysWithValues: allCases.map { table in
        let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
        try session.execute(try table.dataset()) { _ in }
        return (table, session)
      })
  }

  /// The last result of a text.
  func answer(_ text: String) throws -> ResultTable {
    var last: ResultTable?
    try #require(try Self.sessions.get()[self]).execute(text) { last = $0 }
    return try #require(last)
  }

  func rows(_ text: String) throws -> [[String: String]] { try Answers.rows(of: try answer(text)) }

  // MARK: - The files

  /// `let mine = dataset(…)`, dense: what is missing in an answer is never just absent.
  private func dataset() throws -> String {
    var source = SeededSource(seed: 11)
    let places = self == .onePlace ? ["Ohio"] : self == .islands ? Self.apart : Self.touching
    let activities = self == .oneActivity ? ["Automotive"] : Self.clusters
    var lines = [["state", "cluster", "year"] + Self.measures]
    for year in self == .oneYear ? [2014] : Self.years {
      for (i, place) in places.enumerated() {
        for (j, activity) in activities.enumerated() {
          let fields = Self.measures.map { measure -> String in
            let drawn = 1 + source.index(below: 900)
            switch self {
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
    let path = try Answers.file("edge-\(rawValue).csv", lines)
    let money = ["payroll", "gdp", "output", "exports", "imports"]
    let columns = Self.measures.map { "\($0):\($0)\(money.contains($0) ? " * 1 USD" : "")" }.joined(separator: ", ")
    return "let mine = dataset(\"\(path)\", state:state, cluster:cluster, year:year, \(columns))\n"
  }

  /// Deliveries among five names, for verbs that read tables of pairs.
  func flows() throws -> String { try #require(try Self.allFlows.get()[self]) }

  private static let allFlows = Result {
    try Dictionary(uniqueKeysWithValues: allCases.map { ($0, try $0.deliveries()) })
  }

  private func deliveries() throws -> String {
    var source = SeededSource(seed: 12)
    let names = self == .onePlace ? ["a"] : ["a", "b", "c", "d", "e"]
    var lines = [["seller", "buyer", "amount", "made", "bought", "jobs", "all_jobs"]]
    for (i, from) in names.enumerated() {
      for (j, to) in names.enumerated() {
        let drawn = 1 + source.index(below: 90)
        let isLinked = self == .islands ? i == j : self == .separated ? (i < 2) == (j < 2) : true
        var amount = self == .allEqual ? "50" : isLinked && self != .allZero ? "\(drawn)" : "0"
        if self == .tiny { amount += "e-300" }
        if self == .huge { amount += "e300" }
        if self == .withheld, (i + j) % 3 == 0 { amount = "D" }
        if self == .negative, (i + j) % 2 == 0 { amount = "-\(amount)" }
        lines.append([from, to, amount, "\(300 + i)", "\(300 + j)", "\(10 + i)", "\(100 - i)"])
      }
    }
    let path = try Answers.file("edge-flows-\(rawValue).csv", lines)
    return "open(\"\(path)\")\(self == .nothing ? " | where amount > 1M" : "")"
  }
}
