import CQColumns
import Testing

@testable import CQRender

/// What a name, a title, a note or a unit from somebody's data could do in each format, if it were not taken as text.
@Suite struct HostileTextTests {
  private static let texts = [
    "</title></svg></table><script>alert(1)</script>", "\" onload=\"alert(1)", "' onmouseover='alert(1)",
    "<img src=x onerror=alert(1)>", "]]><script>alert(1)</script>", "<!-- --><script>", "&lt;script&gt;&#x3c;",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://x\")",
    "\\end{table}\\input{/etc/passwd}", "\\write18{id}", "$\\catcode`\\%=12$", "%\n\\immediate", "# head", "| a | b |",
    "**b** _i_ `c`", "[x](javascript:alert(1))", "![x](http://x/y.png)", "---\nlayout: x\n---",
    "a\u{0}b\u{8}\u{1B}[31m",
    "\u{202E}desrever", "url(#cq-withheld)", "{{ 7*7 }}", "${7*7}", "/* */ body{display:none}",
    "javascript:alert(1)", "\u{FEFF}=1+1", "data:text/html,<script>alert(1)</script>",
  ]

  /// A table in which everything that can be a text is `text`, asking for each picture in turn.
  private static func tables(_ text: String) -> [Table] {
    Picture.Kind.allCases.map { kind in
      var table = Table(
        columns: [
          TableColumn(name: text, values: .texts([text, "b", text + "c"])),
          numbers("a" + text, .count(unit: text), [1, .estimated(2), .withheld]),
          numbers("b", .ratio, [3, .estimated(2), 1]),
          TableColumn(
            name: "m" + text,
            values: .members(
              codes: [0, 1, 2],
              members: [
                TableMember(code: text, name: text), TableMember(code: "2", name: "b"),
                TableMember(code: "3", name: text),
              ])),
        ],
        header: TableHeader(title: [text, text], dataset: text, source: text, base: text),
        notes: [TableNote(code: text, text: text), TableNote(code: "", text: text)])
      let isPoints = kind == .scatter || kind == .bubble
      table.picture = Picture(
        kind: kind, x: isPoints ? "b" : text, y: kind == .heat ? [text] : ["a" + text],
        color: kind == .heat || kind == .map ? "b" : text, size: kind == .bubble ? "b" : nil, label: text, title: text)
      if kind == .map {
        table.picture?.x = "m" + text
        table.picture?.level = "state"
        table.picture?.places = ["01", "02", "03"].map { Picture.Place(country: "MX", code: $0) }
        table.picture?.geometry = PictureSamples.map().picture?.geometry
        table.picture?.label = "m" + text
      }
      table.prose = text
      return table
    }
  }

  private static let cases = texts.indices.flatMap { text in
    Picture.Kind.allCases.indices.map { (text: text, kind: $0) }
  }

