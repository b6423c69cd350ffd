import CQCatalog
import CQColumns

/// Names by which a member may be called; no two members of a level may share one.
struct MemberNames {
  private let level: String
  private var owners: [String: String] = [:]

  init(level: String) { self.level = level }

  /// Claims all names of a member and returns the aliases joined as the files hold them.
  mutating func claim(code: String, names: [String], aliases: [String]) throws(BundleError) -> String {
    var kept: [String] = []
    for (index, name) in (names + aliases).enumerated() where !name.isEmpty {
      try require(!name.contains(";"), "the name '\(name)' must not contain a semicolon")
      let owner = owners.updateValue(code, forKey: Self.folded(name))
      try require(owner == nil || owner == code, "\(level) \(owner ?? "") and \(code) are both called '\(name)'")
      // A spelling that differs only in case or accents is found anyway.
      if index >= names.count, owner == nil { kept.append(name) }
    }
    return kept.joined(separator: ";")
  }

  /// The form in which the engine compares names.
  static func folded(_ name: String) -> String { fold(name) }
}
