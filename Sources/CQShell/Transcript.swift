/// Lines as people paste them: with the prompts of the session they were copied from.
enum Transcript {
  /// Prompts at the beginning of each line taken away; a pasted text may have several lines.
  static func withoutPrompts(_ text: String) -> String {
    var text = text
    if text.last == "\r" { text.removeLast() }
    guard text.contains("cq>") || text.contains("…") else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        var rest = line.drop { $0 == " " }
        while let prompt = prompts.first(where: { rest.hasPrefix($0) }) {
          rest = rest.dropFirst(prompt.count).drop { $0 == " " }
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

  private static let prompts = ["cq>", "…"]
}
