import CQSource
import CQSyntax

// The `##` lines of a script that document no name: what its page says between the results.

extension Elaborator {
  /// The lines with `{name}` filled in where the name is a text or a number known before the query runs; any other brace
  /// stays as it is written.
  func filledIn(_ lines: [String]) -> String {
    lines.map { line in
      var result = ""
      var rest = line[...]
      while let open = rest.firstIndex(of: "{") {
        result += rest[..<open]
        rest = rest[open...]
        guard let close = rest.firstIndex(of: "}"), let text = value(of: rest[rest.index(after: open)..<close]) else {
          result.append("{")
          rest = rest.dropFirst()
          continue
        }
        result += Self.withoutMarkup(text)
        rest = rest[rest.index(after: close)...]
      }
      return result + rest
    }.joined(separator: "\n")
  }

  /// The text that a name stands for; nil where it is none, which is no mistake in prose.
  private func value(of word: Substring) -> String? {
    let isHost = word.hasPrefix("$")
    let name = String(isHost ? word.dropFirst() : word)
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    let span = TextSpan(0, 0)
    if !isHost, environment.binding(name) == nil { return nil }
    let value = Expression(kind: isHost ? .host(name) : .name(name), span: span)
    return withoutReporting { text(value, Scope(environment: environment, source: source)) }
  }

  /// A value is shown as it is: nothing in it is Markdown.
  private static func withoutMarkup(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_{}[]()#+-.!<>|~".contains(character) { result.append("\\") }
      result.append(character.isNewline ? " " : character)
    }
    return result
  }
}
