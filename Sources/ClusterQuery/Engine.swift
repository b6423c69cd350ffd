internal import CQCatalog
@_exported public import CQColumns
@_exported public import CQEngine
internal import CQPlan
internal import CQSemantics
@_exported public import CQSource
internal import CQSyntax

/// The interpreter with its data and its standard library. Immutable: share one per process, from any thread.
///
///     let engine = try Engine(.bundled)
///     let table = try await engine.run("lq(cluster:\"Aerospace\", by:state) | top 5")
public struct Engine: Sendable {
  let catalog: Catalog
  let environment: Environment
  var area: RegionSet
  /// Sums that queries of this engine have made.
  let cache = SumCache()

  /// Opens the catalogue and the standard library; facts are opened at first use.
  ///
  /// - Parameters:
  ///   - data: For example `.bundled` of `CQBundledData`.
  ///   - country: What `in:` is when a query does not say; by name, code or alias.
  /// - Throws: ``EngineError`` when a data file is damaged or the country is unknown.
  public init(_ data: DataSource, country: String = "US") throws {
    do {
      catalog = try Catalog(files: data.files)
    } catch {
      throw EngineError.damagedData(error.message)
    }
    area = try Self.area(named: country, in: catalog)
    environment = StandardLibrary.environment(of: StandardLibrary.files)
  }

  /// The same engine with another country for queries that do not say `in:`.
  ///
  /// - Throws: ``EngineError/unknownCountry(_:known:)``.
  public func answering(for country: String) throws(EngineError) -> Engine {
    var engine = self
    engine.area = try Self.area(named: country, in: catalog)
    return engine
  }

  /// The name of that country.
  public var country: String { area.members.map(\.name).joined(separator: ", ") }

  private static func area(named country: String, in catalog: Catalog) throws(EngineError) -> RegionSet {
    let countries = catalog.list(.country)
    // The usual case needs no table of all names.
    if let member = countries.members.first(where: { $0.code == country }) ?? countries.find(country).first {
      return RegionSet([member])
    }
    let withData = Set(catalog.datasets.map(\.country))
    let known = countries.members.filter { withData.contains($0.code) }.map(\.name).joined(separator: ", ")
    throw EngineError.unknownCountry(country, known: known)
  }

  /// Parses and checks a query once; it may then run many times with different parameters.
  ///
  /// - Throws: `Diagnostics` with everything that is wrong.
  public func prepare(_ text: QueryText, name: String = "<cq>") throws(Diagnostics) -> PreparedQuery {
    let source = SourceText(name: name, text: text.text)
    let parsed = Parser.parse(source)
    let files = FileStore()
    let elaborator = Elaborator(
      catalog: catalog, source: source, environment: environment, sessionArea: area, parameters: nil,
      files: files.access)
    let checked = elaborator.elaborate(parsed.program)
    let all = parsed.diagnostics + checked.diagnostics
    if all.contains(where: { $0.severity == .error }) { throw Diagnostics(source: source, all) }
    return PreparedQuery(
      engine: self, source: source, program: parsed.program, bound: text.parameters, files: files,
      warnings: Diagnostics(source: source, all))
  }

  /// Prepares and runs a query; values interpolated into `text` are bound, never spliced.
  ///
  /// - Returns: The table of the last query in `text`.
  /// - Throws: `Diagnostics`, ``LimitExceeded``, `CancellationError`, ``EngineError``.
  public func run(
    _ text: QueryText, _ parameters: [String: String] = [:], limits: Limits = Limits()
  ) async throws -> ResultTable {
    try await prepare(text).run(parameters, limits: limits)
  }

  /// The page about a code such as `E0301`, in any spelling of its letter: title, explanation, a wrong and a right
  /// example. nil when there is no such code; `ErrorPage.all` has every page.
  public static func explanation(of code: String) -> ErrorPage? { ErrorPage.page(for: code) }
}

/// A failure that is not the query's: the data or the set-up of the engine.
public enum EngineError: Error, Sendable, CustomStringConvertible {
  case damagedData(String)
  case unknownCountry(String, known: String)
  case noQuery
  case cannotWrite(path: String, reason: String)

  public var description: String {
    switch self {
    case .damagedData(let message): message
    case .unknownCountry(let name, let known): "there are no data for \"\(name)\"; countries: \(known)"
    case .cannotWrite(let path, let reason): "can't write `\(path)`: \(reason)"
    case .noQuery: "the text has no query that gives a table"
    }
  }
}
