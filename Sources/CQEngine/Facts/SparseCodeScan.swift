import CQCatalog
import CQColumns

/// Adds up the rows of a period by their codes where these allow many more combinations than there are rows: combinations that
/// rows have are marked first, and only these get a sum.
///
/// The rows of a combination are added in the order and in the pieces in which ``CodeScan`` adds them, so that the sums are the
/// same bits.
struct SparseCodeScan {
  let task: CodeScan.Task
  let control: RunControl

  /// Whether there are so many more combinations than rows that only those that rows have should be laid out.
  static func isFor(_ task: CodeScan.Task) -> Bool { task.cellCount > max(1 << 16, task.rows.count) }

  /// - Throws: ``LimitExceeded``, `CancellationError`, ``CatalogError`` for damaged columns.
  func sums() throws -> SumsByCode {
    let (regions, activities) = (task.facts.regions.count, task.facts.activities.count)
    try control.ledger.reserve(CellSet.byteCount(spaceCount: regions * activities), control.limits)
    var cells = CellSet(spaceCount: regions * activities)
    try forEachBlock { indexes, _, _ in
      for index in indexes { cells.insert(Int(index)) }
    }
    cells.finish()
    let accumulator = try Accumulator(task, control, sparseCount: cells.count)
    try forEachBlock { indexes, rows, isOneRegion in
      let positions = indexes.map { UInt32(truncatingIfNeeded: cells.rank(Int($0))) }
      accumulator.add(rows, at: positions, isOneRegion: isOneRegion)
    }
    accumulator.sums.markSums()
    accumulator.sums.addUp(cells, parts: CodeScan.partsOfRegions(task)?.map(\.regions) ?? [Array(0..<regions)])
    return SumsByCode(accumulator.sums, cells: cells)
  }

  /// Calls `body` for pieces of the rows, with the combination of each: pieces of one place where places are runs.
  private func forEachBlock(_ body: (_ cells: [Int32], _ rows: Range<Int>, _ isOneRegion: Bool) throws -> Void) throws {
    let width = task.facts.activities.count
    if let runs = task.facts.regionRuns {
      for run in runs.indexes(of: task.rows) {
        let end = min(task.rows.upperBound, runs.ends[run])
        var start = max(task.rows.lowerBound, run == 0 ? 0 : runs.ends[run - 1])
        let base = Int32(truncatingIfNeeded: Int(runs.codes[run]) * width)
        while start < end {
          try control.check()
          let rows = start..<min(end, start + RunControl.morselRowCount)
          try body(activities(rows) { base + $0 }, rows, true)
          start = rows.upperBound
        }
      }
      return
    }
    for start in stride(from: task.rows.lowerBound, to: task.rows.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let rows = start..<min(start + RunControl.morselRowCount, task.rows.upperBound)
      let regions = Self.codes(task.facts.regionCodes, rows)
      var cells = activities(rows) { $0 }
      for index in cells.indices { cells[index] += regions[index] * Int32(truncatingIfNeeded: width) }
      try body(cells, rows, false)
    }
  }

  private func activities(_ rows: Range<Int>, _ cell: (Int32) -> Int32) -> [Int32] {
    Self.codes(task.facts.activityCodes, rows).map(cell)
  }

  private static func codes(_ codes: DictionaryCodes, _ rows: Range<Int>) -> [Int32] {
    switch codes {
    case .bits8(let codes): rows.map { Int32(truncatingIfNeeded: codes[$0]) }
    case .bits16(let codes): rows.map { Int32(truncatingIfNeeded: codes[$0]) }
    case .bits32(let codes): rows.map { Int32(truncatingIfNeeded: codes[$0]) }
    }
  }
}
