import CQBundledData
package import CQCatalog
package import CQSemantics
package import CQSource
import CQSyntax
import ClusterQuery

/// Elaborates texts against the bundled catalogue and the standard library, for the tests of meaning and of plans.
package enum Bundled {
  package static let catalog = Result { try Catalog(files: BundledFiles.all) }

  /// The names of the standard library.
  package static let library: Environment = StandardLibrary.files.reduce(into: Environment()) { environment, file in
    environment = elaborate(file, environment).environment
  }

  package static func elaborate(
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

  /// A text that has no query.
  package struct NoQuery: Error {}

  /// The typed form of the last query of a text that must be right.
  ///
  /// - Throws: `Diagnostics` where it is not; ``NoQuery``.
  package static func query(_ text: String) throws -> TypedQuery {
    let source = SourceText(name: "test", text: text)
    let checked = elaborate(source, library)
    if !checked.diagnostics.isEmpty { throw Diagnostics(source: source, checked.diagnostics) }
    let queries = checked.outcomes.compactMap { outcome -> TypedQuery? in
      if case .query(let query) = outcome { query } else { nil }
    }
    guard let last = queries.last else { throw NoQuery() }
    return last
  }
}
