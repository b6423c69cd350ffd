import BundledElaboration
import CQSemantics
import CQSource
import Testing

extension Bundled {
  /// Codes of what is wrong with a text, in the order of their places.
  static func codes(_ text: String, parameters: [String: HostValue]? = [:]) -> [String] {
    let source = SourceText(name: "test", text: text)
    return Diagnostics(source: source, elaborate(source, library, parameters: parameters).diagnostics).all.map(\.code)
  }

  /// Expects exactly the mistake `code`, at the text between `«` and `»`.
  static func expect(_ code: String, _ marked: String, sourceLocation: SourceLocation = #_sourceLocation) -> Diagnostic?
  {
    let parts = marked.split(omittingEmptySubsequences: false) { $0 == "«" || $0 == "»" }.map(String.init)
    let source = SourceText(name: "test", text: parts.joined())
    let found = elaborate(source, library).diagnostics
    #expect(found.map(\.code) == [code], "\(marked)", sourceLocation: sourceLocation)
    guard let diagnostic = found.first, parts.count == 3 else { return nil }
    let start = parts[0].utf8.count
    #expect(
      diagnostic.span == TextSpan(start, start + parts[1].utf8.count), "\(marked)", sourceLocation: sourceLocation)
    return diagnostic
  }
}
