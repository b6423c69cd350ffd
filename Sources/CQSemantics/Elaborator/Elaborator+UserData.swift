package import CQCatalog
package import CQColumns
import CQRemote
package import CQSource
package import CQSyntax

// `dataset("jobs.csv", county:fips, naics6:industry, year:yr, employment:emp)`: a file of the user's as a dataset equal
// to those of the catalogue.

extension Elaborator {
  package static let datasetSlots = ["in", "vintage", "duplicates", "absent", "flows", "averages", "title", "source"]

  /// The arguments of `dataset(…)`, nil when `source` is something else.
  func datasetArguments(_ source: Expression, _ scope: Scope) -> [Argument]? {
    guard case .call(let callee, let arguments) = source.kind, case .name(let name) = callee.kind,
      fold(name) == "dataset", scope.environment.definition(name) == nil
    else { return nil }
    return arguments
  }

  /// A query that starts with `dataset(…)` by itself shows how the columns of the file were read.
  func datasetQuery(
    _ arguments: [Argument], _ source: Expression, _ stages: [ScopedStage], _ scope: Scope, at span: TextSpan
  ) -> TypedQuery? {
    guard let (path, found) = userData(arguments, source, scope) else { return nil }
    let report = found.report.joined(with: found.others.map(\.report))
    let lines = report.lines
    let known = [CellState](repeating: .known, count: lines.count)
    let table = ImportedTable(
      path: path, names: ["column", "used_as", "matched", "not_matched", "example"],
      columns: [
        .texts(lines.map(\.column)), .texts(lines.map(\.use)),
        .numbers(lines.map { Double($0.matched) }, known, unit: "rows"),
        .numbers(lines.map { Double($0.unmatched) }, known, unit: "rows"), .texts(lines.map(\.example)),
      ], rowCount: lines.count)
    let notes = (report.notes + severalCountries(path, found)).map { TableNote(code: "N0507", text: $0) }
    return query(of: table, notes: notes, readBy: "dataset", stages, at: span)
  }

  /// How the datasets of a file with several countries are called.
  private func severalCountries(_ path: String, _ found: UserFacts) -> [String] {
    guard !found.others.isEmpty else { return [] }
    let parts = ([found] + found.others).map { part in
      let code = part.report.country
      return (
        code: code, rows: part.report.rowCount, name: catalog.list(.country).members.first { $0.code == code }?.name
      )
    }
    let list = parts.map { "\($0.name ?? $0.code) (\($0.rows))" }.joined(separator: ", ")
    let names = parts.map { "NAME_\(fold($0.code))" }.joined(separator: ", ")
    return [
      "\(path) has rows of \(list): let NAME = dataset(…) makes a dataset for each, data:NAME asks all of them, \(names) one"
    ]
  }

  /// Gives the dataset of `let name = dataset(…)` its name; a name that is bound to anything else loses it.
  func bindDataset(_ binding: LetStatement) {
    environment.removeDataset(binding.name.text)
    let scope = Scope(environment: environment, source: source)
    if binding.value.stages.isEmpty, let arguments = datasetArguments(binding.value.source, scope) {
      let made = datasets(arguments, binding.value.source, named: binding.name.text, scope)
      if !made.isEmpty { environment.add(made, as: binding.name.text) }
    }
    learnDatasets()
  }

  /// Measures of the user's datasets have names like all others.
  func learnDatasets() {
    catalog = baseCatalog.adding(environment.datasets)
    chosenSources = [:]
  }

  /// The dataset of `data:dataset(…)` or of a `let`, of a file with several countries one for each; none when a
  /// diagnostic was given.
  func datasets(
    _ arguments: [Argument], _ source: Expression, named name: String?, _ scope: Scope
  ) -> [Dataset] {
    guard let (path, found) = userData(arguments, source, scope) else { return [] }
    let name = name ?? Self.baseName(path)
    do throws(CatalogError) {
      if found.others.isEmpty { return [try Dataset(name: name, found.facts, remote: found.remote)] }
      var made: [Dataset] = []
      for part in [found] + found.others {
        made.append(try Dataset(name: "\(name)_\(fold(part.report.country))", part.facts))
      }
      return made
    } catch {
      report(scope, source.span) { .unreadableFile(path, error.message, at: $0) }
      return []
    }
  }

  /// `jobs` for `data/jobs.csv.gz`.
  static func baseName(_ path: String) -> String {
    if let table = (try? EngineAddress(path))?.table.last { return table }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.split(separator: ".").first.map(String.init) ?? file
  }

  /// The facts of a program that is one `dataset(…)`; nil when it is none, and diagnostics were given.
  package func userFacts(of program: Program) -> (facts: ArrowTable, report: DatasetReport)? {
    guard case .query(let query)? = program.statements.first?.kind else { return nil }
    let scope = Scope(environment: environment, source: source)
    guard let arguments = datasetArguments(query.source, scope) else { return nil }
    guard let found = userData(arguments, query.source, scope)?.found, found.remote == nil else { return nil }
    return (found.facts, found.report)
  }

