import CQCatalog
import CQColumns

extension FactPart {
  /// Rows that a worker takes at a time.
  private static let unitRowCount = 1 << 17

  /// Adds the rows to their groups, on several threads where there are many.
  ///
  /// The rows are cut into units by their number alone, each has sums of its own, and these are put together in their
  /// order: the bits do not depend on the threads.
  func add<Value: FactValue>(
    _ columns: MeasureColumns, _ values: ColumnBuffer<Value>, _ lookup: GroupLookup, width: Int,
    to sums: inout GroupSums<Value.Sum>, _ control: RunControl
  ) throws {
    let units = units(lookup, width: width, groupCount: lookup.cells?.spaceCount ?? sums.sums.count)
    guard units.count > 1 else {
      return try add(rows, columns, values, lookup, to: &sums, control)
    }
    // Of the groups of a unit, those that there are sums of.
    let positions = units.map { unit in
      lookup.cells.map { $0.rank(unit.groups.lowerBound)..<$0.rank(unit.groups.upperBound) } ?? unit.groups
    }
    let bytes = positions.reduce(0) { $0 + $1.count * GroupSums<Value.Sum>.bytesPerGroup }
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    let scheduler = Scheduler(control.limits, isWorthwhile: true)
    control.ledger.addScan(rows: 0, threads: min(scheduler.threadCount, units.count))
    let results = WorkerResults<GroupSums<Value.Sum>>(count: units.count)
    try scheduler.run(units.count) { index in
      let unit = units[index]
      var own = GroupSums<Value.Sum>(groupCount: positions[index].count)
      var shifted = lookup
      shifted.firstPosition = positions[index].lowerBound
      let first = lookup.cells == nil ? Int32(unit.groups.lowerBound) : 0
      for region in shifted.regionOffsets.indices {
        let offset = shifted.regionOffsets[region]
        // Regions that the unit has no rows of need no group.
        shifted.regionOffsets[region] = offset < first ? -1 : offset - first
      }
      try add(unit.rows, columns, values, shifted, to: &own, control)
      results[index] = own
    }
    for index in units.indices {
      if let own = results[index] { sums.add(own, from: positions[index].lowerBound) }
    }
  }

  private func add<Value: FactValue>(
    _ rows: Range<Int>, _ columns: MeasureColumns, _ values: ColumnBuffer<Value>, _ lookup: GroupLookup,
    to sums: inout GroupSums<Value.Sum>, _ control: RunControl
  ) throws {
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let morsel = start..<min(start + RunControl.morselRowCount, rows.upperBound)
      columns.add(values, rows: morsel, lookup, into: &sums)
    }
  }

  // MARK: - Units

  private struct Unit: Sendable {
    let rows: Range<Int>
    /// Groups that the rows can belong to.
    let groups: Range<Int>
  }

  private func units(_ lookup: GroupLookup, width: Int, groupCount: Int) -> [Unit] {
    guard rows.count >= 2 * Self.unitRowCount, groupCount > 0 else { return [] }
    let runs = facts.regionRuns
    var size = Self.unitRowCount
    // Rows in no order can belong to any group: more units would mean more groups to put together than rows to add.
    if runs == nil { size = max(size, 4 * groupCount) }
    var units: [Unit] = []
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
      let part = start..<min(start + size, rows.upperBound)
      guard let runs else {
        units.append(Unit(rows: part, groups: 0..<groupCount))
        continue
      }
      var (first, last) = (Int.max, -1)
      for run in runs.indexes(of: part) {
        let offset = Int(lookup.regionOffsets[Int(runs.codes[run])])
        if offset >= 0 { (first, last) = (min(first, offset), max(last, offset)) }
      }
      if last >= 0 { units.append(Unit(rows: part, groups: first..<last + width)) }
    }
    return units
  }
}

/// What units of work give, by index; each is written by the one worker that has the unit.
@safe final class WorkerResults<Result: Sendable>: @unchecked Sendable {
  // SAFETY: `count` elements, initialised in init; no two threads touch the same one before all have ended.
  private let results: UnsafeMutablePointer<Result?>
  private let count: Int

  init(count: Int) {
    self.count = count
    unsafe results = .allocate(capacity: count)
    unsafe results.initialize(repeating: nil, count: count)
  }

  deinit {
    unsafe results.deinitialize(count: count)
    unsafe results.deallocate()
  }

  subscript(unit: Int) -> Result? {
    get {
      precondition(unit >= 0 && unit < count, "no such unit")
      return unsafe results[unit]
    }
    set {
      precondition(unit >= 0 && unit < count, "no such unit")
      unsafe results[unit] = newValue
    }
  }
}
