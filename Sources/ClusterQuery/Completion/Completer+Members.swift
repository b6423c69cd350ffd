internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

// Members inside quotes, columns of the table that a stage stands behind, files.

extension Completer {
  // MARK: - Members

  /// The members that what was typed may mean: those of the countries of the query first, then the better match, then
  /// the larger level.
  ///
  /// - Parameter quotes: Whether the candidates bring their quotes along; a number finds codes, which need none.
  func members(
    of levels: [Level], _ place: CompletionPlace, owner: CompletionPlace.Owner?, quotes: Bool
  ) -> [Candidate] {
    let isCode = quotes && place.typed.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    let isPicked = owner.map { place.value(of: "in", in: $0) != nil } ?? false
    let countries = self.countries(of: owner, place)
    var found: [(member: Member, rank: Int, isNear: Bool)] = []
    for level in levels {
      let list = catalog.list(level)
      for match in list.search.matches(place.typed) {
        let member = list.members[match.position]
        if isCode, !member.code.hasPrefix(place.typed) { continue }
        let isNear =
          member.country.isEmpty || level == .country || countries.contains(member.country)
          || level.dimension == .activity
        if isPicked, !isNear { continue }
        found.append((member, match.rank, isNear))
      }
    }
    // Other names only count where no official name fits, and parts of words where nothing else does.
    let best = found.map(\.rank).min() ?? 0
    if best < 3 { found.removeAll { $0.rank >= 3 } } else { found.removeAll { $0.rank > best } }
    let order = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    let sorted = found.enumerated().sorted { lhs, rhs in
      func key(_ entry: (offset: Int, element: (member: Member, rank: Int, isNear: Bool))) -> (Int, Int, Int, Int) {
        let member = entry.element.member
        // The countries with data of their own go before the rest of the world.
        let isAbroad = member.level == .country && !countries.contains(member.country) && member.parent != "NA"
        return (entry.element.isNear ? 0 : 1, entry.element.rank, order[member.level] ?? 0, isAbroad ? 1 : 0)
      }
      let (left, right) = (key(lhs), key(rhs))
      if left != right { return left < right }
      return place.typed.isEmpty ? lhs.offset < rhs.offset : lhs.element.member.name < rhs.element.member.name
    }
    var seen: Set<String> = []
    return sorted.compactMap { _, entry in
      let text = isCode ? entry.member.code : Self.escaped(entry.member.name)
      guard seen.insert(text).inserted else { return nil }
      return candidate(entry.member, text, isCode: isCode, quotes: quotes, place, among: countries)
    }
  }

  private func candidate(
    _ member: Member, _ text: String, isCode: Bool, quotes: Bool, _ place: CompletionPlace, among countries: [String]
  ) -> Candidate {
    var note = isCode ? member.name : "\(member.code) \(member.level.rawValue)"
    if member.level.dimension == .region, member.level != .country, !countries.contains(member.country) {
      note += " of \(member.country)"
    }
    if isCode { return Candidate(text, kind: .member, note: note) }
    if quotes { return Candidate("\"\(text)\"", kind: .member, note: note) }
    let isClosed = place.following == place.quote.utf8.first
    return Candidate(text, suffix: isClosed ? "" : place.quote == "“" ? "”" : place.quote, kind: .member, note: note)
  }

  private static func escaped(_ name: String) -> String {
    guard name.contains(where: { $0 == "\"" || $0 == "\\" || $0 == "{" || $0 == "}" }) else { return name }
    return name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("{", with: "{{")
      .replacing("}", with: "}}")
  }

  // MARK: - Columns

  func columnCandidates(before stage: SyntaxNode, of query: SyntaxNode, _ place: CompletionPlace) -> [Candidate] {
    columns(before: stage, of: query, place).map { column in
      Candidate(Self.written(column.name), kind: .column, note: Self.note(of: column.type))
    }
  }

  func columnLevel(
    named name: String, before stage: SyntaxNode, of query: SyntaxNode, _ place: CompletionPlace
  ) -> Level? {
    let key = fold(name)
    for column in columns(before: stage, of: query, place) where fold(column.name) == key {
      if case .member(let level) = column.type { return level }
    }
    return nil
  }

  /// The call that the rows of a query come from: its `in:` says of which country the members are.
  func sourceCall(of query: SyntaxNode, _ place: CompletionPlace) -> CompletionPlace.Owner? {
    guard let call = query.firstNode, call.kind == .call, let callee = call.firstNode else { return nil }
    return .call(name: place.source.slice(callee.span), node: call)
  }

  /// The columns of the table that `stage` gets, as checking the query before it says.
  ///
  /// Stages with mistakes are left out, the last first, and columns that they name are taken for granted.
  private func columns(
    before stage: SyntaxNode, of query: SyntaxNode, _ place: CompletionPlace
  ) -> [(name: String, type: ValueType)] {
    guard let pipe = place.tokens.last(where: { $0.kind == .pipe && $0.end <= stage.span.start }),
      pipe.start > query.span.start
    else { return [] }
    let source = SourceText(
      name: "<cq>", text: place.source.slice(TextSpan(query.span.start, pipe.start)))
    guard case .query(var pipeline)? = Parser.parse(source).program.statements.first?.kind else { return [] }
    var named: [String] = []
    while true {
      let statement = Statement(kind: .query(pipeline), span: pipeline.span, documentation: [])
      if case .query(let typed)? = elaborated(Program(statements: [statement]), source).outcomes.first {
        let known = typed.visible.map { (name: $0.name, type: $0.type) }
        let more = named.filter { name in !known.contains { fold($0.name) == fold(name) } }
        return known + more.map { (name: $0, type: .number(.mixed)) }
      }
      guard let last = pipeline.stages.popLast() else { break }
      for argument in last.arguments { if case .name(let name) = argument.label { named.insert(name.text, at: 0) } }
    }
    return named.map { (name: $0, type: .number(.mixed)) }
  }

  private static func written(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0) }
    let startsWell = name.unicodeScalars.first.map { $0.properties.isAlphabetic } ?? false
    return isPlain && startsWell ? name : "`\(name)`"
  }

  private static func note(of type: ValueType) -> String {
    switch type {
    case .number(let quantity): quantity.unitName.isEmpty ? "number" : quantity.unitName
    case .text: "text"
    case .truth: "true or false"
    case .period: "years"
    case .member(let level): level.plural
    }
  }

  // MARK: - Files

  /// Files and folders whose names begin with what was typed.
  func files(_ place: CompletionPlace, endings: [String]) -> [Candidate] {
    guard readsFiles else { return [] }
    let isClosed = place.following == place.quote.utf8.first
    return FolderListing.entries(beginningWith: place.typed, endings: endings).map { entry in
      Candidate(
        entry.path, suffix: entry.isFolder ? "" : isClosed ? "" : place.quote, kind: entry.isFolder ? .folder : .file)
    }
  }
}
