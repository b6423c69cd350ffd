import CQCatalog
import CQColumns

/// The rows of one measure and one period, added up by the codes of their table.
enum PeriodSums: Sendable {
  case integers(CodeSums<Int64>)
  case wideIntegers(CodeSums<Int128>)
  case decimals(CodeSums<Double>)

  /// Codes of places and of activities.
  var shape: (regionCount: Int, activityCount: Int, cellCount: Int) {
    switch self {
    case .integers(let sums): (sums.regionCount, sums.activityCount, sums.cellCount)
    case .wideIntegers(let sums): (sums.regionCount, sums.activityCount, sums.cellCount)
    case .decimals(let sums): (sums.regionCount, sums.activityCount, sums.cellCount)
    }
  }

  /// What a cell takes for sums of `numbers`.
  static func bytesPerCell(_ numbers: FactNumbers, hasStates: Bool) -> Int {
    switch numbers {
    case .int8, .uint8, .int16, .uint16, .int32: CodeSums<Int64>.bytesPerCell(hasStates: hasStates)
    case .int64: CodeSums<Int128>.bytesPerCell(hasStates: hasStates)
    case .float64: CodeSums<Double>.bytesPerCell(hasStates: hasStates)
    }
  }

  var byteCount: Int {
    switch self {
    case .integers(let sums): sums.cellCount * CodeSums<Int64>.bytesPerCell(hasStates: sums.hasStates)
    case .wideIntegers(let sums): sums.cellCount * CodeSums<Int128>.bytesPerCell(hasStates: sums.hasStates)
    case .decimals(let sums): sums.cellCount * CodeSums<Double>.bytesPerCell(hasStates: sums.hasStates)
    }
  }

  var hasStates: Bool {
    switch self {
    case .integers(let sums): sums.hasStates
    case .wideIntegers(let sums): sums.hasStates
    case .decimals(let sums): sums.hasStates
    }
  }

  /// Which activity codes some row has.
  func presentActivities() -> [Bool] {
    switch self {
    case .integers(let sums): sums.presentActivities()
    case .wideIntegers(let sums): sums.presentActivities()
    case .decimals(let sums): sums.presentActivities()
    }
  }

  /// Makes the cells of `regions` cells without rows.
  func clear(_ regions: some Sequence<Int>) {
    switch self {
    case .integers(let sums): sums.clear(regions)
    case .wideIntegers(let sums): sums.clear(regions)
    case .decimals(let sums): sums.clear(regions)
    }
  }

  /// Makes the totals of `regions`, whose cells are complete.
  ///
  /// - Returns: What adds their part to the totals of activities, for one thread to call.
  func addUp(_ regions: some Sequence<Int>) -> @Sendable () -> Void {
    switch self {
    case .integers(let sums): sums.added(regions)
    case .wideIntegers(let sums): sums.added(regions)
    case .decimals(let sums): sums.added(regions)
    }
  }

  /// Makes the totals where only some combinations of codes have a cell.
  func addUp(_ cells: CellSet, parts: [[Int]]) {
    switch self {
    case .integers(let sums): sums.addUp(cells, parts: parts)
    case .wideIntegers(let sums): sums.addUp(cells, parts: parts)
    case .decimals(let sums): sums.addUp(cells, parts: parts)
    }
  }

  /// Says of cells with a sum that they have rows.
  func markSums() {
    switch self {
    case .integers(let sums): sums.markSums()
    case .wideIntegers(let sums): sums.markSums()
    case .decimals(let sums): sums.markSums()
    }
  }

  /// Adds every cell to its group of `target`.
  func add(to target: inout GroupSums<Double>, _ lookup: GroupLookup) {
    switch self {
    case .integers(let sums): sums.add(to: &target, lookup)
    case .wideIntegers(let sums): sums.add(to: &target, lookup)
    case .decimals(let sums): sums.add(to: &target, lookup)
    }
  }
}

extension CodeSums {
  fileprivate func added(_ regions: some Sequence<Int>) -> @Sendable () -> Void {
    let part = addUp(regions)
    return { self.activityTotals.add(part) }
  }
}
