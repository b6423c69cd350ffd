internal import CQCatalog
internal import CQColumns
internal import CQSemantics

/// What `?"wage"` prints: everything whose name or description has the words, and the members that are called so.
struct HelpSearch {
  let texts: HelpTexts

  private struct Hit {
    var name: String
    var kind: String
    var note: String
    /// Found in the name itself.
    var isNamed: Bool
  }

  private static let memberLimit = 8

  func page(for text: String) -> HelpPage? {
    let words = fold(text).split(separator: " ").map(String.init)
    if words.isEmpty { return nil }
    // A place or an activity of just this name comes first.
    let exact = MemberHelp(catalog: texts.catalog).page(for: text)
    let hits = self.hits(words)
    let members = exact == nil ? self.members(text) : []
    if hits.isEmpty, members.isEmpty { return exact }
    var parts = exact.map { [$0.text] } ?? []
    if !hits.isEmpty { parts.append(lines(of: hits)) }
    if !members.isEmpty { parts.append(members.joined(separator: "\n")) }
    if exact == nil { parts.append("?name explains one of them") }
    return HelpPage(text: parts.joined(separator: "\n\n"), examples: exact?.examples ?? [])
  }

  private func lines(of hits: [Hit]) -> String {
    let width = min(28, hits.map(\.name.count).max() ?? 0)
    return hits.map { hit in
      let gap = String(repeating: " ", count: max(1, width - hit.name.count + 2))
      let kind = hit.kind + String(repeating: " ", count: max(1, 11 - hit.kind.count))
      return hit.name + gap + kind + hit.note
    }.joined(separator: "\n")
  }

  private func hits(_ words: [String]) -> [Hit] {
    var found: [Hit] = []
    func consider(_ name: String, _ kind: String, _ note: String, _ more: String = "") {
      let folded = fold(name)
      if words.allSatisfy({ folded.contains($0) }) {
        found.append(Hit(name: name, kind: kind, note: note, isNamed: true))
      } else if words.allSatisfy({ fold("\(name) \(note) \(more)").contains($0) }) {
        found.append(Hit(name: name, kind: kind, note: note, isNamed: false))
      }
    }
    for definition in texts.environment.definitions.sorted(by: { $0.name < $1.name }) {
      consider(
        definition.name, definition.isVerb ? "verb" : "indicator", definition.sentence,
        definition.documentation.filter { !$0.contains("example:") }.joined(separator: " "))
    }
    let catalog = texts.catalog
    for name in catalog.measureNames {
      guard let measure = catalog.measure(named: name) else { continue }
      let unit = measure.quantity.unitName
      consider(name, "measure", measure.label + (unit.isEmpty ? "" : ", \(unit)"))
    }
    for verb in VerbHelp.all { consider(verb.name, "verb", verb.sentence) }
    for function in FunctionHelp.all + FunctionHelp.files { consider(function.name, "function", function.sentence) }
    for dataset in catalog.datasets {
      consider(dataset.name, "dataset", "\(dataset.title), \(dataset.span)", dataset.source)
    }
    for table in catalog.tables { consider(table.name, "table", table.title, table.source) }
    return found.filter(\.isNamed) + found.filter { !$0.isNamed }
  }

  private func members(_ text: String) -> [String] {
    var found: [(member: Member, rank: Int)] = []
    for level in Level.allCases where level.dimension != .period {
      let list = texts.catalog.list(level)
      found += list.search.matches(text).filter { $0.rank < 4 }.map { (list.members[$0.position], $0.rank) }
    }
    let sorted = found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(
      \.element)
    let shown = sorted.prefix(Self.memberLimit).map { entry in
      "\(entry.member.level.rawValue):\"\(entry.member.name)\"   code \(entry.member.code)"
    }
    let more = found.count - shown.count
    return shown + (more > 0 ? ["… \(more) more members; Tab inside quotes finds them"] : [])
  }
}
