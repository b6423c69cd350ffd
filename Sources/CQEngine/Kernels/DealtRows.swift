import CQColumns

/// Rows that are dealt out to *partitions* by the topmost bits of a number of theirs, in their order: what belongs to a partition
/// lies together, and is little enough for the cache of one thread.
///
/// Rows are dealt unit by unit, each to places that are known before, so that neither the partitions nor the order in them depend on the
/// number of threads.
///
/// - Complexity: O(rows); 2 bytes per row.
struct DealtRows: Sendable {
  /// Rows of a partition, about.
  private static let partitionRowCount = 1 << 14
  private static let partitionLimit = 1 << 9
  /// A multiple of the rows of a block.
  private static let unitRowCount = 4 * RowReader.blockRowCount

  let rowCount: Int
  /// The partition of each row.
  private let partitionOfPosition: [UInt16]
  /// For each unit where its rows of each partition go.
  private let unitStarts: [[UInt32]]
  /// First slots of the partitions, and the end of the last.
  let slotStarts: [Int]

  var partitionCount: Int { slotStarts.count - 1 }

  func slots(_ partition: Int) -> Range<Int> { slotStarts[partition]..<slotStarts[partition + 1] }

  /// Bits that tell the partitions of so many rows apart.
  static func partitionBits(_ rowCount: Int) -> Int {
    var bits = 0
    while 1 << bits < partitionLimit, rowCount >> bits > partitionRowCount { bits += 1 }
    return bits
  }

  private static func units(_ rowCount: Int) -> [Range<Int>] {
    stride(from: 0, to: rowCount, by: unitRowCount).map { $0..<min(rowCount, $0 + unitRowCount) }
  }

  private var units: [Range<Int>] { Self.units(rowCount) }

  /// - Parameters:
  ///   - partitionCount: At most 65,536.
  ///   - write: Writes the partition of each of some rows, each below `partitionCount`.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(
    rowCount: Int, partitionCount: Int, _ control: RunControl,
    _ write: @Sendable (Range<Int>, UnsafeMutableBufferPointer<UInt16>) throws -> Void
  ) throws {
    self.rowCount = rowCount
    let units = Self.units(rowCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 2)
    control.ledger.addScan(rows: 0, threads: max(1, min(scheduler.threadCount, units.count)))
    let counts = WorkerResults<[UInt32]>(count: units.count)
    partitionOfPosition = try unsafe [UInt16](writing: rowCount) { all in
      let all = unsafe SharedElements(all)
      try scheduler.run(units.count) { unit in
        try control.check()
        var own = [UInt32](repeating: 0, count: partitionCount)
        let part = unsafe all.part(units[unit])
        try unsafe write(units[unit], part)
        for index in 0..<part.count { unsafe own[Int(part[index])] &+= 1 }
        counts[unit] = own
      }
    }
    var slotStarts = [0]
    var starts = [[UInt32]](repeating: [UInt32](repeating: 0, count: partitionCount), count: units.count)
    var slot: UInt32 = 0
    for partition in 0..<partitionCount {
      for unit in units.indices {
        starts[unit][partition] = slot
        slot += counts[unit]?[partition] ?? 0
      }
      slotStarts.append(Int(slot))
    }
    unitStarts = starts
    self.slotStarts = slotStarts
  }

  /// An element of each row, partition by partition.
  ///
  /// - Parameter elements: Calls its last argument with the elements of some rows, as many at a time as it likes, in their order.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func dealt<Element: BitwiseCopyable & Sendable>(
    _ control: RunControl,
    _ elements: @Sendable (Range<Int>, _ deal: (UnsafeBufferPointer<Element>) -> Void) throws -> Void
  ) throws -> [Element] {
    let units = units
    return try unsafe [Element](writing: rowCount) { dealt in
      let dealt = unsafe SharedElements(dealt)
      try Scheduler(control.limits, isWorthwhile: units.count > 2).run(units.count) { unit in
        try control.check()
        var next = unitStarts[unit]
        var position = units[unit].lowerBound
        try unsafe elements(units[unit]) { block in
          unsafe deal(block, from: position, to: dealt, at: &next)
          position += block.count
        }
      }
    }
  }

  private func deal<Element>(
    _ block: UnsafeBufferPointer<Element>, from position: Int, to dealt: SharedElements<Element>,
    at next: inout [UInt32]
  ) {
    unsafe next.withUnsafeMutableBufferPointer { next in
      unsafe partitionOfPosition.withUnsafeBufferPointer { partitions in
        precondition(position + block.count <= partitions.count, "more elements than rows")
        // SAFETY: checked above; partitions are below the count of `next`.
        for index in 0..<block.count {
          let partition = unsafe Int(partitions[position &+ index])
          let slot = unsafe next[partition]
          unsafe next[partition] = slot &+ 1
          dealt[Int(slot)] = unsafe block[index]
        }
      }
    }
  }

  /// The elements of all slots in the order of their rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered(_ elements: [UInt32], _ control: RunControl) throws -> [UInt32] {
    let units = units
    return try unsafe [UInt32](writing: rowCount) { gathered in
      let gathered = unsafe SharedElements(gathered)
      try Scheduler(control.limits, isWorthwhile: units.count > 2).run(units.count) { unit in
        try control.check()
        var next = unitStarts[unit]
        for position in units[unit] {
          let partition = Int(partitionOfPosition[position])
          gathered[position] = elements[Int(next[partition])]
          next[partition] &+= 1
        }
      }
    }
  }
}
