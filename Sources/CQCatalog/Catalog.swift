package import CQColumns

/// All names that a query may use: levels, members, datasets and how they belong together. Immutable.
package final class Catalog: Sendable {
  package let datasets: [Dataset]
  /// One tree per NAICS vintage, and the flat list of clusters under the key 0.
  package let trees: [Int: ActivityTree]
  private let lists: [Level: MemberList]

  /// Opens the catalogue's files among `files`; every other file is a fact table named `dataset.arrow` or
  /// `dataset.part.arrow`.
  package init(files: [(name: String, region: ByteRegion)]) throws {
    var tables: [String: ArrowTable] = [:]
    for file in files { tables[file.name] = try ArrowReader.open(file.region, name: file.name) }
    func take(_ name: String) throws(CatalogError) -> CatalogFile {
      guard let table = tables.removeValue(forKey: name) else { throw .missingFile(name) }
      return CatalogFile(name: name, table: table)
    }
    let regions = try CatalogReader.regions(try take("regions.arrow"))
    let clusters = try CatalogReader.clusters(try take("clusters.arrow"))
    let subclusters = try CatalogReader.subclusters(try take("subclusters.arrow"))
    let trees = try CatalogReader.trees(
      industries: try take("industries.arrow"), members: try take("cluster_members.arrow"), clusters: clusters,
      subclusters: subclusters)
    self.trees = trees

    var byLevel = Dictionary(grouping: regions, by: \.level)
    byLevel[.cluster] = clusters
    byLevel[.subcluster] = subclusters
    for (level, members) in CatalogReader.industries(in: trees) { byLevel[level] = members }
    self.lists = Dictionary(
      uniqueKeysWithValues: byLevel.map { ($0.key, MemberList(level: $0.key, members: $0.value)) })

    var parts: [String: [(name: String, table: ArrowTable)]] = [:]
    for (file, table) in tables {
      let dataset = String(file.prefix { $0 != "." })
      parts[dataset, default: []].append((file, table))
    }
    var datasets: [Dataset] = []
    for (name, files) in parts {
      // `x.arrow` is the main table, `x.part.arrow` comes after it.
      let ordered = files.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
      datasets.append(try Dataset(name: name, tables: ordered.map(\.table)))
    }
    self.datasets = datasets.sorted(by: Self.precedes)
  }

  /// The documented order in which datasets are tried: the latest first, then the one with more activity levels, then
  /// by name.
  private static func precedes(_ lhs: Dataset, _ rhs: Dataset) -> Bool {
    let left = (lhs.years.last ?? 0, lhs.activityLevels.count)
    let right = (rhs.years.last ?? 0, rhs.activityLevels.count)
    return left == right ? lhs.name < rhs.name : left > right
  }

  package func list(_ level: Level) -> MemberList { lists[level] ?? MemberList(level: level, members: []) }

  package func member(_ key: MemberKey) -> Member? { list(key.level).member(code: key.code, country: key.country) }

  package func dataset(named name: String) -> Dataset? {
    let key = fold(name)
    return datasets.first { fold($0.name) == key }
  }

  /// The tree that classifies the activities of `dataset` in `year`.
  package func tree(for dataset: Dataset, in year: Int) -> ActivityTree? {
    dataset.scheme == "cluster" ? trees[0] : dataset.vintage(in: year).flatMap { trees[$0] }
  }

  /// Every base measure that some dataset publishes.
  package var measureNames: [String] {
    var seen: Set<String> = []
    return datasets.flatMap(\.measures).map(\.name).filter { seen.insert($0).inserted }
  }

  package func measure(named name: String) -> Measure? {
    for dataset in datasets {
      if let measure = dataset.measure(named: name) { return measure }
    }
    return nil
  }
}
