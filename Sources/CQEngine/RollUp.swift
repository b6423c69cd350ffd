import CQColumns
import CQPlan

/// The cells of a grid from sums by code, year by year: every coarser grouping comes from the finest one.
struct RollUp: Sendable {
  /// One year of the grid.
  struct Year: Sendable {
    let sums: PeriodSums
    /// For each region code its group of places, or -1; for each activity code its group of activities, or -1.
    let regionGroups: [Int32]
    let activityGroups: [Int32]
    /// Groups that the facts have any place of, and groups that have any code.
    let isListed: [Bool]
    let exists: [Bool]
  }

  /// Fewer cells are not worth a thread.
  private static let threadedCellCount = 1 << 17

  let grid: Grid
  /// nil for years without rows.
  let years: [Year?]
  let scale: Double
  let absentIsZero: Bool
  let control: RunControl

  func cells() throws -> GroupedCells {
    let (width, yearCount) = (grid.activity.groupCount, years.count)
    let groupCount = grid.region.groupCount * width
    try control.ledger.reserve(2 * grid.cellCount * (MemoryLayout<Double>.stride + 1), control.limits)
    defer { control.ledger.release(grid.cellCount * (MemoryLayout<Double>.stride + 1)) }
    var isKnown = [[Bool]](repeating: [], count: yearCount)
    for (index, year) in years.enumerated() {
      guard let year, absentIsZero else { continue }
      isKnown[index] = year.isListed.flatMap { isListed in isListed ? year.exists : year.exists.map { _ in false } }
    }
    let scans = years.reduce(0) { $0 + ($1?.sums.cellCount ?? 0) }
    let scheduler = Scheduler(
      control.limits, isWorthwhile: max(grid.cellCount, scans) >= Self.threadedCellCount)
    let sums = SharedCells(count: grid.cellCount)
    try scheduler.run(yearCount) { index in
      try control.check()
      guard let year = years[index] else { return }
      let offsets = year.regionGroups.map { $0 < 0 ? -1 : $0 * Int32(width) }
      year.sums.rollUp(offsets, year.activityGroups, into: sums.year(index, groupCount))
    }
    // Regions and activities first, years last: each cell goes to where the grid has it.
    var values = [Double](repeating: 0, count: grid.cellCount)
    var states = [CellState](repeating: .missing, count: grid.cellCount)
    let zeros = isKnown
    try unsafe values.withUnsafeMutableBufferPointer { values in
      try unsafe states.withUnsafeMutableBufferPointer { states in
        let target = unsafe SharedTarget(values: values, states: states)
        let size = max(1, 65_536 / max(1, yearCount))
        try scheduler.run((groupCount + size - 1) / size) { block in
          try control.check()
          let groups = block * size..<min(groupCount, (block + 1) * size)
          for index in 0..<yearCount {
            let (year, known) = (sums.year(index, groupCount), zeros[index])
            target.fill(groups, year, isZero: known, scale: scale, position: index, yearCount: yearCount)
          }
        }
      }
    }
    return GroupedCells(published: Vector(values: values, states: states))
  }
}

/// Sums of all years of a grid, one year after the other.
@safe private final class SharedCells: @unchecked Sendable {
  // SAFETY: `count` elements each; a year is written by one worker, and read after all have written.
  private let values: UnsafeMutablePointer<Double>
  private let isPresent: UnsafeMutablePointer<UInt8>

  init(count: Int) {
    unsafe values = .allocate(capacity: count)
    unsafe values.initialize(repeating: 0, count: count)
    unsafe isPresent = .allocate(capacity: count)
    unsafe isPresent.initialize(repeating: 0, count: count)
  }

  deinit {
    unsafe values.deallocate()
    unsafe isPresent.deallocate()
  }

  func year(_ index: Int, _ groupCount: Int) -> RolledUpCells {
    unsafe RolledUpCells(
      values: values + index * groupCount, isPresent: isPresent + index * groupCount, count: groupCount)
  }
}

/// The groups of one year.
@safe struct RolledUpCells {
  // SAFETY: `count` elements each, owned by whoever made this.
  let values: UnsafeMutablePointer<Double>
  let isPresent: UnsafeMutablePointer<UInt8>
  let count: Int
}

/// The arrays of the answer while several workers fill them.
@safe private struct SharedTarget: @unchecked Sendable {
  // SAFETY: workers write to different groups.
  private let values: UnsafeMutableBufferPointer<Double>
  private let states: UnsafeMutableBufferPointer<CellState>

  init(values: UnsafeMutableBufferPointer<Double>, states: UnsafeMutableBufferPointer<CellState>) {
    unsafe (self.values, self.states) = (values, states)
  }

  func fill(
    _ groups: Range<Int>, _ cells: RolledUpCells, isZero: [Bool], scale: Double, position: Int, yearCount: Int
  ) {
    let capacity = unsafe values.count
    precondition(groups.upperBound <= cells.count && groups.upperBound * yearCount <= capacity, "too many groups")
    for group in groups {
      let target = group * yearCount + position
      if unsafe cells.isPresent[group] != 0 {
        unsafe values[target] = cells.values[group] * scale
        unsafe states[target] = .known
      } else if !isZero.isEmpty, isZero[group] {
        unsafe states[target] = .known
      }
    }
  }
}

extension PeriodSums {
  var cellCount: Int {
    switch self {
    case .integers(let sums): sums.cellCount
    case .wideIntegers(let sums): sums.cellCount
    case .decimals(let sums): sums.cellCount
    }
  }

  /// The sums of all groups; those without rows stay as they are.
  fileprivate func rollUp(_ offsets: [Int32], _ groups: [Int32], into target: RolledUpCells) {
    switch self {
    case .integers(let sums): sums.rollUp(offsets, groups, into: target)
    case .wideIntegers(let sums): sums.rollUp(offsets, groups, into: target)
    case .decimals(let sums): sums.rollUp(offsets, groups, into: target)
    }
  }
}

extension CodeSums {
  /// - Parameters:
  ///   - offsets: For each region code the first group of its place, or -1.
  ///   - groups: For each activity code its group within a place, or -1.
  fileprivate func rollUp(_ offsets: [Int32], _ groups: [Int32], into target: RolledUpCells) {
    precondition(offsets.count >= regionCount && groups.count >= activityCount, "tables too short")
    let isIdentity = groups.indices.allSatisfy { groups[$0] == Int32($0) }
    let isSingle = groups.allSatisfy { $0 == 0 }
    var totals = [Sum](repeating: .zero, count: target.count)
    for region in 0..<regionCount where offsets[region] >= 0 {
      let (offset, base) = (Int(offsets[region]), region * activityCount)
      if isSingle {
        var (total, present) = (Sum.zero, UInt8(0))
        for activity in 0..<activityCount {
          unsafe total.add(sums[base + activity])
          unsafe present |= isPresent[base + activity]
        }
        totals[offset].add(total)
        unsafe target.isPresent[offset] |= present
      } else if isIdentity {
        precondition(offset + activityCount <= target.count, "group out of range")
        unsafe totals.withUnsafeMutableBufferPointer { totals in
          for activity in 0..<activityCount {
            unsafe totals[offset + activity].add(sums[base + activity])
            unsafe target.isPresent[offset + activity] |= isPresent[base + activity]
          }
        }
      } else {
        for activity in 0..<activityCount where groups[activity] >= 0 {
          let group = offset + Int(groups[activity])
          unsafe totals[group].add(sums[base + activity])
          unsafe target.isPresent[group] |= isPresent[base + activity]
        }
      }
    }
    for group in 0..<target.count { unsafe target.values[group] = totals[group].number }
  }
}
