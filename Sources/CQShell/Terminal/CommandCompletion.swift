import ClusterQuery

/// What Tab offers behind `:` and `?`.
///
/// Names of the language come from the interpreter, asked about a text in which only such a name can stand.
@MainActor struct CommandCompletion {
  let interpreter: any Interpreter

  func completion(of line: String, at cursor: Int) -> Completion {
    let bytes = Array(line.utf8)
    let before = String(decoding: bytes[..<min(cursor, bytes.count)], as: UTF8.self)
    if before.hasPrefix("?") { return found(.topic, word: String(before.dropFirst()), end: cursor) }
    guard let gap = before.firstIndex(where: \.isWhitespace) else {
      let typed = before.dropFirst()
      let names = SessionCommand.all.filter { command in command.names.contains { $0.hasPrefix(typed) } }
      let candidates = names.map { command in
        let name = command.names.first { $0.hasPrefix(typed) } ?? command.names[0]
        return Completion.Candidate(
          ":" + name, suffix: command.argument.isEmpty ? "" : " ", kind: .keyword, note: command.summary)
      }
      return Completion(span: TextSpan(0, cursor), candidates: candidates)
    }
    guard let command = SessionCommand.named(String(before[..<gap].dropFirst())) else {
      return Completion(span: TextSpan(cursor, cursor))
    }
    let argument = before[gap...].drop(while: \.isWhitespace)
    return completion(of: command, String(argument), end: cursor)
  }

  private func completion(of command: SessionCommand, _ argument: String, end: Int) -> Completion {
    let firstWord = argument.prefix { !$0.isWhitespace }
    let rest = argument.dropFirst(firstWord.count)
    let hasSecond = !rest.isEmpty
    let second = String(rest.drop(while: \.isWhitespace))
    switch command.completes {
    case .level where hasSecond:
      return embedded("x(\(firstWord):\"", second, end: end)
    case .measure where hasSecond:
      let name = second.hasPrefix("in:") ? String(second.dropFirst(3)) : second
      return name.hasPrefix("\"")
        ? embedded("x(country:\"", String(name.dropFirst()), end: end)
        : embedded("x(country:", name, end: end)
    case .setting where hasSecond:
      if firstWord == "in" {
        return second.hasPrefix("\"")
          ? embedded("x(country:\"", String(second.dropFirst()), end: end) : embedded("x(country:", second, end: end)
      }
      return found(.words(Setting.named(String(firstWord))?.words ?? []), word: second, end: end)
    case .file(let endings):
      return files(argument.hasPrefix("-f ") ? String(argument.dropFirst(3)) : argument, endings, end: end)
    case .topic where argument.hasPrefix(":"):
      return found(.topic, word: argument, end: end)
    default: return found(command.completes, word: argument, end: end)
    }
  }

  private func found(_ kind: SessionCommand.Argument, word: String, end: Int) -> Completion {
    Completion(span: TextSpan(end - word.utf8.count, end), candidates: words(kind, beginning: word))
  }

  /// The words of a kind that begin so.
  func words(_ kind: SessionCommand.Argument, beginning typed: String) -> [Completion.Candidate] {
    func offered(_ text: String, _ kinds: Completion.Kind...) -> [Completion.Candidate] {
      let completion = interpreter.completion(of: text + typed, at: (text + typed).utf8.count)
      return completion.candidates.filter { kinds.contains($0.kind) }
        .map { Completion.Candidate($0.text, kind: $0.kind, note: $0.note) }
    }
    switch kind {
    case .none, .file: return []
    case .code:
      return ErrorPage.all.filter { $0.code.hasPrefix(typed.uppercased()) }
        .map { Completion.Candidate($0.code, kind: .code, note: $0.title) }
    case .country: return offered("x(country:", .member)
    case .dataset: return offered("x(data:", .dataset)
    case .definition: return offered("table(", .indicator, .name) + offered("_ | ", .verb).filter { isDefined($0.text) }
    case .level: return offered("x(by:", .level)
    case .measure: return offered("table(", .measure) + offered("x(data:", .dataset)
    case .setting:
      return Setting.all.filter { $0.name.hasPrefix(typed) }
        .map { Completion.Candidate($0.name, suffix: " ", kind: .keyword, note: $0.summary) }
    case .topic:
      let commands =
        typed.hasPrefix(":")
        ? SessionCommand.all.filter { ":\($0.names[0])".hasPrefix(typed) }
          .map { Completion.Candidate(":" + $0.names[0], kind: .keyword, note: $0.summary) } : []
      let names = offered("table(", .indicator, .measure, .function, .name) + offered("_ | ", .verb)
      let data = offered("x(data:", .dataset) + offered("", .table) + offered("x(by:", .level)
      var seen: Set<String> = []
      return (commands + names + data).filter { seen.insert($0.text).inserted }
    case .words(let words):
      return words.filter { $0.hasPrefix(typed) }.map { Completion.Candidate($0, kind: .keyword) }
    }
  }

  private func isDefined(_ name: String) -> Bool { interpreter.definition(of: name) != nil }

  /// A completion of `typed` as if it stood behind `text` in a query.
  private func embedded(_ text: String, _ typed: String, end: Int) -> Completion {
    let whole = text + typed
    return interpreter.completion(of: whole, at: whole.utf8.count).shifted(by: end - whole.utf8.count).withoutHint
  }

  private func files(_ typed: String, _ endings: [String], end: Int) -> Completion {
    let candidates = FolderListing.entries(beginningWith: typed, endings: endings).map { entry in
      Completion.Candidate(entry.path, kind: entry.isFolder ? .folder : .file)
    }
    return Completion(span: TextSpan(end - typed.utf8.count, end), candidates: candidates)
  }
}

extension Completion {
  fileprivate var withoutHint: Completion {
    var result = self
    result.hint = nil
    return result
  }
}
