import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  /// The slots that every measure understands.
  package static let coordinateSlots: [String] =
    ["by", "in", "vs", "among", "over", "year", "quarter", "month", "data", "suppressed", "region", "activity"]
    + Level.words.filter { Level(word: $0)?.dimension != .period } + ["clip"]

  /// Applies `argument` to the coordinates of an inner call; false when it is not a coordinate slot.
  ///
  /// A slot whose value is wrong counts as applied: its diagnostic has been given.
  func overrideCoordinate(_ argument: Argument, _ scope: Scope, _ context: inout Context) -> Bool {
    guard let slot = argument.slotName, case .slot(let slotName) = argument.label else { return false }
    switch slot {
    case "in", "region": overrideRegion(argument.value, level: nil, scope, &context)
    case "activity": overrideActivity(argument.value, level: nil, scope, &context)
    case "year", "years", "quarter", "quarters":
      overrideYear(argument.value, isQuarter: slot.hasPrefix("quarter"), scope, &context)
    case "vs":
      if let base = baseArea(argument.value, scope) { context.base = base }
    case "among":
      if let set = activities(argument.value, level: nil, scope, context) {
        context.among = set
        context.frame.noteActivities(set, at: scope.callSite ?? argument.value.span)
      }
    case "by", "data", "suppressed":
      report(scope, slotName.span) { .slotOfTable(slot, at: $0) }
    default:
      guard let level = Level(word: slot) else { return false }
      switch level.dimension {
      case .region: overrideRegion(argument.value, level: level, scope, &context)
      case .activity: overrideActivity(argument.value, level: level, scope, &context)
      case .period: report(scope, slotName.span) { .noSuchPeriod(slot, at: $0) }
      }
    }
    return true
  }

  private func overrideRegion(
    _ value: Expression, level: Level?, _ scope: Scope, _ context: inout Context
  ) {
    if case .name(let name) = value.kind, fold(name) == "base", scope.parameter(name) == nil {
      context.region = .base(context.base ?? context.frame.base)
    } else if case .all = value.kind {
      context.region = .whole
    } else if let set = regions(value, level: level ?? rowLevel(of: value, .region, scope, context), scope) {
      context.region = .set(set)
    }
  }

  /// The level of the table's rows where exactly one of its members is called this: `with:"New York"` in rows by state.
  func rowLevel(of value: Expression, _ dimension: Dimension, _ scope: Scope, _ context: Context) -> Level? {
    if let (target, inner) = dereference(value, scope) { return rowLevel(of: target, dimension, inner, context) }
    guard case .string(let segments) = value.kind, segments.count == 1, case .text(let text) = segments[0],
      let level = context.frame.levels.last(where: { $0.dimension == dimension }),
      catalog.find(text, levels: [level], preferring: likelyCountries).count == 1
    else { return nil }
    return level
  }

  private func overrideActivity(
    _ value: Expression, level: Level?, _ scope: Scope, _ context: inout Context
  ) {
    let level = level ?? rowLevel(of: value, .activity, scope, context)
    guard let set = activities(value, level: level, scope, context) else { return }
    context.activity = .set(set)
  }

  private func overrideYear(
    _ value: Expression, isQuarter: Bool, _ scope: Scope, _ context: inout Context
  ) {
    if case .name(let name) = value.kind, scope.parameter(name) == nil {
      switch fold(name) {
      case "start":
        context.period = context.range.map { .fixed($0.lowerBound) } ?? .rangeStart
        return
      case "end":
        context.period = context.range.map { .fixed($0.upperBound) } ?? .rangeEnd
        return
      case "previous":
        if case .fixed(let period) = context.period {
          context.period = .fixed(isQuarter ? Period.quarter(before: period) : Period.year(before: period))
        } else {
          context.period = isQuarter ? .previousQuarter(context.period) : .previous(context.period)
        }
        context.frame.previousUse = scope.callSite ?? value.span
        return
      case "latest":
        context.period = .latest
        context.range = nil
        context.spansYears = false
        return
      default: break
      }
    }
    guard let years = isQuarter ? quarters(value, scope) : years(value, scope) else { return }
    let place = scope.callSite ?? value.span
    for year in Set([years.lowerBound, years.upperBound]).sorted() {
      context.frame.fixedYears.append(.init(value: year, span: place))
    }
    if years.count > 1 {
      context.range = years
      context.period = .row
      context.spansYears = true
      context.frame.growthRanges.append(.init(value: years, span: place))
    } else {
      context.period = .fixed(years.lowerBound)
      context.range = nil
      context.spansYears = false
    }
  }

  // MARK: - Values of slots

  /// `2020`, `2008..2011`, a host value or a `let` that names one.
  func years(_ value: Expression, _ scope: Scope) -> ClosedRange<Int>? {
    switch value.kind {
    case .number(let number, _, nil): return year(number).map { $0...$0 } ?? wrongYear(value, scope)
    case .range(let low?, let high?):
      guard let first = years(low, scope), let last = years(high, scope) else { return nil }
      guard first.lowerBound <= last.upperBound else {
        report(scope, value.span) {
          .yearsBackwards(first.lowerBound, last.upperBound, at: $0)
        }
        return nil
      }
      return first.lowerBound...last.upperBound
    case .binary(.subtract, let low, let high, operatorSpan: let place):
      if case .number(let first, _, nil) = low.kind, case .number(let last, _, nil) = high.kind {
        report(scope, value.span) { .yearsSubtracted(first, last, operatorSpan: place, at: $0) }
        return nil
      }
      return wrongYear(value, scope)
    case .host(let name):
      guard let parameters else { return nil }
      switch parameters[name] {
      case .number(let number): return year(number).map { $0...$0 } ?? wrongYear(value, scope)
      case .text(let text):
        let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { Int($0) }
        if let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last {
          return first...last
        }
        return wrongYear(value, scope)
      case .list: return wrongYear(value, scope)
      case nil:
        report(.missingParameter(name, at: value.span))
        return nil
      }
    case .coalesce(let lhs, let rhs):
      if case .host(let name) = lhs.kind, parameters?[name] == nil { return years(rhs, scope) }
      return years(lhs, scope)
    default:
      guard let (target, inner) = dereference(value, scope) else { return wrongYear(value, scope) }
      return years(target, inner)
    }
  }

  /// `2019Q1`, `2019Q1..2020Q4`, or a year for its four quarters: period codes.
  func quarters(_ value: Expression, _ scope: Scope) -> ClosedRange<Int>? {
    switch value.kind {
    case .period(let text):
      let parts = text.split(separator: "Q").compactMap { Int($0) }
      if parts.count == 2, (1...4).contains(parts[1]) { return parts[0] * 10 + parts[1]...parts[0] * 10 + parts[1] }
    case .number(let number, _, nil): if let year = year(number) { return year * 10 + 1...year * 10 + 4 }
    case .range(let low?, let high?):
      guard let first = quarters(low, scope), let last = quarters(high, scope) else { return nil }
      if first.lowerBound <= last.upperBound { return first.lowerBound...last.upperBound }
    case .unreadable: return nil
    default: if let (target, inner) = dereference(value, scope) { return quarters(target, inner) }
    }
    report(scope, value.span) { .wrongQuarter(scope.source.slice(value.span), at: $0) }
    return nil
  }

  private func year(_ value: Double) -> Int? {
    value.rounded() == value && value >= 1000 && value <= 9999 ? Int(value) : nil
  }

  private func wrongYear(_ value: Expression, _ scope: Scope) -> ClosedRange<Int>? {
    if case .unreadable = value.kind { return nil }
    report(scope, value.span) {
      var diagnostic = Diagnostic.wrongYear(scope.source.slice(value.span), at: $0)
      // `[2019, 2020]`: years in a row are a range.
      if case .list(let items) = value.kind {
        let years = items.compactMap { item in
          if case .number(let number, _, nil) = item.kind { year(number) } else { nil }
        }
        if years.count == items.count, let first = years.first, let last = years.last, years.count == last - first + 1 {
          diagnostic.helps = ["write year:\(first)..\(last)"]
          diagnostic.fixes = [Diagnostic.Fix(span: $0, replacement: "\(first)..\(last)")]
        }
      } else if case .string(let segments) = value.kind, segments.count == 1, case .text(let text)? = segments.first,
        let number = Double(text), year(number) != nil
      {
        diagnostic.helps = ["write year:\(text)"]
        diagnostic.fixes = [Diagnostic.Fix(span: $0, replacement: text)]
      }
      return diagnostic
    }
    return nil
  }

  /// What a parameter or a `let` stands for; nil when `value` is neither.
  func dereference(_ value: Expression, _ scope: Scope) -> (Expression, Scope)? {
    switch value.kind {
    case .name(let name):
      if case .closure(let expression, let outer) = scope.parameter(name) { return (expression, outer) }
      if let binding = scope.environment.binding(name), binding.query.stages.isEmpty {
        let site = callSite(of: binding.source, usedAt: value.span, scope)
        return (binding.query.source, Scope(environment: binding.environment, source: binding.source, callSite: site))
      }
      return nil
    case .group(let query) where query.stages.isEmpty: return (query.source, scope)
    case .coalesce(let lhs, let rhs):
      if case .host(let name) = lhs.kind { return (parameters?[name] == nil ? rhs : lhs, scope) }
      return nil
    default: return nil
    }
  }

  func level(_ value: Expression, _ scope: Scope) -> Level? {
    if case .unreadable = value.kind { return nil }
    if case .name(let name) = value.kind {
      if let level = Level(word: name), scope.parameter(name) == nil { return level }
    }
    if let (target, inner) = dereference(value, scope) { return level(target, inner) }
    let text = scope.source.slice(value.span)
    report(scope, value.span) {
      .unknownLevel(
        text,
        suggestions: ForeignNames.levels[fold(text)].map { [$0.rawValue] }
          ?? suggestions(for: text, among: Level.words),
        at: $0)
    }
    return nil
  }

  /// `vs:`: an area, or `base`, the country of each row.
  func baseArea(_ value: Expression, _ scope: Scope) -> BaseArea? {
    if case .name(let name) = value.kind, fold(name) == "base", scope.parameter(name) == nil { return .countryOfRow }
    return regions(value, level: nil, scope).map { .area($0) }
  }

  /// Places named by text, code, list, host value or a `let`.
  func regions(_ value: Expression, level: Level?, _ scope: Scope) -> RegionSet? {
    if case .all = value.kind { return sessionArea }
    if case .string(let segments) = value.kind, level == nil || level == .country, segments.count == 1,
      case .text(let text)? = segments.first,
      ([Member.world.name] + Member.world.aliases).map(fold).contains(fold(text))
    {
      return RegionSet([.world])
    }
    let levels = level.map { [$0] } ?? Level.allCases.filter { $0.dimension == .region }
    return members(value, levels: levels, level, scope).map { RegionSet($0) }
  }

  func activities(
    _ value: Expression, level: Level?, _ scope: Scope, _ context: Context
  ) -> ActivitySet? {
    switch value.kind {
    case .all: return .all
    case .name(let name):
      if let argument = scope.parameter(name) {
        switch argument {
        case .activities(let set): return set
        case .closure(let expression, let outer): return activities(expression, level: level, outer, context)
        }
      }
      switch fold(name) {
      case "traded": return ActivitySet([.traded])
      case "local": return ActivitySet([.local])
      case "among": return context.among ?? .all
      default: break
      }
    case .list(let items):
      if items.isEmpty {
        report(scope, value.span) { .emptyList(at: $0) }
        return nil
      }
      var terms: [ActivitySet.Term] = []
      var failed = false
      for item in items {
        if let set = activities(item, level: level, scope, context) { terms += set.terms } else { failed = true }
      }
      return failed ? nil : ActivitySet(terms)
    default: break
    }
    let levels = level.map { [$0] } ?? Level.allCases.filter { $0.dimension == .activity }
    return members(value, levels: levels, level, scope).map { ActivitySet($0.map { .member($0) }) }
  }
}
