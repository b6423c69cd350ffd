import CQSource

// MARK: - Errors of charts and maps (sorted alphabetically)

extension Diagnostic {
  static func chartIsAMap(_ word: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0440", "maps have a verb of their own", at: span, helps: ["write | map lq, title:\"…\""])
  }

  static func chartNeedsMoreNumbers(_ kind: String, _ needed: Int, _ numbers: [String], at span: TextSpan) -> Diagnostic
  {
    let found = numbers.isEmpty ? "none" : numbers.count == 1 ? "only `\(numbers[0])`" : "only \(numbers.count)"
    let example = kind == "bubble" ? "lq, growth, employment" : "lq, avg_wage"
    return Diagnostic(
      "E0442", "`chart \(kind)` needs \(needed) columns of numbers, and this table has \(found)", at: span,
      helps: [
        "ask for more measures in the source: table(\(example), by:cluster, in:\"Ohio\")"
          + ", or name one in a blank: x:lq, y:avg_wage\(kind == "bubble" ? ", size:employment" : "")"
      ])
  }

  static func mapColorsAreNames(_ column: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0441", "`color:` of `map` takes names, and `\(column)` holds numbers", at: span,
      helps: ["a number that fills the places comes first: map \(column)", "sizes of bubbles are size:\(column)"])
  }

  static func mapNeedsOnePlace(_ places: [String], at span: TextSpan) -> Diagnostic {
    if places.count > 1 {
      return Diagnostic(
        "E0443", "`map` needs one level of places, and this table has \(places.joined(separator: " and "))", at: span,
        helps: ["keep one of them: | drop \(places[0]) | map"])
    }
    return Diagnostic(
      "E0443", "`map` needs rows that are places", at: span,
      helps: ["spread the table over one level of places: by:state, by:metro or by:county"])
  }

  static func mapNeedsOneRow(_ place: String, _ other: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0443", "this table has a row for each `\(other)` of a \(place), and a map shows one value per place", at: span,
      helps: ["fix `\(other)` in the source, or keep one: | where \(other) == … | drop \(other) | map"])
  }

  static func noRasteriser(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0801", "\"\(path)\" needs the program rsvg-convert, which is not installed here", at: span,
      helps: [
        "save it as .svg, which browsers, Word and Inkscape open",
        "or install it: apt-get install librsvg2-bin (Debian, Ubuntu), brew install librsvg (macOS)",
      ])
  }

  static func onlyBarsHaveMarkers(_ kind: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0441", "`chart \(kind)` has no markers", at: span,
      helps: ["write chart bar, or leave `marker:` out", "another column of numbers: y:[actual, expected]"])
  }

  static func onlyBubblesHaveSizes(_ kind: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0441", "`chart \(kind)` has no sizes", at: span, helps: ["write chart bubble, or leave `size:` out"])
  }

  static func panelsAreBy(_ word: String, of verb: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0202", "`\(verb)` has no blank called `\(word)`", at: span,
      helps: ["small multiples are written with `by:`: \(verb == "map" ? "map lq" : "chart line"), by:state"])
  }

  static func pictureNeedsColumn(_ verb: String, _ what: String, _ columns: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0442", "`\(verb)` needs \(what)", at: span, helps: ["add it in the source, with `by:` or as a measure"],
      notes: ["this table has: \(columns.joined(separator: ", "))"])
  }

  static func pictureNeedsNames(
    _ kind: String, _ slot: String, _ column: String, _ names: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0441",
      "\(slot) of `\(kind == "map" ? "map" : "chart " + kind)` takes names or years, and `\(column)` holds numbers",
      at: span,
      helps: names.isEmpty
        ? ["draw numbers against numbers with chart scatter"]
        : ["use \(names.map { "`\($0)`" }.joined(separator: " or "))"],
      fixes: names.prefix(1).map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func pictureNeedsNumbers(
    _ kind: String, _ slot: String, _ column: String, _ numbers: [String], at span: TextSpan
  ) -> Diagnostic {
    let verb = kind == "map" ? "map" : "chart \(kind)"
    return Diagnostic(
      "E0441", "\(slot) of `\(verb)` takes numbers, and `\(column)` holds names", at: span,
      helps: numbers.isEmpty
        ? ["the table has no column of numbers"] : ["use \(numbers.map { "`\($0)`" }.joined(separator: " or "))"],
      fixes: numbers.prefix(1).map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func saveNeedsPicture(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0444", "there is no picture yet to save in \"\(path)\"", at: span,
      helps: [
        "draw one first: | chart bar | save \"\(path)\", or | map | save …",
        "tables are saved as csv, xlsx, html, md, tex, json …",
      ])
  }

  static func unknownChart(_ word: String, kinds: [String], suggestions: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0440", "there is no chart `\(word)`", at: span,
      helps: suggestions.isEmpty
        ? ["the kind comes first: chart bar, x:state, y:lq"] : ["did you mean `\(suggestions[0])`?"],
      notes: ["charts: \(kinds.joined(separator: ", "))"],
      fixes: suggestions.prefix(1).map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownClasses(_ word: String, schemes: [String], suggestions: [String], at span: TextSpan) -> Diagnostic
  {
    Diagnostic(
      "E0445", "`classes:` can't be `\(word)`", at: span,
      helps: ["it is \(schemes.joined(separator: ", ")), a number from 2 to 9, or both in a list: classes:[jenks, 5]"],
      fixes: suggestions.prefix(1).map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func wrongBreaks(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0445", "`breaks:` takes 1 to 8 numbers in ascending order, the bounds between classes", at: span,
      helps: ["breaks:[0.5, 0.8, 1.2, 2]"])
  }
}