  /// The file could be read, and has no places, years or measures.
  package var lacksDataset: Bool { diagnostics.allSatisfy { ["E0805", "E0806", "E0807"].contains($0.code) } }

  package var messages: [Diagnostic] { diagnostics }

  // MARK: - Facts

  /// The facts of `dataset(…)`: in memory, or in an engine with nothing but their codes here.
  struct UserFacts: Sendable {
    var facts: ArrowTable
    var report: DatasetReport
    var remote: (any RemoteFacts)?
    /// Of the other countries of the file.
    var others: [UserFacts] = []
  }

  private func userData(
    _ arguments: [Argument], _ source: Expression, _ scope: Scope
  ) -> (path: String, found: UserFacts)? {
    guard let first = arguments.first, first.isPositional else {
      report(scope, source.span) {
        .verbNeeds(
          "dataset", "a file name", "let mine = dataset(\"jobs.csv\", state:st, year:yr, employment:jobs)", at: $0)
      }
      return nil
    }
    guard let path = text(first.value, scope) else { return nil }
    guard let files else {
      report(scope, source.span) { .forbiddenHere("`dataset`", at: $0) }
      return nil
    }
    if let separator = path.utf8.firstIndex(of: UInt8(ascii: ":")), path[separator...].hasPrefix("://") {
      return engineFacts(path, Array(arguments.dropFirst()), first, source, files, scope)
    }
    let before = mistakeCount
    var options = ImportOptions()
    var rest: [Argument] = []
    for argument in arguments.dropFirst() where !fileOption(argument, scope, &options) { rest.append(argument) }
    guard mistakeCount == before else { return nil }
    do throws(FileProblem) {
      if rest.isEmpty, options == ImportOptions(), let facts = try files.facts(resolve(path)) {
        return (path, UserFacts(facts: facts, report: DatasetReport(importedFacts: facts)))
      }
    } catch {
      report(scope, first.span) { .unreadableFile(path, error.message, remedy: error.remedy, at: $0) }
      return nil
    }
    guard let table = fileTable(path, options, at: first.span, scope) else { return nil }
    var spans: [String: TextSpan] = [:]
    guard var mapping = mapping(rest, table, path, scope, &spans) else { return nil }
    func built() throws(DatasetProblem) -> UserFacts {
      let key = DatasetStore.Key(
        path: resolve(path), identity: files.identity(resolve(path)), options: options, mapping: mapping)
      if let known = files.datasets[key] { return UserFacts(facts: known.facts, report: known.report) }
      let built = try DatasetBuilder(
        catalog: baseCatalog, table: table, path: path, name: Self.baseName(path), mapping: mapping,
        countries: likelyCountries, threads: files.threads, isStopped: files.isStopped
      ).build()
      files.datasets[key] = built
      return UserFacts(facts: built.facts, report: built.report)
    }
    do throws(DatasetProblem) {
      var found = try built()
      mapping.isOneOfSeveral = true
      for country in found.report.otherCountries {
        mapping.country = country
        found.others.append(try built())
      }
      return (path, found)
    } catch {
      let names = table.columns.map(\.name)
      report(scope, spans[error.subject] ?? source.span) { .datasetProblem(error, path, columns: names, at: $0) }
      return nil
    }
  }

  // MARK: - The mapping

  func mapping(
    _ arguments: [Argument], _ table: FileTable, _ path: String, _ scope: Scope, _ spans: inout [String: TextSpan]
  ) -> DatasetMapping? {
    var mapping = DatasetMapping()
    let before = mistakeCount
    for argument in arguments {
      let name: Name
      switch argument.label {
      case .slot(let slot), .name(let slot): name = slot
      case .none:
        report(scope, argument.span) {
          .unnamedArgument(
            of: "dataset", slots: ["county", "naics6", "year", "employment"], tableSlots: Self.datasetSlots, at: $0)
        }
        continue
      }
      let word = fold(name.text)
      spans[Level(word: name.text)?.rawValue ?? name.text] = argument.value.span
      if datasetOption(word, argument.value, scope, &mapping) { continue }
      if let role = role(word) {
        guard let source = keySource(argument.value, table, path, scope) else { continue }
        mapping.keys.append(DatasetMapping.Key(role: role, source: source))
      } else if let measure = measure(name, argument.value, table, path, scope) {
        mapping.measures.append(measure)
      }
    }
    for word in ["flows", "averages"] {
      for name in (word == "flows" ? mapping.flows : mapping.averages).sorted()
      where !mapping.measures.contains(where: { $0.name == name }) {
        // A column by its own name; where no measure is named, all columns of numbers are measures anyway.
        if let column = column(name, table) {
          if !mapping.measures.isEmpty {
            mapping.measures.append(DatasetMapping.MeasureColumn(name: name, column: column))
          }
        } else if let span = spans[word], !mapping.measures.isEmpty {
          report(scope, span) { .unknownFileColumn(name, path, columns: table.columns.map(\.name), at: $0) }
        }
      }
    }
    return mistakeCount == before ? mapping : nil
  }

