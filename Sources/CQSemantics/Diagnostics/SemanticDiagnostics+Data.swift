import CQCatalog
import CQColumns
package import CQSource

// MARK: - Errors about what the data have (sorted alphabetically)

extension Diagnostic {
  static func areaInsideAnother(_ inner: Member, _ outer: Member, at span: TextSpan) -> Diagnostic {
    let isCalifornia = inner.level == .state && inner.abbreviation == "CA"
    return Diagnostic(
      "E0413", "\"\(inner.name)\" lies in \"\(outer.name)\", which is in the list too", at: span,
      helps: [isCalifornia ? "\"CA\" is California; the country is \"Canada\"" : "leave one of them out"])
  }

  static func datasetProblem(
    _ problem: DatasetProblem, _ path: String, columns: [String], at span: TextSpan
  ) -> Diagnostic {
    switch problem.kind {
    case .noColumn(let name): .unknownFileColumn(name, path, columns: columns, at: span)
    case .values: Diagnostic("E0805", problem.message, at: span, helps: problem.helps, notes: problem.notes)
    case .duplicates: Diagnostic("E0806", problem.message, at: span, helps: problem.helps, notes: problem.notes)
    case .incomplete, .stopped:
      Diagnostic("E0807", problem.message, at: span, helps: problem.helps, notes: problem.notes)
    }
  }

  /// An engine that did not answer, or a question that it can't be asked.
  package static func engine(_ message: String, help: String?, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0808", message, at: span, helps: help.map { [$0] } ?? [])
  }

  static func growthNeedsRange(_ year: Int, at span: TextSpan, years: [Int]) -> Diagnostic {
    Diagnostic(
      "E0323", "growth over the single year \(year) has no meaning", at: span,
      helps: ["give a range: year:\(max(years.first ?? year, year - 1))..\(year)"])
  }

  static func growthNeedsYears(_ dataset: String, _ years: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0324", "`\(dataset)` has only \(years), and growth needs two years", at: span,
      helps: ["leave `data:` out, or choose a dataset with several years (`datasets` lists them)"])
  }

  static func measureNotInDataset(
    _ measure: String, dataset: String?, has own: [String] = [], with others: [String], holders: [String],
    at span: TextSpan
  ) -> Diagnostic {
    let message =
      dataset.map { "`\($0)` has no measure `\(measure)`" }
      ?? "no single dataset has `\(measure)` together with \(others.map { "`\($0)`" }.joined(separator: ", "))"
    return Diagnostic(
      "E0322", message, at: span,
      helps: holders.isEmpty ? [] : ["`\(measure)` is in \(holders.joined(separator: ", "))"],
      notes: own.isEmpty ? [] : ["`\(dataset ?? "")` has \(own.joined(separator: ", "))"])
  }

  static func measuresShareNoYear(
    _ measures: [String], _ spans: [(dataset: String, periods: String)], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0322",
      "no dataset has \(measures.map { "`\($0)`" }.joined(separator: " and ")) together, and theirs share no year",
      at: span, helps: ["make two tables"], notes: spans.map { "`\($0.dataset)` has \($0.periods)" })
  }

  static func measureNameTaken(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0807", "`\(name)` is an indicator that is computed, so a column can't be bound to it", at: span,
      helps: ["give the measure another name, or bind what it is computed of (`?\(name)`)"])
  }

  static func noCommonYear(_ spans: [(dataset: String, periods: String)], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0321", "these datasets share no years, and growth needs two", at: span,
      helps: ["ask for one country at a time"], notes: spans.map { "`\($0.dataset)` has \($0.periods)" })
  }

  static func noData(
    _ what: String, at span: TextSpan, notes: [String] = [], helps: [String] = [], fixes: [Fix] = []
  ) -> Diagnostic {
    // `what` begins with a measure: there are no patents, and there is no employment.
    let isPlural = what.prefix { $0 != " " }.hasSuffix("s")
    return Diagnostic(
      "E0321", "there \(isPlural ? "are" : "is") no \(what)", at: span,
      helps: helps + fixes.prefix(1).map { "write year:\($0.replacement)" }, notes: notes, fixes: fixes)
  }

  static func notComparable(
    _ years: ClosedRange<Int>, in dataset: String, comparable: [ClosedRange<Int>], at span: TextSpan
  ) -> Diagnostic {
    let spans = comparable.map { "\($0.lowerBound)..\($0.upperBound)" }
    return Diagnostic(
      "E0331",
      "growth over \(years.lowerBound)–\(years.upperBound) crosses a change of classification in `\(dataset)`",
      at: span,
      helps: spans.isEmpty
        ? [] : ["spans that are comparable here: " + spans.map { "year:\($0)" }.joined(separator: ", ")])
  }

  static func placesOutsideArea(_ places: String, area: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0314", "\(places) is not in \(area), so this table would have no rows", at: span,
      helps: ["leave `in:` out, or pick places of \(area)"])
  }

  static func placesOverlap(_ one: String, _ other: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0413", "\"\(one)\" and \"\(other)\" overlap, so adding them up would count a part twice", at: span,
      helps: ["leave one of them out, or add `by:` to see each by itself"])
  }

  static func unknownFileColumn(
    _ name: String, _ path: String, columns: [String], at span: TextSpan
  ) -> Diagnostic {
    let close = CQCatalog.suggestions(for: name, among: columns)
    return Diagnostic(
      "E0426", "`\(path)` has no column `\(name)`", at: span,
      helps: close.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["it has: \(columns.joined(separator: ", "))"],
      fixes: close.map { name in
        let isWord = name.utf8.allSatisfy { $0 == 0x5F || $0 &- 0x30 <= 9 || ($0 | 0x20) &- 0x61 < 26 || $0 >= 0x80 }
        return Fix(span: span, replacement: isWord ? name : "`\(name)`", applicability: .maybe)
      })
  }

  static func unknownDataset(
    _ name: String, names: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    let isFile = name.contains("/") || name.contains(".")
    return Diagnostic(
      "E0311", "there is no dataset `\(name)`", at: span,
      helps: isFile
        ? ["a file becomes one with `dataset`: `data:dataset(\"\(name)\")`"]
        : suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["datasets: \(names.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }
}
