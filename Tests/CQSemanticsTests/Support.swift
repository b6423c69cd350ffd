import CQBundledData
import CQCatalog
import CQSemantics
import CQSource
import CQSyntax
import ClusterQuery
import Testing

/// Elaborates texts against the bundled catalogue and the standard library.
enum Bundled {
  static let catalog = Result { try Catalog(files: BundledFiles.all) }

  /// The names of the standard library.
  static let library: Environment = StandardLibrary.files.reduce(into: Environment()) { environment, file in
    environment = elaborate(file, environment).environment
  }

  static func elaborate(
    _ source: SourceText, _ environment: Environment, parameters: [String: HostValue]? = [:]
  ) -> (outcomes: [Elaborator.Outcome], environment: Environment, diagnostics: [Diagnostic]) {
    guard let catalog = try? catalog.get() else { return ([], environment, []) }
    let parsed = Parser.parse(source)
    let elaborator = Elaborator(
      catalog: catalog, source: source, environment: environment,
      sessionArea: RegionSet(catalog.list(.country).find("US")), parameters: parameters,
      files: nil)
    let checked = elaborator.elaborate(parsed.program)
    return (checked.outcomes, checked.environment, parsed.diagnostics + checked.diagnostics)
  }

  /// The typed form of the last query of a text that must be right.
  static func query(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> TypedQuery {
    let checked = elaborate(SourceText(name: "test", text: text), library)
    #expect(checked.diagnostics.map(\.message) == [], sourceLocation: sourceLocation)
    let queries = checked.outcomes.compactMap { outcome -> TypedQuery? in
      if case .query(let query) = outcome { query } else { nil }
    }
    return try #require(queries.last, sourceLocation: sourceLocation)
  }
}

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