  private func role(_ word: String) -> DatasetMapping.Role? {
    switch word {
    case "region": .region
    case "activity": .activity
    default: Level(word: word).map { .level($0) }
    }
  }

  private func datasetOption(
    _ word: String, _ value: Expression, _ scope: Scope, _ mapping: inout DatasetMapping
  ) -> Bool {
    switch word {
    case "in": mapping.country = regions(value, level: .country, scope)?.members.first?.code
    case "vintage":
      if let years = years(value, scope) { mapping.vintage = years.lowerBound }
    case "duplicates":
      let words = DatasetMapping.Duplicates.allCases.map(\.rawValue)
      if let word = self.word(value, among: words, scope) { mapping.duplicates = .init(rawValue: word) ?? .refuse }
    case "absent":
      mapping.absentIsZero = self.word(value, among: ["missing", "zero"], scope) == "zero"
    case "flows": mapping.flows = Set(columnTexts(value, scope) ?? [])
    case "averages": mapping.averages = Set(columnTexts(value, scope) ?? [])
    case "title": mapping.title = text(value, scope) ?? ""
    case "source": mapping.source = text(value, scope) ?? ""
    default: return false
    }
    return true
  }

  /// A column by its name, or a value for all rows: `state:"Ohio"`, `year:2024`.
  private func keySource(
    _ value: Expression, _ table: FileTable, _ path: String, _ scope: Scope
  ) -> DatasetMapping.Source? {
    switch value.kind {
    case .number(_, let lexeme, nil): return .constant(lexeme)
    case .period(let text): return .constant(text)
    case .all: return .constant("all")
    case .string(let segments):
      guard let text = plainText(segments, at: value.span) else { return nil }
      return self.column(text, table).map { .column($0) } ?? .constant(text)
    case .unreadable: return nil
    default: return columnName(value, table, path, scope).map { .column($0) }
    }
  }

  private func column(_ name: String, _ table: FileTable) -> String? {
    if table.column(named: name) != nil { return name }
    let alike = table.columns.filter { fold($0.name) == fold(name) }
    return alike.count == 1 ? alike[0].name : nil
  }

  func columnName(_ value: Expression, _ table: FileTable, _ path: String, _ scope: Scope) -> String? {
    var text: String?
    switch value.kind {
    case .name(let name): text = name
    case .string(let segments): text = plainText(segments, at: value.span)
    default: break
    }
    guard let text else {
      report(scope, value.span) {
        .wrongKind("the name of a column of the file", found: "`\(scope.source.slice(value.span))`", at: $0)
      }
      return nil
    }
    if let name = column(text, table) { return name }
    report(scope, value.span) { .unknownFileColumn(text, path, columns: table.columns.map(\.name), at: $0) }
    return nil
  }

  /// `employment:emp`, `payroll:pay * 1_000 USD`, `rate:x * 1%`.
  private func measure(
    _ name: Name, _ value: Expression, _ table: FileTable, _ path: String, _ scope: Scope
  ) -> DatasetMapping.MeasureColumn? {
    if let definition = environment.definition(name.text), definition.isLibrary {
      report(scope, name.span) { .measureNameTaken(name.text, at: $0) }
      return nil
    }
    var column = value
    var factor = 1.0
    var unit = ""
    if case .binary(.multiply, let lhs, let rhs, _) = value.kind {
      column = lhs
      switch rhs.kind {
      case .number(let number, _, let money):
        factor = number
        unit = money ?? ""
      case .percent(let number, _):
        factor = number
        unit = "%"
      default:
        report(scope, rhs.span) {
          .wrongKind("a number such as 1_000, 1_000 USD or 1%", found: "`\(scope.source.slice(rhs.span))`", at: $0)
        }
        return nil
      }
    }
    guard let found = columnName(column, table, path, scope) else { return nil }
    return DatasetMapping.MeasureColumn(name: name.text, column: found, factor: factor, unit: unit)
  }

  /// What results that rest on files of the user's must say.
  func userDataNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    frame.datasets.flatMap { dataset -> [TableNote] in
      var notes = dataset.importNotes.map { TableNote(code: "N0507", text: $0) }
      if !dataset.partialCoverage.isEmpty, builder.usesBase {
        notes.append(
          TableNote(
            code: "N0514",
            text: "`\(dataset.name)` has \(dataset.partialCoverage): totals of larger areas are sums of what it has"))
      }
      return notes
    }
  }
}
