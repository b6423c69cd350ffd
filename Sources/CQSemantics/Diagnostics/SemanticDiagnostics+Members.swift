import CQCatalog
import CQSource

// MARK: - Errors about levels and their members (sorted alphabetically)

extension Diagnostic {
  /// - Parameters:
  ///   - isUnique: Whether the name of a member means it alone among those of its level.
  ///   - texts: What means one of the members alone where `text` stands, its name or its code.
  static func ambiguousMember(
    _ text: String, _ members: [Member], isUnique: (Member) -> Bool, texts: [String], at span: TextSpan
  ) -> Diagnostic {
    let isAbroad = Set(members.map(\.country)).count > 1
    let sharesLevel = Set(members.map(\.level)).count < members.count
    let shown = members.prefix(6).map { member in
      let country = isAbroad && !member.country.isEmpty ? ", \(member.country)" : ""
      return isUnique(member)
        ? "\(member.level.rawValue):\"\(member.name)\" (code \(member.code)\(country))"
        : "\(member.level.rawValue):\"\(member.code)\" (\(member.name)\(country))"
    }
    let arePlaces = members.allSatisfy { $0.level.dimension == .region }
    let rest = members.count - shown.count
    let more = rest > 0 ? "\n… \(rest) more, which `?\"\(text)\"` lists" : ""
    return Diagnostic(
      "E0304", "\"\(text)\" is the name of \(members.count) \(arePlaces ? "places" : "members")", at: span,
      helps: ["say which \(sharesLevel ? "one" : "level") you mean:\n" + shown.joined(separator: "\n") + more],
      fixes: texts.prefix(6).map { Fix(span: span, replacement: "\"\($0)\"", applicability: .maybe) })
  }

  static func codeNotInVintage(_ member: Member, vintage: Int, year: Int, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0306", "the code \(member.code) (\(member.name)) isn't in NAICS \(vintage), which the data of \(year) use",
      at: span, helps: ["choose a year whose data use another vintage of NAICS, or a cluster, which all vintages have"])
  }

  static func duplicateLevel(_ level: String, at span: TextSpan) -> Diagnostic {
    Diagnostic("E0312", "`\(level)` stands twice in `by:`", at: span)
  }

  static func emptyList(at span: TextSpan) -> Diagnostic {
    Diagnostic("E0305", "this list is empty", at: span, helps: ["name at least one member, or leave the slot out"])
  }

  static func interpolationInSlot(at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0303", "text with `{…}` can't name a member", at: span,
      helps: ["use a `let`, or a `$parameter`, which is checked as a value"])
  }

  static func levelAsValue(_ name: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0205", "`\(name)` is a level, not a value", at: span,
      helps: ["spread a measure over it: `by:\(name)`, or pick a member: `\(name):\"…\"`"])
  }

  static func needsQuotes(_ text: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0302", "put names in quotes: \"\(text)\"", at: span, fixes: [Fix(span: span, replacement: "\"\(text)\"")])
  }

  /// `save lq.csv`
  static func fileNameWithoutQuotes(_ path: String, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0302", "put file names in quotes: \"\(path)\"", at: span, fixes: [Fix(span: span, replacement: "\"\(path)\"")])
  }

  static func unknownLevel(_ name: String, suggestions: [String], at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0310", "there is no level `\(name)`", at: span,
      helps: name.hasPrefix("\"") || name.hasPrefix("'")
        ? ["levels stand without quotes" + (suggestions.first.map { ": `by:\($0)`" } ?? "")]
        : suggestions.prefix(1).map { "did you mean `\($0)`?" },
      notes: ["levels: \(Level.allCases.map(\.rawValue).joined(separator: ", "))"],
      fixes: suggestions.map { Fix(span: span, replacement: $0, applicability: .maybe) })
  }

  static func unknownMember(
    _ text: String, level: Level?, noun: String, suggestions: [Member], elsewhere: [Member], memberCount: Int?,
    separately: [String], at span: TextSpan
  ) -> Diagnostic {
    let kind = "no " + (level?.singular ?? noun)
    var helps: [String] = []
    if let best = suggestions.first { helps.append("did you mean \"\(best.name)\"?") }
    let listed = separately.isEmpty ? nil : "[" + separately.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    if let listed { helps = ["several go into a list: \(listed)"] }
    if let other = elsewhere.first {
      helps.append("it is a \(other.level.singular): write \(other.level.rawValue):\"\(other.name)\"")
    }
    var notes: [String] = []
    if let level, let memberCount { notes.append("`members(\(level.rawValue))` lists all \(memberCount)") }
    if level == nil, noun == "place" {
      notes.append("`members(state)`, `members(metro)` and `members(county)` list the places")
    } else if level == nil {
      notes.append("`members(cluster)`, `members(naics2)` and `members(naics4)` list activities")
    }
    return Diagnostic(
      "E0301", "\(kind) is called \"\(text)\"", at: span, helps: helps, notes: notes,
      fixes: listed.map { [Fix(span: span, replacement: $0)] }
        ?? suggestions.map { Fix(span: span, replacement: "\"\($0.name)\"", applicability: .maybe) })
  }

  /// `state:"Ohio" and "Michigan"`, `state:"Ohio", "Michigan"`
  static func severalMembers(_ list: String, whole: TextSpan, at span: TextSpan) -> Diagnostic {
    Diagnostic(
      "E0230", "several members go into a list", at: span, helps: ["write \(list)"],
      fixes: [Fix(span: whole, replacement: list)])
  }
}
