import CQColumns

/// The plain tables about cluster organisations and cluster policy, from five public documents.
struct ClusterFacts {
  let files: [BundleFile]

  /// - Parameter stateNames: Names of the Mexican states by code, as the catalogue shows them.
  init(from folder: InputFolder, stateNames: [String: String]) throws {
    var files: [BundleFile] = []
    for table in Self.tables {
      let file = try folder.csv(table.file, in: "seeds")
      var columns: [PlainTable.Column] = []
      for column in table.columns {
        var values: PlainTable.Values
        switch column.kind {
        case .text: values = .texts(try file.texts(column.source))
        case .number: values = .numbers(try file.numbers(column.source))
        case .yes: values = .texts(try file.texts(column.source).map { $0 == "1" ? "yes" : "no" })
        case .state: values = .texts(try file.texts(column.source).map { try Self.state($0, stateNames, table.file) })
        }
        columns.append(
          PlainTable.Column(
            name: column.name, values: values, level: column.kind == .state ? "state" : column.level,
            country: column.kind == .state ? MexicanRegions.country : "", unit: column.unit))
      }
      var documents: [String] = []
      for name in try file.texts("source_file") {
        guard let document = Self.documents[String(name.prefix(3))] else {
          throw BundleError("\(table.file): source_file names an unknown document '\(name)'")
        }
        documents.append(document)
      }
      columns.append(PlainTable.Column(name: "source", values: .texts(documents)))
      let sources = Self.documents.keys.sorted().compactMap { Self.documents[$0] }.filter(documents.contains)
      files.append(
        PlainTable(
          name: table.name, title: table.title, source: sources.joined(separator: "; "),
          licence: "Facts from public documents, with citation", citation: sources.joined(separator: "; ") + ".",
          notes: table.notes, columns: columns
        ).file())
    }
    self.files = files
  }

  private static func state(
    _ code: String, _ names: [String: String], _ file: String
  ) throws(BundleError) -> String {
    if code.isEmpty { return "" }
    guard let name = names[code] else { throw BundleError("\(file): there is no state with the code '\(code)'") }
    return name
  }

  private static let documents = [
    "000": "U.S. Department of Commerce, note on Mexico's National Cluster Map (2016)",
    "001": "Article on iCluster and nearshoring in North America (2024)",
    "002": "European Cluster Collaboration Platform, country page on Mexico",
    "003": "European Cluster Collaboration Platform, country factsheet on Mexico (2020)",
    "004": "European Cluster Collaboration Platform, preparatory briefing on Mexico (2016)",
  ]

  // MARK: - Tables

  private struct Table {
    var name: String
    var file: String
    var title: String
    var columns: [Column]
    var notes: [String] = []
  }

  private struct Column {
    enum Kind {
      case text, number, yes, state
    }

    var name: String
    var source: String
    var kind = Kind.text
    var unit = ""
    var level = ""

    init(_ name: String, _ source: String? = nil, _ kind: Kind = .text, unit: String = "", level: String = "") {
      (self.name, self.source, self.kind, self.unit, self.level) = (name, source ?? name, kind, unit, level)
    }
  }

