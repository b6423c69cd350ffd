import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// What `open` and `dataset` may be told about a file.

extension Elaborator {
  /// Blanks about how a file is written.
  static let fileSlots = [
    "bad_rows", "decimal", "encoding", "header", "missing", "separator", "skip_lines", "table", "text", "withheld",
  ]

  /// Takes one of ``fileSlots``; false when it is none of them. A wrong value counts as taken: it was reported.
  func fileOption(_ argument: Argument, _ scope: Scope, _ options: inout ImportOptions) -> Bool {
    let value = argument.value
    switch argument.slotName {
    case "bad_rows":
      options.skipsBadRows = word(value, among: ["refuse", "skip"], scope) == "skip"
    case "decimal":
      options.hasDecimalComma = word(value, among: ["comma", "point"], scope).map { $0 == "comma" }
    case "encoding":
      options.encoding = word(value, among: ["latin1", "utf8"], scope).flatMap { ImportOptions.Encoding(rawValue: $0) }
    case "header":
      if case .truth(let truth) = value.kind {
        options.hasHeader = truth
      } else {
        options.hasHeader = word(value, among: ["false", "true"], scope) != "false"
      }
    case "missing": options.missingMarks += texts(value, scope) ?? []
    case "withheld": options.withheldMarks += texts(value, scope) ?? []
    case "separator":
      guard let text = separatorText(value, scope) else { break }
      let bytes = Array(text.utf8)
      if bytes.count == 1, bytes[0] != 0x22, bytes[0] != 0x0A, bytes[0] != 0x0D {
        options.separator = bytes[0]
      } else {
        report(scope, value.span) { .wrongKind("one character such as \";\"", found: "\"\(text)\"", at: $0) }
      }
    case "skip_lines":
      if case .number(let number, _, nil) = value.kind, let count = Int(exactly: number), (0...1000).contains(count) {
        options.skippedLines = count
      } else {
        report(scope, value.span) { .wrongKind("a number of lines", found: scope.source.slice(value.span), at: $0) }
      }
    case "table": options.table = columnTexts(value, scope)?.first
    case "text": options.textColumns = Set(columnTexts(value, scope) ?? [])
    default: return false
    }
    return true
  }

  private func separatorText(_ value: Expression, _ scope: Scope) -> String? {
    if case .name(let name) = value.kind {
      let names = ["comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "]
      if let text = names[fold(name)] { return text }
    }
    return texts(value, scope)?.first
  }

  /// One of a few words, as a name or a text.
  func word(_ value: Expression, among words: [String], _ scope: Scope) -> String? {
    var text: String?
    switch value.kind {
    case .name(let name): text = fold(name)
    case .string(let segments): text = plainText(segments, at: value.span).map { fold($0) }
    case .missing: text = "missing"
    case .unreadable: return nil
    default: break
    }
    if let text, words.contains(text) { return text }
    let list = words.map { "`\($0)`" }.joined(separator: " or ")
    report(scope, value.span) { .wrongKind(list, found: "`\(scope.source.slice(value.span))`", at: $0) }
    return nil
  }

  /// Names of columns: words, texts, or a list of them.
  func columnTexts(_ value: Expression, _ scope: Scope) -> [String]? {
    switch value.kind {
    case .name(let name): return [name]
    case .string(let segments): return plainText(segments, at: value.span).map { [$0] }
    case .list(let items):
      var found: [String] = []
      for item in items {
        guard let texts = columnTexts(item, scope) else { return nil }
        found += texts
      }
      return found
    case .unreadable: return nil
    default:
      report(scope, value.span) {
        .wrongKind("the name of a column, or a list of them", found: scope.source.slice(value.span), at: $0)
      }
      return nil
    }
  }
}
