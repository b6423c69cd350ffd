import CQCatalog
import CQColumns
import CQSource

// MARK: - Errors about years and quarters (sorted alphabetically)

extension Diagnostic {
  static func noSuchPeriod(_ slot: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0321", "there are no data by \(slot)", at: span, helps: ["use year:"])
  }

  /// - Parameters:
  ///   - range: The range as it stands in the text, where it does.
  ///   - hasRows: The table has `by:` already.
  static func notAdditiveOverTime(
    _ measure: String, years: ClosedRange<Int>, range: TextSpan?, hasRows: Bool, at span: TextSpan
  ) -> Diagnostic {
    let (first, last) = (periodText(years.lowerBound), periodText(years.upperBound))
    let level = Period.quarter(of: years.upperBound) == nil ? "year" : "quarter"
    var fixes: [Fix] = []
    if let range {
      if !hasRows {
        fixes.append(Fix(span: range, replacement: "\(first)..\(last), by:\(level)", applicability: .maybe))
      }
      fixes.append(Fix(span: range, replacement: last, applicability: .maybe))
    }
    return Diagnostic(
      "E0412", "`\(measure)` can't be added up over \(first)–\(last): it is a stock", at: span,
      helps: [
        "add by:\(level) for one row per \(level), take one \(level), or `change(\(measure), \(level):\(first)..\(last))`",
        "beside measures of one \(level), those of change take their own: `growth(\(level):\(first)..\(last))`",
      ], fixes: fixes)
  }

  static func wrongQuarter(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0240", "`\(text)` is not a quarter or a range of quarters", at: span,
      helps: ["write quarter:2019Q1 or quarter:2019Q1..2020Q4"])
  }

  static func wrongYear(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0240", "`\(text)` is not a year or a range of years", at: span,
      helps: [
        text.contains("Q")
          ? "write quarter:\(text)"
          : isMonth(text)
            ? "months are not published here: write year:2020 or quarter:2020Q1" : "write year:2020 or year:2008..2011"
      ])
  }

  /// `"March 2020"`, `"mar. 2020"`
  private static func isMonth(_ text: String) -> Bool {
    let months = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
      "december",
    ]
    let words = text.lowercased().split { !$0.isLetter }
    return words.contains { word in word.count >= 3 && months.contains { $0.hasPrefix(word) } }
  }

  static func yearsBackwards(_ first: Int, _ last: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0242", "this range ends before it starts", at: span, helps: ["write \(last)..\(first)"],
      fixes: [Fix(span: span, replacement: "\(last)..\(first)")])
  }

  static func yearsSubtracted(
    _ first: Double, _ last: Double, operatorSpan: TextSpan, at span: TextSpan
  ) -> Diagnostic {
    let (start, end) = (Int(exactly: first) ?? 0, Int(exactly: last) ?? 0)
    return Diagnostic(
      "E0241", "that is \(start) minus \(end) = \(start &- end); did you mean `\(start)..\(end)`?", at: span,
      fixes: [Fix(span: span, replacement: "\(start)..\(end)")])
  }
}
