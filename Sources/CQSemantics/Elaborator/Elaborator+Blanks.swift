import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// What a value or a blank that a call does not know was probably meant for.

extension Elaborator {
  /// A blank that `measure` has not; `naics:3364` is the level of its digits.
  func unknownSlot(_ argument: Argument, of name: String, slots: [String], _ scope: Scope) {
    guard case .slot(let slot) = argument.label else {
      report(scope, argument.span) { .unknownSlot(argument.labelText, of: name, slots: slots, at: $0) }
      return
    }
    if ["naics", "scian", "industry code", "naics code"].contains(fold(slot.text)),
      let level = industryLevel(of: argument.value)
    {
      report(scope, slot.span) { .unknownSlot(slot.text, of: name, slots: slots, meaning: level, at: $0) }
    } else {
      report(scope, slot.span) { .unknownSlot(slot.text, of: name, slots: slots, at: $0) }
    }
  }

  /// The level whose codes have as many digits as this code.
  private func industryLevel(of value: Expression) -> Level? {
    let code: String
    switch value.kind {
    case .number(_, let lexeme, nil): code = lexeme
    case .string(let segments):
      guard segments.count == 1, case .text(let text)? = segments.first else { return nil }
      code = text
    case .binary(.subtract, _, _, _): return .naics2
    case .list(let items): return items.first.flatMap { industryLevel(of: $0) }
    default: return nil
    }
    guard code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Level(industryDigits: code.utf8.count)
  }

  /// `employment(by:state, employment > 5000)`: a condition among the blanks.
  func conditionHelp(_ value: Expression, _ scope: Scope) -> String? {
    guard case .binary(let operation, let lhs, _, _) = value.kind, operation.isComparison else { return nil }
    let text = scope.source.slice(value.span)
    if case .name(let name) = lhs.kind, Level(word: name)?.dimension == .period {
      return "years are a range: `year:2010..2015`"
    }
    return "conditions stand behind the call: `| where \(text)`"
  }

  /// How a value that stands without a name was probably meant.
  func blank(for value: Expression, _ scope: Scope) -> String? {
    let text = scope.source.slice(value.span)
    switch value.kind {
    case .name(let name):
      if let level = Level(word: name) ?? ForeignNames.levels[fold(name)] { return "by:\(level.rawValue)" }
      return blank(forMember: name)
    case .number(let number, _, nil): return (1900...2100).contains(number) ? "year:\(text)" : nil
    case .range: return "year:\(text)"
    case .string(let segments):
      guard segments.count == 1, case .text(let name)? = segments.first else { return nil }
      return blank(forMember: name)
    default: return nil
    }
  }

  private func blank(forMember name: String) -> String? {
    let places = Level.allCases.filter { $0.dimension == .region }
    if !catalog.find(name, levels: places, preferring: likelyCountries).isEmpty { return "in:\"\(name)\"" }
    let activity = Level.allCases.first { $0.dimension == .activity && !catalog.list($0).find(name).isEmpty }
    return activity.map { "\($0.rawValue):\"\(name)\"" }
  }

  /// Whether names follow the value of a blank without a list, `state:"Ohio", "Michigan"`, which is reported.
  func hasLooseMembers(_ arguments: [Argument], _ scope: Scope) -> Bool {
    for (index, argument) in arguments.enumerated().dropFirst() {
      let before = arguments[index - 1]
      guard argument.isPositional, case .string = argument.value.kind, let slot = before.slotName,
        case .string = before.value.kind, slot == "in" || Level(word: slot).map({ $0.dimension != .period }) ?? false
      else { continue }
      let loose = arguments[index...].prefix { following in
        if following.isPositional, case .string = following.value.kind { true } else { false }
      }
      let values = [before] + loose
      let list = "[" + values.map { scope.source.slice($0.value.span) }.joined(separator: ", ") + "]"
      let whole = TextSpan(before.value.span.start, values[values.count - 1].span.end)
      report(scope, argument.span) { .severalMembers(list, whole: whole, at: $0) }
      return true
    }
    return false
  }
}
