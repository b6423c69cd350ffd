import CQCatalog
import CQColumns
import CQMethods
import CQSource
import CQSyntax

// Definitions that are tables, words for parameters of texts, and what is known of a condition before anything runs.

extension Elaborator {
  // MARK: - Tables

  /// Whether the body of a definition is a table, and not a measure: it has stages, or says what its rows are.
  func isTable(_ definition: Definition) -> Bool {
    guard case .query(let body) = definition.statement.body else { return false }
    if !body.stages.isEmpty { return true }
    switch body.source.kind {
    case .call(let callee, let arguments):
      if case .name(let name) = callee.kind, ["table", "open"].contains(fold(name)) { return true }
      return arguments.contains { $0.slotName == "by" }
    case .name(let name):
      return definition.statement.parameters.allSatisfy { fold($0.name.text) != fold(name) }
        && definition.environment.definition(name) == nil && catalog.measure(named: name) == nil
        && catalog.plainTable(named: name) != nil
    default: return false
    }
  }

  /// The body of a definition that is a table, with the scope that its parameters are bound in.
  ///
  /// - Returns: nil when `source` is no use of one; a body of nil when a diagnostic was given.
  func tableBody(_ source: Expression, _ scope: Scope) -> (body: Query?, scope: Scope)? {
    let name: String
    var arguments: [Argument] = []
    switch source.kind {
    case .name(let called): name = called
    case .call(let callee, let given):
      guard case .name(let called) = callee.kind else { return nil }
      (name, arguments) = (called, given)
    default: return nil
    }
    guard scope.parameter(name) == nil, scope.environment.binding(name) == nil,
      let definition = scope.environment.definition(name), isTable(definition),
      case .query(let body) = definition.statement.body
    else { return nil }
    let slots = definition.statement.parameters.map(\.name.text)
    let own = slots.map(fold)
    for (position, argument) in arguments.enumerated() {
      guard case .slot(let slot) = argument.label, !own.contains(fold(slot.text)) else { continue }
      report(scope, slot.span) {
        var diagnostic = Diagnostic.unknownSlot(slot.text, of: definition.statement.name.text, slots: slots, at: $0)
        // `related_to(cluster:"Aerospace")` means `related_to("Aerospace")`.
        let place = arguments.first { $0.slotName == "in" || Level(word: $0.slotName ?? "")?.dimension == .region }
        if let first = slots.first, first == "place", let place {
          let value = scope.source.slice(place.value.span)
          let name = definition.statement.name.text
          diagnostic.helps = ["its rows are given; it takes the place alone: \(name)(\(value))"]
          let span = TextSpan(arguments[0].span.start, arguments[arguments.count - 1].span.end)
          diagnostic.fixes = [Diagnostic.Fix(span: span, replacement: value, applicability: .maybe)]
        } else if let first = slots.first, position == 0, diagnostic.fixes.isEmpty {
          let value = scope.source.slice(argument.value.span)
          diagnostic.helps.append(
            "the first blank, `\(first)`, needs no name: \(definition.statement.name.text)(\(value))")
          diagnostic.fixes = [Diagnostic.Fix(span: argument.span, replacement: value, applicability: .maybe)]
        }
        return diagnostic
      }
      return (nil, scope)
    }
    let context = Context(frame: FrameBuilder(area: sessionArea))
    guard let (inner, _) = bind(definition, arguments, at: source.span, scope, context) else { return (nil, scope) }
    return (body, inner)
  }

  // MARK: - Words

  /// `method:symmetric` for a parameter of kind text: a word that nothing else is called is the text.
  func asText(_ value: Expression, _ scope: Scope) -> Expression {
    guard case .name(let name) = value.kind, scope.parameter(name) == nil, scope.environment.binding(name) == nil else {
      return value
    }
    return Expression(kind: .string([.text(name)]), span: value.span)
  }

