/// What a token is. Tolerated spellings have the kind of what they stand for (`≤` is ``lessOrEqual``).
package enum TokenKind: UInt8, Sendable {
  // Operands
  case name, quotedName, host, number, percent, period, underscore
  /// A text without interpolation; else the pieces `"a {`, `} b {` and `} c"`.
  case string, stringHead, stringMiddle, stringTail

  // Reserved words. ORDER: keep in step with `isReservedWord`.
  case `let`, def, use, `if`, then, `else`, and, or, not, `in`, `is`, all, `true`, `false`, missing, withheld

  // Signs
  case pipe, range, coalesce, equal, notEqual, lessOrEqual, greaterOrEqual, less, greater
  case plus, minus, times, divide, power
  case leftParenthesis, rightParenthesis, leftBracket, rightBracket
  case comma, colon, assign, dot, semicolon

  /// `%>%` or `|>`.
  case foreignPipe
  /// Digits run together with letters: `5x`, `2021Q7`.
  case malformedNumber
  /// Characters that have no meaning in the language.
  case unknown

  /// The parser's own: the end of a line that ends a statement. No token has this kind.
  case newline
  /// The end of the text; its leading trivia is what follows the last token.
  case end
}

extension TokenKind {
  package var isReservedWord: Bool { rawValue >= Self.let.rawValue && rawValue <= Self.withheld.rawValue }

  /// May stand before the `:` of an argument.
  var isWord: Bool { self == .name || self == .quotedName || isReservedWord }

  var isName: Bool { self == .name || self == .quotedName }

  /// A sign or word that needs something after it, so that the statement goes on in the next line.
  var continuesLine: Bool {
    switch self {
    case .pipe, .foreignPipe, .range, .coalesce, .equal, .notEqual, .lessOrEqual, .greaterOrEqual, .less, .greater,
      .plus, .minus, .times, .divide, .power, .comma, .colon, .assign, .dot, .leftParenthesis, .leftBracket,
      .and, .or, .not, .then, .else, .if, .in, .is:
      true
    default: false
    }
  }

  /// A sign or word that can't start a statement, so that it goes on with the one before.
  var continuesPreviousLine: Bool {
    switch self {
    case .pipe, .foreignPipe, .and, .or, .then, .else, .end: true
    default: false
    }
  }

  var startsOperand: Bool {
    switch self {
    case .name, .quotedName, .host, .number, .percent, .period, .underscore, .string, .stringHead, .all, .true, .false,
      .missing, .withheld, .leftParenthesis, .leftBracket, .not, .if, .minus, .range, .malformedNumber:
      true
    default: false
    }
  }

  var isCloser: Bool { self == .rightParenthesis || self == .rightBracket }

  /// The bracket that closes this one.
  var closer: TokenKind { self == .leftBracket ? .rightBracket : .rightParenthesis }

  /// The reserved word that `word` spells, in any case.
  static func reservedWord(_ word: ArraySlice<UInt8>) -> TokenKind? {
    func spells(_ text: StaticString) -> Bool { text.equalsIgnoringCase(word) }
    switch word.count {
    case 2: return spells("in") ? .in : spells("if") ? .if : spells("or") ? .or : spells("is") ? .is : nil
    case 3:
      if spells("all") { return .all }
      if spells("and") { return .and }
      if spells("not") { return .not }
      return spells("let") ? .let : spells("def") ? .def : spells("use") ? .use : nil
    case 4: return spells("then") ? .then : spells("else") ? .else : spells("true") ? .true : nil
    case 5: return spells("false") ? .false : nil
    case 7: return spells("missing") ? .missing : nil
    case 8: return spells("withheld") ? .withheld : nil
    default: return nil
    }
  }

  /// How the formatter writes it, where that is fixed.
  package var spelling: String? {
    switch self {
    case .let, .def, .use, .if, .then, .else, .and, .or, .not, .in, .is, .all, .true, .false, .missing, .withheld:
      "\(self)"
    case .underscore: "_"
    case .pipe: "|"
    case .range: ".."
    case .coalesce: "??"
    case .equal: "=="
    case .notEqual: "!="
    case .lessOrEqual: "<="
    case .greaterOrEqual: ">="
    case .less: "<"
    case .greater: ">"
    case .plus: "+"
    case .minus: "-"
    case .times: "*"
    case .divide: "/"
    case .power: "^"
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .leftBracket: "["
    case .rightBracket: "]"
    case .comma: ","
    case .colon: ":"
    case .assign: "="
    case .dot: "."
    case .semicolon: ";"
    case .name, .quotedName, .host, .number, .percent, .period, .string, .stringHead, .stringMiddle, .stringTail,
      .foreignPipe, .malformedNumber, .unknown, .newline, .end:
      nil
    }
  }
}
