internal import CQColumns

/// What a dataset holds, counted from its facts: for the reader who wants to know how much is withheld.
package struct Coverage: Sendable {
  /// States of the cells of one measure.
  package struct Cells: Sendable {
    package var count = 0
    package var estimated = 0
    package var withheld = 0
    package var missing = 0

    package init() {}
  }

  /// How many places of each level occur, coarse to fine.
  package var places: [(level: Level, count: Int)] = []
  /// How many activities of each level occur, without the total of all.
  package var activities: [(level: Level, count: Int)] = []
  /// By measure.
  package var cells: [String: Cells] = [:]

  /// - Complexity: Opens every fact table of the dataset and looks at the state of every cell.
  package init(of dataset: Dataset, in catalog: Catalog) throws(CatalogError) {
    var regions: Set<String> = []
    var activities: Set<String> = []
    for measure in dataset.measures {
      var cells = Cells()
      for part in measure.parts {
        let facts = try dataset.facts(part.factTable)
        regions.formUnion(facts.regions)
        activities.formUnion(facts.activities)
        cells.count += facts.columns.rowCount
        guard let column = part.stateColumn else { continue }
        let states = try facts.bytes(column)
        var counts = [Int](repeating: 0, count: 256)
        for row in 0..<states.count { counts[Int(states[row])] += 1 }
        cells.estimated += counts[Int(CellState.estimated.rawValue)]
        cells.withheld += counts[Int(CellState.withheld.rawValue)]
        cells.missing += counts[Int(CellState.missing.rawValue)]
      }
      self.cells[measure.name] = cells
    }
    places = Level.places.map { level in
      let list = catalog.list(level)
      let country = dataset.country
      let count = regions.count { code in
        if level == .country { return list.member(code: code, country: code) != nil }
        return dataset.regionLevels.contains(level) && list.member(code: code, country: country) != nil
      }
      return (level, count)
    }.filter { $0.1 > 0 }
    let trees = catalog.trees(of: dataset)
    var levels: [Level: Int] = [:]
    for code in activities {
      for tree in trees {
        guard let node = tree.index(of: code), let level = tree.levels[node] else { continue }
        levels[level, default: 0] += 1
        break
      }
    }
    self.activities = Level.activities.compactMap { level in levels[level].map { (level, $0) } }
  }
}
