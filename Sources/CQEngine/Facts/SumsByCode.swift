/// The rows of one measure and one period added up by the codes of their table: all combinations of codes, or those that rows
/// have.
struct SumsByCode: Sendable {
  /// One cell for each combination of codes, place by place; or one for each of `cells`.
  let sums: PeriodSums
  /// The combinations that rows have; nil where all are there.
  let cells: CellSet?
  let regionCount: Int
  let activityCount: Int

  /// All combinations.
  init(_ sums: PeriodSums) {
    self.sums = sums
    cells = nil
    (regionCount, activityCount, _) = sums.shape
  }

  /// - Precondition: `sums` has an element for each of `cells`, which are combinations of its codes.
  init(_ sums: PeriodSums, cells: CellSet) {
    let shape = sums.shape
    precondition(
      shape.cellCount == cells.count && cells.spaceCount == shape.regionCount * shape.activityCount,
      "as many sums as cells")
    self.sums = sums
    self.cells = cells
    (regionCount, activityCount) = (shape.regionCount, shape.activityCount)
  }

  var byteCount: Int { sums.byteCount + (cells?.byteCount ?? 0) }

  /// Which activity codes some row has.
  func presentActivities() -> [Bool] {
    guard let cells, sums.hasStates else { return sums.presentActivities() }
    var isPresent = [Bool](repeating: false, count: activityCount)
    cells.forEach { cell, _ in isPresent[cell % activityCount] = true }
    return isPresent
  }

  /// Adds every cell to its group of `target`.
  func add(to target: inout GroupSums<Double>, _ lookup: GroupLookup) {
    switch sums {
    case .integers(let sums): add(sums, to: &target, lookup)
    case .wideIntegers(let sums): add(sums, to: &target, lookup)
    case .decimals(let sums): add(sums, to: &target, lookup)
    }
  }

  private func add<Sum>(_ sums: CodeSums<Sum>, to target: inout GroupSums<Double>, _ lookup: GroupLookup) {
    if cells == nil, lookup.cells == nil { return sums.add(to: &target, lookup) }
    forEachCell(of: sums) { region, activity, cell in
      let (offset, group) = (lookup.regionOffsets[region], lookup.activityGroups[activity])
      if offset >= 0, group >= 0 { sums.add(cell, to: &target, lookup.position(offset, group)) }
    }
  }

  /// Calls `body` for each combination that rows have, place by place, with where its sum stands.
  @inline(__always)
  func forEachCell<Sum>(of sums: CodeSums<Sum>, _ body: (_ region: Int, _ activity: Int, _ cell: Int) -> Void) {
    guard let cells else {
      for region in 0..<regionCount {
        for activity in 0..<activityCount where sums.rowCount(region * activityCount + activity) > 0 {
          body(region, activity, region * activityCount + activity)
        }
      }
      return
    }
    var (region, end) = (0, activityCount)
    cells.forEach { cell, position in
      while cell >= end { (region, end) = (region + 1, end + activityCount) }
      body(region, cell - (end - activityCount), position)
    }
  }

  /// The same, whatever the sums are kept in.
  func forEachCell(_ body: (_ region: Int, _ activity: Int) -> Void) {
    switch sums {
    case .integers(let sums): forEachCell(of: sums) { region, activity, _ in body(region, activity) }
    case .wideIntegers(let sums): forEachCell(of: sums) { region, activity, _ in body(region, activity) }
    case .decimals(let sums): forEachCell(of: sums) { region, activity, _ in body(region, activity) }
    }
  }
}