  private static let tables = [
    Table(
      name: "organisations", file: "seed_t3_cluster_organisation", title: "Cluster organisations of Mexico by state",
      columns: [
        Column("state", "cve_ent", .state), Column("number", "seq", .number), Column("organisation", "cluster_name"),
        Column("sector", "sector_norm"), Column("sector_as_printed"),
        Column("organisations_in_state", "clusters_in_state", .number),
      ],
      notes: [
        "Formally organised clusters as of 2016. `organisations_in_state` is the count that the document prints for the "
          + "state; `sector` brings its different spellings together."
      ]),
    Table(
      name: "esca_labels", file: "seed_t4_esca_label",
      title: "Mexican cluster organisations with a label of the European Secretariat for Cluster Analysis",
      columns: [
        Column("label"), Column("organisation", "cluster_name"), Column("sector"),
        Column("state", "cve_ent_inferred", .state), Column("valid", "valid", .yes),
        Column("valid_labels_as_printed", "valid_labels_as_printed", .number), Column("note"),
      ],
      notes: [
        "The state is inferred from the name of the organisation and empty where it does not tell. Two labels had expired "
          + "by mid-2016 (`valid` is no)."
      ]),
    Table(
      name: "sector_strongholds", file: "seed_t2_sector_state", title: "States that lead a sector in Mexico",
      columns: [Column("sector"), Column("rank", "rank_as_printed", .number), Column("state", "cve_ent", .state)],
      notes: ["In the order in which the document lists them."]),
    Table(
      name: "renewable_capacity", file: "seed_t1_renewable_capacity",
      title: "Additional capacity of renewable energy planned in Mexico",
      columns: [
        Column("energy_source"), Column("source_code"), Column("year", "year", .number),
        Column("additional_capacity", "additional_capacity_mw", .number, unit: "MW"),
        Column("share_2028", "share_2028_pct", .number, unit: "percent"), Column("suspect", "suspect", .yes),
        Column("note"),
      ],
      notes: [
        "The total printed for 2028, 197,611 MW, contradicts the rows above it, which add up to 19,761 MW: it is kept as "
          + "printed and flagged in the column `suspect`. Leave the rows of the source code `total` out of sums."
      ]),
    Table(
      name: "eu_programmes", file: "seed_t5_eu_programme",
      title: "Programmes of cooperation between the European Union and Mexico",
      columns: [Column("relation"), Column("field"), Column("programme"), Column("website")],
      notes: ["Addresses are as printed and may no longer answer."]),
    Table(
      name: "partnerships", file: "seed_escp4i_partnership",
      title: "European strategic cluster partnerships going international that target Mexico",
      columns: [
        Column("acronym"), Column("name"), Column("target_countries"),
        Column("firms_involved", "smes_involved", .number, unit: "firms"), Column("partners", "partners", .number),
      ],
      notes: ["Each target country has a row of its own in partnership_targets, each field in partnership_fields."]),
    Table(
      name: "partnership_targets", file: "seed_escp4i_target_country",
      title: "Target countries of the European strategic cluster partnerships",
      columns: [Column("acronym"), Column("country", level: "country")]),
    Table(
      name: "partnership_fields", file: "seed_escp4i_field",
      title: "Technologies and industries of the European strategic cluster partnerships",
      columns: [Column("acronym"), Column("kind"), Column("field")]),
    Table(
      name: "policy_maturity", file: "seed_cluster_policy_maturity", title: "Maturity of cluster policy",
      columns: [
        Column("country", level: "country"), Column("dimension"), Column("score", "score", .number),
        Column("maximum", "maximum", .number), Column("year", "data_year", .number), Column("note"),
      ]),
    Table(
      name: "cluster_members", file: "seed_cluster_member_count", title: "Members of cluster organisations in Mexico",
      columns: [
        Column("organisation", "cluster_name"), Column("state", "cve_ent", .state), Column("sector"),
        Column("kind", "member_kind"), Column("count", "count", .number), Column("relation"), Column("note"),
      ],
      notes: ["`relation` says how exact the count is: = as stated, > more than, < fewer than, ~ about."]),
    Table(
      name: "facts", file: "seed_fact", title: "Figures on clusters, trade and industry in the documents",
      columns: [
        Column("topic"), Column("indicator"), Column("value", "value", .number), Column("unit"),
        Column("year", "year", .number), Column("geography"), Column("note"),
      ],
      notes: ["As the documents state them; where a figure looks wrong the column `note` says why."]),
    Table(
      name: "policy_milestones", file: "seed_policy_milestone", title: "Milestones of trade and cluster policy",
      columns: [Column("year", "year", .number), Column("event"), Column("geography")]),
    Table(
      name: "strategic_sectors", file: "seed_strategic_sector", title: "Priority sectors of Mexico's trade promotion",
      columns: [Column("list"), Column("sector")]),
    Table(
      name: "nl_strategic_sectors", file: "seed_nl_strategic_sector", title: "Strategic sectors of Nuevo León",
      columns: [Column("state", "cve_ent", .state), Column("sector"), Column("status")]),
  ]
}
