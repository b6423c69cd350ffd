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
  mutating func add(_ other: SparseSums, _ control: RunControl) throws {
    var union = cells
    union.formUnion(other.cells)
    try union.finish(control)
    var total = GroupSums<Double>(groupCount: union.count)
    for part in [self, other] {
      part.cells.forEach { cell, position in total.add(part.sums, position, times: 1, to: union.rank(cell)) }
    }
    self = SparseSums(cells: union, sums: total)
  }

  /// Takes the groups of `other` where there are no rows yet.
  mutating func fillEmpty(from other: SparseSums, _ control: RunControl) throws {
    var union = cells
    union.formUnion(other.cells)
    try union.finish(control)
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
  func sparseYear(_ index: Int) throws -> SparseYear? {
    guard let year = years[index] else { return nil }
    var absent = AbsentCells(regionCount: grid.region.groupCount)
    if absentIsZero { absent = AbsentCells(isListed: year.isListed, exists: year.exists) }
    let width = grid.activity.groupCount
    let spaceCount = grid.region.groupCount * width
    try control.ledger.reserve(CellSet.byteCount(spaceCount: spaceCount), control.limits)
    let isInOrder = Self.isInOrder(year.regionGroups) && Self.isInOrder(year.activityGroups)
    var cells = try CellSet(spaceCount: spaceCount, control)
    if isInOrder, year.byCode.cells?.spaceCount == spaceCount, !year.regionGroups.contains(-1),
      !year.activityGroups.contains(-1), let own = year.byCode.cells
    {
      // The codes are the groups.
      cells = own
    } else {
      year.byCode.forEachCell { region, activity in
        let (place, group) = (year.regionGroups[region], year.activityGroups[activity])
        if place >= 0, group >= 0 { cells.insert(Int(place) * width + Int(group)) }
      }
      try cells.finish(control)
    }
    try control.ledger.reserve(cells.count * SparseYear.bytesPerCell, control.limits)
    let sums =
      isInOrder ? ownNumbers(year, count: cells.count) : numbers(year, count: cells.count) { cells.rank($0) }.sums
    let scale = scale
    return SparseYear(cells: cells, published: scale == 1 ? sums : sums.map { $0 * scale }, absent: absent)
  }

  /// Whether codes that have a group have each their own, in the same order.
  private static func isInOrder(_ groups: [Int32]) -> Bool {
    var last: Int32 = -1
    for group in groups where group >= 0 {
      if group <= last { return false }
      last = group
    }
    return true
  }

  /// The sums of groups each of which is one combination of codes, in their order.
  private func ownNumbers(_ year: Year, count: Int) -> [Double] {
    switch year.sums {
    case .integers(let sums): ownNumbers(sums, year, count)
    case .wideIntegers(let sums): ownNumbers(sums, year, count)
    case .decimals(let sums): ownNumbers(sums, year, count)
    }
  }

  @inline(__always)
  private func ownNumbers<Sum>(_ sums: CodeSums<Sum>, _ year: Year, _ count: Int) -> [Double] {
    let (regionGroups, activityGroups) = (year.regionGroups, year.activityGroups)
    return unsafe [Double](writing: count) { target in
      let target = unsafe SharedElements(target)
      var position = 0
      year.byCode.forEachCell(of: sums) { region, activity, cell in
        if regionGroups[region] < 0 || activityGroups[activity] < 0 { return }
        // SAFETY: cells that are given lie within the sums. Adding to nothing makes 0 of -0, as it does where several are added.
        var sum = Sum.zero
        unsafe sum.add(sums.sums[cell])
        target[position] = sum.number
        position += 1
      }
    }
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
