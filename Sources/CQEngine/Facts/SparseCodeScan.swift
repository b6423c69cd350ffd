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
    var cells = try CellSet(spaceCount: regions * activities, control)
    try forEachBlock { indexes, _, _ in
      for index in indexes { cells.insert(Int(index)) }
    }
    try cells.finish(control)
    let accumulator = try Accumulator(task, control, sparseCount: cells.count)
    try forEachBlock { indexes, rows, isOneRegion in
      for index in indexes.indices { indexes[index] = UInt32(truncatingIfNeeded: cells.rank(Int(indexes[index]))) }
      accumulator.add(rows, at: indexes, isOneRegion: isOneRegion)
    }
    accumulator.sums.markSums()
    accumulator.sums.addUp(cells, parts: CodeScan.partsOfRegions(task)?.map(\.regions) ?? [Array(0..<regions)])
    return SumsByCode(accumulator.sums, cells: cells)
  }

  /// Calls `body` for pieces of the rows, with the combination of each: pieces of one place where places are runs.
  ///
  /// - Parameter body: May change the combinations.
  private func forEachBlock(
    _ body: (_ cells: inout [UInt32], _ rows: Range<Int>, _ isOneRegion: Bool) throws -> Void
  ) throws {
    let width = UInt32(truncatingIfNeeded: task.facts.activities.count)
    if let runs = task.facts.regionRuns {
      var cells: [UInt32] = []
      for run in runs.indexes(of: task.rows) {
        let end = min(task.rows.upperBound, runs.ends[run])
        var start = max(task.rows.lowerBound, run == 0 ? 0 : runs.ends[run - 1])
        let base = UInt32(truncatingIfNeeded: Int(runs.codes[run])) &* width
        while start < end {
          try control.check()
          let rows = start..<min(end, start + RunControl.morselRowCount)
          Self.read(task.facts.activityCodes, rows, into: &cells) { code, _ in base &+ code }
          try body(&cells, rows, true)
          start = rows.upperBound
        }
      }
      return
    }
    var (cells, regions): ([UInt32], [UInt32]) = ([], [])
    for start in stride(from: task.rows.lowerBound, to: task.rows.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let rows = start..<min(start + RunControl.morselRowCount, task.rows.upperBound)
      Self.read(task.facts.regionCodes, rows, into: &regions) { code, _ in code }
      Self.read(task.facts.activityCodes, rows, into: &cells) { code, row in regions[row] &* width &+ code }
      try body(&cells, rows, false)
    }
  }

  /// Makes a number of each code of some rows.
  @inline(__always)
  private static func read(
    _ codes: DictionaryCodes, _ rows: Range<Int>, into numbers: inout [UInt32],
    _ number: (_ code: UInt32, _ row: Int) -> UInt32
  ) {
    switch codes {
    case .bits8(let codes): read(codes, rows, into: &numbers, number)
    case .bits16(let codes): read(codes, rows, into: &numbers, number)
    case .bits32(let codes): read(codes, rows, into: &numbers, number)
    }
  }

  @inline(__always)
  private static func read<Code: FixedWidthInteger & UnsignedInteger>(
    _ codes: ColumnBuffer<Code>, _ rows: Range<Int>, into numbers: inout [UInt32],
    _ number: (_ code: UInt32, _ row: Int) -> UInt32
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= codes.count, "rows lie outside the column")
    // SAFETY: the buffer is alive while `codes` is, and `rows` is within it.
    let elements = unsafe codes.elements
    numbers.removeAll(keepingCapacity: true)
    for row in rows {
      numbers.append(number(unsafe UInt32(truncatingIfNeeded: elements[row]), row - rows.lowerBound))
    }
  }
}
