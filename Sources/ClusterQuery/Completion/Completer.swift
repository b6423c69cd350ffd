internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSource
internal import CQSyntax

/// Says how a text may go on at a cursor, by the grammar and by what the catalogue and the session know.
///
///     let completer = Completer(session)
///     let found = completer.completion(of: "lq(cluster:\"aero", at: 16)
///     print(found.candidates.map(\.text))
///
/// A value for one question: it keeps what the session knew when it was made. Everything in it is read-only, so it may be
/// used from any thread.
///
/// - Complexity: the text is parsed twice, the query before the cursor is checked where its columns are asked for, and
///   members are found by one pass over their names.
public struct Completer: Sendable {
  let catalog: Catalog
  let area: RegionSet
  var environment: Environment
  /// Whether files may be looked at.
  let readsFiles: Bool
  private let files: FileStore

  /// Longer lists are cut: nobody reads them.
  public static let candidateLimit = 200

  public init(_ session: Session) {
    catalog = session.engine.catalog.adding(session.currentEnvironment.datasets)
    area = session.engine.area
    environment = session.currentEnvironment
    readsFiles = session.mode != .restricted
    files = session.files
  }

  /// What may stand at `offset`, a UTF-8 offset of `text`; what follows on the line is left alone, except the rest of
  /// the word or text that the cursor is in.
  public func completion(of text: String, at offset: Int) -> Completion {
    guard let place = CompletionPlace(text, at: offset) else {
      let end = min(max(offset, 0), text.utf8.count)
      return Completion(span: TextSpan(end, end))
    }
    var knowing = self
    knowing.environment = environment(before: place)
    var found: [Completion.Candidate]
    if place.isInText {
      found = knowing.texts(at: place)
    } else {
      found = knowing.words(at: place)
      if let following = place.following {
        for index in found.indices where found[index].suffix.utf8.first == following { found[index].suffix = "" }
      }
    }
    return Completion(
      span: place.span, candidates: Array(found.prefix(Self.candidateLimit)),
      omittedCount: max(0, found.count - Self.candidateLimit), hint: knowing.hint(at: place))
  }

  /// What the statements before the cursor's own have defined as well.
  private func environment(before place: CompletionPlace) -> Environment {
    guard place.path.count > 1, place.path[1].span.start > 0 else { return environment }
    let before = SourceText(
      name: "<cq>", text: place.source.slice(TextSpan(0, min(place.path[1].span.start, place.span.start))))
    if before.text.allSatisfy(\.isWhitespace) { return environment }
    return elaborated(Parser.parse(before).program, before).environment
  }

  func elaborated(_ program: Program, _ source: SourceText) -> (
    outcomes: [Elaborator.Outcome], environment: Environment, diagnostics: [Diagnostic]
  ) {
    Elaborator(
      catalog: catalog, source: source, environment: environment, sessionArea: area, parameters: nil,
      files: readsFiles ? files.quickAccess : nil
    ).elaborate(program)
  }

  // MARK: - Words

  private func words(at place: CompletionPlace) -> [Completion.Candidate] {
    let matcher = WordMatcher(place.typed) { fold($0) }
    if place.previous == .dot { return matcher.matches(namesBehindPoint(place)) }
    if let (_, depth) = place.innermost(.definition, .parameter, .use, .let, .query, .fragment, .call, .stage) {
      let node = place.path[depth]
      if node.kind == .use { return matcher.matches(modules) }
      if node.kind == .definition || node.kind == .parameter {
        return place.previous == .colon
          ? matcher.matches(Self.kinds) : place.previous == .assign ? expressions(place) : []
      }
      if node.kind == .let { return [] }
    }
    if isVerb(place) { return matcher.matches(verbs) }
    if isStatementStart(place) { return matcher.matches(Self.statementWords + sources(place)) }
    if let operandWords = wordsBehindOperand(place) { return matcher.matches(operandWords) }
    guard let (argument, depth, owner) = place.argument else {
      let isSource = place.path.last.map { $0.kind == .name } ?? false
      return matcher.matches(isSource ? sources(place) : [])
    }
    let isDirect = depth == place.path.count - 2
    switch argument.kind {
    case .slotArgument:
      let slot = argument.firstToken.map { fold(place.source.slice($0.span)) } ?? ""
      return slotValues(slot, of: owner, place, matcher)
    case .argument where isDirect: return argumentWords(of: owner, place, matcher)
    case .nameArgument where isDirect && owner.verb == "rename": return argumentWords(of: owner, place, matcher)
    default: return expressions(place)
    }
  }

