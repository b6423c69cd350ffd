import CQSource

// All messages of the lexer and the parser, alphabetical by the name of their function.

extension Diagnostic {
  static func assignForEqual(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0101", "`=` gives a name and can't stand here", at: span, label: "write `==` to compare",
      fixes: [Fix(span: span, replacement: "==")])
  }

  /// - Parameter gap: From the end of the slot to the start of its value.
  static func assignedSlot(at span: TextSpan, slot: String, gap: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0126", "`:` fills a blank, `=` gives a name", at: span, label: "write `\(slot):`",
      fixes: [Fix(span: gap, replacement: ":")])
  }

  static func bareSlots(at span: TextSpan, whole: TextSpan, replacement: String) -> Diagnostic {
    Diagnostic(
      "E0104", "blanks are filled inside brackets, with a colon", at: span, label: "write `\(replacement)`",
      fixes: [Fix(span: whole, replacement: replacement)])
  }

  /// `import "jobs.csv"`
  static func bareReading(at span: TextSpan, file: String) -> Diagnostic {
    Diagnostic(
      "E0104", "a file is read with `open`, its name in brackets", at: span, label: "write `open(\(file))`",
      helps: ["`dataset(\(file))` makes facts of it, which every indicator understands"],
      fixes: [Fix(span: span, replacement: "open(\(file))")])
  }

  static func bracketedArguments(at span: TextSpan, verb: String, arguments: String) -> Diagnostic {
    let inner = arguments.isEmpty ? "" : " " + arguments
    return Diagnostic(
      "E0111", "the arguments of a verb stand without brackets", at: span, label: "write `\(verb)\(inner)`",
      fixes: [Fix(span: span, replacement: inner)])
  }

  static func bracketedBranches(at span: TextSpan, fix: Fix?) -> Diagnostic {
    Diagnostic(
      "E0129", "`if` is written with words here, not with brackets and commas", at: span,
      label: "write `if … then … else …`", fixes: fix.map { [$0] } ?? [])
  }

  static func comparisonChain(
    at span: TextSpan, operands: [TextSpan], operators: [Token], hasTest: Bool, in source: SourceText
  ) -> Diagnostic {
    let whole = TextSpan(operands[0].start, operands[operands.count - 1].end)
    var rewrite: String
    if hasTest {
      let inner = TextSpan(operands[0].start, operands[operands.count - 2].end)
      rewrite = "(\(source.slice(inner)))" + source.slice(TextSpan(inner.end, whole.end))
    } else {
      rewrite = operators.indices.map { index in
        let sign = operators[index].kind == .assign ? "==" : source.slice(operators[index].span)
        return "\(source.slice(operands[index])) \(sign) \(source.slice(operands[index + 1]))"
      }.joined(separator: " and ")
    }
    let isSimple = !hasTest || operators.count == 2
    return Diagnostic(
      "E0107", "comparisons can't be chained", at: span, label: "a second comparison",
      helps: isSimple ? ["write `\(rewrite)`"] : ["put each comparison in brackets, or join them with `and`"],
      fixes: isSimple ? [Fix(span: whole, replacement: rewrite, applicability: hasTest ? .maybe : .always)] : [])
  }

  /// `lq .> 1`
  static func dottedOperator(at span: TextSpan, spelling: String) -> Diagnostic {
    Diagnostic(
      "E0129", "operators work on whole columns and take no point", at: span, label: "write `\(spelling)`",
      fixes: [Fix(span: span, replacement: "")])
  }

  static func emptyName(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0101", "a name in back-ticks can't be empty", at: span, label: "write a name")
  }

  /// `count(*)`
  static func everything(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0129", "`*` multiplies and does not stand for all columns", at: span, label: "write the name of a column",
      helps: ["`count(lq)` counts the rows where `lq` has a value"])
  }

  static func expected(_ what: String, at span: TextSpan, found: String, after: String) -> Diagnostic {
    Diagnostic("E0101", "I expected \(what) after `\(after)`, but found \(found)", at: span, label: "here")
  }

  static func expectedAssign(at span: TextSpan, found: String) -> Diagnostic {
    Diagnostic(
      "E0101", "`=` gives a name, but I found `\(found)`", at: span, label: "write `=`",
      fixes: [Fix(span: span, replacement: "=")])
  }

  static func extraComma(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0105", "there is nothing beside this comma", at: span, label: "remove it, or write a value",
      fixes: [Fix(span: span, replacement: "", applicability: .maybe)])
  }

  /// `collapse (sum) employment, by(state)`, as in Stata.
  static func foreignCollapse(at span: TextSpan, fix: Fix?) -> Diagnostic {
    Diagnostic(
      "E0203", "there is no verb `collapse`; here it is `summarize`", at: span,
      label: "write `\(fix?.replacement ?? "summarize employment = sum(employment), by:state")`",
      fixes: fix.map { [$0] } ?? [])
  }

  static func foreignComment(at span: TextSpan, spelling: String) -> Diagnostic {
    Diagnostic(
      "E0127", "comments start with `#`, not with `\(spelling)`", at: span, label: "write `#`",
      fixes: [Fix(span: span, replacement: "#")])
  }

  static func foreignGroup(at span: TextSpan, slot: String?, fix: Fix?) -> Diagnostic {
    Diagnostic(
      "E0121", "rows are chosen by the blank `by:`, not by `group by`", at: span,
      label: slot.map { "write `\($0)` inside the call" } ?? "write `by:` inside the call",
      helps: ["the call itself says what becomes rows: `lq(by:state)`"], fixes: fix.map { [$0] } ?? [])
  }

  static func foreignPipe(at span: TextSpan, spelling: String) -> Diagnostic {
    Diagnostic(
      "E0122", "the pipe is `|`, not `\(spelling)`", at: span, label: "write `|`",
      fixes: [Fix(span: span, replacement: "|")])
  }

  static func foreignSelect(at span: TextSpan, whole: TextSpan, replacement: String?) -> Diagnostic {
    Diagnostic(
      "E0120", "a query starts with the measure, not with `select`", at: span,
      label: replacement == nil ? "start with the measure" : "",
      helps: ["write `\(replacement ?? "lq(by:state)")`" + (replacement == nil ? ", for example" : "")],
      fixes: replacement.map { [Fix(span: whole, replacement: $0)] } ?? [])
  }

  /// `year:2019 to 2020`
  static func foreignRange(at span: TextSpan, range: String) -> Diagnostic {
    Diagnostic(
      "E0129", "a range is written with two points", at: span, label: "write `\(range)`",
      fixes: [Fix(span: span, replacement: range)])
  }

  /// `employment is suppressed`
  static func foreignState(at span: TextSpan, spelling: String, state: String) -> Diagnostic {
    Diagnostic(
      "E0128", "`\(spelling)` is called `\(state)` here", at: span, label: "write `\(state)`",
      fixes: [Fix(span: span, replacement: state)])
  }

  /// `keep if lq > 1`, as in Stata.
  static func foreignVerb(at span: TextSpan, spelling: String, verb: String) -> Diagnostic {
    Diagnostic(
      "E0203", "there is no verb `\(spelling)`; here it is `\(verb)`", at: span, label: "write `\(verb)`",
      fixes: [Fix(span: span, replacement: verb)])
  }

  static func foreignWord(at span: TextSpan, spelling: String, instead: String, fix: Fix?) -> Diagnostic {
    Diagnostic(
      "E0129", "`\(spelling)` is a word of another language", at: span, helps: [instead], fixes: fix.map { [$0] } ?? [])
  }

  /// `state & "!"`
  static func joinedTexts(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0101", "`&` has no meaning here", at: span, label: "it can't join texts",
      helps: ["write one text with the values in braces: `\"{state}!\"`"])
  }

  static func keepIf(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0203", "there is no verb `keep if`; here it is `where`", at: span, label: "write `where`",
      fixes: [Fix(span: span, replacement: "where")])
  }

  static func leadingAssign(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0123", "a query has no `=` before it", at: span, label: "remove it", fixes: [Fix(span: span, replacement: "")])
  }

  static func malformedNumber(at span: TextSpan, text: String) -> Diagnostic {
    let isMoney = ["USD", "MXN", "CAD", "EUR"].contains { text.hasSuffix($0) }
    let better =
      text.hasSuffix("K")
      ? String(text.dropLast()) + "k" : isMoney ? "\(text.dropLast(3)) \(text.suffix(3))" : nil
    return Diagnostic(
      "E0113", "I can't read `\(text)` as a number or a period", at: span,
      helps: [
        better.map { "write `\($0)`" }
          ?? "numbers look like `12_500`, `10k` or `2.5M`, periods like `2021Q3` or `2021M05`"
      ],
      fixes: better.map { [Fix(span: span, replacement: $0)] } ?? [])
  }

  static func mismatchedBracket(opening: TextSpan, closing: TextSpan, expected: TokenKind) -> Diagnostic {
    let closer = expected.spelling ?? ")"
    return Diagnostic(
      "E0103", "this bracket closes another kind of bracket", at: closing, label: "write `\(closer)`",
      secondary: [Label(span: opening, text: "opened here", isPrimary: false)],
      fixes: [Fix(span: closing, replacement: closer)])
  }

  static func missingAssign(at span: TextSpan, insertAt place: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0101", "I expected `=` before this", at: span, label: "write `=` before it",
      fixes: [Fix(span: place, replacement: " =")])
  }

  static func missingBranch(
    at span: TextSpan, word: String, insertAt offset: Int, isBranchThere: Bool
  ) -> Diagnostic {
    let isElse = word == "else"
    return Diagnostic(
      "E0115", isElse ? "an `if` must have an `else`" : "an `if` must have a `then`", at: span,
      label: "`\(word)` is missing after this", helps: ["write `if … then … else …`"],
      fixes: isElse
        ? [Fix(span: TextSpan(offset, offset), replacement: " else missing", applicability: .maybe)]
        : isBranchThere ? [Fix(span: TextSpan(offset, offset), replacement: " then")] : [])
  }

  static func missingColon(at span: TextSpan, slot: String, gap: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0104", "the blank `\(slot)` must have a colon", at: span, label: "write `\(slot):`",
      fixes: [Fix(span: gap, replacement: ":")])
  }

  static func missingComma(at span: TextSpan, before what: String, hint: String, gap: TextSpan, replacement: String)
    -> Diagnostic
  {
    Diagnostic(
      "E0106", "I expected a comma before this \(what)", at: span, label: "write `\(hint)`",
      fixes: [Fix(span: gap, replacement: replacement)])
  }

  static func missingExpression(at span: TextSpan, beside place: String) -> Diagnostic {
    Diagnostic(
      "E0105", "a value is missing \(place)", at: span, label: "a value must stand \(place.prefix { $0 != " " }) this")
  }

  static func missingKindColon(at span: TextSpan, insertAt offset: Int) -> Diagnostic {
    Diagnostic(
      "E0101", "I expected `:` before this kind", at: span, label: "write `:` before it",
      fixes: [Fix(span: TextSpan(offset, offset), replacement: ":")])
  }

  static func missingLeadingZero(at span: TextSpan, text: String) -> Diagnostic {
    Diagnostic(
      "E0113", "a number must start with a digit", at: span, label: "write `0\(text)`",
      fixes: [Fix(span: TextSpan(span.start, span.start), replacement: "0")])
  }

  static func missingLet(at span: TextSpan, name: String, whole: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0117", "a name is given with `let`", at: span, label: "write `let \(name) =`",
      fixes: [Fix(span: whole, replacement: "let \(name) =")])
  }

  static func missingOpeningQuote(at span: TextSpan, name: String) -> Diagnostic {
    Diagnostic(
      "E0102", "this text has no opening quotation mark", at: span, label: "write `\"\(name)\"`",
      fixes: [Fix(span: span, replacement: "\"\(name)\"")])
  }

  /// - Parameter comma: The comma that stands in its place.
  static func missingPipe(at span: TextSpan, verb: String, comma: TextSpan?) -> Diagnostic {
    Diagnostic(
      "E0112", "a `|` is missing before `\(verb)`", at: span, label: "write `| \(verb)`",
      fixes: [
        comma.map { Fix(span: $0, replacement: " |") } ?? Fix(span: TextSpan(span.start, span.start), replacement: "| ")
      ])
  }

  static func missingSpelling(at span: TextSpan, spelling: String) -> Diagnostic {
    Diagnostic(
      "E0128", "`\(spelling)` is called `missing` here", at: span, label: "write `missing`",
      helps: ["a cell that exists but is suppressed is `withheld`"], fixes: [Fix(span: span, replacement: "missing")])
  }

  static func missingVerb(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0105", "a verb is missing after `|`", at: span, label: "a verb must stand after this",
      helps: ["verbs are, for example, `where`, `sort`, `top` and `chart`"],
      fixes: [Fix(span: span, replacement: "", applicability: .maybe)])
  }

  static func missingWhere(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0118", "a verb must stand after `|`; rows are kept with `where`", at: span, label: "write `where` before it",
      fixes: [Fix(span: TextSpan(span.start, span.start), replacement: "where ")])
  }

  /// `sort lq, desc`, `sort desc lq`
  static func misplacedDirection(at span: TextSpan, direction: String, fix: Fix?) -> Diagnostic {
    Diagnostic(
      "E0106", "`\(direction)` stands right behind what is sorted", at: span,
      label: "write `\(fix.map { $0.replacement.drop { $0 == " " } } ?? "lq \(direction)")`",
      fixes: fix.map { [$0] } ?? [])
  }

  static func misplacedQuote(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0102", "a word follows this text without a blank", at: span, label: "is a quotation mark missing in this line?",
      helps: ["a text starts and ends with `\"`; a `\"` inside it is written `\\\"`"])
  }

  static func needsBrackets(at span: TextSpan, word: String, operand: TextSpan, in source: SourceText) -> Diagnostic {
    Diagnostic(
      "E0116", "`\(word)` must stand in brackets here", at: span, label: "write `(\(word) …)`",
      fixes: [Fix(span: operand, replacement: "(\(source.slice(operand)))")])
  }

  static func numberTooLarge(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0113", "this number is too large", at: span, label: "numbers end near 1.8e308")
  }

  static func percentAsModulo(at span: TextSpan, whole: TextSpan, replacement: String?) -> Diagnostic {
    Diagnostic(
      "E0101", "`%` means percent and can't divide", at: span, label: "a percentage",
      helps: ["write `\(replacement ?? "mod(a, b)")` for the remainder of a division"],
      fixes: replacement.map { [Fix(span: whole, replacement: $0)] } ?? [])
  }

  static func reservedName(at span: TextSpan, word: String) -> Diagnostic {
    Diagnostic(
      "E0114", "`\(word)` is a word of the language and can't be a name", at: span, label: "choose another name",
      helps: ["a name in back-ticks may be any word"], fixes: [Fix(span: span, replacement: "`\(word)`")])
  }

  static func semicolonBetweenArguments(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0124", "commas separate arguments", at: span, label: "write `,`", fixes: [Fix(span: span, replacement: ",")])
  }

  static func sessionCommand(at span: TextSpan, command: String) -> Diagnostic {
    Diagnostic(
      "E0101", "`\(command)` is a command of a session", at: span, label: "scripts hold queries only",
      helps: ["start a session with `cq` and type the line there"])
  }

  static func sessionHelp(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0101", "`?` asks for help, which a session gives", at: span, label: "scripts hold queries only",
      helps: ["type `cq`, then `?` or `?lq`"])
  }

  static func sentence(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0101", "this reads like a sentence, and cq reads queries", at: span, label: "start with what you want to know",
      helps: [
        "for example `lq(cluster:\"Automotive\", by:state)` or `employment(by:cluster, in:\"Ohio\")`",
        "in a session `?` lists the measures, `?\"wage\"` searches them for a word, and `??` is a tour",
      ])
  }

  /// `in:metro:"Detroit"`
  static func doubledSlot(at span: TextSpan, whole: TextSpan, replacement: String) -> Diagnostic {
    Diagnostic(
      "E0101", "a blank stands in front of a blank", at: span, label: "write `\(replacement)`",
      fixes: [Fix(span: whole, replacement: replacement)])
  }

  static func spacedName(at span: TextSpan, name: String) -> Diagnostic {
    Diagnostic(
      "E0101", "a name has no spaces", at: span, label: "write `\(name)`",
      fixes: [Fix(span: span, replacement: name, applicability: .maybe)])
  }

  static func strayBracket(at span: TextSpan, text: String) -> Diagnostic {
    Diagnostic(
      "E0103", "this `\(text)` closes nothing", at: span, label: "remove it", fixes: [Fix(span: span, replacement: "")])
  }

  /// `lq(by:state)["Ohio"]`
  static func subscriptedRows(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0129", "rows and columns are not picked with `[ ]`", at: span, label: "remove it",
      helps: [
        "a place goes into the call: `lq(state:\"Ohio\")`; rows are kept with `| where`, columns with `| select`"
      ],
      fixes: [Fix(span: span, replacement: "", applicability: .maybe)])
  }

  static func thousandsComma(at span: TextSpan, text: String) -> Diagnostic {
    let grouped = String(text.map { $0 == "," ? "_" : $0 })
    return Diagnostic(
      "E0125", "a number can't have commas", at: span, label: "write `\(grouped)` or `\(text.filter { $0 != "," })`",
      fixes: [Fix(span: span, replacement: grouped)])
  }

  static func tooDeep(at span: TextSpan, limit: Int) -> Diagnostic {
    Diagnostic(
      "E0108", "this is nested too deeply", at: span, label: "I stopped reading here",
      helps: [
        "name a part with `let` or `def`", "brackets can be \(limit) deep",
        "many alternatives are a list: `state in [\"Ohio\", …]`",
      ])
  }

  static func tooLong(at span: TextSpan, limit: Int) -> Diagnostic {
    Diagnostic(
      "E0108", "this text has more than \(limit) words and signs", at: span, label: "I stopped reading here",
      helps: ["split it into several files"])
  }

  static func unclosedBracket(at span: TextSpan, closer: TokenKind, insertAt offset: Int, missing: String) -> Diagnostic
  {
    let sign = closer.spelling ?? ")"
    return Diagnostic(
      "E0103", "this bracket is never closed", at: span, label: "`\(sign)` is missing",
      fixes: [Fix(span: TextSpan(offset, offset), replacement: missing, applicability: .maybe)])
  }

  static func unexpected(
    at span: TextSpan, found: String, expected: String = "an operator, `|` or the end of the line", help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      "E0101", "I can't read \(found) here", at: span, label: "\(expected) must stand here",
      helps: help.map { [$0] } ?? [])
  }

  /// - Parameter amount: The number that follows right away, as in `$45k`.
  static func unknownCharacter(at span: TextSpan, text: String, amount: (text: String, span: TextSpan)? = nil)
    -> Diagnostic
  {
    let help: String? =
      switch text {
      case "$":
        "which dollars? write `\(amount?.text ?? "45k") USD`, `… CAD` or `… MXN`; a value from outside is `$name`"
      case "€": "write the currency after the number: `45k EUR`"
      case "£", "¥": "write the currency after the number: `45k USD`"
      case "{", "}": "lists stand in `[ ]`, calls in `( )`"
      case "?": "help is asked for at the start of a line in a session: `?lq`"
      case "&": "write `and`"
      case "–", "—": "a range is written `2010..2020`, a difference with `-`"
      case _ where text.hasPrefix("_"): "a name must start with a letter"
      default: nil
      }
    var fixes = text == "&" ? [Fix(span: span, replacement: "and")] : []
    if text == "$", let amount {
      fixes = ["USD", "CAD", "MXN"].map { currency in
        Fix(span: span.union(amount.span), replacement: "\(amount.text) \(currency)", applicability: .maybe)
      }
    }
    return Diagnostic(
      "E0101", "`\(text)` has no meaning here", at: span, helps: help.map { [$0] } ?? [], fixes: fixes)
  }

  static func unknownEdition(at span: TextSpan, number: String) -> Diagnostic {
    Diagnostic(
      "E0109", "this text is written in edition \(number), but I know only edition 1", at: span,
      helps: ["a newer cq may read it"])
  }

  static func unknownEscape(at span: TextSpan, escape: String) -> Diagnostic {
    Diagnostic(
      "E0110", "`\(escape)` has no meaning in a text", at: span, label: "write `\\\(escape)` for a backslash",
      helps: ["in file names write `/`; known are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`"],
      fixes: [Fix(span: span, replacement: "\\" + escape)])
  }

  /// - Parameter closingQuote: The quotation mark that stands there, inside the braces as it is.
  static func unterminatedInterpolation(at span: TextSpan, closingQuote: TextSpan?) -> Diagnostic {
    Diagnostic(
      "E0102", "this text is not closed", at: span,
      label: closingQuote == nil ? "`}` and the closing quotation mark are missing" : "`}` is missing",
      helps: ["braces in a text hold an expression; a plain brace is written `{{`"],
      fixes: closingQuote.map {
        [Fix(span: TextSpan($0.start, $0.start), replacement: "}", applicability: .maybe)]
      } ?? [])
  }

  static func unterminatedName(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0102", "this name has no closing back-tick", at: span, label: "a back-tick is missing at its end",
      fixes: [Fix(span: TextSpan(span.end, span.end), replacement: "`", applicability: .maybe)])
  }

  static func unterminatedText(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0102", "this text has no closing quotation mark", at: span, label: "a `\"` is missing at its end",
      fixes: [Fix(span: TextSpan(span.end, span.end), replacement: "\"", applicability: .maybe)])
  }

  /// `describe employment(by:state)`, `show employment(by:state)`
  ///
  /// - Parameter verb: nil for a word that needs no verb.
  static func verbBeforeTable(at span: TextSpan, word: String, verb: String?, fix: Fix?) -> Diagnostic {
    let message = verb == nil ? "a table is shown without `\(word)`" : "verbs stand behind the table and a `|`"
    return Diagnostic(
      "E0211", message, at: span, label: verb == nil ? "leave it out" : fix.map { "write `\($0.replacement)`" } ?? "",
      fixes: fix.map { [$0] } ?? [])
  }

  /// `sort by lq`
  static func verbWithBy(at span: TextSpan, verb: String, gap: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0129", "`\(verb)` takes its column without `by`", at: span, label: "remove it",
      fixes: [Fix(span: gap, replacement: "")])
  }
}
