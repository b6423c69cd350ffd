/// A place or an activity that has a name.
package struct Member: Sendable, Hashable {
  package var level: Level
  /// Official code, unique within its level and country.
  package var code: String
  package var name: String
  /// Postal or ISO abbreviation, empty when there is none.
  package var abbreviation: String
  /// Further names, separated by `;`: most members are never asked for them.
  private var aliasText: String
  /// `US` for places, a country's own code for a country; the classification for activities that only one has (see
  /// ``Level/owner(of:)``), else empty.
  package var country: String
  /// Code of the member above it (`Ohio` → `US`, subcluster → cluster), empty at the top.
  package var parent: String
  /// `traded` or `local` for clusters, else empty.
  package var kind: String
  /// Codes of the states that a metro or an economic area touches.
  package var states: [String]
  /// Levels (``Level/placeBit``) at which one of this place's names is a name too.
  package var also: UInt8

  package init(
    level: Level, code: String, name: String, abbreviation: String = "", aliases: [String] = [], country: String = "",
    parent: String = "", kind: String = "", states: [String] = [], also: UInt8 = 0
  ) {
    self.level = level
    self.code = code
    self.name = name
    self.abbreviation = abbreviation
    aliasText = ""
    self.country = country
    self.parent = parent
    self.kind = kind
    self.states = states
    self.also = also
    for alias in aliases { addAlias(alias) }
  }

  init(
    level: Level, code: String, name: String, abbreviation: String = "", aliasText: String, country: String = "",
    parent: String = "", kind: String = "", states: [String] = [], also: UInt8 = 0
  ) {
    self.init(
      level: level, code: code, name: name, abbreviation: abbreviation, country: country, parent: parent, kind: kind,
      states: states, also: also)
    self.aliasText = aliasText
  }

  package var aliases: [String] { aliasText.parts(separatedBy: ";") }

  mutating func addAlias(_ alias: String) {
    // A title may have the separator in it; a comma compares alike.
    let name = alias.utf8.contains(UInt8(ascii: ";")) ? alias.parts(separatedBy: ";").joined(separator: ",") : alias
    aliasText = aliasText.isEmpty ? name : "\(aliasText);\(name)"
  }

  /// `country:US/state:53`: what two references to the same member share.
  package var key: MemberKey { MemberKey(level: level, country: country, code: code) }

  package static func == (lhs: Member, rhs: Member) -> Bool {
    lhs.code == rhs.code && lhs.level == rhs.level && lhs.country == rhs.country
  }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
