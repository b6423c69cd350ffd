internal import CQColumns

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

  static func trees(
    industries: CatalogFile, members: CatalogFile, clusters: [Member], subclusters: [Member]
  ) throws(CatalogError) -> [Int: ActivityTree] {
    var trees: [Int: ActivityTree] = [:]
    let (vintages, codes) = (try industries.numbers("vintage"), try industries.texts("code"))
    let (levels, titles) = (try industries.numbers("level"), try industries.texts("title"))
    let parents = try industries.texts("parent")
    // Parents first, whatever the order of the file.
    let order = codes.indices.sorted { (levels[$0], $0) < (levels[$1], $1) }
    for row in order {
      trees[vintages[row], default: ActivityTree()].add(
        code: codes[row], title: titles[row], depth: UInt8(clamping: levels[row]), parent: parents[row])
    }

    let clusterIndexes = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1.code, Int32($0)) })
    let subclusterIndexes = Dictionary(uniqueKeysWithValues: subclusters.enumerated().map { ($1.code, Int32($0)) })
    let (memberVintages, memberCodes) = (try members.numbers("vintage"), try members.texts("industry"))
    let (memberClusters, memberSubclusters) = (try members.texts("cluster"), try members.texts("subcluster"))
    for row in memberCodes.indices {
      trees[memberVintages[row]]?.assign(
        code: memberCodes[row], cluster: clusterIndexes[memberClusters[row]] ?? -1,
        subcluster: subclusterIndexes[memberSubclusters[row]] ?? -1)
    }

    var flat = ActivityTree()
    for (index, cluster) in clusters.enumerated() {
      flat.add(code: cluster.code, title: cluster.name, depth: 2, parent: ActivityTree.rootCode)
      flat.assign(code: cluster.code, cluster: Int32(index), subcluster: -1)
    }
    trees[0] = flat
    return trees
  }

  /// The industries of all vintages by level; a code that several vintages share is one member with the latest title.
  static func industries(in trees: [Int: ActivityTree]) -> [Level: [Member]] {
    var seen: [String: Int] = [:]
    var members: [Member] = []
    for vintage in trees.keys.sorted(by: >) where vintage > 0 {
      guard let tree = trees[vintage] else { continue }
      for node in 1..<tree.nodeCount where seen[tree.codes[node]] == nil {
        guard let level = Level(industryDigits: Int(tree.depths[node])) else { continue }
        seen[tree.codes[node]] = members.count
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
