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
      if let set = regions(value, level: nil, scope) {
        builder.area = set
        prefer(set.members.map(\.country))
        checkNesting(of: set, at: value.span, scope)
      }
    case "region":
      if case .all = value.kind { return true }
      if let set = regions(value, level: nil, scope) { builder.regions = set }
    case "activity":
      if let set = activities(value, level: nil, scope, context) { pick(set, value.span, builder) }
    case "year", "years":
      if case .all = value.kind { return true }
      if case .name(let name) = value.kind, fold(name) == "latest" { return true }
      if let years = years(value, scope) { builder.years = .init(value: years, span: value.span) }
    case "quarter", "quarters":
      if case .all = value.kind { return true }
      if case .name(let name) = value.kind, fold(name) == "latest" { return true }
      if let quarters = quarters(value, scope) { builder.years = .init(value: quarters, span: value.span) }
    case "vs":
      if let base = baseArea(value, scope) { builder.base = base }
    case "among":
      if let set = activities(value, level: nil, scope, context) {
        builder.among = set
        builder.noteActivities(set, at: value.span)
      }
    case "data": chooseDataset(value, scope, builder)
    case "clip": clip(value, scope, builder)
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

  /// From here to the end of the query, names that several countries have are those of `countries`.
  private func prefer(_ countries: [String]) {
    likelyCountries = countries + likelyCountries.filter { !countries.contains($0) }
  }

  /// A second value for the same coordinate would silently win over the first.
  private func noteSlot(_ slot: String, _ name: Name, _ scope: Scope, _ builder: FrameBuilder) {
    let coordinate: String
    switch slot {
    case "by", "in", "year", "vs", "among", "data", "suppressed", "clip": coordinate = slot
    case "years", "quarter", "quarters": coordinate = "year"
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
        if case .name(let name) = item.kind, Level(word: name) == level {
          builder.levelWords[level] = Level.singular(of: name)
        }
        if level.dimension == .activity { builder.activityLevels.insert(level) }
      }
    }
  }

  private func chooseDataset(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) {
    let text: String
    switch value.kind {
    case .unreadable: return
    case .list(let items):
      for item in items { chooseDataset(item, scope, builder) }
      return
    case .call:
      guard let arguments = datasetArguments(value, scope) else {
        text = scope.source.slice(value.span)
        break
      }
      for dataset in datasets(arguments, value, named: nil, scope) { choose(dataset, value.span, builder) }
      return
    case .name(let name): text = name
    case .string(let segments): text = plainText(segments, at: value.span) ?? ""
    default: text = scope.source.slice(value.span)
    }
    let own = scope.environment.datasets(named: text)
    let found = own.isEmpty ? catalog.dataset(named: text).map { [$0] } ?? [] : own
    if !found.isEmpty {
      for dataset in found { choose(dataset, value.span, builder) }
    } else if let binding = scope.environment.binding(text), datasetArguments(binding.query.source, scope) != nil {
      // Why there is no dataset was said where it is bound.
      mistakeCount += 1
    } else {
      let names = catalog.datasets.map(\.name)
      report(scope, value.span) {
        .unknownDataset(text, names: names, suggestions: suggestions(for: text, among: names), at: $0)
      }
    }
  }

  private func choose(_ dataset: Dataset, _ span: TextSpan, _ builder: FrameBuilder) {
    builder.datasets.append(.init(value: dataset, span: span))
    // Measures that no other dataset has are known from here on.
    if catalog.dataset(named: dataset.name) !== dataset { catalog = catalog.adding([dataset]) }
    if builder.filledSlots["in"] == nil { prefer([dataset.country]) }
  }

  /// `clip:state`: the only line that areas can be cut at.
  private func clip(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) {
    if case .unreadable = value.kind { return }
    if let level = level(value, scope) {
      if level == .state {
        builder.clipsToStates = true
      } else {
        report(scope, value.span) {
          .wrongKind("`state`, the line that areas are cut at", found: "`\(level.rawValue)`", at: $0)
        }
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

  /// Without `in:` rows come from the country of the session, unless the places or the dataset picked are of others.
  private func settleArea(_ builder: FrameBuilder) {
    guard builder.filledSlots["in"] == nil else { return }
    let session = places.countries(of: builder.area)
    var countries: [String] = []
    if let regions = builder.regions {
      countries = places.countries(of: regions)
    } else if !builder.datasets.isEmpty {
      for use in builder.datasets where use.value.country != "world" && !countries.contains(use.value.country) {
        countries.append(use.value.country)
      }
    }
    if countries.isEmpty || Set(countries).isSubset(of: session) { return }
    let members = countries.compactMap { catalog.list(.country).member(code: $0, country: $0) }
    if members.count == countries.count { builder.area = RegionSet(members) }
  }

  /// The frame's levels become the first columns.
  func setLevels(_ builder: FrameBuilder) {
    settleArea(builder)
    for level in builder.levels {
      let type: ValueType = level.dimension == .period ? .period : .member(level)
      let name = builder.levelWords[level] ?? level.rawValue
      builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: type))
      builder.columnTypes.append(type)
    }
  }

  /// Source columns come right after the levels, before anything that stages add.
  func addSource(_ name: String, _ expression: TypedExpression, _ builder: FrameBuilder) {
    builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: expression.type))
    builder.columnDefinitions[builder.columnTypes.count] = expression
    builder.columnTypes.append(expression.type)
    builder.sourceColumns.append(SourceColumn(name: name, expression: expression))
  }
}
