internal import CQCatalog
internal import CQSemantics

/// What `?Ohio` prints: every member of that name, what it lies in, and where there are numbers of it.
struct MemberHelp {
  let catalog: Catalog

  func page(for name: String) -> HelpPage? {
    let members = Level.allCases.flatMap { catalog.list($0).find(name) }
    guard let first = members.first else { return nil }
    let texts = members.prefix(Self.limit).map { text($0) }
    let more = members.count > Self.limit ? ["… \(members.count - Self.limit) more of this name"] : []
    let examples =
      first.level.dimension == .region
      ? ["employment(by:cluster, \(slot(of: first))) | top 5"] : ["lq(by:state, \(slot(of: first))) | top 5"]
    let isAnswered = !datasets(of: first, measure: "employment").isEmpty
    let all = (texts + more).joined(separator: "\n\n")
    return isAnswered ? HelpTexts.page(all, examples) : HelpPage(text: all, examples: [])
  }

  /// More than this many members of one name are counted.
  private static let limit = 6

  /// The shortest blank that means this member and nothing else.
  private func slot(of member: Member) -> String {
    if member.level.dimension == .region {
      let places = Level.allCases.filter { $0.dimension == .region }
      if catalog.find(member.name, levels: places) == [member] { return "in:\"\(member.name)\"" }
    }
    return "\(member.level.rawValue):\"\(isUnique(member) ? member.name : member.code)\""
  }

  private func isUnique(_ member: Member) -> Bool {
    catalog.find(member.name, levels: [member.level]) == [member]
  }

  private func text(_ member: Member) -> String {
    var lines = ["\(member.name)  \(member.level.singular), code \(member.code)"]
    func add(_ label: String, _ text: String) {
      if !text.isEmpty { lines.append("  " + label + String(repeating: " ", count: max(1, 10 - label.count)) + text) }
    }
    let own = "\(member.level.rawValue):\"\(isUnique(member) ? member.name : member.code)\""
    add("write", slot(of: member) + (member.level == .country || slot(of: member) == own ? "" : " or \(own)"))
    add("also", ([member.abbreviation] + member.aliases).filter { !$0.isEmpty }.prefix(5).joined(separator: "; "))
    add("kind", member.kind)
    add("within", parents(of: member).joined(separator: ", "))
    let datasets = datasets(of: member, measure: nil)
    let more = datasets.count > 6 ? ", … \(datasets.count - 6) more" : ""
    add("data", datasets.prefix(6).map(\.name).joined(separator: ", ") + more)
    return lines.joined(separator: "\n")
  }

  private func parents(of member: Member) -> [String] {
    let above: [Level] = member.level.dimension == .region ? [.state, .country] : Level.activities
    if !member.states.isEmpty {
      return member.states.compactMap { catalog.list(.state).member(code: $0, country: member.country)?.name }
    }
    guard !member.parent.isEmpty else { return [] }
    for level in above where level != member.level {
      for owner in [member.country, member.parent, ""] {
        if let parent = catalog.list(level).member(code: member.parent, country: owner) { return [parent.name] }
      }
    }
    return []
  }

  private func datasets(of member: Member, measure: String?) -> [Dataset] {
    catalog.datasets.filter { dataset in
      let isAsked = measure.map { dataset.publishes($0) } ?? true
      guard isAsked else { return false }
      return member.level.dimension == .region
        ? dataset.regionLevels.contains(member.level) && dataset.answers(member.country)
        : dataset.activityLevels.contains(member.level)
    }
  }
}
