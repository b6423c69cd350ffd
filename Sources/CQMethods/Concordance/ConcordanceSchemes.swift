/// Classifications and the links between them that come with the program, and the way from one to another.
struct ConcordanceRoute {
  let chain: ConcordanceChain
  /// From the first classification to the last.
  let path: [String]
  /// Titles of the codes of the last one, where the catalogue has them.
  let titles: [String: String]
  let notes: [String]

  /// Names that a classification may be called by.
  static func scheme(_ text: String) -> String {
    let word = text.lowercased().filter { $0.isLetter || $0.isNumber }
    switch word {
    case "naics": return "naics2017"
    case "scian": return "scian2018"
    case "hs": return "hs2017"
    case "isic", "ciiu", "ciiu4": return "isic4"
    case "clusters": return "cluster"
    default: return word
    }
  }

  static let editions = [2002, 2007, 2012, 2017, 2022]

  /// All classifications, and which are linked directly.
  static let links: [(String, String)] =
    zip(editions, editions.dropFirst()).map { ("naics\($0)", "naics\($1)") }
    + [("naics2017", "hs2017"), ("naics2017", "isic4"), ("naics2017", "scian2018"), ("isic4", "hs2012")]
    + editions.map { ("naics\($0)", "cluster") } + [("scian2018", "cluster")]

