import CQSource

// MARK: - Errors about verbs (sorted alphabetically)

extension Diagnostic {
  /// `sort desc(lq)`
  static func directionAsFunction(_ column: String, _ direction: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0129", "`\(direction)` is a word behind what is sorted, not a function", at: span,
      helps: ["write `sort \(column) \(direction)`"], fixes: [Fix(span: span, replacement: "\(column) \(direction)")])
  }

  /// - Parameter bracketed: Verb and brackets of `mutate(x = 1)`, with what stands between these.
  static func foreignVerb(
    _ verb: String, use verbs: [String], bracketed: (span: TextSpan, text: String)?, at span: TextSpan
  ) -> Diagnostic {
    let list = verbs.map { "`\($0)`" }.joined(separator: " or ")
    guard let bracketed, let own = verbs.first, !bracketed.text.isEmpty else {
      return Diagnostic(
        "E0203", "there is no verb `\(verb)`; here it is \(list)", at: span, helps: ["write \(list)"],
        fixes: verbs.prefix(1).map { Fix(span: span, replacement: $0) })
    }
    let rewrite = "\(own) \(bracketed.text)"
    return Diagnostic(
      "E0203", "there is no verb `\(verb)`; here it is \(list), without brackets", at: span,
      helps: ["write `\(rewrite)`"], fixes: [Fix(span: bracketed.span, replacement: rewrite)])
  }

  static func groupingVerb(_ verb: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0121", "rows are chosen by the blank `by:`, not by `\(verb)`", at: span,
      helps: [
        "the call itself says what becomes rows: `lq(by:state)`",
        "rows of a table are put together with `| summarize total = sum(employment), by:state`",
      ])
  }

  /// `top 5, by:state`
  static func topOfNames(_ found: String, _ count: Int, column: String, largest: Bool, at span: TextSpan) -> Diagnostic
  {
    Diagnostic(
      "E0230", "a number is expected here, and this is \(found)", at: span,
      helps: ["for the order of names write `sort \(column)\(largest ? "" : " desc") | first \(count)`"])
  }

  static func unknownVerb(
    _ verb: String, verbs: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0203", "there is no verb `\(verb)`", at: span, helps: suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["verbs: \(verbs.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func verbAfterDot(_ name: String, use verbs: [String], at span: TextSpan) -> Diagnostic {
    let list = verbs.map { "`| \($0)`" }.joined(separator: " or ")
    return Diagnostic(
      "E0211", "`\(name)` is a verb, and verbs stand after a `|`", at: span, helps: ["write \(list) behind the table"])
  }

  /// `top(lq(by:state), 5)`, `plot(lq(by:state))`
  static func verbAsFunction(_ name: String, use verbs: [String], at span: TextSpan) -> Diagnostic {
    let own = verbs.first ?? name
    return Diagnostic(
      "E0211", own == name ? "`\(name)` is a verb" : "`\(name)` is the verb `\(own)` here", at: span,
      helps: ["verbs stand behind a table and a `|`: `lq(by:state, cluster:\"Automotive\") | \(example(of: own))`"])
  }

  private static func example(of verb: String) -> String {
    switch verb {
    case "where": "where lq >= 1.2"
    case "sort": "sort lq desc"
    case "top", "bottom", "first": "\(verb) 5"
    case "select", "drop": "\(verb) lq"
    case "derive": "derive double = lq * 2"
    case "rename": "rename quotient = lq"
    case "rank", "map", "share": "\(verb) lq"
    case "summarize": "summarize highest = max(lq)"
    case "chart": "chart bar"
    case "save": "save \"lq.csv\""
    default: verb
    }
  }

  static func verbAsMeasure(_ name: String, example: String?, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0211", "`\(name)` is a verb", at: span,
      helps: ["write it after a `|`"] + (example.map { ["for example: \($0)"] } ?? []))
  }

  static func verbNeeds(_ verb: String, _ what: String, _ example: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0408", "`\(verb)` needs \(what)", at: span, helps: ["for example: | \(example)"])
  }

  static func verbToWriteOtherwise(_ verb: String, _ advice: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0203", "there is no verb `\(verb)`", at: span, helps: [advice])
  }
}
