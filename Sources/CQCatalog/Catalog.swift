package import CQColumns

/// All names that a query may use: levels, members, datasets, tables and how they belong together. Immutable to its
/// users.
///
/// Opening it reads the index alone. Members, classifications, memberships and manifests are read at their first use;
/// what is wrong with them then shows in ``damage``.
package final class Catalog: Sendable {
  /// In the documented order in which they are tried: usual ones first, then the latest, then the one with more
  /// activity levels, then by name.
  package let datasets: [Dataset]
  /// Plain tables, by name.
  package let tables: [PlainTable]
  let files: CatalogFiles
  let damageLog: DamageLog
  /// What others have found out from this catalogue.
  package let memory: CatalogMemory
  private let index: CatalogIndex
  private let datasetsByName: [String: Dataset]
  private let tablesByName: [String: PlainTable]
  private let treeEntries: [IndexEntry]
  private let lists: [Level: Lazy<MemberList>]
  private let readTrees: [String: Lazy<ActivityTree?>]
  private let clusterTree: Lazy<ActivityTree>
  private let readWeights: [String: Lazy<ClusterWeights?>]
  private let memberships: [Level: Lazy<AreaMembership>]
  private let measureHolders: [String: [Dataset]]

  /// - Throws: ``CatalogError`` when the index is damaged or a file that every catalogue needs is not there. Without an
  ///   index every file is opened, and the first damaged one throws.
  package init(files list: [(name: String, region: ByteRegion)]) throws(CatalogError) {
    let files = CatalogFiles(list)
    self.files = files
    damageLog = DamageLog()
    memory = CatalogMemory()
    clusterTree = Lazy()
    memberships = [.metro: Lazy(), .economicArea: Lazy()]
    let index = try CatalogIndex(of: files)
    self.index = index
    for (kind, file) in [
      (IndexEntry.Kind.regions, "regions.country.arrow"), (.clusters, "clusters.arrow"),
      (.subclusters, "subclusters.arrow"),
    ] where !index.entries.contains(where: { $0.kind == kind }) {
      throw .missingFile(file)
    }
    var datasets: [Dataset] = []
    var tables: [PlainTable] = []
    for entry in index.entries {
      switch entry.kind {
      case .dataset: datasets.append(Dataset(entry, files: files, damage: damageLog))
      case .table: tables.append(PlainTable(entry, files: files, damage: damageLog))
      default: break
      }
    }
    datasets.sort(by: Self.precedes)
    self.datasets = datasets
    self.tables = tables.sorted { $0.name < $1.name }
    datasetsByName = Dictionary(datasets.map { (fold($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    tablesByName = Dictionary(tables.map { (fold($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    treeEntries = index.entries.filter { $0.kind == .tree }.sorted {
      Self.treeRank($0) < Self.treeRank($1)
    }
    lists = Dictionary(uniqueKeysWithValues: Level.allCases.map { ($0, Lazy()) })
    readTrees = Dictionary(treeEntries.map { ($0.name, Lazy()) }, uniquingKeysWith: { first, _ in first })
    readWeights = Dictionary(
      index.entries.filter { $0.kind == .weights }.map { ($0.scheme, Lazy()) }, uniquingKeysWith: { first, _ in first })
    measureHolders = Self.holders(datasets)
  }

  /// `base` with datasets of the user's behind its own: they answer when they are picked, or when no other dataset has
  /// what is asked for. Everything that was read is shared.
  private init(_ base: Catalog, adding added: [Dataset]) {
    let names = Set(added.map { fold($0.name) })
    datasets = base.datasets.filter { !names.contains(fold($0.name)) } + added
    (tables, tablesByName) = (base.tables, base.tablesByName)
    (files, damageLog, index, treeEntries) = (base.files, base.damageLog, base.index, base.treeEntries)
    (lists, readTrees, clusterTree) = (base.lists, base.readTrees, base.clusterTree)
    (readWeights, memberships, memory) = (base.readWeights, base.memberships, base.memory)
    datasetsByName = Dictionary(datasets.map { (fold($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    measureHolders = Self.holders(datasets)
  }

  /// The catalogue with datasets of the user's; it stays as it is itself.
  package func adding(_ datasets: [Dataset]) -> Catalog { datasets.isEmpty ? self : Catalog(self, adding: datasets) }

  private static func holders(_ datasets: [Dataset]) -> [String: [Dataset]] {
    var holders: [String: [Dataset]] = [:]
    for dataset in datasets {
      for measure in dataset.measureNames { holders[fold(measure), default: []].append(dataset) }
    }
    return holders
  }

  private static func precedes(_ lhs: Dataset, _ rhs: Dataset) -> Bool {
    if lhs.precedence != rhs.precedence { return lhs.precedence < rhs.precedence }
    let (left, right) = (lhs.latestYear, rhs.latestYear)
    if left != right { return left > right }
    if lhs.activityLevels.count != rhs.activityLevels.count {
      return lhs.activityLevels.count > rhs.activityLevels.count
    }
    return lhs.name < rhs.name
  }

  /// Where two classifications have a member, the first names it: NAICS before SCIAN before others, the latest first.
  private static func treeRank(_ entry: IndexEntry) -> (Int, Int, String) {
    (entry.scheme == "naics" ? 0 : entry.scheme == "scian" ? 1 : 2, -entry.vintage, entry.name)
  }

  /// What was wrong with a file that was read after the catalogue was opened; callers must not trust results then.
  package var damage: CatalogError? { damageLog.error }

  // MARK: - Datasets, measures, tables

  package func dataset(named name: String) -> Dataset? { datasetsByName[fold(name)] }

  /// The datasets that publish `measure`, in the order in which they are tried.
  package func datasets(publishing measure: String) -> [Dataset] { measureHolders[fold(measure)] ?? [] }

  /// Every base measure that some dataset publishes, in the order of the datasets.
  package var measureNames: [String] {
    var seen: Set<String> = []
    return datasets.flatMap(\.measureNames).filter { seen.insert($0).inserted }
  }

  /// The measure as the first dataset that publishes it describes it.
  package func measure(named name: String) -> Measure? { datasets(publishing: name).first?.measure(named: name) }

  package func plainTable(named name: String) -> PlainTable? { tablesByName[fold(name)] }

  /// The outlines of the members of `level` in `country`.
  package func geometry(level: Level, country: String) throws(CatalogError) -> ArrowTable? {
    let name = "\(level.rawValue).\(country)"
    guard let entry = index.entries.first(where: { $0.kind == .geometry && $0.name == name }),
      let file = entry.files.first
    else { return nil }
    return try files.table(file)
  }

  // MARK: - Members

  package func list(_ level: Level) -> MemberList {
    guard let lazy = lists[level] else { return MemberList(level: level, members: []) }
    return lazy.get {
      MemberList(level: level, members: damageLog.attempt([]) { () throws(CatalogError) in try members(of: level) })
    }
  }

  package func member(_ key: MemberKey) -> Member? { list(key.level).member(code: key.code, country: key.country) }

  private func members(of level: Level) throws(CatalogError) -> [Member] {
    switch level {
    case .country, .state, .metro, .economicArea, .county:
      var found: [Member] = []
      for entry in index.entries where entry.kind == .regions && entry.name == level.rawValue {
        guard let file = entry.files.first else { continue }
        found += try CatalogReader.regions(try files.file(file), level: level)
      }
      return found
    case .cluster: return try CatalogReader.clusters(try files.file("clusters.arrow"))
    case .subcluster: return try CatalogReader.subclusters(try files.file("subclusters.arrow"))
    case .naics2, .naics3, .naics4, .naics5, .naics6, .productGroup, .product, .industry:
      var merged = ActivityMembers(level: level)
      for entry in treeEntries where entry.activityLevels.contains(level) {
        guard let file = entry.files.first else { continue }
        try merged.add(TitleRows(try files.file(file, columns: TitleRows.columns)), scheme: entry.scheme)
      }
      return merged.members
    case .year, .quarter, .month: return []
    }
  }

  // MARK: - Classifications

  /// The tree that classifies the activities of `dataset` in `period`; nil when there is none, or one that can't be
  /// read.
  package func tree(for dataset: Dataset, in period: Int) -> ActivityTree? {
    tree(scheme: dataset.scheme, vintage: dataset.vintage(in: period))
  }

  /// The trees that classify the activities of `dataset` in its periods, each once, oldest first.
  package func trees(of dataset: Dataset) -> [ActivityTree] {
    var found: [ActivityTree] = []
    for period in dataset.periods {
      guard let tree = tree(for: dataset, in: period), !found.contains(where: { $0 === tree }) else { continue }
      found.append(tree)
    }
    return found
  }

  /// - Parameter vintage: nil for classifications without vintages.
  package func tree(scheme: String, vintage: Int?) -> ActivityTree? {
    if scheme == "cluster" { return clusterTree.get { CatalogReader.tree(of: list(.cluster).members) } }
    let name = vintage.map { "\(scheme).\($0)" } ?? scheme
    guard let lazy = readTrees[name], let entry = treeEntries.first(where: { $0.name == name }),
      let file = entry.files.first
    else { return nil }
    return lazy.get {
      damageLog.attempt(nil) { () throws(CatalogError) in
        let rows = try TreeRows(try files.file(file, columns: TreeRows.columns))
        return CatalogReader.tree(
          rows, scheme: scheme, vintage: vintage, clusters: list(.cluster).members,
          subclusters: list(.subcluster).members)
      }
    }
  }

  /// Classifications that there are trees of, each once.
  package var schemes: [String] {
    treeEntries.map(\.scheme).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Vintages of `scheme` that there are trees of, oldest first.
  package func vintages(of scheme: String) -> [Int] {
    treeEntries.filter { $0.scheme == scheme && $0.vintage != 0 }.map(\.vintage).sorted()
  }

  /// How the codes of `scheme` are shared among clusters; nil when there are no weights.
  package func weights(scheme: String) -> ClusterWeights? {
    guard let lazy = readWeights[scheme] else { return nil }
    return lazy.get {
      damageLog.attempt(nil) { () throws(CatalogError) in
        try CatalogReader.weights(try files.file("weights.\(scheme).arrow"))
      }
    }
  }

  // MARK: - Areas

  /// Which counties make up the members of `level`, metros or economic areas.
  func membership(_ level: Level) -> AreaMembership? {
    memberships[level]?.get {
      damageLog.attempt(AreaMembership()) { () throws(CatalogError) in
        let name = "membership.\(level.rawValue).arrow"
        return files.contains(name) ? try AreaMembership(try files.file(name)) : AreaMembership()
      }
    }
  }

  /// Countries whose datasets use `scheme`.
  func countries(using scheme: String) -> Set<String> {
    Set(datasets.filter { $0.scheme == scheme }.map(\.country))
  }
}

extension Dataset {
  var latestYear: Int { periods.map { Period.year(of: $0) }.max() ?? 0 }

  /// `2003–2011`, or the one year there is.
  package var span: String {
    let ends = [periods.map { Period.year(of: $0) }.min(), periods.isEmpty ? nil : latestYear].compactMap { $0 }
    return Set(ends).sorted().map { "\($0)" }.joined(separator: "–")
  }
}
