package import CQCatalog
import CQColumns
package import CQSource
package import CQSyntax

/// Turns parsed statements into typed queries: resolves names and members, inlines definitions, infers kinds, chooses the
/// dataset, and says everything that is wrong.
///
/// Inlining happens here rather than in the planner because a definition's parameters are *measures*, evaluated at the
/// coordinates of the place where they are used: the kinds of a body are known only once they are.
package final class Elaborator {
  /// How deep definitions may call each other; a cycle can't be written, a long chain can.
  static let definitionDepthLimit = 64

  /// The catalogue that the engine was opened with.
  let baseCatalog: Catalog
  /// The same with the datasets that the text has made of files.
  package internal(set) var catalog: Catalog
  let source: SourceText
  /// The country that `in:` defaults to.
  let sessionArea: RegionSet
  /// How places lie in one another; made at first use.
  private(set) lazy var places = Places(catalog: catalog)
  /// nil while only checking: host values are then taken on trust.
  let parameters: [String: HostValue]?
  /// nil for text from outside (restricted mode).
  let files: FileAccess?
  /// Files that are being read by `use`, outermost first.
  let modulePath: [String]
  var environment: Environment
  var diagnostics: [Diagnostic] = []
  var definitionDepth = 0
  /// Definitions of measures that are being inlined, outermost first.
  var measureNames: [String] = []
  /// `##` lines that wait for the next result.
  private var prose: [String] = []
  /// The datasets that queries before this one were given, by what they asked for.
  var chosenSources: [ChoiceKey: [FrameSource]] = [:]
  /// Countries of the table that is being read, or of the session: they decide about codes and names that several have.
  var likelyCountries: [String]
  /// Queries must say what defaults would choose for them.
  var isStrict: Bool
  /// Mistakes met so far, those that were reported before included: tells whether a sub-tree failed.
  var mistakeCount = 0

  package init(
    catalog: Catalog, source: SourceText, environment: Environment, sessionArea: RegionSet,
    parameters: [String: HostValue]?, files: FileAccess?, isStrict: Bool = false, modulePath: [String] = []
  ) {
    baseCatalog = catalog
    self.catalog = catalog.adding(environment.datasets)
    self.source = source
    self.environment = environment
    self.sessionArea = sessionArea
    likelyCountries = sessionArea.members.map(\.country)
    self.parameters = parameters
    self.files = files
    self.modulePath = modulePath
    self.isStrict = isStrict
  }

  /// What a statement has come to.
  package enum Outcome: Sendable {
    case query(TypedQuery)
    /// A `let` or `def`, or a statement that failed (its diagnostics say why).
    case nothing
  }

  /// Statement by statement; later statements see the names of earlier ones.
  package func elaborate(_ program: Program) -> (
    outcomes: [Outcome], environment: Environment, diagnostics: [Diagnostic]
  ) {
    let outcomes = program.statements.map { elaborate($0) }
    return (outcomes, environment, diagnostics)
  }

  private func elaborate(_ statement: Statement) -> Outcome {
    if !statement.prose.isEmpty { prose += (prose.isEmpty ? [] : [""]) + statement.prose }
    switch qualified(statement).kind {
    case .use(let use):
      self.use(use, at: statement.span)
      return .nothing
    case .binding(let binding):
      bindDataset(binding)
      check(binding)
      environment.bind(
        binding.name.text, Binding(query: binding.value, source: source, environment: environment))
      return .nothing
    case .definition(let definition):
      define(definition, statement)
      return .nothing
    case .query(let query):
      let lines = prose
      prose = []
      guard var typed = self.query(query, Scope(environment: environment, source: source)) else { return .nothing }
      typed.prose = filledIn(lines)
      // `_` in this query keeps the meaning it has now; without one, the queries before it need not be kept.
      var known = environment
      if !mentionsLastResult(query) { known.last = nil }
      environment.last = Binding(query: query, source: source, environment: known)
      return .query(typed)
    }
  }

  /// Whether `query` goes on from the one before: it starts with `|`, or its text has a `_` that is a word of its own (one
  /// that only stands inside a text does no harm).
  private func mentionsLastResult(_ query: Query) -> Bool {
    if case .lastResult = query.source.kind { return true }
    func isWordByte(_ byte: UInt8) -> Bool {
      byte == 0x5F || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
    let bytes = source.utf8[query.span.start..<query.span.end]
    return bytes.indices.contains { index in
      bytes[index] == 0x5F && (index == bytes.startIndex || !isWordByte(bytes[index - 1]))
        && (index + 1 == bytes.endIndex || !isWordByte(bytes[index + 1]))
    }
  }

  /// Registers a definition, and elaborates its body once with its default arguments so that a mistake in it is found
  /// where it stands and not at its first use.
  private func define(_ definition: DefStatement, _ statement: Statement) {
    let registered = Definition(
      statement: definition, documentation: statement.documentation, source: source, span: statement.span,
      environment: environment, isLibrary: false)
    warnOfShadowing(definition)
    if kernelName(of: registered) != nil {
      checkKernel(of: registered)
    } else if isTable(registered) {
      checkTable(registered)
    } else if case .query(let body) = definition.body {
      let hasAllDefaults = definition.parameters.allSatisfy { $0.defaultValue != nil }
      let before = diagnostics.count
      var parameters = Scope.Arguments()
      for parameter in definition.parameters {
        let outer = Scope(environment: environment, source: source, parameters: parameters)
        // What has no default stands for any value; only a use of the definition by itself shows then.
        let value = parameter.defaultValue ?? Expression(kind: .missing, span: parameter.name.span)
        parameters[fold(parameter.name.text)] = .closure(value, outer)
      }
      let scope = Scope(environment: environment, source: source, parameters: parameters)
      let builder = FrameBuilder(area: sessionArea)
      builder.isTrial = true
      _ = measureColumns(body, named: definition.name.text, scope, Context(frame: builder))
      for index in before..<diagnostics.count where diagnostics[index].code == "E0201" {
        let found = diagnostics[index]
        if scope.source.slice(found.span) == definition.name.text {
          diagnostics[index] = .recursiveDefinition(definition.name.text, at: found.span)
        }
      }
      if !hasAllDefaults {
        let tried = diagnostics[before...]
        diagnostics = diagnostics[..<before] + tried.filter { $0.code == "E0212" }
      }
    }
    environment.define(registered)
  }

  /// Elaborates a definition that is a table with its defaults, where all parameters have one.
  private func checkTable(_ definition: Definition) {
    guard case .query(let body) = definition.statement.body,
      definition.statement.parameters.allSatisfy({ $0.defaultValue != nil })
    else { return }
    let scope = Scope(environment: definition.environment, source: source)
    let context = Context(frame: FrameBuilder(area: sessionArea))
    guard let (inner, _) = bind(definition, [], at: definition.statement.name.span, scope, context) else { return }
    let wasStrict = isStrict
    isStrict = false
    defer { isStrict = wasStrict }
    _ = query(body, inner)
  }

  /// Elaborates what a `let` names, to find its mistakes where they stand.
  private func check(_ binding: LetStatement) {
    // A `let` may name a measure as well as a table; a table is asked to be complete where it is used.
    let wasStrict = isStrict
    isStrict = false
    defer { isStrict = wasStrict }
    let scope = Scope(environment: environment, source: source)
    if !binding.value.stages.isEmpty || looksLikeTable(binding.value.source, scope) {
      _ = query(binding.value, scope)
    }
  }

  // MARK: - Messages

  /// What `body` gives; its mistakes are none of the user's.
  func withoutReporting<Value>(_ body: () -> Value?) -> Value? {
    let before = (diagnostics, mistakeCount)
    defer { (diagnostics, mistakeCount) = before }
    let value = body()
    return mistakeCount == before.1 ? value : nil
  }

  /// The same mistake at the same place, met again through a parameter or a `let`, is one mistake.
  func report(_ diagnostic: Diagnostic) {
    mistakeCount += 1
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  /// Mistakes of kinds: what stands in a definition tells which argument is meant.
  private static let ofKinds: Set<String> = ["E0230", "E0231", "E0232", "E0234", "E0245", "E0408"]

  /// Reports at the user's call when the mistake shows inside a definition of another text.
  func report(_ scope: Scope, _ span: TextSpan, _ make: (TextSpan) -> Diagnostic) {
    var diagnostic = make(scope.callSite ?? span)
    // What would be replaced does not stand at the call, nor in the text when the caller gave it as a parameter.
    if scope.callSite != nil {
      diagnostic.fixes = []
      if Self.ofKinds.contains(diagnostic.code), span != scope.callSite {
        // One mistake in an argument shows wherever the definition uses it.
        if diagnostics.contains(where: { $0.code == diagnostic.code && $0.span == diagnostic.span }) {
          mistakeCount += 1
          return
        }
        let text = scope.source.slice(span).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let called = source.slice(diagnostic.span).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        diagnostic.notes.append("in `\(called)`, at `\(text.prefix(60))\(text.count > 60 ? "…" : "")`")
      }
    }
    diagnostic.fixes.removeAll { source.slice($0.span).hasPrefix("$") }
    report(diagnostic)
  }

  /// Says what is worth a word and no mistake: the query runs.
  func warn(_ scope: Scope, _ span: TextSpan, _ make: (TextSpan) -> Diagnostic) {
    let count = mistakeCount
    report(scope, span, make)
    mistakeCount = count
  }

  /// Where mistakes in `text`, used at `span`, are shown: nil when they can be shown where they stand.
  func callSite(of text: SourceText, usedAt span: TextSpan, _ scope: Scope) -> TextSpan? {
    if let outer = scope.callSite { return outer }
    return text.name == source.name && text.text == source.text ? nil : span
  }
}

/// Coordinates in force while an expression is elaborated, and the table it is elaborated for.
struct Context {
  var region: RegionCoordinate = .row
  var activity: ActivityCoordinate = .row
  var period: PeriodCoordinate = .row
  /// An explicit `year:a..b` on an inner call.
  var range: ClosedRange<Int>?
  /// Set by `year:a..b`: `row` would have to add up these years.
  var spansYears = false
  var base: BaseArea?
  var among: ActivitySet?
  let frame: FrameBuilder
}

/// What is known about a table while its expressions are being elaborated; the dataset is chosen when all are.
final class FrameBuilder {
  /// One use of a measure, or of a year, with its place.
  struct Use<Value> {
    var value: Value
    var span: TextSpan
  }

  var levels: [Level] = []
  /// The level of the one place asked for, where a method compares places and `by:` has none: `stars(by:cluster, in:"Ohio")`.
  var impliedLevel: Level?
  var area: RegionSet
  var regions: RegionSet?
  var activities: ActivitySet = .all
  var base: BaseArea = .countryOfRow
  var among: ActivitySet?
  var policy: SuppressionPolicy = .estimate
  /// Datasets picked by `data:`.
  var datasets: [Use<Dataset>] = []
  /// `year:2020` or `year:2003..2011`.
  var years: Use<ClosedRange<Int>>?
  /// Coordinates that a slot has set, with the slot's name.
  var filledSlots: [String: String] = [:]
  var span = TextSpan(0, 0)
  var levelSpans: [Level: TextSpan] = [:]
  /// The words for levels in `by:`, where they are a country's own: `municipio`.
  var levelWords: [Level: String] = [:]

  var measures: [Use<String>] = []
  var fixedYears: [Use<Int>] = []
  var growthRanges: [Use<ClosedRange<Int>>] = []
  var defaultRangeUse: TextSpan?
  var previousUse: TextSpan?
  var usesBase = false
  var activityLevels: Set<Level> = []
  /// Measures asked for at the activity of the rows, or at some activities: their dataset must have the levels of these. The
  /// others are only asked for over all activities.
  var splitMeasures: Set<String> = []
  /// Levels of places that sums go over.
  var overLevels: Set<Level> = []
  var industries: [Use<Member>] = []
  /// Plain tables that a method works on, such as one of inputs and outputs.
  var plainTables: [PlainTable] = []
  /// Some cell is asked for at the year of the table, or at the latest.
  var usesYearOfTable = false
  /// A definition's body being tried out: nothing is known about its coordinates.
  var isTrial = false

  /// Countries that cells outside the rows ask for.
  var otherCountries: [String] = []
  /// `clip:state`: areas that cross a state line are cut there.
  var clipsToStates = false

  var hasPeriodRows: Bool { levels.contains { $0.dimension == .period } }

  /// `year:` is a range, and rows have no year to spread it over.
  var spansYears: Bool { !hasPeriodRows && years.map { $0.value.count > 1 } ?? false }

  // Columns of the row table, in order: levels, source columns, columns that stages add.
  var sourceColumns: [SourceColumn] = []
  var columnTypes: [ValueType] = []
  var visible: [VisibleColumn] = []
  /// What source columns and derived ones are made of, by number: what `bounds` takes the interval of.
  var columnDefinitions: [Int: TypedExpression] = [:]
  /// Columns that a stage with a mistake would have made: that they are missing is the same mistake.
  var excusedColumns: Set<String> = []
  /// A stage with a mistake would have made columns whose names nobody knows.
  var excusesAllColumns = false
  /// Currencies that a measure was converted from, with what `convert` was told.
  var conversions: [Conversion] = []
  var stages: [TypedStage] = []
  var title: [String] = []
  /// The verb after which rows no longer stand for one place, activity and year, so that no measure can be taken at them.
  var detachedBy: String?
  /// The table that the first columns are of, where rows are there already: its values can be told from misspelt ones.
  var imported: ImportedTable?
  /// Columns that aggregates are grouped by inside `summarize`.
  var rowGroups: [Int]?
  /// How the table is to be drawn.
  var picture: PictureRequest?
  /// The finished frame, once a verb has needed its dataset.
  var frame: Frame?

  init(area: RegionSet) { self.area = area }

  func noteActivities(_ set: ActivitySet, at span: TextSpan) {
    activityLevels.formUnion(set.levels)
    for case .member(let member) in set.terms where member.level.industryDigits != nil {
      industries.append(Use(value: member, span: span))
    }
  }
}
