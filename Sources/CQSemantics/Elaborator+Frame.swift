import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// The slots of a table: `by:`, `in:`, places, activities, years, base area, dataset.

extension Elaborator {
  /// Applies a slot to the whole table; false when `argument` is not a coordinate slot.
  func frameSlot(_ argument: Argument, _ scope: Scope, _ builder: FrameBuilder) -> Bool {
    guard let slot = argument.slotName, case .slot(let slotName) = argument.label else { return false }
    let value = argument.value
    let context = Context(frame: builder)
    noteSlot(slot, slotName, scope, builder)
    switch slot {
    case "by": rowLevels(value, scope, builder)
    case "in":
      if let set = regions(value, level: nil, scope) { builder.area = set }
    case "region":
      if case .all = value.kind { return true }
      if let set = regions(value, level: nil, scope) { builder.regions = set }
    case "activity":
      if let set = activities(value, level: nil, scope, context) { pick(set, value.span, builder) }
    case "year":
      if case .all = value.kind { return true }
      if case .name(let name) = value.kind, fold(name) == "latest" { return true }
      if let years = years(value, scope) { builder.years = .init(value: years, span: value.span) }
    case "vs":
      if let base = baseArea(value, scope) { builder.base = base }
    case "among":
      if let set = activities(value, level: nil, scope, context) {
        builder.among = set
        builder.noteActivities(set, at: value.span)
      }
    case "data": chooseDataset(value, scope, builder)
    case "suppressed": policy(value, scope, builder)
    default:
      guard let level = Level(word: slot) else { return false }
      switch level.dimension {
      case .region:
        if case .all = value.kind { return true }
        if let set = regions(value, level: level, scope) { builder.regions = set }
      case .activity:
        if let set = activities(value, level: level, scope, context) { pick(set, value.span, builder) }
      case .period: report(scope, slotName.span) { .noSuchPeriod(slot, at: $0) }
      }
    }
    return true
  }

  /// A second value for the same coordinate would silently win over the first.
  private func noteSlot(_ slot: String, _ name: Name, _ scope: Scope, _ builder: FrameBuilder) {
    let coordinate: String
    switch slot {
    case "by", "in", "year", "vs", "among", "data", "suppressed": coordinate = slot
    case "region": coordinate = "places"
    case "activity": coordinate = "activities"
    default:
      guard let level = Level(word: slot) else { return }
      switch level.dimension {
      case .region: coordinate = "places"
      case .activity: coordinate = "activities"
      case .period: return
      }
    }
    if let first = builder.filledSlots[coordinate] {
      report(scope, name.span) { .slotTwice(slot, after: first, picks: coordinate, at: $0) }
    }
    builder.filledSlots[coordinate] = slot
  }

  private func pick(_ set: ActivitySet, _ span: TextSpan, _ builder: FrameBuilder) {
    builder.activities = set
    builder.noteActivities(set, at: span)
  }

  private func rowLevels(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) {
    let items: [Expression]
    if case .list(let list) = value.kind { items = list } else { items = [value] }
    for item in items {
      guard let level = level(item, scope) else { continue }
      if builder.levels.contains(level) {
        report(scope, item.span) { .duplicateLevel(level.rawValue, at: $0) }
      } else {
        builder.levels.append(level)
        builder.levelSpans[level] = item.span
        if level.dimension == .activity { builder.activityLevels.insert(level) }
      }
    }
  }

  private func chooseDataset(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) {
    let text: String
    switch value.kind {
    case .unreadable: return
    case .name(let name): text = name
    case .string(let segments): text = plainText(segments, at: value.span) ?? ""
    default: text = scope.source.slice(value.span)
    }
    if let dataset = catalog.dataset(named: text) {
      builder.dataset = .init(value: dataset, span: value.span)
    } else {
      let names = catalog.datasets.map(\.name)
      report(scope, value.span) {
        .unknownDataset(text, names: names, suggestions: suggestions(for: text, among: names), at: $0)
      }
    }
  }

  private func policy(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) {
    if case .unreadable = value.kind { return }
    let text = scope.source.slice(value.span)
    if case .name(let name) = value.kind, let policy = SuppressionPolicy(rawValue: fold(name)) {
      builder.policy = policy
    } else {
      report(scope, value.span) { .unknownPolicy(text, at: $0) }
    }
  }

  /// The frame's levels become the first columns.
  func setLevels(_ builder: FrameBuilder) {
    for level in builder.levels {
      let type: ValueType = level.dimension == .period ? .period : .member(level)
      builder.visible.append(VisibleColumn(name: level.rawValue, column: builder.columnTypes.count, type: type))
      builder.columnTypes.append(type)
    }
  }

  /// Source columns come right after the levels, before anything that stages add.
  func addSource(_ name: String, _ expression: TypedExpression, _ builder: FrameBuilder) {
    builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: expression.type))
    builder.columnTypes.append(expression.type)
    builder.sourceColumns.append(SourceColumn(name: name, expression: expression))
  }
}
