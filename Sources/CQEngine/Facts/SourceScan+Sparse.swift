import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
internal import Synchronization

// Answers of which only the cells that rows have are there.

extension SourceScan {
  /// The groups of each year of `grid` that rows have, with what stands there; nil for years without rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`, ``CatalogError`` for damaged columns.
  func sparseYears(_ grid: Grid, _ measure: Measure) throws -> [SparseYear?] {
    let rollUp = try rollUp(grid, measure)
    let scheduler = Scheduler(control.limits, isWorthwhile: grid.cellCount >= RollUp.threadedCellCount)
    let results = WorkerResults<SparseYear>(count: grid.years.count)
    try scheduler.run(grid.years.count) { index in
      try control.check()
      if let rollUp {
        results[index] = try rollUp.sparseYear(index)
        return
      }
      var total: SparseSums?
      var absent = AbsentCells(regionCount: grid.region.groupCount)
      if let period = source.period(grid.years[index]) {
        for period in measure.periods(standingFor: period) {
          guard let sums = try sparseSums(measure, grid, period: period, &absent) else { continue }
          if total == nil { total = sums } else { try total?.add(sums, control) }
        }
      }
      results[index] = try total.map { try finished($0, measure, absent, width: grid.activity.groupCount) }
    }
    return grid.years.indices.map { results[$0] }
  }

  /// What the states of rows and the policy make of sums.
  private func finished(
    _ sums: SparseSums, _ measure: Measure, _ absent: AbsentCells, width: Int
  ) throws -> SparseYear {
    try control.ledger.reserve(sums.cells.count * SparseYear.bytesPerCell, control.limits)
    var year = SparseYear(cells: sums.cells, absent: absent)
    sums.cells.forEach { group, position in
      let isZero = absent.state(region: group / width, activity: group % width) == .known
      let cell = finish(sums.sums, position, measure, isZero: isZero)
      year.states[position] = cell.state
      if cell.state.hasValue {
        year.values[position] = cell.sum * measure.scale
        year.estimated[position] = cell.estimated * measure.scale
      }
      if policy == .exclude {
        year.leftOut[position] = sums.sums.estimateCounts[position] + sums.sums.withheldCounts[position]
      }
    }
    return year
  }

  private func sparseSums(
    _ measure: Measure, _ grid: Grid, period: Int, _ absent: inout AbsentCells
  ) throws -> SparseSums? {
    let parts = try parts(measure, period)
    guard !parts.isEmpty else { return nil }
    let tree = catalog.tree(for: dataset, in: period) ?? Self.onlyTotal
    let (activities, exists) = lookups.withLock { $0.activities(parts, grid.activity, tree, period) }
    let regions = regionLookup(parts, grid.region)
    if dataset.absentIsZero { absent.formUnion(AbsentCells(isListed: regions.isListed, exists: exists)) }
    let width = grid.activity.groupCount
    var filled: SparseSums?
    for tier in regions.tiers {
      try control.check()
      let lookups = parts.indices.map { position in
        GroupLookup(
          regionOffsets: tier[position].map { slot in
            slot < 0 ? -1 : (regions.isDirect ? regions.groupsOfSlot[Int(slot)][0] : slot) * Int32(width)
          }, activityGroups: activities[position].groups, coverLimits: activities[position].limits)
      }
      let slotCount = regions.isDirect ? grid.region.groupCount : regions.slotCount
      let sums = try sparseSums(parts, lookups, width: width, spaceCount: slotCount * width)
      if filled == nil { filled = sums } else { try filled?.fillEmpty(from: sums, control) }
    }
    guard let slots = filled, !regions.isDirect else { return filled }
    return try spread(slots, regions, width: width, spaceCount: grid.region.groupCount * width)
  }

  /// The rows of some parts, added up per slot and group of activities.
  private func sparseSums(
    _ parts: [FactPart], _ lookups: [GroupLookup], width: Int, spaceCount: Int
  ) throws -> SparseSums {
    try control.ledger.reserve(CellSet.byteCount(spaceCount: spaceCount), control.limits)
    var cells = try CellSet(spaceCount: spaceCount, control)
    for (part, lookup) in zip(parts, lookups) {
      if let byCode = part.sums {
        byCode.forEachCell { region, activity in
          let (offset, group) = (lookup.regionOffsets[region], lookup.activityGroups[activity])
          if offset >= 0, group >= 0 { cells.insert(Int(offset) + Int(group)) }
        }
      } else if let columns = part.columns {
        for start in stride(from: part.rows.lowerBound, to: part.rows.upperBound, by: RunControl.morselRowCount) {
          try control.check()
          columns.mark(start..<min(start + RunControl.morselRowCount, part.rows.upperBound), lookup, in: &cells)
        }
      }
    }
    try cells.finish(control)
    // Whole numbers before they become doubles, and sums of units of rows.
    try control.ledger.reserve(cells.count * 2 * GroupSums<Double>.bytesPerGroup, control.limits)
    var sums: GroupSums<Double>?
    var integers: GroupSums<Int64>?
    for (part, lookup) in zip(parts, lookups) {
      var own = lookup
      own.cells = cells
      try add(part, own, width: width, cellCount: cells.count, to: &sums, &integers)
    }
    if let integers {
      if sums == nil { sums = integers.mapped { Double($0) } } else { sums?.add(integers) { Double($0) } }
    }
    return SparseSums(cells: cells, sums: sums ?? GroupSums(groupCount: cells.count))
  }

  /// The sums of slots, each added to every group that it belongs to.
  private func spread(_ slots: SparseSums, _ regions: RegionLookup, width: Int, spaceCount: Int) throws -> SparseSums {
    var cells = try CellSet(spaceCount: spaceCount, control)
    slots.cells.forEach { cell, _ in
      for group in regions.groupsOfSlot[cell / width] { cells.insert(Int(group) * width + cell % width) }
    }
    try cells.finish(control)
    var sums = GroupSums<Double>(groupCount: cells.count)
    slots.cells.forEach { cell, position in
      for group in regions.groupsOfSlot[cell / width] {
        sums.add(slots.sums, position, times: 1, to: cells.rank(Int(group) * width + cell % width))
      }
    }
    return SparseSums(cells: cells, sums: sums)
  }
}
