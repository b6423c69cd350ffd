import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// MARK: - Errors of meaning (sorted alphabetically)

extension Diagnostic {
  /// - Parameter isUnique: Whether the name of a member means it alone among those of its level.
  static func ambiguousMember(
    _ text: String, _ members: [Member], isUnique: (Member) -> Bool, at span: TextSpan
  ) -> Diagnostic {
    let isAbroad = Set(members.map(\.country)).count > 1
    let sharesLevel = Set(members.map(\.level)).count < members.count
    let shown = members.prefix(6).map { member in
      let country = isAbroad && !member.country.isEmpty ? ", \(member.country)" : ""
      return isUnique(member)
        ? "\(member.level.rawValue):\"\(member.name)\" (code \(member.code)\(country))"
        : "\(member.level.rawValue):\"\(member.code)\" (\(member.name)\(country))"
    }
    let arePlaces = members.allSatisfy { $0.level.dimension == .region }
    let rest = members.count - shown.count
    let more = rest > 0 ? "\n… \(rest) more, which `?\"\(text)\"` lists" : ""
    return Diagnostic(
      "E0304", "\"\(text)\" is the name of \(members.count) \(arePlaces ? "places" : "members")", at: span,
      helps: ["say which \(sharesLevel ? "one" : "level") you mean:\n" + shown.joined(separator: "\n") + more])
  }

