/// Plain tables about clusters and classifications.
enum UnitedStatesTables {
  static func files(from folder: InputFolder) throws -> [BundleFile] {
    [
      try relatedness(folder).file(), try links(folder).file(), try commodities(folder).file(),
      try changes(folder).file(), try international(folder).file(),
    ]
  }

  private static let mappingSource =
    "U.S. Cluster Mapping Project, Institute for Strategy and Competitiveness, Harvard Business School"
  private static let mappingCitation =
    "Delgado, M., Porter, M. E. & Stern, S. (2016): Defining clusters of related industries. Journal of Economic "
    + "Geography 16(1): 1-38; U.S. Cluster Mapping Project (clustermapping.us)."

  private static func relatedness(_ folder: InputFolder) throws -> PlainTable {
    let input = try folder.csv("cluster_relatedness")
    var columns = try clusterColumns(input)
    for (name, unit) in [
      ("relatedness", ""), ("relatedness_percentile", ""), ("relatedness_rank", ""), ("related_avg", ""),
      ("related_min", ""), ("related_asym", ""), ("corr_location", ""), ("corr_location_emp", ""),
      ("corr_location_est", ""), ("input_output", ""), ("occupation_corr", ""), ("corr_location_pct", ""),
      ("corr_location_emp_pct", ""), ("corr_location_est_pct", ""), ("input_output_pct", ""),
      ("occupation_corr_pct", ""), ("related_90", ""), ("related_i20_90", ""), ("related_i20_90_min", ""),
      ("n_industries_a", "industries"), ("n_industries_b", "industries"),
    ] {
      columns.append(PlainTable.Column(name: name, values: .numbers(try input.numbers(name)), unit: unit))
    }
    return PlainTable(
      name: "cluster_relatedness", title: "Relatedness of traded clusters", source: mappingSource,
      licence: "Free use with citation", citation: mappingCitation,
      notes: [
        "One row for each ordered pair of the 51 traded clusters. Relatedness joins co-location of employment and of "
          + "establishments, input-output links and shared occupations; percentiles and ranks are over all pairs and "
          + "over the partners of the first cluster.",
        "The columns related_90, related_i20_90 and related_i20_90_min are 1 for pairs beyond the 90th percentile.",
      ],
      columns: columns)
  }

  private static func links(_ folder: InputFolder) throws -> PlainTable {
    let input = try folder.csv("cluster_links")
    var columns = try clusterColumns(input)
    for name in [
      "related_percentile", "related_avg", "related_min", "related_90", "related_i20_90", "related_i20_90_min",
    ] {
      columns.append(PlainTable.Column(name: name, values: .numbers(try input.numbers(name))))
    }
    return PlainTable(
      name: "related_clusters", title: "Related traded clusters", source: mappingSource,
      licence: "Free use with citation", citation: mappingCitation,
      notes: ["The links drawn on the cluster map: each leads from the first cluster to one that is related to it."],
      columns: columns)
  }

  private static func clusterColumns(_ input: CSVFile) throws(BundleError) -> [PlainTable.Column] {
    [
      PlainTable.Column(
        name: "cluster", values: .texts(try input.texts("cluster_name_a")), level: "cluster"),
      PlainTable.Column(
        name: "related_cluster", values: .texts(try input.texts("cluster_name_b")), level: "cluster"),
    ]
  }

  private static func commodities(_ folder: InputFolder) throws -> PlainTable {
    let input = try folder.csv("hs_naics_concordance")
    return PlainTable(
      name: "naics_hs", title: "Commodities (HS 2017) and industries (NAICS)",
      source: "U.S. Census Bureau, concordance of export and import commodities with NAICS",
      licence: publicDomain, citation: "U.S. Census Bureau: foreign trade concordances, HS 2017 and NAICS.",
      notes: [
        "Pairs without weights: a commodity may belong to several industries, and an industry makes many commodities; "
          + "titles of four digits are in the classification of trade."
      ],
      columns: [
        .init(name: "hs6", values: .texts(try input.texts("hs6_code"))),
        .init(name: "naics", values: .texts(try input.texts("naics_code"))),
      ])
  }

  private static func changes(_ folder: InputFolder) throws -> PlainTable {
    let input = try folder.csv("naics_concordance")
    // What a code of the later edition is made of is named only where it is a piece of the earlier code.
    let pieces = try zip(
      input.texts("from_title_or_piece"), zip(input.texts("to_title"), input.texts("relation"))
    ).map { piece, other in piece == other.0 || other.1 == "one_to_one" ? "" : piece }
    return PlainTable(
      name: "naics_changes", title: "Changes of NAICS from edition to edition",
      source: "U.S. Census Bureau, NAICS concordances", licence: publicDomain,
      citation: "U.S. Census Bureau: concordances of NAICS 2002, 2007, 2012, 2017 and 2022.",
      notes: ["A piece is named where it differs from the title of the later code; titles are in the classification."],
      columns: [
        .init(name: "from_edition", values: .numbers(try input.numbers("from_version"))),
        .init(name: "from_code", values: .texts(try input.texts("from_code"))),
        .init(name: "to_edition", values: .numbers(try input.numbers("to_version"))),
        .init(name: "to_code", values: .texts(try input.texts("to_code"))),
        .init(name: "relation", values: .texts(try input.texts("relation"))),
        .init(name: "piece", values: .texts(pieces)),
      ])
  }

  private static func international(_ folder: InputFolder) throws -> PlainTable {
    let input = try folder.csv("naics2017_isic4")
    return PlainTable(
      name: "naics_isic", title: "Industries (NAICS 2017) and the international classification (ISIC 4)",
      source: "U.S. Census Bureau, concordance of NAICS 2017 and ISIC revision 4", licence: publicDomain,
      citation: "U.S. Census Bureau: concordance of NAICS 2017 and ISIC revision 4.",
      columns: [
        .init(name: "naics", values: .texts(try input.texts("naics_2017_code"))),
        .init(name: "isic", values: .texts(try input.texts("isic4_code"))),
      ])
  }
}
