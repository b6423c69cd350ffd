import CQBundledData
import CQCatalog
import CQPlan
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
  static func plan(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> QueryPlan {
    var planner = Planner(catalog: try catalog.get())
    return try planner.plan(try query(text, sourceLocation: sourceLocation))
  }
}
