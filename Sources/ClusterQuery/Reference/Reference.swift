internal import CQSemantics
public import CQSource
internal import CQSyntax

/// What the doc comments of some files say about their definitions: `cq doc`.
public struct Reference: Sendable {
  /// One `def` or `let` with its documentation.
  public struct Entry: Sendable, Equatable {
    public enum Kind: String, Sendable { case indicator, verb, value }

    public var name: String
    public var kind: Kind
    /// How it is called: `lq(of:employment, among:all)`, `| strongest 10, at:1.2`.
    public var signature: String
    /// Sentences for reading.
    public var sentences: [String]
    /// `formula`, `unit`, `range`, `edge`, `source`, `also`, in this order; a name may stand several times.
    public var fields: [(name: String, text: String)]
    /// Lines that run.
    public var examples: [String]
    public var code: String

    public static func == (lhs: Entry, rhs: Entry) -> Bool { lhs.name == rhs.name && lhs.code == rhs.code }
  }

  /// One file.
  public struct Section: Sendable {
    public var title: String
    /// The comment at the head of the file.
    public var introduction: String
    public var entries: [Entry]
  }

  public var title: String
  public var sections: [Section]

  /// The reference of the standard library.
  public static var standardLibrary: Reference {
    Reference(title: "The indicators of cq", files: StandardLibrary.files)
  }

  /// - Throws: `Diagnostics` of the first file that does not parse.
  public init(title: String, texts: [(name: String, text: String)]) throws(Diagnostics) {
    let files = texts.map { SourceText(name: $0.name, text: $0.text) }
    for file in files {
      let diagnostics = Diagnostics(source: file, Parser.parse(file).diagnostics)
      if diagnostics.hasErrors { throw diagnostics }
    }
    self.init(title: title, files: files)
  }

  private init(title: String, files: [SourceText]) {
    self.title = title
    sections = files.map { Self.section($0) }.filter { !$0.entries.isEmpty }
  }

  // MARK: - Reading

  static let fieldNames = ["formula", "unit", "range", "edge", "source", "also"]

  /// Other names that the documentation of a definition gives it: `## also: cociente_localizacion, ql`.
  static func aliases(in documentation: [String]) -> [String] {
    documentation.flatMap { line -> [String] in
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("also:") else { return [] }
      return text.dropFirst(5).split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }
  }

  private static func section(_ file: SourceText) -> Section {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = lines.prefix { $0.hasPrefix("#") && !$0.hasPrefix("##") }.filter { !$0.hasPrefix("#!") }
    let introduction = head.map { String($0.drop { $0 == "#" || $0 == " " }) }.joined(separator: " ")
    let base = file.name.split(separator: "/").last.map(String.init) ?? file.name
    let name = base.prefix { $0 != "." }.replacing("_", with: " ")
    let title = name.prefix(1).uppercased() + name.dropFirst()
    return Section(
      title: title, introduction: introduction,
      entries: Parser.parse(file).program.statements.compactMap { entry($0, file) })
  }

  private static func entry(_ statement: Statement, _ file: SourceText) -> Entry? {
    var entry: Entry
    switch statement.kind {
    case .definition(let definition):
      let isVerb = if case .fragment = definition.body { true } else { false }
      let parameters = definition.parameters.map { parameter in
        parameter.defaultValue.map { "\(parameter.name.text):\(file.slice($0.span))" } ?? parameter.name.text + ":"
      }
      let list = parameters.joined(separator: ", ")
      let call = list.isEmpty ? definition.name.text : "\(definition.name.text)(\(list))"
      entry = Entry(
        name: definition.name.text, kind: isVerb ? .verb : .indicator,
        signature: isVerb ? "| \(definition.name.text) \(list)" : call, sentences: [], fields: [], examples: [],
        code: "")
    case .binding(let binding):
      if statement.documentation.isEmpty { return nil }
      entry = Entry(
        name: binding.name.text, kind: .value, signature: binding.name.text, sentences: [], fields: [], examples: [],
        code: "")
    case .use, .query: return nil
    }
    for line in statement.documentation { read(line, &entry) }
    let code = file.slice(statement.span).split(separator: "\n", omittingEmptySubsequences: false)
    entry.code = code.drop { $0.hasPrefix("##") }.joined(separator: "\n")
    return entry
  }

  /// A line of documentation: sentences, an example, or fields with at least two blanks between them.
  fileprivate static func read(_ line: String, _ entry: inout Entry) {
    let text = String(line.drop { $0 == " " })
    if text.hasPrefix("example:") {
      entry.examples.append(String(text.dropFirst(8).drop { $0 == " " }))
      return
    }
    guard fieldNames.contains(where: { text.hasPrefix($0 + ":") }) else {
      if !text.isEmpty { entry.sentences.append(text) }
      return
    }
    for (name, value) in fields(of: text) where value != "—" { entry.fields.append((name, value)) }
  }

  private static func fields(of text: String) -> [(name: String, value: String)] {
    var found: [(name: String, value: String)] = []
    var rest = text[...]
    while let name = fieldNames.first(where: { rest.hasPrefix($0 + ":") }) {
      rest = rest.dropFirst(name.count + 1).drop { $0 == " " }
      var value = rest
      // The next field begins where a name follows two blanks.
      var position = rest.startIndex
      while position < rest.endIndex {
        let here = rest[position...]
        if here.hasPrefix("  "), fieldNames.contains(where: { here.drop { $0 == " " }.hasPrefix($0 + ":") }) {
          value = rest[..<position]
          break
        }
        position = rest.index(after: position)
      }
      rest = rest[value.endIndex...].drop { $0 == " " }
      found.append((name, String(value)))
    }
    return found
  }
}

extension Reference.Entry {
  /// What the doc comment of a definition says.
  init(_ definition: Definition) {
    self.init(
      name: definition.name, kind: definition.isVerb ? .verb : .indicator, signature: definition.signature,
      sentences: [], fields: [], examples: [], code: "")
    for line in definition.documentation { Reference.read(line, &self) }
  }
}
