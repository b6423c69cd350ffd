internal import CQColumns

// The index of files that come without one: what their names and their metadata say.

extension CatalogIndex {
  /// - Complexity: Opens every file.
  static func scan(_ files: CatalogFiles) throws(CatalogError) -> [IndexEntry] {
    var entries: [IndexEntry] = []
    var parts: [String: [String]] = [:]
    for name in files.names where name != Self.fileName {
      let words = name.split(separator: ".").map(String.init)
      switch (words[0], words.count) {
      case ("regions", 3): entries.append(try Self.plain(.regions, words[1], name, files))
      case ("membership", 3): entries.append(try Self.plain(.membership, words[1], name, files))
      case ("clusters", 2): entries.append(try Self.plain(.clusters, words[0], name, files))
      case ("subclusters", 2): entries.append(try Self.plain(.subclusters, words[0], name, files))
      case ("tree", 3), ("tree", 4): entries.append(try Self.tree(words, name, files))
      case ("weights", 3):
        var entry = try Self.plain(.weights, words[1], name, files)
        entry.scheme = words[1]
        entries.append(entry)
      case ("geometry", 4):
        var entry = try Self.plain(.geometry, "\(words[1]).\(words[2])", name, files)
        entry.country = words[2]
        entries.append(entry)
      case ("table", 3): entries.append(try Self.plain(.table, words[1], name, files))
      default: parts[words[0], default: []].append(name)
      }
    }
    for (dataset, names) in parts.sorted(by: { $0.key < $1.key }) {
      entries.append(try Self.dataset(dataset, names, files))
    }
    return entries
  }

  private static func plain(
    _ kind: IndexEntry.Kind, _ name: String, _ file: String, _ files: CatalogFiles
  ) throws(CatalogError) -> IndexEntry {
    var entry = IndexEntry(kind: kind, name: name, files: [file])
    let table = try files.table(file)
    (entry.title, entry.source) = (table.metadata("title") ?? "", table.metadata("source") ?? "")
    entry.licence = table.metadata("licence") ?? ""
    entry.country = table.metadata("country") ?? ""
    entry.rowCount = table.rowCount
    return entry
  }

  private static func tree(_ words: [String], _ name: String, _ files: CatalogFiles) throws(CatalogError) -> IndexEntry
  {
    var entry = try plain(.tree, words.dropFirst().dropLast().joined(separator: "."), name, files)
    entry.scheme = words[1]
    if words.count == 4 {
      guard let vintage = Int(words[2]) else {
        throw .damaged(dataset: name, "the vintage in its name must be a year, not `\(words[2])`")
      }
      entry.vintage = vintage
    }
    let levels = Set(try files.file(name).texts("level").compactMap { Level(word: $0) })
    entry.activityLevels = Level.allCases.filter { levels.contains($0) }
    return entry
  }

  private static func dataset(_ name: String, _ names: [String], _ files: CatalogFiles) throws(CatalogError)
    -> IndexEntry
  {
    // `x.arrow` is the main table, `x.part.arrow` comes after it.
    let ordered = names.sorted {
      ($0.utf8.count == name.utf8.count + 6 ? 0 : 1, $0) < ($1.utf8.count == name.utf8.count + 6 ? 0 : 1, $1)
    }
    var tables: [ArrowTable] = []
    for file in ordered { tables.append(try files.table(file)) }
    return try IndexEntry(dataset: name, files: ordered, tables)
  }
}

extension IndexEntry {
  /// What the tables of a dataset, the main one first, say about it.
  init(dataset name: String, files: [String], _ tables: [ArrowTable]) throws(CatalogError) {
    var entry = IndexEntry(kind: .dataset, name: name, files: files)
    for (index, table) in tables.enumerated() {
      let metadata = FileMetadata(pairs: table.metadata)
      if index == 0 {
        entry.title = metadata["title"] ?? name
        entry.source = metadata["source"] ?? ""
        entry.licence = metadata["licence"] ?? ""
        entry.country = metadata["country"] ?? ""
        entry.scheme = metadata["scheme"] ?? "naics"
        entry.precedence = metadata["precedence"].flatMap { Int($0) } ?? 0
      }
      for level in metadata.words("levels.region").compactMap({ Level(word: $0) })
      where !entry.regionLevels.contains(level) {
        entry.regionLevels.append(level)
      }
      for level in metadata.words("levels.activity").compactMap({ Level(word: $0) })
      where !entry.activityLevels.contains(level) {
        entry.activityLevels.append(level)
      }
      for measure in metadata.words("measures") where !entry.measures.contains(measure) {
        entry.measures.append(measure)
      }
      entry.periodsOfFiles.append(try FactTable.periods(of: table, dataset: name).map(\.year))
      entry.rowCount += table.rowCount
    }
    // Clusters are made of six-digit industries, so whoever publishes those has clusters too.
    if entry.scheme == "naics", entry.activityLevels.contains(.naics6) {
      for level in [Level.cluster, .subcluster] where !entry.activityLevels.contains(level) {
        entry.activityLevels.append(level)
      }
    }
    self = entry
  }
}
