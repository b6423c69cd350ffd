import CQColumns

/// Which activities of a classification the values of a column name.
struct ActivityMatching {
  let catalog: Catalog
  /// `naics`, `scian`, `hs`, `cluster`.
  let scheme: String
  /// nil for any.
  let level: Level?
  private let levels: [Level]

  init(catalog: Catalog, scheme: String, level: Level?) {
    self.catalog = catalog
    self.scheme = scheme
    self.level = level
    levels = level.map { [$0] } ?? Self.levels(of: scheme)
  }

  /// The classifications that have codes at `level`, the likeliest first.
  static func schemes(with level: Level?, country: String?) -> [String] {
    switch level {
    case .naics2, .naics3, .naics4, .naics5, .naics6: country == "MX" ? ["scian", "naics"] : ["naics", "scian"]
    case .product, .productGroup: ["hs"]
    case .cluster: ["cluster"]
    case nil: country == "MX" ? ["scian", "naics", "cluster", "hs"] : ["naics", "cluster", "hs", "scian"]
    default: []
    }
  }

  private static func levels(of scheme: String) -> [Level] {
    switch scheme {
    case "cluster": [.cluster]
    case "hs": [.productGroup, .product]
    default: [.naics2, .naics3, .naics4, .naics5, .naics6]
    }
  }

  private static let totals: Set<String> = [
    "00", "0", "total", "all", "all industries", "total all industries", "all activities", "all clusters",
    "all products", "todas las actividades", "total general",
  ]

  /// The code in `tree` that `text` means; nil when it has none.
  ///
  /// Understood are codes with fill characters behind them (`3364//`, `31----`), 31, 32 or 33 for the sector 31-33, and
  /// official titles and aliases.
  func code(_ text: String, in tree: ActivityTree) -> String? {
    var text = text.trimmed
    // Nothing but fill characters is the total of County Business Patterns, 10 that of the quarterly census.
    if !text.isEmpty, text.utf8.allSatisfy({ $0 == 0x2D }) || (text == "10" && scheme == "naics") {
      return ActivityTree.rootCode
    }
    while let last = text.utf8.last, last == 0x2F || (last == 0x2D && text.utf8.count > 2) { text.removeLast() }
    if text.isEmpty || Self.totals.contains(fold(text)) { return text.isEmpty ? nil : ActivityTree.rootCode }
    if let node = tree.index(of: text), isAsked(tree.levels[node]) { return text }
    if let sector = sector(text, tree) { return sector }
    // Three-digit codes of chapters and the like that a file keeps as numbers.
    if scheme == "hs", text.utf8.count % 2 == 1, let node = tree.index(of: "0" + text), isAsked(tree.levels[node]) {
      return "0" + text
    }
    for level in levels {
      let found = catalog.list(level).find(text).filter { tree.index(of: $0.code) != nil }
      if found.count == 1 { return found[0].code }
      if found.count > 1 { return nil }
    }
    return Self.codeBesideTitle(text).flatMap { self.code($0, in: tree) }
  }

  /// The code of `Manufacturing [31-33]` and `311 Food manufacturing`.
  private static func codeBesideTitle(_ text: String) -> String? {
    func isCode(_ part: some Collection<UInt8>) -> Bool {
      (2...6).contains(part.count) && part.allSatisfy { $0 &- 0x30 <= 9 || $0 == 0x2D }
        && part.first.map { $0 &- 0x30 <= 9 } == true
    }
    let bytes = Array(text.utf8)
    if bytes.last == 0x5D, let open = bytes.lastIndex(of: 0x5B), isCode(bytes[(open + 1)..<(bytes.count - 1)]) {
      return String(decoding: bytes[(open + 1)..<(bytes.count - 1)], as: UTF8.self)
    }
    guard let space = bytes.firstIndex(of: 0x20) else { return nil }
    let code = bytes[..<space].last == 0x3A ? bytes[..<(space - 1)] : bytes[..<space]
    return isCode(code) ? String(decoding: code, as: UTF8.self) : nil
  }

  private func isAsked(_ found: Level?) -> Bool { level == nil || found == level || found == nil }

  private func sector(_ text: String, _ tree: ActivityTree) -> String? {
    guard scheme == "naics" || scheme == "scian", level == nil || level == .naics2, text.utf8.count == 2,
      let digits = Int(text)
    else { return nil }
    for range in ["31-33", "44-45", "48-49"] where tree.index(of: range) != nil {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      if ends[0] <= digits, digits <= ends[1] { return range }
    }
    return nil
  }

  /// The activities that a mistyped text probably meant.
  func suggestion(_ text: String) -> Member? { catalog.suggest(text, levels: levels, limit: 1).first }
}