  func expressions(_ place: CompletionPlace) -> [Completion.Candidate] {
    var columns: [Completion.Candidate] = []
    if case .stage(_, let node, let query?)? = enclosingStage(place) {
      columns = columnCandidates(before: node, of: query, place)
    }
    return WordMatcher(place.typed) { fold($0) }.matches(columns + values(place))
  }

  /// The stage around the cursor, whatever calls stand between.
  func enclosingStage(_ place: CompletionPlace) -> CompletionPlace.Owner? {
    guard let (node, depth) = place.innermost(.stage), let verb = node.firstToken else { return nil }
    let query = place.path[..<depth].last { $0.kind == .query }
    return .stage(verb: place.source.slice(verb.span), node: node, query: query)
  }

  private func isVerb(_ place: CompletionPlace) -> Bool {
    guard let stage = place.path.last(where: { $0.kind == .stage || $0.kind == .query }) else { return false }
    if stage.kind == .stage, let verb = stage.firstToken { return verb.end == place.source.utf8.count }
    return place.previous == .pipe
  }

  private func isStatementStart(_ place: CompletionPlace) -> Bool {
    guard let last = place.tokens.last else { return true }
    guard place.path.count > 1, let first = place.path[1].firstToken, first.end == place.source.utf8.count else {
      return false
    }
    return last.kind == .semicolon || place.source.utf8[last.end..<first.start].contains(0x0A)
  }

  /// `sort lq ▮`: only a few words may stand behind an operand. nil where the cursor is not there.
  private func wordsBehindOperand(_ place: CompletionPlace) -> [Completion.Candidate]? {
    if place.previous == .is {
      return ["known", "estimated", "withheld", "missing", "not"].map { Completion.Candidate($0, kind: .keyword) }
    }
    guard let last = place.tokens.last else { return nil }
    switch last.kind {
    case .name, .quotedName, .number, .percent, .period, .string, .stringTail, .rightParenthesis, .rightBracket, .all,
      .true, .false, .missing, .withheld, .underscore, .host:
      break
    default: return nil
    }
    guard case .stage(let verb, let node, _)? = enclosingStage(place) else {
      let isInCall = place.innermost(.call, .list) != nil
      return isInCall ? [] : [Completion.Candidate("|", suffix: " ", kind: .keyword, note: "passes the table on")]
    }
    if node.firstToken?.end == last.end { return nil }
    if ["where", "derive", "summarize"].contains(fold(verb)) {
      return ["and", "or", "in", "not in", "is", "is not"].map { Completion.Candidate($0, suffix: " ", kind: .keyword) }
    }
    if fold(verb) == "sort" { return ["asc", "desc"].map { Completion.Candidate($0, kind: .keyword) } }
    return []
  }

  private func namesBehindPoint(_ place: CompletionPlace) -> [Completion.Candidate] {
    guard let (access, _) = place.innermost(.access), let base = access.firstNode else { return [] }
    if base.kind == .call { return ["low", "high"].map { Completion.Candidate($0, kind: .value) } }
    let prefix = fold(place.source.slice(base.span) + ".")
    return environment.qualifiedNames.filter { fold($0).hasPrefix(prefix) }.sorted().map {
      Completion.Candidate(String($0.dropFirst(prefix.utf8.count)), kind: .name)
    }
  }

  // MARK: - Texts

  private func texts(at place: CompletionPlace) -> [Completion.Candidate] {
    if place.innermost(.use) != nil { return files(place, endings: [".cq"]) }
    guard let (argument, _, owner) = place.argument else { return [] }
    if argument.kind == .slotArgument, let token = argument.firstToken {
      let slot = fold(place.source.slice(token.span))
      if case .call = owner, let levels = memberLevels(ofSlot: slot, of: owner) {
        return members(of: levels, place, owner: owner, quotes: false)
      }
    }
    if let (comparison, _) = place.innermost(.binary, .membership), let column = comparison.firstNode,
      case .stage(_, let node, let query?)? = enclosingStage(place)
    {
      let name = place.source.slice(column.span)
      guard let level = columnLevel(named: name, before: node, of: query, place) else { return [] }
      return members(of: [level], place, owner: sourceCall(of: query, place), quotes: false)
    }
    switch owner {
    case .call(let name, _) where ["open", "dataset"].contains(fold(name)): return files(place, endings: [])
    case .call(let name, _):
      guard argument.kind == .argument, let parameter = environment.definition(name)?.statement.parameters.first,
        let levels = memberLevels(of: parameter)
      else { return [] }
      return members(of: levels, place, owner: owner, quotes: false)
    case .stage(let verb, _, _): return fold(verb) == "save" ? files(place, endings: []) : []
    }
  }
}
