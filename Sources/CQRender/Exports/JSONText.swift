/// Pieces of JSON (RFC 8259) on one line, with a space after `:` and `,`.
enum JSONText {
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func number(_ number: Double) -> String { exactText(number) ?? "null" }

  static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }

  static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { string($0.key) + ": " + $0.value }.joined(separator: ", ") + "}"
  }

  /// The same over several lines: one element each, two spaces further in.
  static func tallArray(_ elements: [String], indent: Int) -> String {
    guard !elements.isEmpty else { return "[]" }
    let margin = String(repeating: " ", count: indent)
    return "[\n" + elements.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n" + margin + "]"
  }

  static func tallObject(_ members: [(key: String, value: String)], indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    let lines = members.map { margin + "  " + string($0.key) + ": " + $0.value }
    return "{\n" + lines.joined(separator: ",\n") + "\n" + margin + "}"
  }
}
