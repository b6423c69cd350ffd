import CQCatalog
import CQColumns
import CQSource

// MARK: - Errors about bounds, estimates, currencies and modules (sorted alphabetically)

extension Diagnostic {
  static func boundsAsValue(_ text: String, at span: TextSpan) -> Diagnostic {
    let end = TextSpan(span.end, span.end)
    return Diagnostic(
      "E0209", "`bounds` gives two values, and one is expected here", at: span,
      helps: ["write \(text).low or \(text).high"],
      fixes: [".low", ".high"].map { Fix(span: end, replacement: $0, applicability: .maybe) })
  }

  /// - Parameter right: How `rhs` is written.
  static func currencies(
    _ one: String, _ other: String, _ rhs: TypedExpression, _ right: String, at span: TextSpan
  ) -> Diagnostic {
    // `2012 USD` is money in the prices of a year.
    let (mine, theirs) = (one.split(separator: " ").last ?? "", other.split(separator: " ").last ?? "")
    if mine == theirs {
      return Diagnostic(
        "E0233", "can't combine \(one) and \(other): these are prices of different years", at: span,
        helps: ["use amounts in the prices of the same years, or their growth rates, which compare"])
    }
    let text = "convert(\(right), to:\(mine))"
    let isInText = !one.contains("/") && rhs.span.start >= span.start && rhs.span.end <= span.end
    return Diagnostic(
      "E0233", "can't combine \(one) and \(other)", at: span,
      helps: ["write \(text), with a rate: rate:18.9 means 18.9 \(theirs) per 1 \(mine)"],
      fixes: isInText ? [Fix(span: rhs.span, replacement: text, applicability: .maybe)] : [])
  }

  static func moduleAsValue(_ alias: String, names: [String], at span: TextSpan) -> Diagnostic {
    let example = names.first.map { "\(alias).\($0)" } ?? alias
    return Diagnostic(
      "E0226", "`\(alias)` is a module, not a value", at: span, helps: ["name what you mean in it: \(example)"],
      notes: ["it defines: \(names.joined(separator: ", "))"])
  }

  static func noInterval(_ function: String, _ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0235", "`\(function)` can't follow how `\(text)` was made", at: span,
      helps: ["take \(function) of a measure, or of arithmetic with measures: \(function)(employment / establishments)"]
    )
  }

  static func noParts(_ text: String, part: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0227", "`\(text)` has no part called `\(part)`", at: span,
      helps: [
        "a point stands in bounds(x).low and bounds(x).high, and after a module: `use \"file.cq\" as m`, then m.name"
      ])
  }

  static func noRateColumn(_ path: String, columns: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0237", "\"\(path)\" has no column of rates", at: span,
      helps: ["it needs columns `country`, `year` and `rate`; `country` or `year` may be left out"],
      notes: ["it has: \(columns.joined(separator: ", "))"])
  }

  static func noRates(from: String, to currency: String, asked: String?, at span: TextSpan) -> Diagnostic {
    let pair = from.contains("/") ? "the money of each country" : from
    return Diagnostic(
      "E0236", asked.map { "no rates called \"\($0)\" are bundled" } ?? "no exchange rates are bundled", at: span,
      helps: [
        "give a number: rate:18.9 means 18.9 \(from.contains("/") ? "units" : from) per 1 \(currency)",
        "or a table of yours with columns country, year and rate: let rates = open(\"rates.csv\"), then rate:rates",
      ], notes: ["this converts \(pair) to \(currency)"])
  }

  static func oneRateForSeveral(_ currencies: [String], to currency: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0237", "one number can't convert \(currencies.joined(separator: " and ")) to \(currency)", at: span,
      helps: ["give a table with columns country and rate: let rates = open(\"rates.csv\"), then rate:rates"])
  }

  static func rateTwice(_ path: String, country: String, year: Int?, at span: TextSpan) -> Diagnostic {
    let place = [country, year.map { "\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    return Diagnostic(
      "E0237", "\"\(path)\" has two different rates\(place.isEmpty ? "" : " for \(place)")", at: span,
      helps: ["keep one row per country and year"])
  }

  /// - Parameter isWholeSpan: `span` is the text itself, which a fix may replace, and no list around it.
  static func noSuchValue(
    _ text: String, in column: String, values: [String], suggestions: [String], isWholeSpan: Bool, at span: TextSpan
  ) -> Diagnostic {
    let few = values.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
    let rest = values.count > 6 ? " and \(values.count - 6) more" : ""
    return Diagnostic(
      "W0307", "no row has \"\(text)\" in `\(column)`", at: span, severity: .warning,
      helps: suggestions.prefix(1).map { "did you mean \"\($0)\"?" },
      notes: suggestions.isEmpty && !values.isEmpty ? ["`\(column)` has \(few)\(rest)"] : [],
      fixes: isWholeSpan ? suggestions.map { Fix(span: span, replacement: "\"\($0)\"", applicability: .maybe) } : [])
  }

  static func shadowedByImport(_ name: String, module: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "W0220", "`\(name)` has a meaning already; from here on it means the one of \(module)", at: span,
      severity: .warning,
      helps: ["use the file `as` a name of its own, to keep both: use \"…\" as m, then m.\(name)"])
  }

  static func shadowedVerb(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "W0220", "`\(name)` is also a verb of cq; from here on it means this definition", at: span, severity: .warning,
      helps: ["give it another name to keep both"])
  }

  static func unknownCurrency(_ text: String, known: [String], at span: TextSpan) -> Diagnostic {
    let close = suggestions(for: text, among: known)
    return Diagnostic(
      "E0237", "there is no currency `\(text)`", at: span,
      helps: close.prefix(1).map { "did you mean \($0)?" }, notes: ["currencies: \(known.joined(separator: ", "))"],
      fixes: close.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownEnd(_ text: String, suggestions: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0227", "bounds have no part called `\(text)`", at: span, helps: ["write .low or .high"],
      fixes: (suggestions.isEmpty ? ["low", "high"] : suggestions).map {
        Fix(span: span, replacement: $0, applicability: .maybe)
      })
  }

  static func unknownPart(
    _ text: String, of name: String, parts: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0227", "`\(name)` has no column called `\(text)`", at: span,
      helps: suggestions.prefix(1).map { "did you mean `\($0)`?" }, notes: ["it has: \(parts.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownMethod(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0228", "`estimate` has no method \"\(text)\"", at: span, helps: ["the one method is \"midpoint\""],
      fixes: [Fix(span: span, replacement: "\"midpoint\"", applicability: .maybe)])
  }

  static func wrongQuantile(_ value: Double?, at span: TextSpan) -> Diagnostic {
    var fixes: [Fix] = []
    if let value, value > 1, value <= 100 {
      let text = value == value.rounded() ? "\(Int(value))%" : "\(value)%"
      fixes = [Fix(span: span, replacement: text)]
    }
    return Diagnostic(
      "E0225", "the part of a quantile must be a number from 0 to 1", at: span,
      helps: ["quantile(employment, 0.9) or quantile(employment, 90%)"], fixes: fixes)
  }

  static func wrongRate(from: String, to currency: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0237", "a rate must be a number above 0, or a table that `open` reads", at: span,
      helps: ["rate:18.9 means 18.9 \(from) per 1 \(currency)"])
  }
}