  /// Whether what is written for a parameter may be of the kind of its default; reports when not. What has to be computed first is
  /// judged where it is used.
  func checkKind(_ value: Expression, for parameter: DefStatement.Parameter, _ scope: Scope) -> Bool {
    guard let usual = parameter.defaultValue else { return true }
    let (written, outer) = given(value, scope)
    let isText = parameter.kind?.text == "text"
    let expected: String
    switch usual.kind {
    case _ where isText: expected = "text in quotes"
    case .truth: expected = "true or false"
    case .percent: expected = "a percent"
    case .number, .negate: expected = "a number"
    case .name(let name) where catalog.measure(named: fold(name)) != nil: expected = "a number"
    default: return true
    }
    let fits: Bool
    switch written.kind {
    case .string: fits = isText
    case .truth: fits = expected == "true or false"
    case .number, .percent: fits = expected == "a number" || expected == "a percent"
    case .negate(let operand):
      guard case .number = operand.kind else { return true }
      fits = expected == "a number" || expected == "a percent"
    case .list, .range, .all, .period: fits = false
    default: fits = true
    }
    if fits { return true }
    report(outer, written.span) { .wrongKind(expected, found: phrase(written), at: $0) }
    return false
  }

  /// Whether a text parameter was given one of the words that the body tells apart; reports when not.
  func checkWord(
    _ value: Expression, for parameter: DefStatement.Parameter, of definition: Definition, _ scope: Scope
  ) -> Bool {
    guard case .string(let segments) = value.kind, segments.count == 1, case .text(let text) = segments[0],
      case .query(let body) = definition.statement.body
    else { return true }
    var words = WordsOfParameter(name: fold(parameter.name.text))
    words.read(body.source)
    guard !words.isHandedOn, !words.found.isEmpty else { return true }
    var known = words.found
    if case .string(let segments)? = parameter.defaultValue?.kind, segments.count == 1,
      case .text(let text) = segments[0], !text.isEmpty, !known.contains(text)
    {
      known.insert(text, at: 0)
    }
    if text.isEmpty || known.contains(where: { fold($0) == fold(text) }) { return true }
    report(scope, value.span) { .unknownOptionText(text, of: parameter.name.text, known: known, at: $0) }
    return false
  }

  /// `kind == "log"`: whether two texts that are written out are the same.
  func comparedTexts(_ operation: BinaryOperator, _ lhs: TypedExpression, _ rhs: TypedExpression) -> Bool? {
    guard case .text(let one) = lhs.kind, case .text(let other) = rhs.kind else { return nil }
    switch operation {
    case .equal: return fold(one) == fold(other)
    case .notEqual: return fold(one) != fold(other)
    default: return nil
    }
  }
}

extension TypedExpression {
  /// The truth of a condition that does not depend on any number.
  var constantTruth: Bool? {
    switch kind {
    case .truth(let value): value
    case .not(let operand): operand.constantTruth.map { !$0 }
    case .both(let lhs, let rhs):
      switch (lhs.constantTruth, rhs.constantTruth) {
      case (false, _), (_, false): false
      case (true, true): true
      default: nil
      }
    case .either(let lhs, let rhs):
      switch (lhs.constantTruth, rhs.constantTruth) {
      case (true, _), (_, true): true
      case (false, false): false
      default: nil
      }
    default: nil
    }
  }
}

/// The texts that a body compares a parameter with.
private struct WordsOfParameter {
  /// Folded.
  let name: String
  var found: [String] = []
  /// The parameter also stands where its words can't be seen from here: as the argument of another definition.
  var isHandedOn = false

  mutating func read(_ expression: Expression) {
    switch expression.kind {
    case .name(let other): if fold(other) == name { isHandedOn = true }
    case .binary(let operation, let lhs, let rhs, _):
      if operation == .equal || operation == .notEqual, isParameter(lhs), let text = text(rhs) {
        note(text)
      } else {
        read(lhs)
        read(rhs)
      }
    case .contains(let value, _, let list):
      if isParameter(value), case .list(let items) = list.kind {
        for item in items { if let text = text(item) { note(text) } }
      } else {
        read(value)
        read(list)
      }
    case .conditional(let condition, let then, let otherwise): for part in [condition, then, otherwise] { read(part) }
    case .call(_, let arguments): for argument in arguments { read(argument.value) }
    case .group(let query): read(query.source)
    case .access(let value, _), .negate(let value), .not(let value), .isState(let value, _, _): read(value)
    case .coalesce(let lhs, let rhs):
      read(lhs)
      read(rhs)
    case .list(let items): for item in items { read(item) }
    default: break
    }
  }

  private func isParameter(_ expression: Expression) -> Bool {
    if case .name(let other) = expression.kind { return fold(other) == name }
    return false
  }

  private func text(_ expression: Expression) -> String? {
    guard case .string(let segments) = expression.kind, segments.count == 1, case .text(let text) = segments[0] else {
      return nil
    }
    return text
  }

  private mutating func note(_ text: String) { if !found.contains(text) { found.append(text) } }
}
