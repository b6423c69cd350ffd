package import CQColumns
internal import Synchronization

/// All names that a query may use: levels, members, datasets and how they belong together. Immutable to its users.
///
/// The industry classifications are large and most queries need one vintage or none: each is read at its first use.
package final class Catalog: Sendable {
  package let datasets: [Dataset]
  /// Vintages of the industry classification that there are files of, oldest first.
  package let vintages: [Int]
  private let industryFiles: [Int: IndustryFile]
  private let clusterTree: ActivityTree
  private let lists: [Level: MemberList]
  private let readTrees = Mutex<[Int: ActivityTree]>([:])
  private let readIndustries = Mutex<[Level: MemberList]>([:])
  private let firstDamage = Mutex<CatalogError?>(nil)

  /// Opens the catalogue's files among `files`; every other file is a fact table named `dataset.arrow` or
  /// `dataset.part.arrow`.
  package init(files: [(name: String, region: ByteRegion)]) throws {
    var tables: [String: ByteRegion] = [:]
    for file in files { tables[file.name] = file.region }
    func take(_ name: String) throws -> CatalogFile {
      guard let region = tables.removeValue(forKey: name) else { throw CatalogError.missingFile(name) }
      return CatalogFile(name: name, table: try ArrowReader.open(region, name: name))
    }
    let regions = try CatalogReader.regions(try take("regions.arrow"))
    let clusters = try CatalogReader.clusters(try take("clusters.arrow"))
    let subclusters = try CatalogReader.subclusters(try take("subclusters.arrow"))
    clusterTree = CatalogReader.tree(of: clusters)
    var byLevel = Dictionary(grouping: regions, by: \.level)
    byLevel[.cluster] = clusters
    byLevel[.subcluster] = subclusters
    self.lists = Dictionary(
      uniqueKeysWithValues: byLevel.map { ($0.key, MemberList(level: $0.key, members: $0.value)) })

    var industryFiles: [Int: IndustryFile] = [:]
    for name in tables.keys where name.hasPrefix("naics_") {
      guard let vintage = Int(name.dropFirst(6).prefix { $0 != "." }), let region = tables.removeValue(forKey: name)
      else { continue }
      industryFiles[vintage] = IndustryFile(name: name, region: region)
    }
    self.industryFiles = industryFiles
    vintages = industryFiles.keys.sorted()

    var parts: [String: [(name: String, table: ArrowTable)]] = [:]
    for (file, region) in tables {
      let table = try ArrowReader.open(region, name: file)
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

  /// What was wrong with a file that was read after the catalogue was opened; callers must not trust results then.
  package var damage: CatalogError? { firstDamage.withLock { $0 } }

  package func list(_ level: Level) -> MemberList {
    if let list = lists[level] { return list }
    guard level.industryDigits != nil else { return MemberList(level: level, members: []) }
    return readIndustries.withLock { read in
      if read.isEmpty {
        let trees = vintages.reversed().compactMap { tree(vintage: $0) }
        for (level, members) in CatalogReader.industries(in: trees) {
          read[level] = MemberList(level: level, members: members)
        }
      }
      return read[level] ?? MemberList(level: level, members: [])
    }
  }

  package func member(_ key: MemberKey) -> Member? { list(key.level).member(code: key.code, country: key.country) }

  package func dataset(named name: String) -> Dataset? {
    let key = fold(name)
    return datasets.first { fold($0.name) == key }
  }

  /// The tree that classifies the activities of `dataset` in `year`; nil when the dataset names no vintage for it, or
  /// one that can't be read.
  package func tree(for dataset: Dataset, in year: Int) -> ActivityTree? {
    tree(vintage: dataset.scheme == "cluster" ? Self.clusterScheme : dataset.vintage(in: year) ?? -1)
  }

  /// The vintage under which the flat list of clusters is kept.
  package static let clusterScheme = 0

  package func tree(vintage: Int) -> ActivityTree? {
    if vintage == Self.clusterScheme { return clusterTree }
    return readTrees.withLock { read in
      if let tree = read[vintage] { return tree }
      guard let file = industryFiles[vintage] else { return nil }
      do throws(CatalogError) {
        let tree = try CatalogReader.tree(
          industries: try file.open(), clusters: list(.cluster).members, subclusters: list(.subcluster).members)
        read[vintage] = tree
        return tree
      } catch {
        firstDamage.withLock { $0 = $0 ?? error }
        return nil
      }
    }
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
