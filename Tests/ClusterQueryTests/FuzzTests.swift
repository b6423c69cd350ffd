import ClusterQuery
import Foundation
import Testing

/// Programs that nobody would write, from a seed: whatever the text, it is checked or refused, and nothing traps.
@Suite struct FuzzTests {
  /// What the mutations start from: every conformance case and every example of the standard library.
  static let corpus: [String] = {
    var texts = LibraryTests.examples.map(\.query)
    for path in files(below: "Tests/Conformance", ending: ".cqt") {
      let text = (try? textOfFile(path)) ?? ""
      guard let start = text.range(of: "# SOURCE\n") else { continue }
      var lines: [Substring] = []
      for line in text[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("# "), line.dropFirst(2).allSatisfy({ $0.isUppercase }) { break }
        lines.append(line)
      }
      let source = lines.joined(separator: "\n")
      if source.utf8.count < 600 { texts.append(source) }
    }
    return texts
  }()

  static let words = [
    "lq", "employment", "share", "growth", "shift_share", "table", "columns", "by", "in", "year", "state", "cluster",
    "naics4",
    "vs", "among", "over", "of", "(", ")", "[", "]", ",", ":", "=", "|", "..", "??", "+", "-", "*", "/", "^", "<", ">=",
    "==",
    "not", "and", "or", "if", "then", "else", "is", "withheld", "missing", "all", "base", "start", "end", "previous",
    "traded",
    "\"Ohio\"", "\"Aerospace\"", "\"", "2008", "2008..2011", "5%", "1e308", "999999999999999999999", "0", "31-33",
    "336411",
    "where", "sort", "top", "derive", "summarize", "pivot", "compare", "join", "append", "rank", "select", "share",
    "describe",
    "unpivot", "sum", "first", "cumsum", "median", "ln", "round", "def", "let", "x", "_", "$p", "\n", ";", "#", "é",
    "„", "{", "}",
    "5 USD", "2019Q1", "`", "\\", "suppressed", "estimate", "data", "us_cbp_state", "years", "desc", "!", "\u{0}",
  ]