  static var schemes: [String] {
    links.flatMap { [$0.0, $0.1] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// What a classification may be called: the newest edition goes by the name alone.
  static var words: [String] { schemes + ["naics", "scian", "hs", "isic", "ciiu", "clusters"] }

  /// The shortest way; clusters are no stop on the way.
  static func path(from start: String, to end: String) -> [String]? {
    guard schemes.contains(start), schemes.contains(end), start != end, start != "cluster" else { return nil }
    var before: [String: String] = [:]
    var open = [start]
    var next = 0
    while next < open.count {
      let here = open[next]
      next += 1
      if here == end {
        var path = [here]
        while let last = path.last, let previous = before[last] { path.append(previous) }
        return path.reversed()
      }
      guard here != "cluster" else { continue }
      for (one, other) in links where one == here || other == here {
        let neighbour = one == here ? other : one
        guard neighbour != start, before[neighbour] == nil else { continue }
        before[neighbour] = here
        open.append(neighbour)
      }
    }
    return nil
  }

  init?(from start: String, to end: String, _ input: KernelInput, sizes: [String: Double]?) {
    guard let path = Self.path(from: start, to: end) else { return nil }
    var steps: [Concordance] = []
    var notes: [String] = []
    for (position, (one, other)) in zip(path, path.dropFirst()).enumerated() {
      let isLast = position == path.count - 2
      guard let links = Self.links(one, other, input) ?? Self.links(other, one, input)?.map(\.reversed) else {
        return nil
      }
      steps.append(Concordance(links, sizes: isLast ? sizes : nil))
      if Set([one, other]) == ["naics2017", "scian2018"] {
        notes.append(
          "SCIAN and NAICS agree on classes of five digits at most: codes are shared equally within the finest class that both have"
        )
      }
    }
    chain = ConcordanceChain(steps)
    self.path = path
    for name in Self.tables(path) {
      if let source = input.plainTable(name)?.source { notes.append("\(name): \(source)") }
    }
    titles = input.classification(end)?.titles ?? [:]
    self.notes = notes
  }

  /// The plain tables that a way needs.
  private static func tables(_ path: [String]) -> [String] {
    zip(path, path.dropFirst()).flatMap { one, other -> [String] in
      switch Set([one, other]) {
      case ["naics2017", "hs2017"]: ["naics_hs", "naics_changes"]
      case ["naics2017", "isic4"]: ["naics_isic"]
      case ["isic4", "hs2012"]: ["isic_products"]
      case let pair: pair.allSatisfy { $0.hasPrefix("naics") } ? ["naics_changes"] : []
      }
    }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The links of a pair as the tables have them; nil where no table has the pair in this order.
  private static func links(_ one: String, _ other: String, _ input: KernelInput) -> [Concordance.Link]? {
    if other == "cluster" {
      guard let clusters = input.classification(one)?.clusters else { return nil }
      // What of a code is in no cluster stays over.
      let parts = Dictionary(clusters.map { ($0.code, $0.part) }, uniquingKeysWith: +)
      return clusters.map { Concordance.Link($0.code, $0.cluster, $0.part) }
        + parts.filter { $1 < 1 - 1e-9 }.map { Concordance.Link($0, Concordance.unmatched, 1 - $1) }
    }
    switch (one, other) {
    case ("naics2017", "hs2017"): return commodities(input)
    case ("naics2017", "isic4"): return pairs(input.plainTable("naics_isic"), "naics", "isic")
    case ("isic4", "hs2012"): return pairs(input.plainTable("isic_products"), "isic", "product")
    case ("naics2017", "scian2018"), ("scian2018", "naics2017"):
      guard let naics = input.classification(one), let scian = input.classification(other) else { return nil }
      return sharedClasses(naics.leaves, scian.leaves)
    default:
      guard one.hasPrefix("naics"), other.hasPrefix("naics"), let table = input.plainTable("naics_changes"),
        let from = Double(one.dropFirst(5)), let to = Double(other.dropFirst(5)),
        let first = table.texts["from_code"], let second = table.texts["to_code"],
        let firstEdition = table.numbers["from_edition"], let secondEdition = table.numbers["to_edition"]
      else { return nil }
      let rows = first.indices.filter { firstEdition[$0] == from && secondEdition[$0] == to }
      return rows.isEmpty ? nil : rows.map { Concordance.Link(first[$0], second[$0]) }
    }
  }

  /// Industries of the commodities of HS 2017. The table names industries of several editions: each is brought to NAICS 2017 from the
  /// newest edition that has it. Codes that are no industry (scrap, used goods, special provisions) have no links.
  private static func commodities(_ input: KernelInput) -> [Concordance.Link]? {
    guard let found = pairs(input.plainTable("naics_hs"), "naics", "hs6") else { return nil }
    let steps = zip(editions, editions.dropFirst()).filter { $0.1 <= 2017 }.compactMap { one, other in
      links("naics\(one)", "naics\(other)", input).map { Concordance($0) }
    }
    let newest = Set(links("naics2012", "naics2017", input)?.map(\.to) ?? [])
    let current = Concordance(newest.map { Concordance.Link($0, $0) })
    let chains = [[current]] + steps.indices.reversed().map { Array(steps[$0...]) }
    var known: [String: [Concordance.Share]] = [:]
    return found.flatMap { link -> [Concordance.Link] in
      let shares =
        known[link.from]
        ?? chains.lazy.filter { $0[0].shares(of: link.from).map { $0.match != .broader } ?? false }
        .map { ConcordanceChain($0).distribution(of: link.from).shares }.first ?? []
      known[link.from] = shares
      return shares.map { Concordance.Link($0.code, link.to) }
    }
  }

  private static func pairs(_ table: KernelTable?, _ one: String, _ other: String) -> [Concordance.Link]? {
    guard let table, let first = table.texts[one], let second = table.texts[other] else { return nil }
    let weights = table.numbers["weight"]
    return zip(first, second).enumerated().map { row, pair in
      Concordance.Link(pair.0, pair.1, weights.flatMap { $0[row] })
    }
  }

  /// Codes of two classifications that have the same classes down to some digits: each is linked with all codes of the other that
  /// share the finest class which both have. Trade has other sectors in each: 42 is 43, and 44-45 is 46.
  static func sharedClasses(_ codes: [String], _ others: [String]) -> [Concordance.Link] {
    var members: [String: [String]] = [:]
    for code in others { for name in classes(of: code) { members[name, default: []].append(code) } }
    return codes.flatMap { code -> [Concordance.Link] in
      guard let name = classes(of: code).first(where: { members[$0] != nil }) else { return [] }
      return (members[name] ?? []).map { Concordance.Link(code, $0) }
    }
  }

  /// The classes that a code of NAICS or SCIAN is in, finest first; of trade only the sector, whose digits differ.
  private static func classes(of code: String) -> [String] {
    switch code.prefix(2) {
    case "42", "43": return ["wholesale"]
    case "44", "45", "46": return ["retail"]
    case let sector:
      let broadest =
        switch sector {
        case "31", "32", "33": "31-33"
        case "48", "49": "48-49"
        case "92", "93": "92"
        default: String(sector)
        }
      return [5, 4, 3].filter { code.count >= $0 }.map { String(code.prefix($0)) } + [broadest]
    }
  }
}
