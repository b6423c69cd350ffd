/// Writes valid programs by chance: every form of the language, any spacing, comments wherever a line may end, brackets
/// that say nothing, tolerated spellings, any case.
struct RandomProgram {
  private var random: SeededGenerator
  private var text = ""
  private var depth = 0
  private var braces = 0
  private var canBreak = false
  private var isCondition = false
  private var commentNumber = 0
  /// Operands that may still be opened, so that programs stay small.
  private var budget = 0

  static func make(seed: UInt64) -> String {
    var program = RandomProgram(random: SeededGenerator(state: seed))
    return program.make()
  }

  private init(random: SeededGenerator) { self.random = random }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  // MARK: - Words

  /// - Parameters:
  ///   - continues: The statement can't end behind this word.
  ///   - goesOn: The word may begin a line, which goes on from the one above.
  private mutating func add(_ word: String, continues: Bool = false, goesOn: Bool = false, glued: Bool = false) {
    if !glued {
      let isBreakable = braces == 0 && (depth > 0 || canBreak || goesOn)
      if isBreakable, chance(12) { addLineEnd() } else { addBlank(before: word) }
    }
    text += word
    canBreak = continues
  }

  private mutating func addBlank(before word: String) {
    guard let last = text.unicodeScalars.last, last != "\n" else { return }
    let isTouching = !Self.isWord(last) && last != "-" && last != "–" && last != "/" && last != ">"
    let next = word.unicodeScalars.first ?? " "
    let canTouch =
      (isTouching || !Self.isWord(next)) && next != "-" && next != "(" && next != "–" && next != "."
      && next != "[" && !(last == "," && Self.isWord(next)) && !Self.isQuote(next) && !Self.isQuote(last)
    if canTouch, chance(50) { return }
    text += chance(85) ? " " : pick(["  ", "\t", "\u{A0}", " \u{A0} "])
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || "_$`%\"'.!".unicodeScalars.contains(scalar)
  }

  private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { "\"'“”‘’`".unicodeScalars.contains(scalar) }

  private mutating func addLineEnd() {
    if chance(25) { addComment() }
    text += pick(["\n", "\n", "\r\n", "\n\n", "\n  \n\n"])
    while chance(20) {
      text += pick(["", "  "])
      addComment()
      text += pick(["\n", "\r\n", "\n\n", "\n\n\n"])
    }
    // At the margin a line inside brackets could be read as a new statement.
    text += pick([" ", "  ", "      ", "\t"])
  }

  private mutating func addComment() {
    commentNumber += 1
    text += pick(["", " ", "  "])
    text += pick([
      "# c\(commentNumber)", "## d\(commentNumber)", "#\(commentNumber) \"é\"  ", "##\t", "# if ( | \(commentNumber)\t",
    ])
  }

  /// A word of the language in any case.
  private mutating func keyword(_ word: String, continues: Bool = false, goesOn: Bool = false) {
    let spelled = chance(80) ? word : chance(50) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
    add(spelled, continues: continues, goesOn: goesOn)
  }

  private mutating func open(_ bracket: String, glued: Bool = false) {
    add(bracket, continues: true, glued: glued)
    depth += 1
  }

  private mutating func close(_ bracket: String) {
    add(bracket)
    depth -= 1
    canBreak = false
  }

  // MARK: - Statements

  private mutating func make() -> String {
    if chance(10) { text += pick(["#!/usr/bin/env cq\n", "\u{FEFF}", "\n\n"]) }
    if chance(5) { text += "Edition 1\n" }
    for _ in 0..<pick([1, 1, 2, 3]) {
      while chance(20) {
        addComment()
        text += pick(["\n", "\n\n", "\n\n\n", "\r\n"])
      }
      budget = pick([4, 8, 16, 30])
      statement()
      endStatement()
    }
    if chance(20) { addComment() }
    return text
  }

  private mutating func endStatement() {
    let isOpen = text.hasSuffix("..")
    if isOpen || chance(15) {
      text += pick([";", " ; ", ";;", " ;  ; "])
    } else if !chance(30) {
      text += pick(["\n", "\n\n", "\n\n\n", "  \n", "\r\n"]); return
    }
    if chance(40) { addComment() }
    text += pick(["\n", "\n\n\n", "\n \n"])
    if chance(15) { text += pick(["; ", ";\n"]) }
  }

  private mutating func statement() {
    canBreak = false
    switch Int.random(in: 0..<10, using: &random) {
    case 0: use()
    case 1, 2:
      keyword("let")
      add(" " + label(), glued: true)
      add("=", continues: true)
      query()
    case 3, 4, 5: definition()
    default: query()
    }
  }