  @Test(arguments: texts.indices) func picturesAreWellFormedAndRunNothing(_ index: Int) {
    for table in Self.tables(Self.texts[index]) {
      let text = render(table, as: .svg)
      let check = XMLCheck(text)
      #expect(check.problem == nil)
      let allowed: Set = [
        "svg", "title", "desc", "style", "defs", "pattern", "rect", "circle", "line", "path", "text", "g",
      ]
      #expect(Set(check.elementNames).isSubset(of: allowed))
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  @Test(arguments: texts.indices) func pagesHaveOnlyTheirOwnElements(_ index: Int) throws {
    let tables = Self.tables(Self.texts[index])
    let page = render(tables, as: .html)
    let plain = render(Self.tables("plain"), as: .html)
    // Every tag is one of ours: nothing opens an element that a harmless text does not open as often.
    for name in ["script", "style", "img", "iframe", "object", "link", "base", "form", "meta", "foreignObject"] {
      #expect(page.components("<" + name) == plain.components("<" + name), "\(name)")
    }
    for tag in Self.tags(page) {
      // No handler and no address but those of anchors and of links that prose may have.
      let attributes = Self.attributes(tag)
      #expect(!attributes.contains { $0.hasPrefix("on") }, "\(tag)")
      if let address = attributes.first(where: { $0.hasPrefix("href=") }) {
        #expect(["href=\"#", "href=\"http"].contains { address.hasPrefix($0) }, "\(tag)")
      }
      #expect(!attributes.contains { $0.hasPrefix("src=") }, "\(tag)")
    }
  }

  @Test(arguments: texts.indices) func spreadsheetsCalculateNothing(_ index: Int) {
    for format in [OutputFormat.csv, .tsv] {
      let text = render(Self.tables(Self.texts[index])[0], as: format)
      for field in Self.fields(text, separator: format == .csv ? "," : "\t") {
        guard let first = field.unicodeScalars.first else { continue }
        #expect(!"=+@\t\r".unicodeScalars.contains(first), "\(field)")
        #expect(first != "-" || Double(field) != nil, "\(field)")
      }
    }
    let book = String(decoding: render(Self.tables(Self.texts[index])[0], as: .xlsx), as: UTF8.self)
    #expect(!book.contains("<f>"))
  }

  @Test(arguments: texts.indices) func documentsHaveNoCommandsOfOthers(_ index: Int) {
    let table = Self.tables(Self.texts[index])[0]
    let tex = render(table, as: .tex)
    let known: Set = [
      "begin", "end", "centering", "caption", "hline", "par", "smallskip", "medskip", "linewidth", "footnotesize",
      "textbackslash",
      "small", "setlength", "tabcolsep", "textasciicircum", "textless", "textgreater", "textbar", "char", "sim", "geq",
      "leq", "neq", "approx", "to", "surd", "Sigma", "Delta", "textperiodcentered",
    ]
    for command in Self.commands(tex) { #expect(known.contains(command), "\(command)") }
    #expect(tex.components("\\end{table}") == 1)
    // Comments would swallow what follows: the only bare % is the first line.
    let bare = zip(tex, tex.dropFirst()).count { $0 != "\\" && $1 == "%" }
    #expect(bare == 0)
    var plain = table
    plain.prose = ""
    let markdown = render(plain, as: .md)
    for line in markdown.split(separator: "\n") {
      #expect(!line.hasPrefix("#") && !line.hasPrefix("---") && !line.contains("<script") && !line.contains("<img"))
    }
    // The table keeps its columns: no pipe of a text ends a cell.
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(Set(rows.map(Self.pipes)).count == 1)
  }

  @Test(arguments: texts.indices) func specificationsAndObjectsAreJSON(_ index: Int) {
    for table in Self.tables(Self.texts[index]) {
      for format in [OutputFormat.json, .vegaLite] {
        let text = render(table, as: format)
        #expect(JSONCheck(text).problem == nil, "\(format)")
      }
    }
  }

  // MARK: - Reading what was written

  private static func tags(_ page: String) -> [Substring] {
    // The style and the script are ours and hold `<` and `>` of their own.
    page.split(separator: "<").filter { !$0.hasPrefix("script") && !$0.hasPrefix("style") }.compactMap { part in
      var isQuoted = false
      guard
        let end = part.firstIndex(where: { character in
          if character == "\"" { isQuoted.toggle() }
          return character == ">" && !isQuoted
        })
      else { return nil }
      return part[..<end]
    }
  }

  private static func attributes(_ tag: Substring) -> [Substring] {
    var isQuoted = false
    return tag.split { character in
      if character == "\"" { isQuoted.toggle() }
      return character == " " && !isQuoted
    }.dropFirst().map { $0 }
  }

  private static func fields(_ text: String, separator: Character) -> [String] {
    var (fields, field, isQuoted): ([String], String, Bool) = ([], "", false)
    for character in text {
      if character == "\"", separator == "," {
        isQuoted.toggle()
      } else if !isQuoted, character == separator || character == "\n" {
        fields.append(field)
        field = ""
      } else {
        field.append(character)
      }
    }
    return fields
  }

  private static func commands(_ tex: String) -> [String] {
    var commands: [String] = []
    var rest = tex[...]
    while let start = rest.firstIndex(of: "\\") {
      rest = rest[rest.index(after: start)...]
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      if !name.isEmpty { commands.append(String(name)) }
      rest = rest.dropFirst(max(1, name.count))
    }
    return commands
  }

  private static func pipes(_ line: Substring) -> Int {
    var (count, previous): (Int, Character) = (0, " ")
    for character in line {
      if character == "|", previous != "\\" { count += 1 }
      previous = previous == "\\" && character == "\\" ? " " : character
    }
    return count
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}

/// Whether a text is one JSON value (RFC 8259).
struct JSONCheck {
  private(set) var problem: String?
  private var rest: Substring.UTF8View

  init(_ text: String) {
    rest = Substring(text).utf8
    skip()
    if !value(0) { problem = problem ?? "not a value at \(String(Substring(rest.prefix(30))) )" }
    skip()
    if problem == nil, !rest.isEmpty { problem = "more behind the value" }
  }

  private mutating func skip() { rest = rest.drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) } }

  private mutating func take(_ byte: Character) -> Bool {
    skip()
    guard rest.first == byte.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func value(_ depth: Int) -> Bool {
    skip()
    guard depth < 64, let first = rest.first else { return false }
    switch Character(UnicodeScalar(first)) {
    case "{":
      rest = rest.dropFirst()
      if take("}") { return true }
      repeat { guard string(), take(":"), value(depth + 1) else { return false } } while take(",")
      return take("}")
    case "[":
      rest = rest.dropFirst()
      if take("]") { return true }
      repeat { guard value(depth + 1) else { return false } } while take(",")
      return take("]")
    case "\"": return string()
    default:
      let word = rest.prefix { !",]} \n".utf8.contains($0) }
      let text = String(Substring(word))
      rest = rest.dropFirst(word.count)
      return ["true", "false", "null"].contains(text) || Double(text).map(\.isFinite) ?? false
    }
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\") {
        guard let next = rest.first, "\"\\/bfnrtu".utf8.contains(next) else { return false }
        rest = rest.dropFirst()
      }
    }
    return false
  }
}
