import CQSyntax
import ClusterQuery

extension TestReport {
  /// Says only that a text needs values from outside to run.
  private static let forgiven = "E0701"

  /// A `.cq` file: it must check, and each `## example:` line must run where its definitions are known. Nothing is
  /// written.
  ///
  /// - Parameter messages: What a script that is an example of mistakes must give instead.
  mutating func testExamples(of text: String, name: String, messages: String?, _ engine: Engine) throws {
    let session = Session(engine: engine, mode: .readOnly)
    checkCount += 1
    let mistakes = session.check(text, name: name)
    if let messages {
      let found = Diagnostics(
        source: SourceText(name: Self.recordedName(of: name, in: messages), text: text), mistakes.all
      ).rendered
      if found != messages {
        failures.append(
          TestFailure(
            line: 1, message: "the messages are not as expected", difference: differingLines(messages, found)))
      }
      return
    }
    add(mistakes.all, in: mistakes.source, startingAt: 1)
    if mistakes.hasErrors { return }
    try session.execute(Self.definitions(in: text), name: name) { _ in }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.dropFirst(2).drop { $0 == " " }
      guard line.hasPrefix("##"), words.hasPrefix("example:") else { continue }
      try test(String(words.dropFirst("example:".count).drop { $0 == " " }), line: index + 1, session)
    }
  }

  /// How recorded messages call the script: they may have been recorded in another folder.
  private static func recordedName(of path: String, in messages: String) -> String {
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    for line in messages.split(separator: "\n") where line.drop(while: { $0 == " " }).hasPrefix("┌─ ") {
      let recorded = line.drop { $0 != "┌" }.dropFirst(3).prefix { $0 != ":" }
      if recorded.split(separator: "/").last.map(String.init) == fileName { return String(recorded) }
    }
    return fileName
  }

  /// The statements that give names, each at its place; queries are blanked out.
  private static func definitions(in text: String) -> String {
    var bytes = Array(text.utf8)
    let program = Parser.parse(SourceText(name: "", text: text)).program
    for statement in program.statements {
      guard case .query = statement.kind else { continue }
      for index in statement.span.start..<min(statement.span.end, bytes.count) where bytes[index] != 0x0A {
        bytes[index] = 0x20
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A document: each block of ```` ```cq ```` must run, one after the other as in a session; a block of
  /// ```` ```cq E0301 ```` must give exactly that code, and is forgotten.
  mutating func testBlocks(of text: String, _ engine: Engine) throws {
    let session = Session(engine: engine, mode: .readOnly)
    var block: (line: Int, codes: [String], lines: [Substring])?
    var isOther = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("```") {
        let words = line.dropFirst(3).split(separator: " ").map(String.init)
        if let ended = block {
          let text = ended.lines.joined(separator: "\n")
          if ended.codes.isEmpty {
            try test(text, line: ended.line, session)
          } else {
            try test(text, line: ended.line, gives: ended.codes, engine)
          }
          block = nil
        } else if isOther {
          isOther = false
        } else if words.first == "cq" {
          block = (index + 2, Array(words.dropFirst()), [])
        } else {
          isOther = true
        }
      } else {
        block?.lines.append(line)
      }
    }
  }

  private mutating func test(_ text: String, line: Int, _ session: Session) throws {
    checkCount += 1
    do {
      try session.execute(text) { _ in }
    } catch let diagnostics as Diagnostics {
      add(diagnostics.all, in: diagnostics.source, startingAt: line)
    }
  }

  private mutating func test(_ text: String, line: Int, gives codes: [String], _ engine: Engine) throws {
    checkCount += 1
    var found: [Diagnostic] = []
    do {
      try Session(engine: engine, mode: .readOnly).execute(text, onWarnings: { found = $0.all }) { _ in }
    } catch let diagnostics as Diagnostics {
      found = diagnostics.all
    }
    if Set(found.map(\.code)) == Set(codes) { return }
    let difference = differingLines(
      codes.joined(separator: "\n"), found.map { "\($0.code) \($0.message)" }.joined(separator: "\n"))
    failures.append(TestFailure(line: line, message: "it does not give what it should", difference: difference))
  }

  private mutating func add(_ diagnostics: [Diagnostic], in source: SourceText, startingAt line: Int) {
    for diagnostic in diagnostics where diagnostic.severity == .error && diagnostic.code != Self.forgiven {
      let place = source.position(at: diagnostic.span.start).line + line - 1
      failures.append(TestFailure(line: place, message: "\(diagnostic.code) \(diagnostic.message)"))
    }
  }
}