  static func cannotGoOver(_ function: String, _ level: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0215", "`\(function)` can't go over `\(level)`", at: span,
      helps: [
        "`over:` takes a level of activities such as cluster or naics4, or of places finer than the rows such as county, "
          + "for sum, mean, median, min, max, count"
      ])
  }

  static func codeNotInVintage(_ member: Member, vintage: Int, year: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0306", "the code \(member.code) (\(member.name)) isn't in NAICS \(vintage), which the data of \(year) use",
      at: span, helps: ["choose a year whose data use another vintage of NAICS, or a cluster, which all vintages have"])
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

  static func definitionsTooDeep(limit: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0213", "definitions call each other more than \(limit) deep here", at: span)
  }

  static func duplicateColumn(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0405", "this table already has a column `\(name)`", at: span, helps: ["give it another name: `\(name)_2 = …`"])
  }

  static func duplicateLevel(_ level: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0312", "`\(level)` stands twice in `by:`", at: span)
  }

  static func emptyList(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0305", "this list is empty", at: span, helps: ["name at least one member, or leave the slot out"])
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

  static func importsMissing(_ path: String, names: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0222", "say which names to take from \"\(path)\"", at: span,
      helps: ["write use \"\(path)\" (\(names.prefix(5).joined(separator: ", ")))"])
  }

  static func interpolationInSlot(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0303", "text with `{…}` can't name a member", at: span,
      helps: ["use a `let`, or a `$parameter`, which is checked as a value"])
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

  static func kindClash(
    _ clash: KindClash, _ operation: BinaryOperator, _ lhs: TypedExpression, _ rhs: TypedExpression,
    in source: SourceText, at span: TextSpan
  ) -> Diagnostic {
    switch clash {
    case .percentAddedToNumber:
      let isRight = rhs.type == .number(.percent)
      let percent = source.slice(isRight ? rhs.span : lhs.span)
      let sign = operation == .subtract && isRight ? "-" : "+"
      // Only `number ± percent` has one reading that can be written for the user.
      var fixes: [Fix] = []
      if isRight, lhs.span.start == span.start, rhs.span.end == span.end {
        let number = source.slice(lhs.span)
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
      return .currencies(one, other, rhs, in: source, at: span)
    case .units(let one, let other):
      let (left, right) = (source.slice(lhs.span), source.slice(rhs.span))
      let word = operation == .add ? "add" : "subtract"
      return Diagnostic(
        "E0234", "can't \(word) `\(left)` (\(one)) and `\(right)` (\(other))", at: span,
        helps: ["only amounts of the same unit add up; divide them for a ratio"])
    case .notANumber(let type): return .wrongKind("a number", found: type.phrase, at: span)
    }
  }

  static func levelAsValue(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0205", "`\(name)` is a level, not a value", at: span,
      helps: ["spread a measure over it: `by:\(name)`, or pick a member: `\(name):\"…\"`"])
  }

  static func measureWithoutPlaces(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0219", "this table has no places, so a measure has no value in its rows", at: span,
      helps: ["start with the measure: employment(by:state)"])
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

  static func needsOver(_ function: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0214", "`\(function)` needs a level to go over here", at: span,
      helps: ["write \(function)(…, over:cluster); over the rows of a table it works after `| derive`"])
  }

  static func needsQuotes(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0302", "put names in quotes: \"\(text)\"", at: span, fixes: [Fix(span: span, replacement: "\"\(text)\"")])
  }

  static func noLastResult(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0217", "there is no last result yet", at: span,
      helps: ["run a query first, such as lq(by:state), then `| top 3`"])
  }

  /// `save lq.csv`
  static func fileNameWithoutQuotes(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0302", "put file names in quotes: \"\(path)\"", at: span, fixes: [Fix(span: span, replacement: "\"\(path)\"")])
  }

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

  static func notInModule(
    _ name: String, _ path: String, names: [String], suggestions: [String], at span: TextSpan
  ) -> Diagnostic {
    Diagnostic(
      "E0223", "\"\(path)\" defines nothing called `\(name)`", at: span,
      helps: suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["it defines: \(names.joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func percentComparedToNumber(
    lhs: String, _ lhsSpan: TextSpan, _ literal: Double, at span: TextSpan
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
      secondary: [Label(span: lhsSpan, text: "percent", isPrimary: false)],
      fixes: [Fix(span: span, replacement: text)])
  }

  static func recursiveDefinition(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0212", "`\(name)` can't use itself", at: span,
      helps: ["definitions only see what stands above them, so every query ends"])
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

  static func slotTwice(_ slot: String, after first: String, picks what: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0221", slot == first ? "`\(slot):` is filled twice" : "`\(first):` and `\(slot):` both pick \(what)", at: span,
      helps: ["keep one of them; several members go into a list: [\"…\", \"…\"]"])
  }

  static func slotOfTable(_ slot: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "`\(slot):` belongs to the whole table, not to a measure inside it", at: span,
      helps: ["move it to the outer call"])
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

  static func tooManyColumns(_ count: Int, limit: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0409", "this would make \(count) columns; the limit is \(limit)", at: span,
      helps: ["pick fewer members in the source, or leave the table long"])
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

  static func unknownFileEnding(_ path: String, endings: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0801", "the ending of \"\(path)\" does not say what to write", at: span,
      helps: ["end it in one of \(endings.map { "." + $0 }.joined(separator: ", "))"])
  }

  static func unknownKeep(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0425", "`keep:` can't be `\(text)`", at: span,
      helps: ["it is one of \(JoinKeep.allCases.map(\.rawValue).joined(separator: ", "))"])
  }

  static func unknownLevel(_ name: String, suggestions: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0310", "there is no level `\(name)`", at: span,
      helps: name.hasPrefix("\"") || name.hasPrefix("'")
        ? ["levels stand without quotes" + (suggestions.first.map { ": `by:\($0)`" } ?? "")]
        : suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["levels: \(Level.allCases.map(\.rawValue).joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownMember(
    _ text: String, level: Level?, noun: String, suggestions: [Member], elsewhere: [Member], memberCount: Int?,
    separately: [String], at span: TextSpan
  ) -> Diagnostic {
    let kind = "no " + (level?.singular ?? noun)
    var helps: [String] = []
    if let best = suggestions.first { helps.append("did you mean \"\(best.name)\"?") }
    let listed = separately.isEmpty ? nil : "[" + separately.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    if let listed { helps = ["several go into a list: \(listed)"] }
    if let other = elsewhere.first {
      helps.append("it is a \(other.level.singular): write \(other.level.rawValue):\"\(other.name)\"")
    }
    var notes: [String] = []
    if let level, let memberCount { notes.append("`members(\(level.rawValue))` lists all \(memberCount)") }
    if level == nil, noun == "place" {
      notes.append("`members(state)`, `members(metro)` and `members(county)` list the places")
    }
    return Diagnostic(
      "E0301", "\(kind) is called \"\(text)\"", at: span, helps: helps, notes: notes,
      fixes: listed.map { [Fix(span: span, replacement: $0)] }
        ?? suggestions.map { Fix(span: span, replacement: "\"\($0.name)\"", applicability: .maybe) })
  }

  /// `state:"Ohio" and "Michigan"`, `state:"Ohio", "Michigan"`
  static func severalMembers(_ list: String, whole: TextSpan, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0230", "several members go into a list", at: span, helps: ["write \(list)"],
      fixes: [Fix(span: whole, replacement: list)])
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

  static func tableCompared(_ whole: TextSpan, fix: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0207", "a table can't be compared, its rows can", at: span, helps: ["keep rows with `where`: \(fix)"],
      fixes: [Fix(span: whole, replacement: fix, applicability: .maybe)])
  }

  /// What others call the blanks of a call.
  private static let foreignSlots = [
    "place": "in", "location": "in", "area": "in", "where": "in", "en": "in", "dans": "in", "por": "by", "par": "by",
    "per": "by", "base": "vs", "versus": "vs", "relative to": "vs", "compared to": "vs", "dataset": "data",
    "source": "data", "period": "year", "date": "year", "ano": "year", "among": "among", "level": "by", "rows": "by",
  ]

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

  /// - Parameter level: The level that was meant, where the value says it.
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

  static func unreadableFile(
    _ path: String, _ reason: String, remedy: String? = nil, at span: TextSpan
  ) -> Diagnostic {
    Diagnostic("E0802", "can't read \"\(path)\": \(reason)", at: span, helps: remedy.map { [$0] } ?? [])
  }

  static func wrongArity(
    _ function: String, takes arity: ClosedRange<Int>, found: Int, at span: TextSpan
  ) -> Diagnostic {
    let expected = arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
    let noun = arity.upperBound == 1 ? "value" : "values"
    let given = found == 0 ? "none is given" : found == 1 ? "1 is given" : "\(found) are given"
    return Diagnostic("E0218", "`\(function)` takes \(expected) \(noun), and \(given)", at: span)
  }

  static func wrongKind(_ expected: String, found: String, at span: TextSpan, fix: Fix? = nil) -> Diagnostic {
    Diagnostic(
      "E0230", "\(expected) is expected here, and this is \(found)", at: span, fixes: fix.map { [$0] } ?? [])
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
