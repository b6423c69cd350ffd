/// What two references to the same member share.
package struct MemberKey: Sendable, Hashable {
  package var level: Level
  /// Country of a place; classification of an activity that no other classification has; else empty.
  package var country: String
  package var code: String

  package init(level: Level, country: String, code: String) {
    self.level = level
    self.country = country
    self.code = code
  }
}

extension Level {
  /// To which classification a code of `scheme` at this level belongs; empty where all classifications agree on codes.
  ///
  /// NAICS and SCIAN are the same down to five digits; their sixth digit is national. Lines of a source's own and
  /// products belong to their list.
  package func owner(of scheme: String) -> String {
    switch self {
    case .industry: scheme
    case .naics6: scheme == "scian" ? scheme : ""
    default: ""
    }
  }
}
