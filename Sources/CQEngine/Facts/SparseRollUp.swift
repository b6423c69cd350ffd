import CQColumns
import CQPlan

// Roll-ups of sums by code of which only those are there that rows have, and roll-ups into groups that have rows.

/// The groups of one year that rows have, with their sums.
struct SparseSums: Sendable {
  /// Groups of places times groups of activities.
  var cells: CellSet
  /// One element for each of `cells`.
  var sums: GroupSums<Double>

  /// Adds the rows of another period.
  mutating func add(_ other: SparseSums) {
    var union = cells
    union.formUnion(other.cells)
    union.finish()
    var total = GroupSums<Double>(groupCount: union.count)
    for part in [self, other] {
      part.cells.forEach { cell, position in total.add(part.sums, position, times: 1, to: union.rank(cell)) }
    }
    self = SparseSums(cells: union, sums: total)
  }

  /// Takes the groups of `other` where there are no rows yet.
  mutating func fillEmpty(from other: SparseSums) {
    var union = cells
    union.formUnion(other.cells)
    union.finish()
    var total = GroupSums<Double>(groupCount: union.count)
    union.forEach { cell, position in
      if cells.contains(cell) {
        total.add(sums, cells.rank(cell), times: 1, to: position)
      } else {
        total.add(other.sums, other.cells.rank(cell), times: 1, to: position)
      }
    }
    self = SparseSums(cells: union, sums: total)
  }
}

extension RollUp {
  /// The groups of one year that rows have; nil for a year without rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func sparseSums(year index: Int) throws -> SparseSums? {
    guard let year = years[index] else { return nil }
    let width = grid.activity.groupCount
    let spaceCount = grid.region.groupCount * width
    try control.ledger.reserve(CellSet.byteCount(spaceCount: spaceCount), control.limits)
    var cells = CellSet(spaceCount: spaceCount)
    year.byCode.forEachCell { region, activity in
      let (place, group) = (year.regionGroups[region], year.activityGroups[activity])
      if place >= 0, group >= 0 { cells.insert(Int(place) * width + Int(group)) }
    }
    cells.finish()
    try control.ledger.reserve(cells.count * GroupSums<Double>.bytesPerGroup, control.limits)
    var sums = GroupSums<Double>(groupCount: 0)
    (sums.sums, _) = numbers(year, count: cells.count) { cells.rank($0) }
    sums.estimated = [Double](repeating: 0, count: cells.count)
    sums.rowCounts = [Int32](repeating: 1, count: cells.count)
    sums.estimateCounts = [Int32](repeating: 0, count: cells.count)
    sums.withheldCounts = sums.estimateCounts
    sums.missingCounts = sums.estimateCounts
    return SparseSums(cells: cells, sums: sums)
  }

  /// All cells of a grid that is laid out whole, although sums by code are not.
  ///
  /// - Parameter absent: For each year and group of activities the raw state of a cell without rows.
  func cellsOfSparseSums(_ absent: [[UInt8]]) throws -> GroupedCells {
    let (width, yearCount) = (grid.activity.groupCount, years.count)
    let groupCount = grid.region.groupCount * width
    var vector = Vector(repeating: .missing, count: grid.cellCount)
    for (index, year) in years.enumerated() {
      try control.check()
      guard let year else { continue }
      let (sums, isPresent) = numbers(year, count: groupCount) { $0 }
      for group in 0..<groupCount {
        let element = group * yearCount + index
        if isPresent[group] {
          vector.values[element] = sums[group] * scale
          vector.states[element] = .known
        } else if year.isListed[group / width] {
          vector.states[element] = CellState(rawValue: absent[index][group % width]) ?? .missing
        }
      }
    }
    return GroupedCells(published: vector)
  }

  /// Sums of groups, and which have rows.
  ///
  /// - Parameter position: Where the sum of a group stands.
  private func numbers(
    _ year: Year, count: Int, position: (Int) -> Int
  ) -> (sums: [Double], isPresent: [Bool]) {
    switch year.sums {
    case .integers(let sums): numbers(sums, year, count, position)
    case .wideIntegers(let sums): numbers(sums, year, count, position)
    case .decimals(let sums): numbers(sums, year, count, position)
    }
  }

  /// Adds in the order, and in the pieces, in which ``YearGroups`` does: doubles get the same bits.
  @inline(__always)
  private func numbers<Sum>(
    _ sums: CodeSums<Sum>, _ year: Year, _ count: Int, _ position: (Int) -> Int
  ) -> (sums: [Double], isPresent: [Bool]) {
    let width = grid.activity.groupCount
    let (regionGroups, activityGroups) = (year.regionGroups, year.activityGroups)
    let regionsPerChunk = YearGroups.regionsPerChunk(activityCount: year.byCode.activityCount)
    let isSingle = width == 1 && activityGroups.allSatisfy { $0 == 0 }
    let isWhole = !regionGroups.isEmpty && regionGroups.allSatisfy { $0 >= 0 && $0 == regionGroups[0] }
    var totals = [Sum](repeating: .zero, count: count)
    var parts = totals
    var chunks = [Int32](repeating: 0, count: count)
    var isPresent = [Bool](repeating: false, count: count)
    func add(_ sum: Sum, to group: Int, of region: Int) {
      let position = position(group)
      let chunk = Int32(truncatingIfNeeded: region / regionsPerChunk)
      if chunks[position] != chunk {
        totals[position].add(parts[position])
        (parts[position], chunks[position]) = (.zero, chunk)
      }
      parts[position].add(sum)
      isPresent[position] = true
    }
    // SAFETY: there is a total for each region and each activity, and cells that are given lie within the sums.
    if isSingle {
      for region in regionGroups.indices where regionGroups[region] >= 0 {
        let (total, hasRows) = unsafe (sums.regionTotals.sums[region], sums.regionTotals.isPresent[region] != 0)
        // Totals are in one piece.
        if hasRows { add(total, to: Int(regionGroups[region]), of: 0) }
      }
    } else if isWhole {
      for activity in activityGroups.indices where activityGroups[activity] >= 0 {
        let group = Int(regionGroups[0]) * width + Int(activityGroups[activity])
        let hasRows = unsafe sums.activityTotals.isPresent[activity] != 0
        if hasRows { unsafe add(sums.activityTotals.sums[activity], to: group, of: 0) }
      }
    } else {
      year.byCode.forEachCell(of: sums) { region, activity, cell in
        let (place, group) = (regionGroups[region], activityGroups[activity])
        if place >= 0, group >= 0 { unsafe add(sums.sums[cell], to: Int(place) * width + Int(group), of: region) }
      }
    }
    for position in totals.indices { totals[position].add(parts[position]) }
    return (totals.map(\.number), isPresent)
  }
}
