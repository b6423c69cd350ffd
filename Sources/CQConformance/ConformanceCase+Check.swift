package import ClusterQuery

extension ConformanceCase {
  /// Everything in which the program differs from what the case says must come of it.
  ///
  /// - Throws: Limits and damaged data.
  package func failures(in engine: Engine) throws -> [TestFailure] {
    if data != "bundled" { return [failure(.meta, "`data` must be bundled: there are no other data to run a case on")] }
    if sections[.plan] != nil { return [failure(.plan, "plans can't be printed yet: a case can't expect one")] }
    let outcome = try Outcome(of: source, parameters: parameters, engine: engine)
    var failures: [TestFailure] = []
    let checked = Section.allCases.filter { $0 != .meta && $0 != .source && sections[$0] != nil }
    if checked.isEmpty { failures.append(failure(.source, "a case must check something")) }
    if outcome.hasErrors, sections[.diagnostics] == nil {
      failures.append(failure(.source, "a source with errors needs DIAGNOSTICS", "", outcome.diagnosticText))
    }
    for section in checked {
      let (expected, found) = (sections[section] ?? "", found(section, outcome))
      if expected != found {
        failures.append(failure(section, "\(section.rawValue) is not as expected", expected, found))
      }
    }
    return try failures + uselessFixes(outcome, engine)
  }

  /// What `section` would have to say.
  package func found(_ section: Section, _ outcome: Outcome) -> String {
    switch section {
    case .diagnostics: outcome.diagnosticText
    case .result: outcome.resultText(format)
    case .notes: outcome.noteText
    case .meta, .source, .plan: sections[section] ?? ""
    }
  }

  /// The first fix of every diagnostic must lead to a program without that diagnostic.
  private func uselessFixes(_ outcome: Outcome, _ engine: Engine) throws -> [TestFailure] {
    var failures: [TestFailure] = []
    for diagnostic in outcome.diagnostics where !diagnostic.fixes.isEmpty {
      guard let mended = outcome.mended(diagnostic) else {
        failures.append(failure(.source, "the fix of \(diagnostic.code) lies outside the source"))
        continue
      }
      let after = try Outcome(of: mended, parameters: parameters, engine: engine)
      let isSame = { (other: Diagnostic) in other.code == diagnostic.code && other.message == diagnostic.message }
      if after.diagnostics.count(where: isSame) >= outcome.diagnostics.count(where: isSame) {
        failures.append(failure(.source, "the fix of \(diagnostic.code) does not mend it", source, mended))
      }
    }
    return failures
  }

  private func failure(_ section: Section, _ message: String, _ expected: String = "", _ found: String = "")
    -> TestFailure
  {
    TestFailure(line: lines[section] ?? 1, message: message, difference: differingLines(expected, found))
  }
}