  private mutating func use() {
    keyword("use")
    if chance(50) {
      add(" stdlib", glued: true)
      if chance(50) { add(".", continues: true, glued: true); add("growth", glued: true) }
    } else {
      add(" \"lib/a.cq\"", glued: true)
    }
    if chance(50) {
      keyword(" as")
      add(" g", glued: true)
    }
    if chance(50) {
      open(" (", glued: true)
      items { $0.add($0.label()) }
      close(")")
    }
  }

  private mutating func definition() {
    keyword("def")
    add(" " + label(), glued: true)
    if chance(70) {
      open("(", glued: true)
      items(0) { program in
        program.add(program.label())
        if program.chance(30) { program.kind() }
        if program.chance(60) {
          program.add("=", continues: true)
          program.expression(3)
        }
      }
      close(")")
    }
    if chance(30) { kind() }
    add("=", continues: true)
    if chance(30) { for _ in 0..<pick([1, 1, 2, 4]) { stage() } } else { query() }
  }

  private mutating func kind() {
    add(":", continues: true)
    keyword(pick(["percent", "number", "measure", "level"]))
  }

  private mutating func items(_ least: Int = 1, _ item: (inout RandomProgram) -> Void) {
    let count = Int.random(in: least...max(least, min(4, budget)), using: &random)
    for index in 0..<count {
      item(&self)
      if index + 1 < count || chance(20) { add(",", continues: true) }
    }
  }

  // MARK: - Queries

  private mutating func query() {
    let outer = isCondition
    isCondition = false
    if depth == 0, text.isEmpty || text.hasSuffix(";"), chance(60) {
      stage(isFirst: true)
    } else {
      expression(2)
    }
    while !text.hasSuffix("..") || depth > 0, chance(35) { stage() }
    isCondition = outer
  }

  private mutating func stage(isFirst: Bool = false) {
    add("|", continues: true, goesOn: !isFirst)
    let verb = pick(["where", "where", "sort", "top", "derive", "strongest", "lib.verb", "`my verb`", "chart"])
    if verb.contains(".") { add(verb) } else { keyword(verb.hasPrefix("`") ? verb : verb) }
    if verb == "chart", chance(30) { return }
    text += " "
    let outer = isCondition
    isCondition = verb == "where"
    for index in 0..<pick([1, 1, 2, 3]) {
      if index > 0 {
        add(",", continues: true)
      }
      argument(glued: index == 0)
    }
    isCondition = outer
  }

