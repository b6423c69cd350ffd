import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  /// Members of one level: a text, a code, a list of them, a host value, or a `let` that names such.
  func members(_ value: Expression, level: Level, _ scope: Scope) -> [Member]? {
    members(value, levels: [level], level, scope)
  }

  /// - Parameters:
  ///   - levels: Where to look; a name found at several of them is ambiguous.
  ///   - asked: The level that the slot names, nil for `in:`, `region:`, `activity:`.
  func members(_ value: Expression, levels: [Level], _ asked: Level?, _ scope: Scope) -> [Member]? {
    switch value.kind {
    case .string(let segments):
      return plainText(segments, at: value.span).flatMap { member($0, levels, asked, at: value.span, scope) }.map {
        [$0]
      }
    case .number(_, let lexeme, nil):
      return member(lexeme, levels, asked, at: value.span, scope).map { [$0] }
    case .binary(.subtract, let low, let high, _):
      // Sector codes are written `31-33`.
      guard case .number(_, let first, nil) = low.kind, case .number(_, let last, nil) = high.kind else { break }
      return member("\(first)-\(last)", levels, asked, at: value.span, scope).map { [$0] }
    case .list(let items):
      var found: [Member] = []
      var failed = false
      for item in items {
        guard let list = members(item, levels: levels, asked, scope) else {
          failed = true
          continue
        }
        for member in list where !found.contains(member) { found.append(member) }
      }
      if items.isEmpty { report(scope, value.span) { .emptyList(at: $0) } }
      return failed || items.isEmpty ? nil : found
    case .host(let name): return hostMembers(name, levels, asked, at: value.span, scope)
    case .unreadable: return nil
    default:
      if let (target, inner) = dereference(value, scope) {
        return members(target, levels: levels, asked, inner)
      }
    }
    if let texts = joinedTexts(value), texts.count > 1 {
      let list = "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
      report(scope, value.span) { .severalMembers(list, whole: $0, at: $0) }
      return nil
    }
    let text = scope.source.slice(value.span)
    let isBareName = if case .name = value.kind { true } else { false }
    if isBareName, Level(word: text) != nil {
      report(scope, value.span) { .levelAsValue(text, at: $0) }
      return nil
    }
    report(scope, value.span) {
      isBareName
        ? .needsQuotes(text, at: $0)
        : .wrongKind("a name in quotes, a code or a list", found: phrase(value), at: $0)
    }
    return nil
  }

  private func hostMembers(
    _ name: String, _ levels: [Level], _ asked: Level?, at span: TextSpan, _ scope: Scope
  ) -> [Member]? {
    guard let parameters else { return nil }
    let texts: [String]
    switch parameters[name] {
    case .text(let text): texts = [text]
    case .number(let value): texts = [value == value.rounded() ? String(Int(exactly: value) ?? 0) : "\(value)"]
    case .list(let list): texts = list
    case nil:
      report(.missingParameter(name, at: span))
      return nil
    }
    var found: [Member] = []
    for text in texts {
      guard let member = member(text, levels, asked, at: span, scope) else { return nil }
      found.append(member)
    }
    return found
  }

  /// One member by code, official name or alias; never a guess.
  private func member(
    _ text: String, _ levels: [Level], _ asked: Level?, at span: TextSpan, _ scope: Scope
  ) -> Member? {
    let found = catalog.find(text, levels: levels, preferring: likelyCountries)
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      // What the caller of a prepared query passes has no place in the text to replace.
      let sectors = sectors(holding: text, levels)
      let known = sectors + spelledOut(text, levels) + catalog.suggest(text, levels: levels)
      let elsewhere = asked == nil || !sectors.isEmpty ? [] : otherLevels(holding: text, than: levels)
      let count = asked.map { catalog.list($0).members.count }
      report(scope, span) {
        .unknownMember(
          text, level: asked, noun: levels.first?.dimension == .region ? "place" : "activity",
          suggestions: Array(known.prefix(3)), elsewhere: elsewhere, memberCount: count,
          separately: listed(in: text, levels), at: $0)
      }
      return nil
    }
    // A sector and the only industry below it may share a name: the coarser one means the same jobs.
    report(scope, span) {
      .ambiguousMember(
        text, found, isUnique: { catalog.find($0.name, levels: [$0.level], preferring: [$0.country]) == [$0] },
        texts: found.compactMap { member in
          [member.name, member.code].first {
            catalog.find($0, levels: levels, preferring: likelyCountries) == [member]
          }
        }, at: $0)
    }
    return nil
  }

  /// "Ohio, Michigan": the parts of a text that are names each.
  private func listed(in text: String, _ levels: [Level]) -> [String] {
    let parts = text.replacing(" and ", with: ",").replacing(" & ", with: ",").split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard parts.count > 1,
      parts.allSatisfy({ catalog.find($0, levels: levels, preferring: likelyCountries).count == 1 })
    else { return [] }
    return parts
  }

  /// The texts of `"Ohio" and "Michigan"`.
  private func joinedTexts(_ value: Expression) -> [String]? {
    switch value.kind {
    case .string(let segments):
      guard segments.count == 1, case .text(let text)? = segments.first else { return nil }
      return [text]
    case .binary(let operation, let lhs, let rhs, _) where [.and, .or, .add].contains(operation):
      guard let left = joinedTexts(lhs), let right = joinedTexts(rhs) else { return nil }
      return left + right
    default: return nil
    }
  }

  /// "Wayne County, Michigan" for "Wayne County, MI": the state by its name, not by its abbreviation.
  private func spelledOut(_ text: String, _ levels: [Level]) -> [Member] {
    let parts = text.split(separator: ",", maxSplits: 1).map(String.init)
    guard parts.count == 2, levels.contains(where: { $0 > .state && $0.dimension == .region }) else { return [] }
    return catalog.list(.state).find(parts[1]).flatMap { state in
      catalog.find("\(parts[0]), \(state.abbreviation)", levels: levels, preferring: [state.country])
    }
  }

  /// The sector written `31-33` for 31, 32 or 33, which are no codes by themselves.
  private func sectors(holding text: String, _ levels: [Level]) -> [Member] {
    guard levels.contains(.naics2), text.utf8.count == 2, let digits = Int(text) else { return [] }
    return catalog.list(.naics2).members.filter { member in
      let ends = member.code.split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 && ends[0] <= digits && digits <= ends[1]
    }
  }

  private func otherLevels(holding text: String, than levels: [Level]) -> [Member] {
    // Levels of the same dimension first: a metro is likelier meant by `state:` than a cluster.
    let others = Level.allCases.filter { !levels.contains($0) && $0.dimension != .period }
    let near = others.filter { $0.dimension == levels.first?.dimension }
    let found = near.flatMap { catalog.list($0).find(text) }
    if !found.isEmpty { return found }
    return others.filter { !near.contains($0) }.flatMap { catalog.list($0).find(text) }
  }

  /// The texts of `in ["a", "b"]` for a text column.
  func texts(_ value: Expression, _ scope: Scope) -> [String]? {
    switch value.kind {
    case .string(let segments): return plainText(segments, at: value.span).map { [$0] }
    case .list(let items):
      var found: [String] = []
      for item in items {
        guard let texts = texts(item, scope) else { return nil }
        found += texts
      }
      return found
    default:
      if let (target, inner) = dereference(value, scope) { return texts(target, inner) }
      report(scope, value.span) { .wrongKind("text in quotes, or a list of texts", found: phrase(value), at: $0) }
      return nil
    }
  }

  /// Warns of texts that no row of an imported or plain table has in a column: `where sector == "Automotve"`.
  func checkValues(
    _ texts: [String], of column: TypedExpression, at span: TextSpan, _ scope: Scope, _ context: Context
  ) {
    guard case .column(let position) = column.kind, let table = context.frame.imported,
      table.columns.indices.contains(position), let present = table.columns[position].differentTexts
    else { return }
    var values: [String] = []
    var seen: Set<String> = []
    for value in present where !value.isEmpty && seen.insert(fold(value)).inserted { values.append(value) }
    for text in texts where !seen.contains(fold(text)) {
      let isAlone = texts.count == 1
      warn(scope, span) {
        .noSuchValue(
          text, in: table.names[position], values: values, suggestions: suggestions(for: text, among: values),
          isWholeSpan: isAlone, at: $0)
      }
    }
  }
}
