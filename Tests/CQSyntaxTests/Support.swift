import CQSource

@testable import CQSyntax
@testable import properties

/// A source whose expected place of a diagnostic stands between `«` and `»`.
struct Marked {
  let text: String
  let span: TextSpan

  init(_ marked: String) {
    let bytes = Array(marked.utf8)
    let opening = Array("«".utf8)
    let closing = Array("»".utf8)
    var clean: [UInt8] = []
    var start = 0
    var end = 0
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: opening) {
        start = clean.count
        index += 2
      } else if bytes[index...].starts(with: closing) {
        end = clean.count
        index += 2
      } else {
        clean.append(bytes[index])
        index += 1
      }
    }
    text = String(decoding: clean, as: UTF8.self)
    span = TextSpan(start, end)
  }
}

func codes(_ text: String) -> [String] { parse(text).diagnostics.map(\.code) }

func applying(_ fix: Diagnostic.Fix, to text: String) -> String {
  var bytes = Array(text.utf8)
  bytes.replaceSubrange(fix.span.start..<fix.span.end, with: fix.replacement.utf8)
  return String(decoding: bytes, as: UTF8.self)
}
