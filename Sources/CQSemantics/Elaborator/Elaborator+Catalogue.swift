import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// Tables of the catalogue itself: `datasets`, `clusters`, `members(level)`.

extension Elaborator {
  func catalogueTable(_ source: Expression, _ scope: Scope) -> CatalogueTable? {
    switch source.kind {
    case .name(let name):
      switch fold(name) {
      case "datasets": return .datasets
      case "clusters": return .members(.cluster)
      case "states": return .members(.state)
      default: return nil
      }
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind, fold(name) == "members", arguments.count == 1,
        case .name(let word) = arguments[0].value.kind, let level = Level(word: word), level.dimension != .period
      else { return nil }
      return .members(level)
    default: return nil
    }
  }

  /// The plain table that a pipeline starts with; names that the text defines, and measures, win over it.
  func plainTable(_ source: Expression, _ scope: Scope) -> PlainTable? {
    guard case .name(let name) = source.kind, scope.parameter(name) == nil, scope.environment.definition(name) == nil,
      catalog.measure(named: name) == nil
    else { return nil }
    return catalog.plainTable(named: name)
  }

  func catalogueQuery(
    _ table: CatalogueTable, named name: String, _ stages: [ScopedStage], at span: TextSpan
  ) -> TypedQuery? {
    let before = mistakeCount
    let builder = FrameBuilder(area: sessionArea)
    for name in table.columnNames {
      let type: ValueType = name == "rows" ? .number(.count(unit: "rows")) : .text
      builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: type))
      builder.columnTypes.append(type)
    }
    for stage in stages { self.stage(stage.stage, stage.scope, builder) }
    for column in builder.sourceColumns.prefix(1) {
      report(.measureWithoutPlaces(at: column.expression.span))
    }
    guard mistakeCount == before else { return nil }
    return TypedQuery(
      source: .catalogue(table), stages: builder.stages, visible: builder.visible,
      title: [name], notes: [], picture: picture(builder), span: span)
  }
}

extension CatalogueTable {
  package var columnNames: [String] {
    switch self {
    case .datasets:
      ["dataset", "kind", "country", "levels", "years", "measures", "rows", "title", "source", "licence"]
    case .members(.cluster): ["code", "name", "kind", "aliases"]
    case .members(.subcluster): ["code", "name", "cluster"]
    case .members(let level) where level.dimension == .region: ["code", "name", "abbreviation", "country"]
    case .members: ["code", "name", "parent"]
    }
  }
}
