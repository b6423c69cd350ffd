internal import CQColumns

/// One row of `index.arrow`: a dataset, a plain table, a classification or another file of the catalogue, with what must
/// be known of it before it is opened.
package struct IndexEntry: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case dataset, table, tree, weights, membership, geometry, regions, clusters, subclusters
  }

  package var kind: Kind
  /// `us_cbp_state`; `organisations`; `naics.2017`; a level for regions and membership; `state.MX` for geometry.
  package var name: String
  package var title = ""
  package var source = ""
  package var licence = ""
  package var country = ""
  package var scheme = ""
  /// Of a tree; 0 for none.
  package var vintage = 0
  package var measures: [String] = []
  package var regionLevels: [Level] = []
  package var activityLevels: [Level] = []
  /// Ascending period codes of each of `files`: 2019 is a year, 20191 its first quarter.
  package var periodsOfFiles: [[Int]] = []
  package var precedence = 0
  package var rowCount = 0
  package var files: [String]

  package init(kind: Kind, name: String, files: [String]) {
    self.kind = kind
    self.name = name
    self.files = files
  }
}

/// What the files of the catalogue are, one entry for each dataset, table and classification.
package struct CatalogIndex: Sendable {
  package static let fileName = "index.arrow"

  package var entries: [IndexEntry]

  /// Reads `index.arrow`; where it is absent or lists other files than there are, everything is looked at instead.
  package init(of files: CatalogFiles) throws(CatalogError) {
    if files.contains(Self.fileName) {
      let entries = try Self.entries(try files.file(Self.fileName))
      let listed = entries.flatMap(\.files)
      if listed.count == files.count - 1, listed.allSatisfy({ files.contains($0) }) {
        self.entries = entries
        return
      }
    }
    entries = try Self.scan(files)
  }

  /// The index of files that come without one: what their names and their metadata say.
  package init(scanning files: CatalogFiles) throws(CatalogError) { entries = try Self.scan(files) }

  private static func entries(_ file: CatalogFile) throws(CatalogError) -> [IndexEntry] {
    let (kinds, names, titles) = (try file.texts("kind"), try file.texts("name"), try file.texts("title"))
    let (sources, licences) = (try file.texts("source"), try file.texts("licence"))
    let (countries, schemes) = (try file.texts("country"), try file.texts("scheme"))
    let (vintages, measures) = (try file.numbers("vintage"), try file.texts("measures"))
    let (regions, activities) = (try file.texts("region_levels"), try file.texts("activity_levels"))
    let (periods, precedences) = (try file.texts("years"), try file.numbers("precedence"))
    let (rows, paths) = (try file.numbers("rows"), try file.texts("files"))
    var entries: [IndexEntry] = []
    entries.reserveCapacity(kinds.count)
    for row in kinds.indices {
      guard let kind = IndexEntry.Kind(rawValue: kinds[row]) else {
        throw .damaged(dataset: file.name, "it has an entry of the unknown kind `\(kinds[row])`")
      }
      var entry = IndexEntry(kind: kind, name: names[row], files: paths[row].words)
      (entry.title, entry.source, entry.licence) = (titles[row], sources[row], licences[row])
      (entry.country, entry.scheme, entry.vintage) = (countries[row], schemes[row], vintages[row])
      entry.measures = measures[row].words
      entry.regionLevels = levels(regions[row])
      entry.activityLevels = levels(activities[row])
      if kind == .dataset {
        let lists = periods[row].utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        entry.periodsOfFiles = lists.map { list in String(Substring(list)).words.compactMap { Int($0) } }
      }
      (entry.precedence, entry.rowCount) = (precedences[row], rows[row])
      guard kind != .dataset || entry.periodsOfFiles.count == entry.files.count else {
        throw .damaged(dataset: file.name, "the years of `\(entry.name)` are not those of its files")
      }
      entries.append(entry)
    }
    return entries
  }

  private static func levels(_ text: String) -> [Level] { text.words.compactMap { Level(rawValue: $0) } }

  /// The index as a file.
  package func bytes() -> [UInt8] {
    var writer = ArrowWriter(
      rowCount: entries.count,
      metadata: [(key: "cq.format", value: "1"), (key: "title", value: "Index of the data files")])
    func levels(_ levels: [Level]) -> String { levels.map(\.rawValue).joined(separator: " ") }
    writer.add("kind", .texts(entries.map(\.kind.rawValue)))
    writer.add("name", .texts(entries.map(\.name)))
    writer.add("title", .texts(entries.map(\.title)))
    writer.add("source", .texts(entries.map(\.source)))
    writer.add("licence", .texts(entries.map(\.licence)))
    writer.add("country", .texts(entries.map(\.country)))
    writer.add("scheme", .texts(entries.map(\.scheme)))
    writer.add("vintage", .int16(entries.map { Int16(clamping: $0.vintage) }))
    writer.add("measures", .texts(entries.map { $0.measures.joined(separator: " ") }))
    writer.add("region_levels", .texts(entries.map { levels($0.regionLevels) }))
    writer.add("activity_levels", .texts(entries.map { levels($0.activityLevels) }))
    writer.add(
      "years",
      .texts(
        entries.map { entry in
          entry.periodsOfFiles.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: ";")
        }))
    writer.add("precedence", .uint8(entries.map { UInt8(clamping: $0.precedence) }))
    writer.add("rows", .int64(entries.map { Int64($0.rowCount) }))
    writer.add("files", .texts(entries.map { $0.files.joined(separator: " ") }))
    return writer.bytes()
  }
}
