import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// MARK: - Errors of meaning (sorted alphabetically)

extension Diagnostic {
  static func cannotGoOver(_ function: String, _ level: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0215", "`\(function)` can't go over `\(level)`", at: span,
      helps: [
        "`over:` takes a level of activities such as cluster or naics4, or of places finer than the rows such as county, "
          + "for sum, mean, median, min, max, count"
      ])
  }

  static func columnNotInFile(_ name: String, _ path: String, columns: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0426", "`\(path)` has no column `\(name)`", at: span,
      helps: ["name the column in the file after the level, or use another `key:`"],
      notes: ["it has: \(columns.joined(separator: ", "))"])
  }

  static func columnsDiffer(mine: [String], theirs: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0421", "`append` needs a table with the same columns", at: span,
      helps: ["use `select` and `rename` until both have the same names in the same order"],
      notes: ["this table has: \(mine.joined(separator: ", "))", "the other has: \(theirs.joined(separator: ", "))"])
  }

  static func columnsNeedNames(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0216", "each column of `columns(…)` needs a name", at: span,
      helps: ["write `name = expression`, and `over:` for the level they are added up over"])
  }

  static func compareNeedsAFew(_ column: String, found: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0424", "`compare` puts 2 to 10 members side by side, and `\(column)` has \(found) here", at: span,
      helps: ["pick them in the source, for example \(column):[\"…\", \"…\"]"])
  }

  static func currenciesAddedUp(_ measure: String, _ currencies: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0233",
      "`\(measure)` is in \(currencies.joined(separator: ", ")) here, and money of several currencies can't be added up",
      at: span,
      helps: ["ask for each country by itself (`by:country`) and convert: `convert(\(measure), to:USD, rate:…)`"])
  }

  static func currenciesInColumn(_ column: String, _ currencies: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0233",
      "the column `\(column)` would be in \(currencies.joined(separator: ", ")), each row in its country's money",
      at: span,
      helps: ["convert it: `\(column) = convert(\(column), to:USD, rate:…)`", "or ask for one country with `in:`"])
  }

  static func comparedWithState(
    _ state: String, negated: Bool, value: String, whole: TextSpan, at span: TextSpan
  ) -> Diagnostic {
    let test = "\(value) is \(negated ? "not " : "")\(state)"
    return Diagnostic(
      "E0238", "nothing is equal to `\(state)`: a comparison with it is neither true nor false", at: span,
      helps: ["ask with `is`: `\(test)`"], fixes: [Fix(span: whole, replacement: test)])
  }

  static func duplicateColumn(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0405", "this table already has a column `\(name)`", at: span, helps: ["give it another name: `\(name)_2 = …`"])
  }

  static func emptyTable(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0406", "`table` needs at least one measure", at: span, helps: ["table(employment, lq, by:cluster, in:\"Ohio\")"]
    )
  }

  static func doesNotAddUp(_ measure: String, over set: String, level: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0411", "`\(measure)` never adds up, and \(set) are several members", at: span,
      helps: ["pick one member, or add by:\(level) for one row each"])
  }

  static func forbiddenHere(_ what: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0702", "\(what) is not allowed here: this text runs in restricted mode, without files", at: span)
  }

  static func joinColumnMissing(_ name: String, theirs: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0422", "the other table has no column `\(name)` to join on", at: span,
      notes: ["it has: \(theirs.joined(separator: ", "))"])
  }

  static func joinNotUnique(by names: [String], extra: String, at span: TextSpan) -> Diagnostic {
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      "E0420", "the other table has several rows per \(list): one for each `\(extra)`", at: span,
      helps: ["fix `\(extra)` in the other table, pivot it, or give this table a `\(extra)` too"])
  }

  static func joinRepeats(_ key: String, in path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0420", "`\(path)` has several rows for \(key)", at: span,
      helps: ["join needs one row each; add the rows up first: | summarize total = sum(…), by:…"])
  }

  /// - Parameter texts: How the two sides are written.
  static func kindClash(
    _ clash: KindClash, _ operation: BinaryOperator, _ lhs: TypedExpression, _ rhs: TypedExpression,
    _ texts: (left: String, right: String), at span: TextSpan
  ) -> Diagnostic {
    switch clash {
    case .percentAddedToNumber:
      let isRight = rhs.type == .number(.percent)
      let percent = isRight ? texts.right : texts.left
      let sign = operation == .subtract && isRight ? "-" : "+"
      // Only `number ± percent` has one reading that can be written for the user.
      var fixes: [Fix] = []
      if isRight, lhs.span.start == span.start, rhs.span.end == span.end {
        let number = texts.left
        let isSum = number.contains { "+-".contains($0) }
        fixes = [
          Fix(
            span: span, replacement: "\(isSum ? "(\(number))" : number) * (1 \(sign) \(percent))", applicability: .maybe
          )
        ]
      }
      return Diagnostic(
        "E0231", "\(operation == .add ? "adding" : "subtracting") a percent and a number is ambiguous", at: span,
        helps: ["write `x * (1 \(sign) \(percent))` for a change by that share, or the share as a number"], fixes: fixes
      )
    case .currencies(let one, let other):
      return .currencies(one, other, rhs, texts.right, at: span)
    case .units(let one, let other):
      let word = operation == .add ? "add" : "subtract"
      return Diagnostic(
        "E0234", "can't \(word) `\(texts.left)` (\(one)) and `\(texts.right)` (\(other))", at: span,
        helps: ["only amounts of the same unit add up; divide them for a ratio"])
    case .notANumber(let type): return .wrongKind("a number", found: type.phrase, at: span)
    }
  }

  static func measureWithoutPlaces(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0219", "this table has no places, so a measure has no value in its rows", at: span,
      helps: ["start with the measure: employment(by:state)"])
  }

  static func namesInOrder(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0230", "names have no order: they are compared with == and !=", at: span)
  }

  static func needsOver(_ function: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0214", "`\(function)` needs a level to go over here", at: span,
      helps: ["write \(function)(…, over:cluster); over the rows of a table it works after `| derive`"])
  }

  static func notALevelColumn(_ name: String, levels: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0410", "`\(name)` is not a level of this table's rows", at: span,
      helps: levels.isEmpty ? ["spread the table over a level first, for example by:[state, year]"] : [],
      notes: levels.isEmpty ? [] : ["levels here: \(levels.joined(separator: ", "))"])
  }

  static func notAvailableYet(_ what: String, at span: TextSpan, instead: String?) -> Diagnostic {
    Diagnostic(
      "E0204", "\(what) is part of the language but not of this version of cq", at: span,
      helps: instead.map { [$0] } ?? [])
  }

  static func notAValue(_ what: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0206", "\(what) can't stand here: a single value is expected", at: span)
  }

  static func nothingLeft(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0407", "this drops every column", at: span, helps: ["keep at least one"])
  }

  static func nothingToJoinOn(mine: [String], theirs: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0423", "the two tables share no column to join on", at: span,
      helps: ["name one with `on:`, or rename a column so that both have it"],
      notes: ["this table has: \(mine.joined(separator: ", "))", "the other has: \(theirs.joined(separator: ", "))"])
  }

  static func percentComparedToNumber(
    lhs: String, _ lhsSpan: TextSpan?, _ literal: Double, at span: TextSpan
  ) -> Diagnostic {
    let percent = literal >= 1 ? literal : literal * 100
    let text = percent == percent.rounded() && abs(percent) < 1e15 ? "\(Int(percent))%" : "\(percent)%"
    let asPercent = literal * 100
    let shown = asPercent == asPercent.rounded() && abs(asPercent) < 1e15 ? "\(Int(asPercent))%" : "\(asPercent)%"
    return Diagnostic(
      "E0232",
      "`\(lhs)` is a percent, and \(literal == literal.rounded() && abs(literal) < 1e15 ? "\(Int(literal))" : "\(literal)") means \(shown)",
      at: span,
      label: "did you mean \(text)?",
      secondary: lhsSpan.map { [Label(span: $0, text: "percent", isPrimary: false)] } ?? [],
      fixes: [Fix(span: span, replacement: text)])
  }

  static func rowsHaveNoPlace(after verb: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0404",
      "after `\(verb)` a row no longer stands for one place, activity and year, so no measure can be taken at it",
      at: span, helps: ["take the measure before `\(verb)`, with `derive` or in the source"])
  }

  static func severalColumns(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0209", "`\(name)` gives several columns, and one value is expected here", at: span,
      helps: ["use it as a table: \(name)(by:…), then `derive` from its columns"])
  }

  static func slotOfTable(_ slot: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "`\(slot):` belongs to the whole table, not to a measure inside it", at: span,
      helps: ["move it to the outer call"])
  }

  static func tooManyColumns(_ count: Int, limit: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0409", "this would make \(count) columns; the limit is \(limit)", at: span,
      helps: ["pick fewer members in the source, or leave the table long"])
  }

  static func unknownFileEnding(_ path: String, endings: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0801", "the ending of \"\(path)\" does not say what to write", at: span,
      helps: ["end it in one of \(endings.map { "." + $0 }.joined(separator: ", "))"])
  }

  static func tableCompared(_ whole: TextSpan, fix: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "a table can't be compared, its rows can", at: span, helps: ["keep rows with `where`: \(fix)"],
      fixes: [Fix(span: whole, replacement: fix, applicability: .maybe)])
  }

  /// `employment(by:state) / population(by:state)`
  static func tablesComputed(_ whole: TextSpan, fix: String?, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "tables can't be computed with, their measures can", at: span,
      helps: ["write \(fix ?? "table(value = employment / population, by:state)")"],
      fixes: fix.map { [Fix(span: whole, replacement: $0, applicability: .maybe)] } ?? [])
  }

  static func tableCompared(_ whole: TextSpan, savedAs path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "a table can't be compared; a file is written with `save`", at: span, helps: ["write | save \(path)"],
      fixes: [Fix(span: whole, replacement: "| save \(path)", applicability: .maybe)])
  }

  static func unreadableFile(
    _ path: String, _ reason: String, remedy: String? = nil, at span: TextSpan
  ) -> Diagnostic {
    Diagnostic("E0802", "can't read \"\(path)\": \(reason)", at: span, helps: remedy.map { [$0] } ?? [])
  }

  static func wrongKind(_ expected: String, found: String, at span: TextSpan, fix: Fix? = nil) -> Diagnostic {
    Diagnostic(
      "E0230", "\(expected) is expected here, and this is \(found)", at: span, fixes: fix.map { [$0] } ?? [])
  }
}
