internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSource
internal import CQSyntax

/// Rewrites aliases in coordinate slots to the official names of their members: `cq fmt --official`.
///
/// Only texts whose place says what they name are touched: `cluster:"Aerospace"`, `in:["OH", "Michigan"]`,
/// `state == "Ohio"`. Codes written as numbers stay, and so does a text that names several members.
struct OfficialNames {
  let catalog: Catalog
  /// Codes of the countries that a name is looked for first.
  let countries: [String]

  func rewritten(_ text: String, name: String) -> String {
    let source = SourceText(name: name, text: text)
    var edits: [(span: TextSpan, replacement: String)] = []
    for statement in Parser.parse(source).program.statements {
      switch statement.kind {
      case .use: break
      case .binding(let binding): visit(binding.value, &edits)
      case .definition(let definition):
        for parameter in definition.parameters { if let value = parameter.defaultValue { visit(value, &edits) } }
        switch definition.body {
        case .query(let query): visit(query, &edits)
        case .fragment(let stages): for stage in stages { visit(stage.arguments, &edits) }
        }
      case .query(let query): visit(query, &edits)
      }
    }
    var bytes = Array(text.utf8)
    for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
      bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(edit.replacement.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Where members are named

  private typealias Edits = [(span: TextSpan, replacement: String)]

  private func visit(_ query: Query, _ edits: inout Edits) {
    visit(query.source, &edits)
    for stage in query.stages { visit(stage.arguments, &edits) }
  }

  private func visit(_ arguments: [Argument], _ edits: inout Edits) {
    for argument in arguments {
      if case .slot(let slot) = argument.label, let levels = levels(ofSlot: slot.text) {
        name(argument.value, levels, &edits)
      }
      visit(argument.value, &edits)
    }
  }

  private func levels(ofSlot slot: String) -> [Level]? {
    func all(_ dimension: Dimension) -> [Level] { Level.allCases.filter { $0.dimension == dimension } }
    switch fold(slot) {
    case "in", "region", "vs": return all(.region)
    case "activity", "among": return all(.activity)
    default: return Level(word: slot).flatMap { $0.dimension == .period ? nil : [$0] }
    }
  }

  private func name(_ value: Expression, _ levels: [Level], _ edits: inout Edits) {
    switch value.kind {
    case .list(let items): for item in items { name(item, levels, &edits) }
    case .string(let segments):
      guard segments.count == 1, case .text(let text) = segments[0], let official = official(text, levels) else {
        return
      }
      edits.append((value.span, "\"\(official)\""))
    default: break
    }
  }

  /// The official name of the one member called `text`, when it leads back to that member; nil when it is written so.
  private func official(_ text: String, _ levels: [Level]) -> String? {
    let found = catalog.find(text, levels: levels, preferring: countries)
    guard found.count == 1, let member = found.first, member.name != text, fold(member.code) != fold(text),
      !member.name.contains("\""), !member.name.contains("\\"), !member.name.contains("{"),
      catalog.find(member.name, levels: levels, preferring: countries) == found
    else { return nil }
    return member.name
  }

  private func visit(_ expression: Expression, _ edits: inout Edits) {
    switch expression.kind {
    case .list(let items): for item in items { visit(item, &edits) }
    case .group(let query): visit(query, &edits)
    case .call(let callee, let arguments):
      visit(callee, &edits)
      visit(arguments, &edits)
    case .access(let inner, _), .negate(let inner), .not(let inner), .isState(let inner, _, _): visit(inner, &edits)
    case .binary(_, let lhs, let rhs, _), .contains(let lhs, _, let rhs):
      if case .name(let column) = lhs.kind, let level = Level(word: column), level.dimension != .period {
        name(rhs, [level], &edits)
      }
      visit(lhs, &edits)
      visit(rhs, &edits)
    case .coalesce(let lhs, let rhs):
      visit(lhs, &edits)
      visit(rhs, &edits)
    case .range(let low, let high):
      for end in [low, high] { if let end { visit(end, &edits) } }
    case .conditional(let test, let then, let otherwise):
      for part in [test, then, otherwise] { visit(part, &edits) }
    default: break
    }
  }
}