  static func mutated(_ text: String, _ random: inout SeededSource) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...random.index(below: 3) {
      let place = random.index(below: bytes.count + 1)
      switch random.index(below: 7) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.insert(contentsOf: " \(words[random.index(below: words.count)]) ".utf8, at: place)
      case 2: if place < bytes.count { bytes.remove(at: place) }
      case 3: if place < bytes.count { bytes[place] = UInt8(random.index(below: 256)) }
      case 4:
        let end = min(bytes.count, place + random.index(below: 20))
        bytes.insert(contentsOf: bytes[place..<end], at: random.index(below: bytes.count + 1))
      case 5:
        let other = Array(corpus[random.index(below: corpus.count)].utf8)
        let from = random.index(below: other.count + 1)
        bytes = Array(bytes[..<place]) + other[from...]
      default:
        let end = min(bytes.count, place + random.index(below: 12))
        bytes.removeSubrange(place..<end)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A query that keeps the grammar: its parts may still not go together.
  static func sentence(_ random: inout SeededSource) -> String {
    let measures = [
      "employment", "lq", "share", "avg_wage", "payroll", "growth", "cagr", "yoy", "change", "establishment_size",
      "hhi", "krugman", "shift_share", "published_lq", "overlap", "exports", "imports", "gdp", "gdp_per_head", "output",
      "value_added", "population", "patents", "remittances", "fdi", "weekly_earnings", "compensation",
    ]
    let slots = [
      "by:state", "by:cluster", "by:[state, cluster]", "by:[cluster, year]", "by:naics4", "by:subcluster", "by:year",
      "in:\"Ohio\"", "in:[\"Ohio\", \"Iowa\"]", "state:\"Texas\"", "state:[53, 20]", "cluster:\"Aerospace\"",
      "cluster:traded", "activity:local", "naics4:3364", "naics2:31-33", "year:2020", "year:2008..2011", "year:2007",
      "vs:\"Michigan\"", "among:traded", "over:naics2", "over:subcluster", "of:payroll", "with:\"Ohio\"",
      "data:us_cbp_state", "data:us_cluster_map_2016", "suppressed:withhold", "suppressed:exclude",
      "by:country", "by:metro", "by:county", "by:economic_area", "by:product", "by:industry", "by:quarter", "by:naics2",
      "in:\"Mexico\"", "in:\"Canada\"", "in:[\"US\", \"Mexico\", \"Canada\"]", "in:\"Querétaro\"", "in:\"France\"",
      "metro:\"Wichita, KS\"", "vs:\"North America\"", "quarter:2019Q1", "quarter:2019Q1..2019Q4", "year:2018",
      "year:2013..2018", "data:mx_censo_municipio", "data:mx_censo_metro", "data:ca_seph", "data:trade_hs92",
      "data:us_cbp_county", "data:us_state_accounts", "clip:state",
    ]
    let stages = [
      "top 3", "bottom 2", "first 5", "sort state desc", "sort -employment", "where employment > 5k", "where lq >= 1.2",
      "where share > 1%", "where employment is withheld", "derive x = employment / sum(employment)",
      "derive r = lq ?? 0, s = r * 2", "derive y = if lq > 1 then \"a\" else \"b\"", "rank employment",
      "drop employment",
      "select state", "rename a = employment", "share employment", "summarize n = count(employment), by:state",
      "summarize m = median(employment)", "pivot year", "pivot state", "pivot cluster", "unpivot employment",
      "describe",
      "compare state", "note \"text\"", "chart bar", "chart line", "map", "compare country", "pivot quarter",
      "derive b = bounds(employment).low", "derive c = cumsum(employment), f = first(employment, by:state)",
      "derive z = employment / 0, l = ln(employment - 1e9), p = 10 ^ 400",
    ]
    var parts = (0..<random.index(below: 4)).map { _ in slots[random.index(below: slots.count)] }
    let name = measures[random.index(below: measures.count)]
    var text: String
    if random.index(below: 3) == 0 {
      parts.insert(contentsOf: [name, measures[random.index(below: measures.count)]], at: 0)
      text = "table(\(parts.joined(separator: ", ")))"
    } else {
      text = "\(name)(\(parts.joined(separator: ", ")))"
    }
    for _ in 0..<random.index(below: 4) { text += " | " + stages[random.index(below: stages.count)] }
    return text
  }

  static func text(_ random: inout SeededSource) -> String {
    switch random.index(below: 8) {
    case 0: soup(&random)
    case 1, 2, 3: sentence(&random)
    default: mutated(corpus[random.index(below: corpus.count)], &random)
    }
  }

  static func soup(_ random: inout SeededSource) -> String {
    (0..<random.index(below: 30)).map { _ in words[random.index(below: words.count)] }.joined(separator: " ")
  }

  /// Files are never touched: the session is restricted.
  @Test(arguments: 0..<8) func nothingTraps(_ seed: Int) throws {
    var random = SeededSource(seed: UInt64(seed))
    let engine = try Bundled.engine.get()
    var session = Session(engine: engine, mode: .restricted)
    let limits = Limits(time: .seconds(2), cells: 200_000, rows: 5_000)
    var executed = 0
    for round in 0..<250 {
      let text = Self.text(&random)
      let diagnostics = session.check(text)
      _ = diagnostics.rendered
      for diagnostic in diagnostics.all {
        let size = diagnostics.source.utf8.count
        for label in diagnostic.labels {
          #expect(label.span.end <= size, "\(diagnostic.code) in \(text.debugDescription)")
        }
        for fix in diagnostic.fixes { #expect(fix.span.end <= size, "\(diagnostic.code) in \(text.debugDescription)") }
        let isSpelt = !diagnostic.message.isEmpty && (text.contains("`") || !diagnostic.message.contains("``"))
        #expect(isSpelt, "\(diagnostic.message) in \(text.debugDescription)")
      }
      _ = session.isIncomplete(text)
      _ = session.parameterNames(in: text)
      if !diagnostics.hasErrors {
        do {
          try session.execute(text, parameters: ["p": "5", "cluster": "Aerospace"], limits: limits) { table in
            #expect(table.isFinite, "\(text.debugDescription)")
            _ = table.render(.table, width: 40)
            _ = table.render(.json)
          }
          executed += 1
        } catch is Diagnostics, is LimitExceeded {
        }
      }
      // A session that has grown for a while finds other mistakes than a new one.
      if round % 50 == 49 { session = Session(engine: engine, mode: .restricted) }
    }
    #expect(executed > 10, "mutations must leave some programs alive")
  }

  /// What a check lets pass, a run does not refuse, unless a parameter decides.
  @Test func checkedProgramsRun() throws {
    var random = SeededSource(seed: 99)
    let engine = try Bundled.engine.get()
    let limits = Limits(cells: 200_000)
    var checked = 0
    for _ in 0..<400 {
      let text = Self.text(&random)
      let session = Session(engine: engine, mode: .restricted)
      guard !session.check(text).hasErrors, session.parameterNames(in: text).isEmpty else { continue }
      checked += 1
      do {
        try session.execute(text, limits: limits) { _ in }
      } catch is LimitExceeded {
      } catch {
        Issue.record("\(text.debugDescription): \(error)")
      }
    }
    #expect(checked > 20)
  }
}

extension ResultTable {
  /// Infinity and not-a-number are no results: what can't be computed is missing.
  fileprivate var isFinite: Bool {
    columns.allSatisfy { column in
      guard case .numbers(let values, let states, _) = column.values else { return true }
      return zip(values, states).allSatisfy { !$1.hasValue || $0.isFinite }
    }
  }
}
