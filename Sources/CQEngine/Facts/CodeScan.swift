import CQCatalog
import CQColumns

/// Adds up the rows of some periods by their codes, all periods and all cells in one pass over the rows, on several
/// threads where that is worth it.
///
/// The rows are cut into units that depend on the data alone. A unit either has its cells to itself (sorted rows: a cell
/// lies within one unit) or adds to cells of its own, which are put together in the order of the units; so the sums are
/// the same bits for any number of threads.
struct CodeScan {
  /// One period of one fact table.
  struct Task: Sendable {
    let facts: FactTable
    let measure: Measure
    let part: MeasurePart
    let period: Int
    let rows: Range<Int>

    var cellCount: Int { facts.regions.count * facts.activities.count }
  }

  /// Rows of a unit, about.
  private static let unitRowCount = 1 << 18
  /// Units into which rows are cut whose cells are not their own.
  private static let sharedUnitCount = 16
  /// Fewer rows are not worth a thread.
  private static let threadedRowCount = 1 << 20

  let control: RunControl

  /// Whether adding up by codes makes `task` smaller than its rows, or no larger than the answer that is wanted.
  static func isWorthwhile(_ task: Task, answerCellCount: Int) -> Bool {
    let (cells, overflow) = task.facts.regions.count.multipliedReportingOverflow(by: task.facts.activities.count)
    return !overflow && cells < Int(Int32.max) && cells <= max(1 << 16, task.rows.count, 2 * answerCellCount)
  }

  /// - Throws: ``LimitExceeded``, `CancellationError`, ``CatalogError`` for damaged columns.
  func sums(of tasks: [Task]) throws -> [PeriodSums] {
    var accumulators: [Accumulator] = []
    for task in tasks {
      try control.check()
      accumulators.append(try Accumulator(task, control))
    }
    let rowCount = tasks.reduce(0) { $0 + $1.rows.count }
    let units = units(tasks)
    let scheduler = Scheduler(control.limits, isWorthwhile: rowCount >= Self.threadedRowCount)
    control.ledger.addScan(rows: rowCount, threads: min(scheduler.threadCount, units.count))
    // What the units with cells of their own add to the totals, and the cells of the others, until all are done.
    let totals = WorkerResults<@Sendable () -> Void>(count: units.count)
    let privateCells = WorkerResults<PeriodSums>(count: units.count)
    let ready = accumulators
    try scheduler.run(units.count) { index in
      let unit = units[index]
      let accumulator = ready[unit.task]
      if let regions = unit.regions {
        accumulator.sums.clear(regions)
        try accumulator.add(unit.rows, to: accumulator.sums)
        totals[index] = accumulator.sums.addUp(regions)
      } else {
        let cells = try accumulator.emptyCells()
        try accumulator.add(unit.rows, to: cells)
        privateCells[index] = cells
      }
    }
    for index in units.indices { totals[index]?() }
    for (task, accumulator) in accumulators.enumerated() {
      let parts = units.indices.filter { units[$0].task == task }.compactMap { privateCells[$0] }
      if parts.isEmpty { continue }
      let regions = 0..<tasks[task].facts.regions.count
      accumulator.sums.clear(regions)
      for part in parts { accumulator.merge(part) }
      accumulator.sums.addUp(regions)()
    }
    return accumulators.map(\.sums)
  }

  /// The same, with sums of those combinations of codes only that rows have.
  func sparseSums(of tasks: [Task]) throws -> [SumsByCode] {
    let rowCount = tasks.reduce(0) { $0 + $1.rows.count }
    let scheduler = Scheduler(control.limits, isWorthwhile: rowCount >= Self.threadedRowCount / 4)
    control.ledger.addScan(rows: rowCount, threads: min(scheduler.threadCount, tasks.count))
    let results = WorkerResults<SumsByCode>(count: tasks.count)
    try scheduler.run(tasks.count) { results[$0] = try SparseCodeScan(task: tasks[$0], control: control).sums() }
    return tasks.indices.compactMap { results[$0] }
  }

  // MARK: - Units

  private struct Unit: Sendable {
    let task: Int
    let rows: Range<Int>
    /// Those whose cells it has to itself; nil where it shares all cells with others.
    let regions: [Int]?
  }

  private func units(_ tasks: [Task]) -> [Unit] {
    var units: [Unit] = []
    for (index, task) in tasks.enumerated() {
      let regions = Array(0..<task.facts.regions.count)
      if task.rows.isEmpty {
        units.append(Unit(task: index, rows: task.rows, regions: regions))
        continue
      }
      if let parts = Self.partsOfRegions(task) {
        units += parts.map { Unit(task: index, rows: $0.rows, regions: $0.regions) }
        continue
      }
      // More units would mean more cells to put together than rows to add.
      let most = max(1, task.rows.count / (4 * max(1, task.cellCount)))
      let wanted = (Self.sharedUnitCount + tasks.count - 1) / tasks.count
      let count = max(1, min(most, wanted, task.rows.count / Self.unitRowCount))
      let size = (task.rows.count + count - 1) / count
      for start in stride(from: task.rows.lowerBound, to: task.rows.upperBound, by: max(1, size)) {
        let rows = start..<min(start + size, task.rows.upperBound)
        units.append(Unit(task: index, rows: rows, regions: count == 1 ? regions : nil))
      }
    }
    return units
  }

  /// The rows of units that have their regions to themselves, with these; regions without rows go to the first. nil unless
  /// every region is one run, none of them much larger than a unit should be.
  static func partsOfRegions(_ task: Task) -> [(rows: Range<Int>, regions: [Int])]? {
    guard let runs = task.facts.regionRuns else { return nil }
    let indexes = runs.indexes(of: task.rows)
    var seen = [Bool](repeating: false, count: task.facts.regions.count)
    var parts: [(rows: Range<Int>, regions: [Int])] = []
    var regions: [Int] = []
    var (first, start) = (task.rows.lowerBound, task.rows.lowerBound)
    var largest = 0
    for run in indexes {
      let code = Int(runs.codes[run])
      if seen[code] { return nil }
      seen[code] = true
      regions.append(code)
      let end = min(runs.ends[run], task.rows.upperBound)
      largest = max(largest, end - start)
      start = end
      if end - first >= Self.unitRowCount || end == task.rows.upperBound {
        parts.append((first..<end, regions))
        (first, regions) = (end, [])
      }
    }
    // A single region of many rows had better be shared.
    if parts.isEmpty || largest > 8 * Self.unitRowCount && task.rows.count / largest < 8 { return nil }
    parts[0].regions += seen.indices.filter { !seen[$0] }
    return parts
  }
}
