import CQCatalog
import CQColumns
import CQSource
import CQSyntax

/// What only saved scripts are asked for, and warnings.
extension Elaborator {
  /// Reports the slots that `source` leaves to defaults, with a fix that writes what they are today.
  func demandSlots(of source: Expression, _ builder: FrameBuilder, _ frame: Frame) {
    let defaults: [(slot: String, value: String)] = [
      ("in", "\"\(frame.area.name)\""), ("year", yearsChosen(builder, frame)), ("data", dataChosen(frame)),
    ]
    let open = defaults.filter { slot, _ in
      let isOpen = builder.filledSlots[slot] == nil
      // Datasets that share no year are each taken at their latest, which no one year could say.
      return slot == "year" ? isOpen && builder.usesYearOfTable && frame.years.allSatisfy { $0 > 0 } : isOpen
    }
    if open.isEmpty { return }
    let chosen = open.map { "\($0.slot):\($0.value)" }.joined(separator: ", ")
    let (place, fix) = insertion(of: chosen, into: source)
    let diagnostic = Diagnostic.slotsLeftOpen(open.map(\.slot), chosen: chosen, at: place, fix: fix)
    // No mistake of the query's: what uses its table is still asked the same. A table that a `let` names may be used
    // several times.
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  private func dataChosen(_ frame: Frame) -> String {
    frame.datasets.count == 1 ? frame.dataset.name : "[\(frame.datasetNames)]"
  }

  private func yearsChosen(_ builder: FrameBuilder, _ frame: Frame) -> String {
    let years = builder.hasPeriodRows ? frame.years : builder.defaultRangeUse == nil ? [] : Array(frame.range)
    guard let first = years.first, let last = years.last, first < last else {
      return "\(frame.years.last ?? frame.range.upperBound)"
    }
    return "\(first)..\(last)"
  }

  /// Where the mistake is shown, and the edit that puts `slots` into `source`.
  private func insertion(of slots: String, into source: Expression) -> (TextSpan, Diagnostic.Fix) {
    switch source.kind {
    case .call(let callee, let arguments):
      let offset = arguments.last?.span.end ?? source.span.end - 1
      let text = arguments.isEmpty ? slots : ", " + slots
      return (callee.span, Diagnostic.Fix(span: TextSpan(offset, offset), replacement: text))
    case .name:
      let end = TextSpan(source.span.end, source.span.end)
      return (source.span, Diagnostic.Fix(span: end, replacement: "(\(slots))"))
    default:
      let text = "table(value = \(self.source.slice(source.span)), \(slots))"
      return (source.span, Diagnostic.Fix(span: source.span, replacement: text))
    }
  }

  /// A verb of the user's may have the name of a built-in one: scripts go on working when cq learns new verbs.
  func warnOfShadowing(_ definition: DefStatement) {
    guard case .fragment = definition.body, (Self.verbs + Self.laterVerbs).contains(fold(definition.name.text))
    else { return }
    report(.shadowedVerb(definition.name.text, at: definition.name.span))
  }
}
