import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// MARK: - Errors about names, arguments and definitions (sorted alphabetically)

extension Diagnostic {
  static func definitionsTooDeep(limit: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0213", "definitions call each other more than \(limit) deep here", at: span)
  }

  static func importsMissing(_ path: String, names: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0222", "say which names to take from \"\(path)\"", at: span,
      helps: ["write use \"\(path)\" (\(names.prefix(5).joined(separator: ", ")))"])
  }

  static func missingArgument(_ parameter: String, ofVerb verb: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0208", "`\(verb)` needs `\(parameter):`", at: span, helps: ["write | \(verb) \(parameter):…"])
  }

  static func missingArgument(_ parameter: String, of name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0208", "`\(name)` needs `\(parameter):`", at: span, helps: ["write \(name)(\(parameter):…)"])
  }

  static func missingParameter(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0701", "nobody gave a value for `$\(name)`", at: span,
      helps: ["run the script with --\(name) VALUE, or give a default: `$\(name) ?? …`"])
  }

  static func moduleHasMistakes(
    _ path: String, count: Int, line: Int, _ message: String, at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0803", "\"\(path)\" does not check: line \(line): \(message)", at: span,
      helps: ["`cq check \(path)` shows \(count == 1 ? "it in its place" : "all \(count) mistakes")"])
  }

  static func moduleUsesItself(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0804", "\"\(path)\" uses itself, directly or through other files", at: span,
      helps: ["move what both need into a third file"])
  }

  static func nameForSlot(_ name: Name, value: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0126", "`:` fills a blank, `=` gives a name", at: span, helps: ["write `\(name.text):\(value)`"],
      fixes: [Fix(span: span, replacement: "\(name.text):\(value)")])
  }

  static func noLastResult(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0217", "there is no last result yet", at: span,
      helps: ["run a query first, such as lq(by:state), then `| top 3`"])
  }

  static func notInModule(
    _ name: String, _ path: String, names: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0223", "\"\(path)\" defines nothing called `\(name)`", at: span,
      helps: suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["it defines: \(names.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func recursiveDefinition(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0212", "`\(name)` can't use itself", at: span,
      helps: ["definitions only see what stands above them, so every query ends"])
  }

  static func slotTwice(_ slot: String, after first: String, picks what: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0221", slot == first ? "`\(slot):` is filled twice" : "`\(first):` and `\(slot):` both pick \(what)", at: span,
      helps: ["keep one of them; several members go into a list: [\"…\", \"…\"]"])
  }

  static func slotsLeftOpen(
    _ slots: [String], chosen: String, at span: TextSpan, fix: Fix
  ) -> Diagnostic {
    let names = slots.map { "`\($0):`" }
    let list =
      names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    return Diagnostic(
      "E0341", "a saved query must say \(list)", at: span, helps: ["cq chooses today: \(chosen)"], fixes: [fix])
  }

  static func unknownColumn(
    _ name: String, columns: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0403", "there is no column or measure `\(name)` here", at: span,
      helps: suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["this table has: \(columns.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownKeep(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0425", "`keep:` can't be `\(text)`", at: span,
      helps: ["it is one of \(JoinKeep.allCases.map(\.rawValue).joined(separator: ", "))"])
  }

  static func unknownModule(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0224", "there is no module here: no file \"\(path)\"", at: span,
      helps: ["the standard library is always loaded; name a file elsewhere in quotes: use \"lib/mine.cq\" (name)"])
  }

  static func unknownName(_ name: String, suggestions: [String], foreign: String?, at span: TextSpan) -> Diagnostic {
    let guess = suggestions.first.map { best in
      "did you mean `\(best)`\(suggestions.count == 2 ? ", or `\(suggestions[1])`" : "")?"
    }
    return Diagnostic(
      "E0201", "nothing is called `\(name)`", at: span,
      helps: [foreign ?? guess ?? "`?` lists the measures and indicators"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownPolicy(_ text: String, at span: TextSpan) -> Diagnostic {
    let names = SuppressionPolicy.allCases.map(\.rawValue)
    let close = CQCatalog.suggestions(for: text, among: names)
    return Diagnostic(
      "E0313", "`suppressed:` can't be `\(text)`", at: span, helps: ["it is one of \(names.joined(separator: ", "))"],
      fixes: close.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  /// - Parameter level: The level that was meant, where the value says it.
  /// What others call the blanks of a call.
  private static let foreignSlots = [
    "place": "in", "location": "in", "area": "in", "where": "in", "en": "in", "dans": "in", "por": "by", "par": "by",
    "per": "by", "base": "vs", "versus": "vs", "relative to": "vs", "compared to": "vs", "dataset": "data",
    "source": "data", "period": "year", "date": "year", "ano": "year", "among": "among", "level": "by", "rows": "by",
  ]

  static func unknownSlot(
    _ slot: String, of name: String, slots: [String], meaning level: Level? = nil, at span: TextSpan
  ) -> Diagnostic {
    let meant = level?.rawValue ?? ForeignNames.levels[fold(slot)].map(\.rawValue) ?? foreignSlots[fold(slot)]
    let close =
      meant.map { slots.contains($0) ? [$0] : [] } ?? CQCatalog.suggestions(for: slot, among: slots)
    return Diagnostic(
      "E0202", "`\(name)` has no blank called `\(slot)`", at: span,
      helps: slot == "like"
        ? ["`\(name)` has no presets of other tools: `?\(name)` says what they do differently"]
        : close.prefix(1).map { "did you mean `\($0):`?" },
      notes: ["blanks: \(slots.prefix(14).joined(separator: ", "))\(slots.count > 14 ? ", …" : "")"],
      fixes: close.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unnamedArgument(
    of name: String, slots: [String], tableSlots: [String], at span: TextSpan
  ) -> Diagnostic {
    let known = slots + tableSlots
    return Diagnostic(
      "E0210", "only the first value of `\(name)` may stand without a name", at: span,
      helps: ["fill a blank: " + known.map { "\($0):…" }.joined(separator: ", ")])
  }

  /// `employment("Ohio")`
  ///
  /// - Parameter blank: What it was meant for, as it would be written.
  static func valueWithoutName(
    of name: String, blank: String?, help: String? = nil, at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0210", "a value of `\(name)` must say which blank it fills", at: span,
      helps: [
        blank.map { "write `\(name)(\($0))`" } ?? help
          ?? "for example `\(name)(by:state)`, `\(name)(in:\"Ohio\", year:2020)`"
      ], fixes: blank.map { [Fix(span: span, replacement: $0)] } ?? [])
  }

  static func wrongArity(
    _ function: String, takes arity: ClosedRange<Int>, found: Int, at span: TextSpan
  ) -> Diagnostic {
    let expected = arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
    let noun = arity.upperBound == 1 ? "value" : "values"
    let given = found == 0 ? "none is given" : found == 1 ? "1 is given" : "\(found) are given"
    return Diagnostic("E0218", "`\(function)` takes \(expected) \(noun), and \(given)", at: span)
  }
}
