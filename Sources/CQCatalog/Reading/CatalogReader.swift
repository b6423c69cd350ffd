internal import CQColumns

/// Turns the catalogue's files into members and trees.
enum CatalogReader {
  static func regions(_ file: CatalogFile, level: Level) throws(CatalogError) -> [Member] {
    let (countries, codes, names) = (try file.texts("country"), try file.texts("code"), try file.texts("name"))
    let (abbreviations, parents) = (try file.texts("abbreviation"), try file.texts("parent"))
    let (aliases, also) = (try file.texts("aliases"), try file.numbers("also"))
    let states = level == .metro || level == .economicArea ? try file.texts("states") : nil
    return codes.indices.map { row in
      Member(
        level: level, code: codes[row], name: names[row], abbreviation: abbreviations[row],
        aliasText: aliases[row], country: level == .country ? codes[row] : countries[row], parent: parents[row],
        states: states.map { $0[row].words } ?? [],
        also: UInt8(truncatingIfNeeded: also[row]))
    }
  }

  static func clusters(_ file: CatalogFile) throws(CatalogError) -> [Member] {
    let (codes, names, kinds) = (try file.texts("code"), try file.texts("name"), try file.texts("kind"))
    let (shortNames, aliases) = (try file.texts("short_name"), try file.texts("aliases"))
    return codes.indices.map { row in
      Member(
        level: .cluster, code: codes[row], name: names[row], aliasText: "\(shortNames[row]);\(aliases[row])",
        kind: kinds[row])
    }
  }

  static func subclusters(_ file: CatalogFile) throws(CatalogError) -> [Member] {
    let (codes, clusters, names) = (try file.texts("code"), try file.texts("cluster"), try file.texts("name"))
    return codes.indices.map { row in
      Member(level: .subcluster, code: codes[row], name: names[row], parent: clusters[row])
    }
  }

  static func tree(
    _ rows: TreeRows, scheme: String, vintage: Int?, clusters: [Member], subclusters: [Member]
  ) -> ActivityTree {
    var tree = ActivityTree.Builder(scheme: scheme, vintage: vintage, capacity: rows.codes.count)
    let memberClusters = rows.clusters.mapped(to: indexes(of: clusters))
    let memberSubclusters = rows.subclusters.mapped(to: indexes(of: subclusters))
    let levels = rows.levels.values.map { Level(word: $0) }
    for row in rows.codes.indices {
      tree.add(
        code: rows.codes[row], level: levels[rows.levels.codes[row]], depth: rows.depths[row],
        parent: rows.parents[row], cluster: memberClusters[rows.clusters.codes[row]],
        subcluster: memberSubclusters[rows.subclusters.codes[row]])
    }
    return tree.finish()
  }

  /// Where each code stands in its list; the first of a code that a damaged file gives twice.
  private static func indexes(of members: [Member]) -> [String: Int32] {
    Dictionary(members.enumerated().map { ($1.code, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The flat list of clusters, as the classification of datasets that publish clusters.
  static func tree(of clusters: [Member]) -> ActivityTree {
    var tree = ActivityTree.Builder(scheme: "cluster")
    for (index, cluster) in clusters.enumerated() {
      tree.add(
        code: cluster.code, level: .cluster, depth: 2, parent: ActivityTree.rootCode, cluster: Int32(index),
        subcluster: -1)
    }
    return tree.finish()
  }

  static func weights(_ file: CatalogFile) throws(CatalogError) -> ClusterWeights {
    let (codes, clusters) = (try file.texts("code"), try file.texts("cluster"))
    let weights = try file.doubles("weight")
    var shares: [String: [(cluster: String, weight: Double)]] = [:]
    for row in codes.indices where weights[row] > 0 {
      shares[codes[row], default: []].append((clusters[row], weights[row]))
    }
    return ClusterWeights(shares: shares)
  }
}

/// The shape of a classification.
struct TreeRows {
  /// The columns of the file that are read: its titles are long, and a tree has no use for them.
  static let columns: Set<String> = ["code", "level", "depth", "parent", "cluster", "subcluster"]

  var codes: [String]
  var levels: CodedTexts
  var depths: [UInt8]
  var parents: [String]
  var clusters: CodedTexts
  var subclusters: CodedTexts

  init(_ file: CatalogFile) throws(CatalogError) {
    codes = try file.texts("code")
    parents = try file.texts("parent")
    (clusters, subclusters) = (try file.codedTexts("cluster"), try file.codedTexts("subcluster"))
    levels = try file.codedTexts("level")
    depths = try file.numbers("depth").map { UInt8(clamping: $0) }
  }
}

/// A column of texts that repeat: each different one once.
struct CodedTexts {
  var codes: [Int]
  var values: [String]

  /// The number of each value, -1 for those that have none.
  func mapped(to numbers: [String: Int32]) -> [Int32] { values.map { numbers[$0] ?? -1 } }
}

/// The names of a classification.
struct TitleRows {
  static let columns: Set<String> = ["code", "level", "parent", "title", "title_es", "title_fr"]

  var codes: [String]
  var levels: [Level?]
  var parents: [String]
  var titles: [String]
  var otherTitles: [[String]] = []

  init(_ file: CatalogFile) throws(CatalogError) {
    codes = try file.texts("code")
    parents = try file.texts("parent")
    titles = try file.texts("title")
    levels = try file.levels()
    for column in ["title_es", "title_fr"] where file.has(column) { otherTitles.append(try file.texts(column)) }
  }
}

extension CatalogFile {
  fileprivate func levels() throws(CatalogError) -> [Level?] {
    let words = try codedTexts("level")
    let levels = words.values.map { Level(word: $0) }
    return words.codes.map { levels[$0] }
  }

  fileprivate func codedTexts(_ column: String) throws(CatalogError) -> CodedTexts {
    if let (codes, values) = table.data(named: column)?.members() {
      return CodedTexts(codes: (0..<table.rowCount).map { codes.code(at: $0) }, values: values)
    }
    var known: [String: Int] = [:]
    var values: [String] = []
    let codes = try texts(column).map { text in
      if let code = known[text] { return code }
      known[text] = values.count
      values.append(text)
      return values.count - 1
    }
    return CodedTexts(codes: codes, values: values)
  }
}

/// Members of one level from several classifications, in the order of their codes.
struct ActivityMembers {
  let level: Level
  private var positions: [MemberKey: Int] = [:]
  private var unsorted: [Member] = []

  init(level: Level) { self.level = level }

  /// A code that several vintages have is one member with the title of the first; other titles are further names of it.
  mutating func add(_ rows: TitleRows, scheme: String) throws(CatalogError) {
    let owner = level.owner(of: scheme)
    for row in rows.codes.indices where rows.levels[row] == level {
      let key = MemberKey(level: level, country: owner, code: rows.codes[row])
      let others = rows.otherTitles.map { $0[row] }.filter { !$0.isEmpty }
      if let position = positions[key] {
        for title in [rows.titles[row]] + others where title != unsorted[position].name {
          if !unsorted[position].aliases.contains(title) { unsorted[position].addAlias(title) }
        }
      } else {
        positions[key] = unsorted.count
        unsorted.append(
          Member(
            level: level, code: rows.codes[row], name: rows.titles[row],
            aliases: others.filter { $0 != rows.titles[row] }, country: owner, parent: rows.parents[row]))
      }
    }
  }

  var members: [Member] {
    unsorted.sorted { ($0.country, $0.code) < ($1.country, $1.code) }
  }
}
