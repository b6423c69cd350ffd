import CQColumns
import CQPlan

/// The cells of a grid from sums by code: every coarser grouping comes from the finest one, and no row is looked at again.
struct RollUp: Sendable {
  /// One year of the grid.
  struct Year: Sendable {
    let byCode: SumsByCode
    /// For each region code its group of places, or -1; for each activity code its group of activities, or -1.
    let regionGroups: [Int32]
    let activityGroups: [Int32]
    /// Groups that the facts have any place of, and groups that have any code.
    let isListed: [Bool]
    let exists: [Bool]

    var sums: PeriodSums { byCode.sums }

    init(
      _ byCode: SumsByCode, regionGroups: [Int32], activityGroups: [Int32], isListed: [Bool], exists: [Bool]
    ) {
      self.byCode = byCode
      self.regionGroups = regionGroups
      self.activityGroups = activityGroups
      self.isListed = isListed
      self.exists = exists
    }
  }

  /// Fewer cells are not worth a thread.
  static let threadedCellCount = 1 << 17
  /// Cells of the answer that a worker fills at a time, about.
  private static let unitCellCount = 1 << 16

  let grid: Grid
  /// nil for years without rows.
  let years: [Year?]
  let scale: Double
  let absentIsZero: Bool
  let control: RunControl

  func cells() throws -> GroupedCells {
    let absent = years.map { year in
      (year?.exists ?? []).map { ($0 && absentIsZero ? CellState.known : .missing).rawValue }
    }
    if years.contains(where: { $0?.byCode.cells != nil }) { return try cellsOfSparseSums(absent) }
    if let coded = CodedCells(self, absent: absent) { return GroupedCells(coded: coded) }
    let scans = years.reduce(0) { $0 + ($1?.sums.shape.cellCount ?? 0) }
    let scheduler = Scheduler(control.limits, isWorthwhile: max(grid.cellCount, scans) >= Self.threadedCellCount)
    let sources = try sources(absent, scheduler)
    let (width, yearCount) = (grid.activity.groupCount, years.count)
    let regionsPerUnit = max(1, Self.unitCellCount / max(1, width * yearCount))
    let regionCount = grid.region.groupCount
    var states: [CellState] = []
    let values = try unsafe [Double](writing: grid.cellCount) { values in
      states = try unsafe [CellState](writing: grid.cellCount) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run((regionCount + regionsPerUnit - 1) / regionsPerUnit) { unit in
          try control.check()
          for region in unit * regionsPerUnit..<min(regionCount, (unit + 1) * regionsPerUnit) {
            let cells = region * width * yearCount..<(region + 1) * width * yearCount
            unsafe fill(region, sources, values.part(cells), states.part(cells))
          }
        }
      }
    }
    return GroupedCells(published: Vector(values: values, states: states))
  }

  // MARK: - Where cells come from

  /// The cells of one year, and what stands where it has none.
  private final class Source: Sendable {
    let groups: YearGroups
    /// For each activity the raw state of a cell without rows, in places that are listed.
    let absent: [UInt8]
    let isListed: [Bool]

    init(groups: YearGroups, absent: [UInt8], isListed: [Bool]) {
      self.groups = groups
      self.absent = absent
      self.isListed = isListed
    }
  }

  private func sources(_ absent: [[UInt8]], _ scheduler: Scheduler) throws -> [Source?] {
    let width = grid.activity.groupCount
    var sources: [Source?] = []
    var units: [(groups: YearGroups, chunk: Int)] = []
    for (index, year) in years.enumerated() {
      guard let year else {
        sources.append(nil)
        continue
      }
      let groups = YearGroups(year, regionCount: grid.region.groupCount, width: width)
      for chunk in 0..<groups.chunkCount { units.append((groups, chunk)) }
      sources.append(Source(groups: groups, absent: absent[index], isListed: year.isListed))
    }
    let work = units
    try scheduler.run(work.count) { unit in
      try control.check()
      work[unit].groups.addUp(chunk: work[unit].chunk)
    }
    for source in sources { source?.groups.putTogether() }
    return sources
  }

  /// Writes the cells of one group of places: activities first, then years.
  private func fill(
    _ region: Int, _ sources: [Source?], _ values: UnsafeMutableBufferPointer<Double>,
    _ states: UnsafeMutableBufferPointer<CellState>
  ) {
    let (width, yearCount) = (grid.activity.groupCount, years.count)
    let missing = [UInt8](repeating: CellState.missing.rawValue, count: width)
    // So many that what is written stays in a near cache while the years take turns.
    let tile = max(16, 8_192 / max(1, yearCount))
    unsafe states.withMemoryRebound(to: UInt8.self) { states in
      guard let values = values.baseAddress, let states = states.baseAddress else { return }
      for start in stride(from: 0, to: width, by: tile) {
        let activities = start..<min(width, start + tile)
        for (year, source) in sources.enumerated() {
          let first = start * yearCount + year
          // SAFETY: there are `width * yearCount` elements, and the last that is written is that of the last activity.
          let target = unsafe YearTarget(
            values: values + first, states: states + first, stride: yearCount, scale: scale)
          if let source {
            source.groups.write(
              activities, of: region, absent: source.isListed[region] ? source.absent : missing, to: target)
          } else {
            for position in 0..<activities.count {
              unsafe target.values[position * yearCount] = 0
              unsafe target.states[position * yearCount] = CellState.missing.rawValue
            }
          }
        }
      }
    }
  }
}
