import CQColumns

/// The second fact table of `us_qcew_state`: government by ownership, to three digits, and the total of all ownerships.
enum QuarterlyCensusGovernment {
  private struct Key: Hashable {
    var year: Int
    var region: String
    var activity: String
  }

  /// One ownership: its name in the input and the prefix of its measures.
  private struct Ownership {
    var name: String
    var prefix: String
    var label: String
  }

  private static let ownerships = [
    Ownership(name: "federal", prefix: "federal", label: "Federal government"),
    Ownership(name: "state", prefix: "state_government", label: "State government"),
    Ownership(name: "local", prefix: "local_government", label: "Local government"),
    Ownership(name: "total", prefix: "covered", label: "All ownerships"),
  ]

  static func file(_ facts: [QuarterlyCensus.Row]) throws(BundleError) -> BundleFile {
    var rows = Set(facts.map { Key(year: $0.year, region: $0.region, activity: $0.activity) }).sorted {
      ($0.year, $0.region, $0.activity) < ($1.year, $1.region, $1.activity)
    }
    let keys = try FactKeys(sorting: &rows, { ($0.year, $0.region, $0.activity) }) {
      ActivityCode.sortKey($0) < ActivityCode.sortKey($1)
    }
    let rowOfKey = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    var writer = ArrowWriter(rowCount: rows.count, metadata: manifest.metadata)
    keys.add(to: &writer)
    for ownership in ownerships {
      var factOfRow = [QuarterlyCensus.Row?](repeating: nil, count: rows.count)
      for fact in facts where fact.ownership == ownership.name {
        guard let row = rowOfKey[Key(year: fact.year, region: fact.region, activity: fact.activity)] else { continue }
        try require(factOfRow[row] == nil, "two \(ownership.name) rows for \(keys.describe(row))")
        factOfRow[row] = fact
      }
      try add(ownership, factOfRow, keys, to: &writer)
    }
    return BundleFile(name: "us_qcew_state.government.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  private static func add(
    _ ownership: Ownership, _ factOfRow: [QuarterlyCensus.Row?], _ keys: FactKeys, to writer: inout ArrowWriter
  ) throws(BundleError) {
    let present = factOfRow.indices.filter { factOfRow[$0] != nil }
    let tree = try FactTree(keys.subset(present), levels: [2, 3])
    let withheld = WithheldCells(
      tree: tree, cells: present.compactMap { factOfRow[$0]?.cell }, vintage: { _ in 2017 },
      roundingTolerance: QuarterlyCensus.roundingTolerance)
    let isKnown = withheld.isKnown()
    var states = [CellState](repeating: .missing, count: keys.count)
    var cover = [UInt8](repeating: 255, count: keys.count)
    let depths = tree.cover(isResolved: withheld.isResolved(isKnown: isKnown))
    for (row, (state, depth)) in zip(present, zip(withheld.states(isKnown: isKnown), depths)) {
      states[row] = state
      cover[row] = depth
    }
    let prefix = ownership.prefix
    writer.add("\(prefix)_employment", narrowest: factOfRow.map { $0?.cell.employment ?? 0 })
    writer.add("\(prefix)_establishments", narrowest: factOfRow.map { $0?.establishments ?? 0 })
    writer.add("\(prefix)_payroll", narrowest: factOfRow.map { $0?.cell.payroll ?? 0 })
    writer.add("\(prefix)_state", states: states)
    writer.add("\(prefix)_cover", .uint8(cover))
    // Establishments are never withheld: a number of its own is either there or missing.
    writer.add("\(prefix)_establishments_state", states: factOfRow.map { $0 == nil ? .missing : .known })
  }

  private static let manifest = QuarterlyCensus.manifest(
    title: "Quarterly Census of Employment and Wages, states, government and all ownerships",
    activityLevels: "naics2 naics3",
    absent: "missing",
    measures: ownerships.flatMap { ownership -> [Manifest.Measure] in
      let prefix = ownership.prefix
      let (state, cover) = ("\(prefix)_state", "\(prefix)_cover")
      return [
        .count("\(prefix)_employment", "\(ownership.label) employment", of: "persons", state: state, cover: cover),
        .count(
          "\(prefix)_establishments", "\(ownership.label) establishments", of: "establishments",
          state: "\(prefix)_establishments_state", cover: nil),
        .dollars("\(prefix)_payroll", "\(ownership.label) wages", scale: 1, state: state, cover: cover),
      ]
    },
    notes: [
      "Government employers covered by unemployment insurance, by ownership, to three digits.",
      "`covered_` measures add up private, federal, state and local employers and exist for all activities only.",
      QuarterlyCensus.classificationNote,
    ])
}
