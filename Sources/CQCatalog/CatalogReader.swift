internal import CQColumns

/// A vintage of the industry classification that has not been read yet.
struct IndustryFile: Sendable {
  let name: String
  let region: ByteRegion

  func open() throws(CatalogError) -> CatalogFile {
    do throws(ArrowError) {
      return CatalogFile(name: name, table: try ArrowReader.open(region, name: name))
    } catch {
      throw .damaged(dataset: name, error.reason)
    }
  }
}

/// One of the catalogue's own files, read column by column.
struct CatalogFile {
  let name: String
  let table: ArrowTable

  func texts(_ column: String) throws(CatalogError) -> [String] {
    switch table.data(named: column) {
    case .texts(let values): return values
    case .dictionary(let codes, let values): return (0..<table.rowCount).map { values[codes.code(at: $0)] }
    default: throw .damaged(dataset: name, "it must have a text column `\(column)`")
    }
  }

  func numbers(_ column: String) throws(CatalogError) -> [Int] {
    switch table.data(named: column) {
    case .uint8(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int8(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int16(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int32(let values): return (0..<values.count).map { Int(values[$0]) }
    default: throw .damaged(dataset: name, "it must have an integer column `\(column)`")
    }
  }
}

extension DictionaryCodes {
  fileprivate func code(at row: Int) -> Int {
    switch self {
    case .bits8(let codes): Int(codes[row])
    case .bits16(let codes): Int(codes[row])
    case .bits32(let codes): Int(codes[row])
    }
  }
}

/// Turns the catalogue's files into members and trees.
enum CatalogReader {
  static func regions(_ file: CatalogFile) throws(CatalogError) -> [Member] {
    let (countries, levels, codes) = (try file.texts("country"), try file.texts("level"), try file.texts("code"))
    let (names, abbreviations) = (try file.texts("name"), try file.texts("abbreviation"))
    let (parents, aliases) = (try file.texts("parent"), try file.texts("aliases"))
    return codes.indices.compactMap { row in
      guard let level = Level(word: levels[row]) else { return nil }
      return Member(
        level: level, code: codes[row], name: names[row], abbreviation: abbreviations[row],
        aliases: aliasList(aliases[row]), country: countries[row], parent: parents[row])
    }
  }

  static func clusters(_ file: CatalogFile) throws(CatalogError) -> [Member] {
    let (codes, names, kinds) = (try file.texts("code"), try file.texts("name"), try file.texts("kind"))
    let (shortNames, aliases) = (try file.texts("short_name"), try file.texts("aliases"))
    return codes.indices.map { row in
      Member(
        level: .cluster, code: codes[row], name: names[row], aliases: [shortNames[row]] + aliasList(aliases[row]),
        kind: kinds[row])
    }
  }

  static func subclusters(_ file: CatalogFile) throws(CatalogError) -> [Member] {
    let (codes, clusters, names) = (try file.texts("code"), try file.texts("cluster"), try file.texts("name"))
    return codes.indices.map { row in
      Member(level: .subcluster, code: codes[row], name: names[row], parent: clusters[row])
    }
  }

  /// One vintage of the industry classification.
  static func tree(industries: CatalogFile, clusters: [Member], subclusters: [Member]) throws(CatalogError)
    -> ActivityTree
  {
    var tree = ActivityTree()
    let (codes, levels) = (try industries.texts("code"), try industries.numbers("level"))
    let (titles, parents) = (try industries.texts("title"), try industries.texts("parent"))
    let (memberClusters, memberSubclusters) = (try industries.texts("cluster"), try industries.texts("subcluster"))
    let clusterIndexes = indexes(of: clusters)
    let subclusterIndexes = indexes(of: subclusters)
    for row in codes.indices {
      tree.add(
        code: codes[row], title: titles[row], depth: UInt8(clamping: levels[row]), parent: parents[row],
        cluster: clusterIndexes[memberClusters[row]] ?? -1, subcluster: subclusterIndexes[memberSubclusters[row]] ?? -1)
    }
    return tree
  }

  /// Where each code stands in its list; the first of a code that a damaged file gives twice.
  private static func indexes(of members: [Member]) -> [String: Int32] {
    Dictionary(members.enumerated().map { ($1.code, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The flat list of clusters, as the classification of datasets that publish clusters.
  static func tree(of clusters: [Member]) -> ActivityTree {
    var tree = ActivityTree()
    for (index, cluster) in clusters.enumerated() {
      tree.add(
        code: cluster.code, title: cluster.name, depth: 2, parent: ActivityTree.rootCode, cluster: Int32(index),
        subcluster: -1)
    }
    return tree
  }

  /// The industries of all vintages by level; a code that several vintages share is one member with the title of the
  /// first of `trees` that has it.
  static func industries(in trees: [ActivityTree]) -> [Level: [Member]] {
    var seen: Set<String> = []
    var members: [Member] = []
    for tree in trees {
      for node in 1..<tree.nodeCount where seen.insert(tree.codes[node]).inserted {
        guard let level = Level(industryDigits: Int(tree.depths[node])) else { continue }
        members.append(
          Member(
            level: level, code: tree.codes[node], name: tree.titles[node],
            parent: tree.codes[Int(tree.parents[node])]))
      }
    }
    return Dictionary(grouping: members.sorted { $0.code < $1.code }, by: \.level)
  }

  private static func aliasList(_ text: String) -> [String] {
    text.split(separator: ";").map(String.init)
  }
}
