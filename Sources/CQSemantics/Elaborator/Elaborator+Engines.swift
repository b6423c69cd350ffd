import CQCatalog
import CQColumns
import CQRemote
import CQSource
import CQSyntax

// `dataset("postgresql://host/db?table=jobs", county:fips, …)`: facts that stay in the engine that holds them. What is
// fetched here is which codes and years the table has; queries then fetch sums.

extension Elaborator {
  /// The facts of a table in an engine; nil when a diagnostic was given.
  func engineFacts(
    _ text: String, _ arguments: [Argument], _ first: Argument, _ source: Expression, _ files: FileAccess,
    _ scope: Scope
  ) -> (path: String, found: UserFacts)? {
    let control = StatementControl(isCancelled: files.isStopped)
    do throws(EngineProblem) {
      let address = try EngineAddress(text)
      let link = files.engines.link(to: address)
      let columns = try EngineTable.columns(of: link, control)
      return try facts(link, columns, arguments, source, files, control, scope)
    } catch {
      report(scope, first.span) { .engine(error.message, help: error.help, at: $0) }
      return nil
    }
  }

  private func facts(
    _ link: EngineLink, _ columns: [EngineColumn], _ arguments: [Argument], _ source: Expression, _ files: FileAccess,
    _ control: StatementControl, _ scope: Scope
  ) throws(EngineProblem) -> (path: String, found: UserFacts)? {
    let path = EngineFacts.title(link)
    let shell = FileTable(columns: columns.map { FileTable.Column($0) }, rowCount: 0)
    let before = mistakeCount
    var withheld: String?
    var rest: [Argument] = []
    for argument in arguments {
      if argument.slotName == "withheld" {
        withheld = columnName(argument.value, shell, path, scope)
      } else if let slot = argument.slotName, Self.fileSlots.contains(slot) || slot == "duplicates" {
        report(scope, argument.span) {
          .engine("`\(slot):` is about files, and the facts are in an engine", help: "leave it out", at: $0)
        }
      } else {
        rest.append(argument)
      }
    }
    var spans: [String: TextSpan] = [:]
    guard var mapping = mapping(rest, shell, path, scope, &spans), mistakeCount == before else { return nil }
    // Rows of an engine are added up, whatever there are.
    mapping.duplicates = .add
    let key = EngineStore.Key(
      place: "\(link.address.description) \(link.address.options)", mapping: mapping, withheld: withheld)
    if let known = files.engines[key] { return (path, known) }
    let facts = try factColumns(link, columns, mapping, withheld)
    let table = try EngineTable(link, facts, control)
    if table.rowCount == 0 {
      throw EngineProblem(.failed, "\(path) has no rows", help: "a dataset needs at least one")
    }
    let dataset = EngineDataset(
      table: table, mapping: mapping, path: path, name: Self.baseName(link.address.tableName), catalog: baseCatalog,
      countries: likelyCountries, isStopped: files.isStopped)
    let coded: EngineDataset.Coded
    do throws(DatasetProblem) {
      coded = try dataset.coded()
    } catch {
      report(scope, spans[error.subject] ?? source.span) {
        .datasetProblem(error, path, columns: columns.map(\.name), at: $0)
      }
      return nil
    }
    let found = try dataset.facts(coded, control)
    files.engines[key] = found
    return (path, found)
  }

  /// What the mapping says of the table's columns, as the engine is asked for them.
  private func factColumns(
    _ link: EngineLink, _ columns: [EngineColumn], _ mapping: DatasetMapping, _ withheld: String?
  ) throws(EngineProblem) -> FactColumns {
    func column(_ name: String) -> EngineColumn {
      columns.first { $0.name == name } ?? EngineColumn(name: name, kind: .other(""))
    }
    func key(_ dimension: Dimension, _ what: String, example: String) throws(EngineProblem) -> EngineColumn? {
      let keys = mapping.keys.filter { $0.role.dimension == dimension }
      if keys.count > 1 {
        throw EngineProblem(
          .failed, "an engine groups \(what) by one column, and here are \(keys.count)",
          help: "name the column of the finest codes alone")
      }
      guard case .column(let name)? = keys.first?.source else {
        if keys.isEmpty, dimension != .activity {
          throw EngineProblem(.failed, "which column of the table holds the \(what)?", help: "say so: \(example)")
        }
        return nil
      }
      let found = column(name)
      switch found.kind {
      case .integer, .text: return found
      case .number, .truth, .other:
        throw EngineProblem(
          .failed, "column `\(name)` holds neither whole numbers nor texts, and \(what) are told apart by these",
          help: "make a view that casts it")
      }
    }
    var facts = FactColumns(source: link.address.source, measures: [])
    facts.region = try key(.region, "places", example: "state:COLUMN, or state:\"Ohio\" for all rows")
    facts.activity = try key(.activity, "activities", example: "naics6:COLUMN")
    facts.period = try key(.period, "years", example: "year:COLUMN, or year:2024 for all rows")
    facts.withheld = withheld.map { column($0) }
    if mapping.measures.isEmpty {
      throw EngineProblem(.failed, "which column of the table is a measure?", help: "name one: employment:COLUMN")
    }
    for measure in mapping.measures {
      let found = column(measure.column)
      guard found.kind == .integer || found.kind == .number else {
        throw EngineProblem(.failed, "column `\(measure.column)` holds no numbers, and `\(measure.name)` needs them")
      }
      facts.measures.append(found)
    }
    return facts
  }

  /// `engines`: what texts of this session have connected to.
  func enginesQuery(_ stages: [ScopedStage], _ source: Expression, _ scope: Scope, at span: TextSpan) -> TypedQuery? {
    guard let files else {
      report(scope, source.span) { .forbiddenHere("`engines`", at: $0) }
      return nil
    }
    var table = Self.enginesTable(files.engines)
    // Statements before this one in the same text may connect to others.
    table.reread = { [engines = files.engines] in Self.enginesTable(engines) }
    return query(of: table, notes: [], readBy: "engines", stages, at: span)
  }

  private static func enginesTable(_ engines: EngineStore) -> ImportedTable {
    let links = engines.all.filter { !$0.used.version.isEmpty }
    func numbers(_ value: (EngineLink) -> Int, unit: String) -> ImportedTable.Column {
      .numbers(links.map { Double(value($0)) }, links.map { _ in .known }, unit: unit)
    }
    return ImportedTable(
      path: "engines", names: ["engine", "place", "table", "statements", "bytes"],
      columns: [
        .texts(links.map(\.used.version)), .texts(links.map(\.address.place)), .texts(links.map(\.address.tableName)),
        numbers(\.used.statements, unit: "statements"), numbers(\.used.bytes, unit: "bytes"),
      ], rowCount: links.count)
  }
}

extension FileTable.Column {
  /// A column of which only name and kind are known.
  fileprivate init(_ column: EngineColumn) {
    switch column.kind {
    case .integer, .number:
      self.init(name: column.name, values: .numbers(.int32(unsafe ColumnBuffer(count: 0) { _ in })))
    case .text, .truth, .other:
      self.init(
        name: column.name,
        values: .texts(codes: DictionaryCodes.narrowest(valueCount: 0, rowCount: 0) { _ in 0 }, values: []))
    }
  }
}
