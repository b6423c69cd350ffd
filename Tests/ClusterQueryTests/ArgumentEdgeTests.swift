import ClusterQuery
import Foundation
import Testing

/// Every argument of every definition with values that nobody wants: there is an answer without numbers that are none, or a message that says
/// where, in bounded time.
///
/// Each run takes a part of all pairs of arguments and values, always the same; `CQ_ALL_EDGES=1` takes all of them.
@Suite struct ArgumentEdgeTests {
  private static let takesAll = ProcessInfo.processInfo.environment["CQ_ALL_EDGES"] == "1"

  private static let values = [
    "0", "-1", "1", "0.5", "1e300", "-1e300", "123456789", "50%", "[]", "[1, 2]", "[state, cluster]", "\"\"",
    "\"nowhere at all\"", "\"Ohio\"", "all", "missing", "true", "2014..2012", "state", "cluster", "employment", "1 USD",
  ]
  /// What numbers have to stand in every run.
  private static let always: Set<String> = ["0", "-1", "1e300"]

  private static let years = ["2014..2012", "1850", "2099", "0", "-1", "1e300", "\"x\"", "[]", "all", "missing"]

  /// Mistakes that are found in the query as a whole: its size, no data for all that is asked, nothing to go over.
  private static let ofTheWhole: Set<String> = ["E0214", "E0321", "E0601", "E0602", "E0604"]

  /// Runs a query whose argument at `key` is the only thing that may be wrong with it.
  ///
  /// - Returns: What is wrong with what happens, nil for nothing.
  private static func problem(_ query: String, _ key: String, _ value: String) -> String? {
    let clock = ContinuousClock()
    var found: String?
    let time = clock.measure {
      do {
        found = EdgeGridTests.problem(try HardTable.usual.answer(query), .nothing)
      } catch let diagnostics as Diagnostics {
        found = diagnostics.all.lazy.compactMap { problem($0, query, key, value) }.first
      } catch is LimitExceeded {
        // Says which limit, and how to raise it.
      } catch {
        found = "\(error)"
      }
    }
    if found == nil, time > .seconds(10) { found = "it took \(time)" }
    return found
  }

  /// What a message lacks: a place at the argument, words, and what to do about it.
  private static func problem(_ diagnostic: Diagnostic, _ query: String, _ key: String, _ value: String) -> String? {
    guard diagnostic.severity == .error else { return nil }
    let bytes = Array(query.utf8)
    guard diagnostic.span.start < diagnostic.span.end, diagnostic.span.end <= bytes.count else {
      return "\(diagnostic.code) is nowhere"
    }
    let marked = String(decoding: bytes[diagnostic.span.start..<diagnostic.span.end], as: UTF8.self)
    // What was expected, or what to do.
    let isHelpful =
      ["expected", "takes", "needs", "no such file"].contains { diagnostic.message.contains($0) }
      || !diagnostic.helps.isEmpty || !diagnostic.notes.isEmpty || !diagnostic.fixes.isEmpty
    if !isHelpful { return "\(diagnostic.code) says no more than: \(diagnostic.message)" }
    // At the argument, or it names it, or says where in the definition it does not fit.
    let texts = [diagnostic.message] + diagnostic.notes
    let argument = query.range(of: "\(key):\(value)") ?? query.range(of: value)
    let end = argument.map { query[..<$0.upperBound].utf8.count } ?? 0
    let start = argument.map { query[..<$0.lowerBound].utf8.count } ?? 0
    let isThere =
      diagnostic.span.start >= start && diagnostic.span.end <= end
      || texts.contains { text in
        ["`\(key)`", "`\(key):`", "`\(value)`", "\"\(value)\"", ", at `"].contains { text.contains($0) }
      }
    return isThere || ofTheWhole.contains(diagnostic.code)
      ? nil : "\(diagnostic.code) is at `\(marked)`: \(diagnostic.message)"
  }

  @Test(arguments: DefinitionCall.all) func answersOrSaysWhere(_ definition: DefinitionCall) throws {
    let usual = try definition.queries(.usual)
    guard let index = usual.lastIndex(where: { ((try? HardTable.usual.answer($0))?.rowCount ?? 0) > 0 }) else {
      Issue.record("no call of \(definition.name) runs")
      return
    }
    let start = definition.name.utf8.reduce(0) { $0 &+ Int($1) }
    for (position, parameter) in definition.parameters.enumerated() {
      for (number, value) in Self.values.enumerated() {
        let isDrawn = (start + 5 * position + number) % 8 == 0 || (parameter.isNumber && Self.always.contains(value))
        guard Self.takesAll || isDrawn else { continue }
        let query = try definition.queries(.usual, with: [parameter.name: value])[index]
        let problem = Self.problem(query, parameter.name, value)
        #expect(problem == nil, "\(query)")
      }
    }
    guard !definition.isVerb, usual[index].contains("year:2") else { return }
    for (number, value) in Self.years.enumerated() where Self.takesAll || (start + number) % 5 == 0 {
      guard let last = usual[index].range(of: "year:", options: .backwards) else { continue }
      let end = usual[index][last.upperBound...].firstIndex { $0 == "," || $0 == ")" } ?? usual[index].endIndex
      let query = usual[index].replacingOccurrences(of: usual[index][last.lowerBound..<end], with: "year:\(value)")
      let problem = Self.problem(query, "year", value)
      #expect(problem == nil, "\(query)")
    }
  }
}
