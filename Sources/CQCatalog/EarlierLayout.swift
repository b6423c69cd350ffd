// Reading of the files of the first bundle, until all of them are replaced.

extension CatalogIndex {
  static func earlierLayout(_ name: String, _ files: CatalogFiles) throws(CatalogError) -> IndexEntry? {
    if name == "regions.arrow" { return IndexEntry(kind: .regions, name: "", files: [name]) }
    guard name.hasPrefix("naics_"), let vintage = Int(name.dropFirst(6).prefix { $0 != "." }) else { return nil }
    var entry = IndexEntry(kind: .tree, name: "naics.\(vintage)", files: [name])
    (entry.scheme, entry.vintage) = ("naics", vintage)
    entry.activityLevels = [.naics2, .naics3, .naics4, .naics5, .naics6]
    return entry
  }
}

extension CatalogReader {
  static func earlierRegions(_ file: CatalogFile, level: Level) throws(CatalogError) -> [Member] {
    let (countries, levels, codes) = (try file.texts("country"), try file.texts("level"), try file.texts("code"))
    let (names, abbreviations) = (try file.texts("name"), try file.texts("abbreviation"))
    let (parents, aliases) = (try file.texts("parent"), try file.texts("aliases"))
    return codes.indices.compactMap { row in
      guard Level(word: levels[row]) == level else { return nil }
      return Member(
        level: level, code: codes[row], name: names[row], abbreviation: abbreviations[row],
        aliases: aliasList(aliases[row]), country: countries[row], parent: parents[row])
    }
  }
}

extension CatalogFile {
  var isOfEarlierLayout: Bool { name.hasPrefix("naics_") }

  func earlierDepths() throws(CatalogError) -> [UInt8] { try numbers("level").map { UInt8(clamping: $0) } }
}
