/// Lines as people paste them: with the prompts of the session they were copied from, and the answers between them.
enum Transcript {
  /// The entries in a pasted text that began with a prompt, without prompts and answers; nil for any other text.
  static func entries(in text: String) -> [String]? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.last == "\r" ? $0.dropLast() : $0
    }
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), first.trimmed.hasPrefix(prompt) else {
      return nil
    }
    var entries: [[String]] = []
    var goesOn = false
    for line in lines {
      let text = line.drop { $0 == " " }
      if text.hasPrefix(prompt) {
        entries.append([withoutPrompts(String(line))])
        goesOn = true
      } else if goesOn, text.hasPrefix(continuation) {
        entries[entries.count - 1].append(withoutPrompts(String(line)))
      } else {
        // What was printed; a `…` in it continues nothing.
        goesOn = false
      }
    }
    return entries.map { $0.joined(separator: "\n") }.filter { $0.contains { !$0.isWhitespace } }
  }

  /// Prompts at the beginning of a line taken away.
  static func withoutPrompts(_ text: String) -> String {
    var text = text
    if text.last == "\r" { text.removeLast() }
    guard text.contains(prompt) || text.contains(continuation) else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        var rest = line.drop { $0 == " " }
        while let prompt = [prompt, continuation].first(where: { rest.hasPrefix($0) }) {
          rest = rest.dropFirst(prompt.count)
          // The blank behind the prompt is part of it; further ones are how the line is indented.
          if rest.first == " " { rest.removeFirst() }
        }
        return rest.count == line.drop { $0 == " " }.count ? String(line) : String(rest)
      }
      .joined(separator: "\n")
  }

  /// Whether a line goes on with the statement before it.
  static func continues(_ line: String) -> Bool {
    let text = line.drop { $0.isWhitespace }
    if text.hasPrefix("|") { return true }
    return ["and", "or", "then", "else"].contains(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  private static let prompt = "cq>"
  private static let continuation = "…"
}
