package import CQColumns

/// One source and release: what the index says of it at once, its manifest when it is asked for more, its facts when a
/// query reads them.
package final class Dataset: Sendable {
  package let name: String
  package let title: String
  package let source: String
  package let licence: String
  /// `US`, `MX`, `CA` or `world`.
  package let country: String
  /// The classification of its activities.
  package let scheme: String
  package let regionLevels: [Level]
  package let activityLevels: [Level]
  /// Period codes (``Period``), ascending: years, and quarters where there are any.
  package let periods: [Int]
  /// The periods that are years.
  package let years: [Int]
  package let measureNames: [String]
  /// 0 usual, 1 partial (rows do not add up to the whole), 2 wider or unusual meaning of its measures, 3 the world.
  package let precedence: Int
  package let rowCount: Int
  /// The engine that holds the facts; nil for facts in memory.
  package let remote: (any RemoteFacts)?
  private let files: [String]
  private let periodsOfFiles: [[Int]]
  private let foldedMeasureNames: Set<String>
  private let store: CatalogFiles
  private let damage: DamageLog
  private let readManifest: Lazy<DatasetManifest>
  private let opened: [Lazy<FactTable>]

  convenience init(_ entry: IndexEntry, files store: CatalogFiles, damage: DamageLog) {
    self.init(entry, files: store, damage: damage, manifest: Lazy(), opened: entry.files.map { _ in Lazy() })
  }

  /// A dataset whose facts are in memory, or in a file that is no part of the catalogue.
  ///
  /// - Parameters:
  ///   - table: Laid out as the files of the catalogue are, with the manifest as its metadata.
  ///   - remote: Who adds up its rows; the rows of `table` then only say which codes and periods there are.
  package convenience init(
    name: String, _ table: ArrowTable, remote: (any RemoteFacts)? = nil
  ) throws(CatalogError) {
    let entry = try IndexEntry(dataset: name, files: [name], [table])
    let manifest = DatasetManifest([FileMetadata(pairs: table.metadata)], periods: entry.periodsOfFiles)
    self.init(
      entry, files: CatalogFiles([]), damage: DamageLog(), manifest: Lazy(manifest),
      opened: [Lazy(try FactTable(table, dataset: name))], remote: remote)
  }

  private init(
    _ entry: IndexEntry, files store: CatalogFiles, damage: DamageLog, manifest: Lazy<DatasetManifest>,
    opened: [Lazy<FactTable>], remote: (any RemoteFacts)? = nil
  ) {
    self.remote = remote
    readManifest = manifest
    name = entry.name
    title = entry.title
    source = entry.source
    licence = entry.licence
    country = entry.country
    scheme = entry.scheme
    regionLevels = entry.regionLevels
    activityLevels = entry.activityLevels
    periods = Set(entry.periodsOfFiles.joined()).sorted()
    years = periods.filter { Period.quarter(of: $0) == nil }
    measureNames = entry.measures
    precedence = entry.precedence
    rowCount = remote?.rowCount ?? entry.rowCount
    files = entry.files
    periodsOfFiles = entry.periodsOfFiles
    foldedMeasureNames = Set(entry.measures.map { fold($0) })
    self.store = store
    self.damage = damage
    self.opened = opened
  }

  // MARK: - Manifest

  private var manifest: DatasetManifest {
    readManifest.get {
      damage.attempt(DatasetManifest()) { () throws(CatalogError) in
        var metadata: [FileMetadata] = []
        for file in files { metadata.append(try store.metadata(file)) }
        return DatasetManifest(metadata, periods: periodsOfFiles)
      }
    }
  }

  package var release: String { manifest.release }
  package var citation: String { manifest.citation }
  /// Where the source can be found.
  package var address: String { manifest.address }
  /// The vintage of the classification in force in each span of years; empty for classifications without vintages.
  package var vintages: [(years: ClosedRange<Int>, vintage: Int)] { manifest.vintages }
  /// Spans of years within which growth is sound, with the activity levels for which it is (`*` is every level).
  package var comparableSpans: [(years: ClosedRange<Int>, levels: Set<String>)] { manifest.comparableSpans }
  /// Clusters whose growth over a span deserves a word of caution.
  package var cautions: [(years: ClosedRange<Int>, clusters: Set<String>, text: String)] { manifest.cautions }
  /// A cell that is not listed is zero (else it is missing).
  package var absentIsZero: Bool { manifest.absentIsZero }
  /// The source publishes a row for all activities.
  package var hasTotal: Bool { manifest.hasTotal }
  /// The year of the delineation that its metros are of; nil where the catalogue's latest serves.
  package var delineation: Int? { manifest.delineation }
  package var notes: [String] { manifest.notes }
  package var measures: [Measure] { manifest.measures }
  /// What every result that uses a file of the user's must say: rows that were left out.
  package var importNotes: [String] { manifest.importNotes }
  /// What a file of the user's calls a measure, where it has another name.
  package func importedColumn(of measure: String) -> String? { manifest.importedColumns[measure] }
  /// Made of a file of the user's.
  package var isUsers: Bool { precedence == 9 }
  /// `5 of 51 states`, for a dataset of the user's whose totals of a country are sums of what it has; else empty.
  package var partialCoverage: String { manifest.partialCoverage }

  /// Whether it publishes `name`, as the index says. Names compare as all names of the language do, without case.
  package func publishes(_ name: String) -> Bool { foldedMeasureNames.contains(fold(name)) }

  package func measure(named name: String) -> Measure? { publishes(name) ? manifest.measure(named: name) : nil }

  package func vintage(in year: Int) -> Int? {
    vintages.first { $0.years.contains(Period.year(of: year)) }?.vintage
  }

  // MARK: - Facts

  /// A fact table, checked and indexed by period at the first call.
  package func facts(_ factTable: Int) throws(CatalogError) -> FactTable {
    guard opened.indices.contains(factTable) else { throw .damaged(dataset: name, "it has no fact table") }
    return try opened[factTable].get { () throws(CatalogError) in
      try FactTable(store.table(files[factTable]), dataset: name)
    }
  }

  /// The tables that hold values of `measure` in `period`: parts of different detail, of which a cell is in one.
  package func facts(for measure: Measure, period: Int) throws(CatalogError) -> [(part: MeasurePart, table: FactTable)]
  {
    var found: [(part: MeasurePart, table: FactTable)] = []
    for part in measure.parts where part.periods.contains(period) { found.append((part, try facts(part.factTable))) }
    return found
  }
}
