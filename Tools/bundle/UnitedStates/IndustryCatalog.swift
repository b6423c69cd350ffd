import CQColumns

/// `tree.naics.2017` and its like: one NAICS tree per vintage, with the clusters of its industries.
///
/// One file per vintage, because a query that reads one year needs one tree.
struct IndustryCatalog {
  let schemes: [Int: ActivityScheme]

  /// Titles in Spanish and French of a code that means the same in all three countries.
  typealias Translations = (_ vintage: Int, _ code: String) -> (spanish: String, french: String)?

  /// - Parameter occurring: Codes in the datasets, by vintage.
  init(
    from folder: InputFolder, occurring: [Int: Set<String>], definitions: ClusterDefinitions,
    translations: Translations = { _, _ in nil }
  ) throws {
    var official: [Int: [String: String]] = [:]
    for row in try folder.csv("naics_titles").rows {
      official[try row.integer("naics_version"), default: [:]][try row.text("naics_code")] = try row.text("title")
    }
    var schemes: [Int: ActivityScheme] = [:]
    for vintage in ClusterDefinitions.vintages {
      // There is no list of the 2002 titles: six digits come with the cluster definitions, the rest kept its title.
      var titles = vintage == 2002 ? [:] : official[vintage] ?? [:]
      for (code, title) in definitions.titles[vintage] ?? [:] where titles[code] == nil { titles[code] = title }
      let codes = Self.withAncestors(Set(titles.keys).union(occurring[vintage] ?? []))
      var nodes: [ActivityScheme.Node] = []
      for code in codes {
        let title = Self.title(of: code, in: codes) {
          if let title = titles[$0] { return title }
          if vintage == 2012 { return ExportGroups.titles[String($0.prefix(2))] }
          return vintage == 2002 ? official[2007]?[$0] : nil
        }
        guard let title else { throw BundleError("NAICS \(vintage) code \(code) has no title") }
        let membership = definitions.memberships[vintage]?[code]
        let translation = translations(vintage, code)
        nodes.append(
          ActivityScheme.Node(
            code: code, level: "naics\(ActivityCode.level(code))", depth: ActivityCode.depth(code), title: title,
            spanish: translation?.spanish ?? "", french: translation?.french ?? "",
            parent: Self.parent(of: code) ?? "", cluster: membership?.cluster ?? "",
            subcluster: membership?.subcluster ?? ""))
      }
      schemes[vintage] = try ActivityScheme(name: "naics.\(vintage)", nodes: nodes)
    }
    self.schemes = schemes
  }

  var files: [BundleFile] {
    schemes.sorted { $0.key < $1.key }.map { vintage, scheme in
      scheme.file(
        title: "Industries (NAICS \(vintage))",
        source: "U.S. Census Bureau, North American Industry Classification System; U.S. Bureau of Labor Statistics; "
          + ClusterDefinitions.source,
        licence: "\(publicDomain); clusters: free use with citation", notes: Self.notes(vintage))
    }
  }

  private static func notes(_ vintage: Int) -> [String] {
    switch vintage {
    case 2002, 2007: []
    case 2012:
      ["Codes 91, 93, 98 and 99 are groups of goods in the export statistics that no industry makes."]
    default:
      ["Clusters of \(vintage) codes are derived from those of 2012, which are the official ones."]
    }
  }

  private static func parent(of code: String) -> String? {
    let parent = ActivityCode.parent(of: code, levels: [2, 3, 4, 5, 6])
    return parent == ActivityCode.all ? nil : parent
  }

  private static func withAncestors(_ codes: Set<String>) -> Set<String> {
    var result: Set<String> = []
    for code in codes where code != ActivityCode.all {
      var next: String? = code
      while let code = next, result.insert(code).inserted { next = parent(of: code) }
    }
    return result
  }

  /// The official title, or one derived from the neighbours in the tree.
  private static func title(of code: String, in codes: Set<String>, official: (String) -> String?) -> String? {
    if let title = official(code) { return title }
    if code.allSatisfy({ $0 == "9" }) { return "Unclassified" }
    // The residential and nonresidential halves that the Bureau of Labor Statistics makes of construction trades.
    if code.count == 6, code.hasPrefix("238"), let parent = parent(of: code), let title = official(parent) {
      if code.hasSuffix("1") { return "\(title) (residential)" }
      if code.hasSuffix("2") { return "\(title) (nonresidential)" }
    }
    // A code with one child means the same as the child.
    let descendants = codes.filter { $0.count == 6 && $0.hasPrefix(code) }
    if descendants.count == 1, let only = descendants.first { return official(only) }
    return formerTitles[code]
  }

  /// Groups of 2002 that were dissolved in 2007.
  private static let formerTitles = [
    "516": "Internet Publishing and Broadcasting",
    "5173": "Telecommunications Resellers",
    "5175": "Cable and Other Program Distribution",
    "5181": "Internet Service Providers and Web Search Portals",
    "51811": "Internet Service Providers and Web Search Portals",
    "52593": "Real Estate Investment Trusts",
  ]
}
