import CQColumns

/// A classification: `tree.<scheme>.arrow` or `tree.<scheme>.<vintage>.arrow`.
struct ActivityScheme {
  struct Node {
    var code: String
    /// A word of the language: `naics2` … `naics6`, `industry`, `product_group`, `product`.
    var level: String
    /// 1 is the row of all activities; an industry code has as many as it has digits, a sector 2.
    var depth: UInt8
    var title: String
    var spanish = ""
    var french = ""
    /// Empty below the row of all activities.
    var parent = ""
    var cluster = ""
    var subcluster = ""
  }

  let name: String
  /// Parents come before their children.
  let nodes: [Node]
  private let positions: [String: Int]
  private let leafCounts: [Int]
  private let topLeafCount: Int

  /// - Parameter nodes: In any order; siblings are sorted by code.
  init(name: String, nodes: [Node]) throws(BundleError) {
    let children = Dictionary(grouping: nodes, by: \.parent)
    var sorted: [Node] = []
    func add(below parent: String) {
      for node in (children[parent] ?? []).sorted(by: { $0.code < $1.code }) {
        sorted.append(node)
        add(below: node.code)
      }
    }
    add(below: "")
    let reached = Set(sorted.map(\.code))
    for node in nodes where !reached.contains(node.code) {
      throw BundleError("\(name): the parent \(node.parent) of \(node.code) is not in the classification")
    }
    try require(reached.count == nodes.count, "\(name): a code occurs twice")
    self.name = name
    self.nodes = sorted
    positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.code, $0) })
    var leafCounts = [Int](repeating: 0, count: sorted.count)
    var topLeafCount = 0
    // Children come after their parents.
    for (index, node) in sorted.enumerated().reversed() {
      if leafCounts[index] == 0 { leafCounts[index] = 1 }
      if let parent = positions[node.parent] {
        leafCounts[parent] += leafCounts[index]
      } else {
        topLeafCount += leafCounts[index]
      }
    }
    self.leafCounts = leafCounts
    self.topLeafCount = topLeafCount
  }

  /// How many codes without parts lie below `code`; 0 for a code that is not in the classification.
  func leafCount(of code: String) -> Int {
    if code == ActivityCode.all { return leafCounts.isEmpty ? 0 : topLeafCount }
    return positions[code].map { leafCounts[$0] } ?? 0
  }

  func position(of code: String) -> Int? { positions[code] }

  func depth(of code: String) -> UInt8 { positions[code].map { nodes[$0].depth } ?? 1 }

  /// From the parent up to the row of all activities.
  func ancestors(of code: String) -> [String] {
    if code == ActivityCode.all { return [] }
    var result: [String] = []
    var next = positions[code].map { nodes[$0].parent } ?? ""
    while !next.isEmpty {
      result.append(next)
      next = positions[next].map { nodes[$0].parent } ?? ""
    }
    return result + [ActivityCode.all]
  }

  func file(title: String, source: String, licence: String, notes: [String] = []) -> BundleFile {
    var metadata = catalogMetadata(title: title, source: source, licence: licence)
    for (index, note) in notes.enumerated() { metadata.append(("note.\(index + 1)", note)) }
    var writer = ArrowWriter(rowCount: nodes.count, metadata: metadata)
    writer.add("code", .texts(nodes.map(\.code)))
    writer.add("level", words: nodes.map(\.level))
    writer.add("depth", .uint8(nodes.map(\.depth)))
    writer.add("title", .texts(nodes.map(\.title)))
    writer.add("title_es", textsOrWords: nodes.map(\.spanish))
    writer.add("title_fr", textsOrWords: nodes.map(\.french))
    writer.add("parent", words: nodes.map(\.parent))
    writer.add("cluster", words: nodes.map(\.cluster))
    writer.add("subcluster", words: nodes.map(\.subcluster))
    return BundleFile(name: "tree.\(name).arrow", rowCount: nodes.count, bytes: writer.bytes())
  }
}

extension ArrowWriter {
  /// A column of texts, as a dictionary if most of them repeat.
  mutating func add(_ name: String, textsOrWords texts: [String]) {
    if Set(texts).count * 2 < texts.count { add(name, words: texts) } else { add(name, .texts(texts)) }
  }

  /// A column of texts that repeat.
  mutating func add(_ name: String, words: [String]) {
    let values = Set(words).sorted()
    let index = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
    add(
      name, .dictionary(codes: words.map { index[$0] ?? 0 }, values: values, width: .init(valueCount: values.count)))
  }
}
