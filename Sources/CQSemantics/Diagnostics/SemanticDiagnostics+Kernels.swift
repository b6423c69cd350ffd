import CQCatalog
import CQMethods
import CQSource

// MARK: - Errors about kernels and their samples (sorted alphabetically)

extension Diagnostic {
  static func cannotGoOver(_ function: String, _ level: String, rows: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0215", "`\(function)` can't go over `\(level)` in rows by \(rows)", at: span,
      helps: ["`over:` takes a level of places finer than the rows, or a level of activities"])
  }

  static func kernelElsewhere(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0248", "`\(name)` compares the places of the table, so it can't be taken at another place", at: span,
      helps: ["take it in a table of its own, with the places that it compares chosen by `in:` or `vs:`"])
  }

  static func kernelNeedsPlaces(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0246", "`\(name)` needs measures of places and activities, and not the rows of a table", at: span,
      helps: ["start with it: \(name)(by:state)", "rows of your own become measures with `dataset(…)`"])
  }

  static func kernelNeedsRows(_ name: String, _ levels: [String], at span: TextSpan) -> Diagnostic {
    let kinds = levels.map { $0 == "state" ? "a level of places" : "a level of activities" }
    let example = levels.count == 1 ? levels[0] : "[\(levels.joined(separator: ", "))]"
    return Diagnostic(
      "E0246", "`\(name)` needs \(kinds.joined(separator: " and ")) in `by:`", at: span,
      helps: ["for example by:\(example)"])
  }

  static func kernelParameters(
    _ definition: String, _ kernel: String, missing: [String], extra: [String], at span: TextSpan
  ) -> Diagnostic {
    var notes: [String] = []
    if !missing.isEmpty { notes.append("it lacks: \(missing.joined(separator: ", "))") }
    if !extra.isEmpty { notes.append("`core.\(kernel)` has no: \(extra.joined(separator: ", "))") }
    return Diagnostic(
      "E0244", "the parameters of `\(definition)` are not those of `core.\(kernel)`", at: span, notes: notes)
  }

  static func unknownKernel(
    _ name: String, suggestions: [String], isVerb: Bool = false, at span: TextSpan
  ) -> Diagnostic {
    let example =
      isVerb ? "def mine(…) = | core.\(suggestions.first ?? name)" : "def mine(…) = core.\(suggestions.first ?? name)"
    return Diagnostic(
      "E0243", "there is no kernel `core.\(name)` to call here", at: span,
      helps: suggestions.prefix(1).filter { $0 != name }.map { "did you mean `core.\($0)`?" }
        + ["a kernel is the whole body of a definition: \(example)"])
  }

  static func unknownOptionText(_ text: String, of parameter: String, known: [String], at span: TextSpan) -> Diagnostic
  {
    let close = CQCatalog.suggestions(for: text, among: known)
    return Diagnostic(
      "E0245", "`\(parameter):` can't be \"\(text)\"", at: span,
      helps: ["it is one of \(known.map { "\"\($0)\"" }.joined(separator: ", "))"],
      fixes: close.map { Fix(span: span, replacement: "\"\($0)\"", applicability: .maybe) })
  }

  /// - Parameter given: The number that it can't be.
  static func wrongOption(_ option: Kernel.Option, _ given: Double? = nil, at span: TextSpan) -> Diagnostic {
    func number(_ value: Double) -> String {
      value.magnitude < 1e9 ? Int(exactly: value).map { "\($0)" } ?? "\(value)" : "\(value)"
    }
    let wanted: String
    switch option.kind {
    case .number(let range) where range.upperBound < given ?? -.infinity,
      .whole(let range) where range.upperBound < given ?? -.infinity:
      wanted = "no number above \(number(range.upperBound))"
    case .number(let range) where range.upperBound.magnitude < 1e15:
      wanted = "a number from \(number(range.lowerBound)) to \(number(range.upperBound))"
    case .whole(let range) where range.upperBound.magnitude < 1e15:
      wanted = "a whole number from \(number(range.lowerBound)) to \(number(range.upperBound))"
    case .number(let range): wanted = "a number from \(number(range.lowerBound))"
    case .whole(let range): wanted = "a whole number from \(number(range.lowerBound))"
    case .text(let words): wanted = "one of \(words.joined(separator: ", "))"
    case .truth: wanted = "true or false"
    case .member: wanted = "one place or activity"
    case .file: wanted = "the name of a file"
    case .table: wanted = "the name of a plain table of the catalogue"
    }
    return Diagnostic("E0245", "`\(option.name):` takes \(wanted)", at: span)
  }
}