  private mutating func argument(glued: Bool = false) {
    let isGlued = glued && depth == 0
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1, 2:
      add(pick(["by", "in", "IN", "year", "state", "`slot x`", "Over"]), glued: isGlued)
      add(":", continues: true)
      expression(2)
    case 3 where !isCondition, 4 where !isCondition:
      add(label(), glued: isGlued)
      add("=", continues: true)
      expression(2)
    default: expression(2, glued: isGlued)
    }
    if !text.hasSuffix(".."), chance(15) { keyword(pick(["asc", "desc"])) }
  }

  // MARK: - Expressions

  /// Brackets stand wherever an operand holds together less tightly than its place asks for, and sometimes elsewhere.
  ///
  /// - Parameter minimum: 1 conditional, 2 or … as the grammar's levels.
  private mutating func expression(_ level: Int, glued: Bool = false) {
    budget -= 1
    if budget < 0 { return atom(glued: glued) }
    let form = Int.random(in: 0..<22, using: &random)
    let strength = [1, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 8, 9, 9, 10, 11, 12][safe: form] ?? 13
    if strength < (level == 2 ? 1 : level) || chance(12) {
      open("(", glued: glued)
      if chance(10) { query() } else { expression(2) }
      return close(")")
    }
    switch strength {
    case 1:
      if glued { text += "if" } else { keyword("if", continues: true) }
      canBreak = true
      let outer = isCondition
      isCondition = true
      expression(2)
      isCondition = outer
      keyword("then", continues: true, goesOn: true)
      expression(2)
      keyword("else", continues: true, goesOn: true)
      expression(2)
    case 2: infix([("or", true), ("or", true), ("||", true)], 2, 3, glued)
    case 3: infix([("and", true), ("and", true), ("&&", true)], 3, 4, glued)
    case 4:
      if chance(30) {
        add("!", continues: true, glued: glued)
      } else if glued {
        text += "not"
      } else {
        keyword("not", continues: true)
      }
      canBreak = true
      text += " "
      expression(4, glued: depth == 0)
    case 5: comparison(glued)
    case 6: infix([("??", false)], 6, 7, glued)
    case 7: range(glued)
    case 8: infix([("+", false), ("-", false), ("−", false)], 8, 9, glued)
    case 9: infix([("*", false), ("/", false), ("×", false), ("÷", false)], 9, 10, glued)
    case 10:
      add(pick(["-", "-", "−"]), continues: true, glued: glued)
      text += " "
      expression(10, glued: depth == 0)
    case 11:
      expression(13, glued: glued)
      add("^", continues: true)
      expression(10)
    case 12: call(glued: glued)
    default: atom(glued: glued)
    }
  }

  private mutating func infix(_ signs: [(String, Bool)], _ left: Int, _ right: Int, _ glued: Bool) {
    expression(left == 2 ? 3 : left, glued: glued)
    if text.hasSuffix("..") { return }
    for _ in 0..<pick([1, 1, 1, 2, 3]) {
      let (sign, isWord) = pick(signs)
      if isWord, sign.first != "|", sign.first != "&" {
        keyword(sign, continues: true, goesOn: true)
      } else {
        add(" " + sign + " ", continues: true, goesOn: false, glued: true)
        canBreak = true
      }
      expression(right)
      if text.hasSuffix("..") { return }
    }
  }

  private mutating func comparison(_ glued: Bool) {
    expression(6, glued: glued)
    if text.hasSuffix("..") { return }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      if chance(40) { keyword("not", continues: true) }
      if text.hasSuffix("not") || text.lowercased().hasSuffix("not") { canBreak = true }
      keyword("in", continues: true)
      expression(6)
    case 1:
      keyword("is", continues: true)
      if chance(40) { keyword("not", continues: true) }
      keyword(pick(["withheld", "missing", "estimated", "known"]))
    default:
      let signs = ["==", "!=", "<>", "<", "<=", "≤", ">", ">=", "≥", "≠"] + (isCondition ? ["=", "=", "="] : [])
      add(" " + pick(signs) + " ", continues: true, glued: true)
      expression(6)
    }
  }

  private mutating func range(_ glued: Bool) {
    if chance(25) {
      if chance(50) {
        add("..", continues: true, glued: glued)
        expression(8)
      } else {
        open("(", glued: glued)
        expression(8)
        add("..", continues: true)
        close(")")
      }
    } else if chance(30) {
      add(pick(["2010–2020", "2010 – 2015", "2010Q1–2011q4"]), glued: glued)
    } else {
      expression(8, glued: glued)
      if text.hasSuffix("..") { return }
      add("..", continues: true)
      expression(8)
    }
  }

  private mutating func call(glued: Bool) {
    add(pick(["lq", "LQ", "table", "columns", "f", "bounds", "`g h`"]), glued: glued)
    if chance(20) {
      add(".", continues: true, glued: true)
      add("part", glued: true)
    }
    open(pick(["(", "(", " ("]), glued: true)
    let outer = isCondition
    isCondition = false
    items(0) { $0.argument() }
    isCondition = outer
    close(")")
    if chance(20) {
      add(".", continues: true, glued: true)
      add("low", glued: true)
    }
  }

  private mutating func label() -> String {
    pick(["wage", "Wage", "us_share", "Índice", "`my col`", "a", "long_name_of_a_column"])
  }

  private mutating func atom(glued: Bool) {
    switch Int.random(in: 0..<9, using: &random) {
    case 0, 1, 2:
      add(
        pick([
          "lq", "LQ", "employment", "wage", "us_share", "a", "Índice", "`my col`", "all", "TRUE", "missing", "$region",
          "_",
        ]), glued: glued)
    case 3, 4, 5:
      add(
        pick([
          "1", "1.2", "06037", "12_500", "10k", "2.5M", "1e6", "5%", "5 %", "2021", "2021q3", "2021M05", "45k USD",
          "100",
        ]), glued: glued)
    case 6:
      open("[", glued: glued)
      if chance(30) {
        for index in 0..<pick([2, 5, 30]) { add((index > 0 ? ", " : "") + "\(336_400 + index)", glued: true) }
      } else {
        items(0) { $0.expression(2) }
      }
      close("]")
    default: string(glued: glued)
    }
  }

  private mutating func string(glued: Bool) {
    let marks = pick([("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’"), ("”", "\""), ("„", "“")])
    let inner = pick([
      "", "Ohio", "a \\\"b\\\" \\\\ \\n \\u{e9}", "{{x}}", "it\\'s", "}", "# no", "a | b, (", "Querétaro – 1",
    ])
    let free = marks.0 == "'" || marks.0 == "‘" ? "say \"x\"" : marks.0 == "\"" ? "it's ”so“" : "it's"
    add(marks.0 + (chance(70) ? inner : marks.0 == "‘" && free.contains("'") ? inner : free), glued: glued)
    if chance(25) {
      text += "{"
      braces += 1
      expression(2, glued: true)
      braces -= 1
      text += "}" + pick(["", " x"])
      canBreak = false
    }
    text += marks.1
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
