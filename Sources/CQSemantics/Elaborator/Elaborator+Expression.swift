import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  /// The typed form of `expression` at the coordinates of `context`; nil when a diagnostic was given.
  func expression(_ expression: Expression, _ scope: Scope, _ context: Context) -> TypedExpression? {
    let span = scope.callSite ?? expression.span
    switch expression.kind {
    case .number(let value, _, let unit):
      return TypedExpression(.number(value), .number(unit.map { .money(currency: $0) } ?? .ratio), span)
    case .percent(let value, _): return TypedExpression(.number(value), .number(.percent), span)
    case .string(let segments):
      guard let text = plainText(segments, at: span) else { return nil }
      return TypedExpression(.text(text), .text, span)
    case .truth(let value): return TypedExpression(.truth(value), .truth, span)
    case .missing: return TypedExpression(.absent(.missing), .number(.ratio), span)
    case .withheld: return TypedExpression(.absent(.withheld), .number(.ratio), span)
    case .host(let name): return host(name, at: span)
    case .name(let name): return self.name(name, at: expression.span, scope, context)
    case .call(let callee, let arguments): return call(callee, arguments, at: expression.span, scope, context)
    case .group(let query): return group(query, scope, context)
    case .negate(let operand):
      guard let typed = number(operand, scope, context) else { return nil }
      if case .number(let value) = typed.kind { return TypedExpression(.number(-value), typed.type, span) }
      return TypedExpression(.negate(typed), typed.type, span)
    case .not(let operand):
      guard let typed = condition(operand, scope, context) else { return nil }
      return TypedExpression(.not(typed), .truth, span)
    case .binary(let operation, let lhs, let rhs, let place):
      return binary(operation, lhs, rhs, operatorSpan: place, at: span, scope, context)
    case .coalesce(let lhs, let rhs): return coalesce(lhs, rhs, at: span, scope, context)
    case .contains(let value, let negated, let list): return contains(value, negated, list, at: span, scope, context)
    case .isState(let value, let negated, let test):
      guard let typed = self.expression(value, scope, context) else { return nil }
      let state: CellState =
        switch test {
        case .withheld: .withheld
        case .missing: .missing
        case .estimated: .estimated
        case .known: .known
        }
      let isState = TypedExpression(.isState(typed, state), .truth, span)
      return negated ? TypedExpression(.not(isState), .truth, span) : isState
    case .conditional(let test, let then, let otherwise):
      let typedTest = condition(test, scope, context)
      // A choice by a word is made now, so that only one of the two is computed.
      if let truth = typedTest?.constantTruth { return self.expression(truth ? then : otherwise, scope, context) }
      let typedThen = self.expression(then, scope, context)
      let typedOtherwise = self.expression(otherwise, scope, context)
      guard let typedTest, let typedThen, let typedOtherwise else { return nil }
      guard sameKind(typedThen, typedOtherwise, scope) else { return nil }
      return TypedExpression(
        .conditional(typedTest, typedThen, typedOtherwise), commonType(typedThen, typedOtherwise), span)
    case .period(let text):
      report(scope, expression.span) { .noSuchPeriod(text, at: $0) }
      return nil
    case .access(let value, let part): return access(value, part, scope, context)
    case .range, .list, .all, .lastResult:
      report(scope, expression.span) { .notAValue(phrase(expression), at: $0) }
      return nil
    case .unreadable: return nil
    }
  }

  /// As ``expression(_:_:_:)``, and it must be a number (or a period).
  func number(_ expression: Expression, _ scope: Scope, _ context: Context) -> TypedExpression? {
    if isOnTrust(expression, scope) { return TypedExpression(.number(1), .number(.ratio), expression.span) }
    guard let typed = self.expression(expression, scope, context) else { return nil }
    switch typed.type {
    case .number, .period: return typed
    default:
      report(scope, expression.span) { place in
        // `employment > "1000"`
        let plain: String? =
          if case .string(let segments) = expression.kind, segments.count == 1, case .text(let text)? = segments.first,
            Self.number(text[...]) != nil
          { text } else { nil }
        return .wrongKind(
          "a number", found: typed.type.phrase, at: place,
          fix: plain.map { Diagnostic.Fix(span: place, replacement: $0) })
      }
      return nil
    }
  }

  /// As ``expression(_:_:_:)``, and it must be true or false.
  func condition(_ expression: Expression, _ scope: Scope, _ context: Context) -> TypedExpression? {
    guard let typed = self.expression(expression, scope, context) else { return nil }
    guard typed.type == .truth else {
      report(scope, expression.span) { .wrongKind("a condition such as `lq >= 1.2`", found: typed.type.phrase, at: $0) }
      return nil
    }
    return typed
  }

  private func group(_ query: Query, _ scope: Scope, _ context: Context) -> TypedExpression? {
    guard query.stages.isEmpty else {
      report(scope, query.span) { .notAValue("a table", at: $0) }
      return nil
    }
    return expression(query.source, scope, context)
  }

  private func binary(
    _ operation: BinaryOperator, _ lhs: Expression, _ rhs: Expression, operatorSpan: TextSpan, at span: TextSpan,
    _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    if operation == .and || operation == .or {
      let (left, right) = (condition(lhs, scope, context), condition(rhs, scope, context))
      guard let left, let right else { return nil }
      return TypedExpression(operation == .and ? .both(left, right) : .either(left, right), .truth, span)
    }
    if operation.isComparison { return comparison(operation, lhs, rhs, at: span, scope, context) }
    let (left, right) = (number(lhs, scope, context), number(rhs, scope, context))
    guard let left, let right else { return nil }
    let literals = [left, right].compactMap(\.literal)
    do throws(KindClash) {
      let type = try ValueType.arithmetic(
        operation, left.type, right.type, constantOne: literals.contains(1), plain: !literals.isEmpty)
      let isPremium = operation == .subtract && right.literal == 1 && left.isQuotientOfLikes
      return TypedExpression(.arithmetic(operation, left, right), isPremium ? .number(.percent) : type, span)
    } catch {
      // As they stand in the text of the definition: where it is called they may be one argument each.
      let texts = (scope.source.slice(lhs.span), scope.source.slice(rhs.span))
      let place = scope.callSite == nil ? operatorSpan.union(span) : lhs.span.union(rhs.span)
      report(scope, place) { .kindClash(error, operation, left, right, texts, at: $0) }
      return nil
    }
  }

  private func comparison(
    _ operation: BinaryOperator, _ lhs: Expression, _ rhs: Expression, at span: TextSpan, _ scope: Scope,
    _ context: Context
  ) -> TypedExpression? {
    if operation == .equal || operation == .notEqual, let state = writtenState(rhs) ?? writtenState(lhs) {
      let value = writtenState(rhs) == nil ? rhs : lhs
      report(scope, (writtenState(rhs) == nil ? lhs : rhs).span) {
        .comparedWithState(
          state, negated: operation == .notEqual, value: scope.source.slice(value.span), whole: span, at: $0)
      }
      return nil
    }
    guard let left = expression(lhs, scope, context) else {
      _ = expression(rhs, scope, context)
      return nil
    }
    if isOnTrust(lhs, scope) || isOnTrust(rhs, scope) {
      guard let right = expression(rhs, scope, context) else { return nil }
      return TypedExpression(.compare(operation, left, right), .truth, span)
    }
    if case .member(let level) = left.type {
      return memberComparison(operation, left, level, rhs, at: span, scope, context)
    }
    guard let right = expression(rhs, scope, context) else { return nil }
    if case .member(let level) = right.type, case .text = left.kind {
      return memberComparison(operation, right, level, lhs, at: span, scope, context)
    }
    switch (left.type, right.type) {
    case (.number(let one), .number(let other)):
      if mixesPercent(left, lhs, right, rhs, scope) || mixesPercent(right, rhs, left, lhs, scope) { return nil }
      if one != .percent, one != .ratio, other == .percent, right.literal != nil {
        report(scope, rhs.span) { .wrongKind("a number of \(one.unitName)", found: "a percent", at: $0) }
        return nil
      }
      if case .money(let a) = one, case .money(let b) = other, a != b {
        let texts = (scope.source.slice(lhs.span), scope.source.slice(rhs.span))
        report(scope, span) { .kindClash(.currencies(a, b), operation, left, right, texts, at: $0) }
        return nil
      }
      return TypedExpression(.compare(operation, left, right), .truth, span)
    case (.number, .period), (.period, .number), (.period, .period), (.text, .text):
      if left.type == .text {
        if case .column = left.kind, case .column = right.kind, right.type == .text {
          return columnComparison(operation, left, right, at: span, scope)
        }
        guard case .text(let text) = right.kind, operation == .equal || operation == .notEqual else {
          report(scope, span) { .wrongKind("a number", found: "text", at: $0) }
          return nil
        }
        if let same = comparedTexts(operation, left, right) { return TypedExpression(.truth(same), .truth, span) }
        checkValues([text], of: left, at: rhs.span, scope, context)
        let test = TypedExpression(.isText(left, [text]), .truth, span)
        return operation == .equal ? test : TypedExpression(.not(test), .truth, span)
      }
      return TypedExpression(.compare(operation, left, right), .truth, span)
    default:
      let fix = unquoted(right, rhs)
      report(scope, rhs.span) { .wrongKind(left.type.phrase, found: right.type.phrase, at: $0, fix: fix) }
      return nil
    }
  }

  /// `missing` or `withheld` written out.
  private func writtenState(_ expression: Expression) -> String? {
    switch expression.kind {
    case .missing: "missing"
    case .withheld: "withheld"
    default: nil
    }
  }

  /// A number in quotation marks, without them.
  private func unquoted(_ typed: TypedExpression, _ expression: Expression) -> Diagnostic.Fix? {
    guard case .text(let text) = typed.kind, case .string = expression.kind, let value = Double(text), value.isFinite
    else { return nil }
    return Diagnostic.Fix(span: expression.span, replacement: text)
  }

  /// Whether a percent is compared with a plain number other than 0; reports it.
  private func mixesPercent(
    _ percent: TypedExpression, _ percentSource: Expression, _ plain: TypedExpression, _ plainSource: Expression,
    _ scope: Scope
  ) -> Bool {
    guard percent.type == .number(.percent), plain.type != .number(.percent), let literal = plain.literal, literal != 0
    else { return false }
    let text = scope.source.slice(percentSource.span)
    let place = scope.callSite == nil ? percent.span : nil
    report(scope, plainSource.span) { .percentComparedToNumber(lhs: text, place, literal, at: $0) }
    return true
  }

  /// Two columns of names: the same or not.
  private func columnComparison(
    _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, at span: TextSpan, _ scope: Scope
  ) -> TypedExpression? {
    guard operation == .equal || operation == .notEqual else {
      report(scope, span) { .namesInOrder(at: $0) }
      return nil
    }
    return TypedExpression(.compare(operation, left, right), .truth, span)
  }

  /// `state == "Ohio"`: the text is a member of the column's level, checked now. `cluster != related_cluster`: two columns of one level.
  private func memberComparison(
    _ operation: BinaryOperator, _ left: TypedExpression, _ level: Level, _ rhs: Expression, at span: TextSpan,
    _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    let (other, outer) = given(rhs, scope)
    if case .name(let name) = other.kind, outer.seesColumns, context.frame.visible.column(named: name) != nil {
      guard let right = expression(other, outer, context) else { return nil }
      if right.type == left.type { return columnComparison(operation, left, right, at: span, scope) }
      report(scope, rhs.span) { .wrongKind(left.type.phrase, found: right.type.phrase, at: $0) }
      return nil
    }
    guard operation == .equal || operation == .notEqual, case .column(let column) = left.kind else {
      report(scope, span) { .wrongKind("a number", found: ValueType.member(level).phrase, at: $0) }
      return nil
    }
    guard let members = members(rhs, level: level, scope) else { return nil }
    let test = TypedExpression(.isMember(column: column, members: members), .truth, span)
    return operation == .equal ? test : TypedExpression(.not(test), .truth, span)
  }

  private func contains(
    _ value: Expression, _ negated: Bool, _ list: Expression, at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    guard let left = expression(value, scope, context) else { return nil }
    var test: TypedExpression
    switch left.type {
    case .member(let level):
      guard case .column(let column) = left.kind, let members = members(list, level: level, scope) else { return nil }
      test = TypedExpression(.isMember(column: column, members: members), .truth, span)
    case .text:
      guard let texts = texts(list, scope) else { return nil }
      if case .text(let text) = left.kind {
        let isIn = texts.contains { fold($0) == fold(text) }
        return TypedExpression(.truth(isIn != negated), .truth, span)
      }
      checkValues(texts, of: left, at: list.span, scope, context)
      test = TypedExpression(.isText(left, texts), .truth, span)
    default:
      guard case .range(let first?, let last?) = list.kind, let (low, high) = bounds(list, scope, context) else {
        if case .range(.some, .some) = list.kind { return nil }
        report(scope, list.span) { .wrongKind("a range such as 2003..2011", found: phrase(list), at: $0) }
        return nil
      }
      if mixesPercent(left, value, low, first, scope) { return nil }
      if mixesPercent(left, value, high, last, scope) { return nil }
      test = TypedExpression(
        .both(
          TypedExpression(.compare(.greaterOrEqual, left, low), .truth, span),
          TypedExpression(.compare(.lessOrEqual, left, high), .truth, span)), .truth, span)
    }
    if negated { test = TypedExpression(.not(test), .truth, span) }
    return test
  }

  /// The two ends of `2003..2011` after `in`.
  private func bounds(
    _ expression: Expression, _ scope: Scope, _ context: Context
  ) -> (TypedExpression, TypedExpression)? {
    guard case .range(let low?, let high?) = expression.kind else { return nil }
    guard let first = number(low, scope, context), let last = number(high, scope, context) else { return nil }
    return (first, last)
  }

  private func coalesce(
    _ lhs: Expression, _ rhs: Expression, at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    // `$region ?? "Ohio"`: the default of a host value that was not given.
    if case .host(let name) = lhs.kind {
      let isGiven = parameters?[name] != nil
      return expression(isGiven ? lhs : rhs, scope, context)
    }
    let (left, right) = (expression(lhs, scope, context), expression(rhs, scope, context))
    guard let left, let right, sameKind(left, right, scope) else { return nil }
    return TypedExpression(.coalesce(left, right), commonType(left, right), span)
  }

  /// A number written out takes the kind of the other branch; two whole ones count something (`if lq > 1 then 1 else 0`).
  private func commonType(_ one: TypedExpression, _ other: TypedExpression) -> ValueType {
    if one.isAbsent { return other.type }
    if other.isAbsent { return one.type }
    switch (one.plainLiteral, other.plainLiteral) {
    case (let first?, let second?) where first == first.rounded() && second == second.rounded():
      return .number(.count(unit: ""))
    case (.some, nil): return other.type
    default: return one.type
    }
  }

  /// Whether both branches of a choice are of one kind; reports when not.
  private func sameKind(_ one: TypedExpression, _ other: TypedExpression, _ scope: Scope) -> Bool {
    // `missing` and `withheld` are of every kind.
    if one.isAbsent || other.isAbsent { return true }
    // A text of which nothing is known yet may turn out to be a number.
    if parameters == nil, [one, other].contains(where: { if case .text("") = $0.kind { true } else { false } }) {
      return true
    }
    switch (one.type, other.type) {
    case (.number, .number), (.number, .period), (.period, .number): return true
    case (let a, let b) where a == b: return true
    default:
      report(scope, other.span) { .wrongKind(one.type.phrase, found: other.type.phrase, at: $0) }
      return false
    }
  }

  /// Whether `expression` is a host value of which nothing is known yet, because the program is only checked.
  func isOnTrust(_ expression: Expression, _ scope: Scope) -> Bool {
    guard parameters == nil else { return false }
    switch expression.kind {
    case .host: return true
    case .coalesce(let lhs, _): return isOnTrust(lhs, scope)
    default: return dereference(expression, scope).map { isOnTrust($0, $1) } ?? false
    }
  }

  func host(_ name: String, at span: TextSpan) -> TypedExpression? {
    guard let parameters else { return TypedExpression(.text(""), .text, span) }
    switch parameters[name] {
    case .text(let text):
      if text.last == "%", let value = Self.number(text.dropLast()) {
        return TypedExpression(.number(value / 100), .number(.percent), span)
      }
      if let value = Self.number(text[...]) { return TypedExpression(.number(value), .number(.ratio), span) }
      return TypedExpression(.text(text), .text, span)
    case .number(let value): return TypedExpression(.number(value), .number(.ratio), span)
    case .list:
      report(.notAValue("a list", at: span))
      return nil
    case nil:
      report(.missingParameter(name, at: span))
      return nil
    }
  }

  /// A number written in digits; `nan`, `inf` and hexadecimal are text.
  private static func number(_ text: Substring) -> Double? {
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isPlain, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  func plainText(_ segments: [Expression.Segment], at span: TextSpan) -> String? {
    var text = ""
    for segment in segments {
      switch segment {
      case .text(let part): text += part
      case .interpolation:
        report(.interpolationInSlot(at: span))
        return nil
      }
    }
    return text
  }

  /// How an expression is called in messages.
  func phrase(_ expression: Expression) -> String {
    switch expression.kind {
    case .range: "a range"
    case .list: "a list"
    case .all: "`all`"
    case .lastResult: "the last result"
    case .string: "text"
    case .number: "a number"
    case .negate(let operand): phrase(operand)
    case .percent: "a percent"
    case .period: "a period"
    case .truth: "true or false"
    case .missing: "`missing`"
    case .withheld: "`withheld`"
    case .name(let name): "`\(name)`"
    default: "a calculation"
    }
  }
}

extension TypedExpression {
  /// The value of a number written out.
  var literal: Double? {
    if case .number(let value) = kind { return value }
    return nil
  }
}

extension TypedExpression {
  fileprivate var isAbsent: Bool { if case .absent = kind { true } else { false } }
  /// A number written out without a unit.
  fileprivate var plainLiteral: Double? { type == .number(.ratio) ? literal : nil }
}

extension TypedExpression {
  /// `wage / wage(activity:all)`: less 1, it is a premium or a rate of growth, which is a percent.
  fileprivate var isQuotientOfLikes: Bool {
    guard type == .number(.ratio), case .arithmetic(.divide, let lhs, let rhs) = kind, lhs.type == rhs.type else {
      return false
    }
    switch lhs.type {
    case .number(.money), .number(.count): return lhs.literal == nil && rhs.literal == nil
    default: return false
    }
  }
}
