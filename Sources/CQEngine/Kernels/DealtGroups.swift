import CQColumns
import CQSemantics
internal import Synchronization

/// Groups of rows where there are many: their rows are dealt out to partitions, so that those of a group lie in one, and each partition is
/// numbered and added up by itself in memory that stays in the cache. Nothing is shared between workers.
///
/// - Complexity: O(rows); up to 30 bytes per row while it is made, 6 per row and 8 per group afterwards.
final class DealtGroups: Sendable {
  /// What making the groups of `rowCount` rows takes at most.
  static func byteCount(rowCount: Int) -> Int { 30 * rowCount }

  private let groups: NumberedGroups
  private let spelledOut: Mutex<[UInt32]?>

  /// The position of the first row of each group; groups are numbered in the order of their first rows.
  var firstPositions: [Int32] { groups.firstPositions }
  var count: Int { groups.firstPositions.count }
  private var rows: DealtRows { groups.rows }
  private var localGroups: [UInt32] { groups.localGroups }

  /// Groups rows by their keys, whose bits are mixed so that any of them may be the topmost ones.
  ///
  /// - Parameter areNarrow: All keys are below 2^32.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: RowKeys, areNarrow: Bool, _ control: RunControl) throws {
    if areNarrow {
      groups = try KeyGroups<UInt32>(keys, control).finished
    } else {
      groups = try KeyGroups<UInt64>(keys, control).finished
    }
    spelledOut = Mutex(nil)
  }

  /// Groups whose numbers are known.
  ///
  /// - Parameter known: The group of each row, below the count of `firstPositions`.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ known: [UInt32], firstPositions: [Int32], _ control: RunControl) throws {
    let groupCount = firstPositions.count
    let width = Int.bitWidth - max(0, groupCount - 1).leadingZeroBitCount
    let shift = UInt32(max(0, width - DealtRows.partitionBits(known.count)))
    let partitionCount = max(1, (groupCount + (1 << Int(shift) - 1)) >> Int(shift))
    let rows = try unsafe DealtRows(rowCount: known.count, partitionCount: partitionCount, control) {
      positions, partitions in
      for index in 0..<positions.count {
        unsafe partitions[index] = UInt16(truncatingIfNeeded: known[positions.lowerBound + index] >> shift)
      }
    }
    let mask = (1 as UInt32) << shift - 1
    let dealt: [UInt32] = try unsafe rows.dealt(control) { positions, deal in
      unsafe known.withUnsafeBufferPointer { known in unsafe deal(UnsafeBufferPointer(rebasing: known[positions])) }
    }
    groups = NumberedGroups(
      rows: rows, localGroups: try control.elements(dealt.count) { dealt[$0] & mask }, firstPositions: firstPositions,
      groupStarts: (0..<partitionCount).map { $0 << Int(shift) }, numbers: nil)
    spelledOut = Mutex(known)
  }

  /// The group of every row, made when it is first asked for.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func ofPosition(_ control: RunControl) throws -> [UInt32] {
    if let known = spelledOut.withLock({ $0 }) { return known }
    let ofSlot = try unsafe [UInt32](writing: localGroups.count) { ofSlot in
      let ofSlot = unsafe SharedElements(ofSlot)
      try Scheduler(control.limits, isWorthwhile: rows.partitionCount > 1).run(rows.partitionCount) { partition in
        try control.check()
        for slot in rows.slots(partition) { ofSlot[slot] = UInt32(number(partition, Int(localGroups[slot]))) }
      }
    }
    let made = try rows.gathered(ofSlot, control)
    spelledOut.withLock { $0 = made }
    return made
  }

  @inline(__always)
  private func number(_ partition: Int, _ group: Int) -> Int {
    let place = groups.groupStarts[partition] + group
    return groups.numbers.map { Int($0[place]) } ?? place
  }

  // MARK: - Aggregates

  /// One element per group of what `evaluate` gives for blocks of rows: the rows of a group are added in their order.
  ///
  /// - Parameter evaluate: The numbers of the rows of a block.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func aggregated(
    _ aggregate: Aggregate, _ control: RunControl, _ evaluate: @Sendable (Range<Int>) -> Vector
  ) throws -> Vector {
    let bytes = 9 * (rows.rowCount + count)
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    // Most columns have a number in every row: then there are no states to deal out.
    let hasOthers = Atomic<Bool>(false)
    let values: [Double] = try unsafe rows.dealt(control) { positions, deal in
      try Self.blocks(positions, control) { block in
        let vector = evaluate(block)
        if !vector.states.allAreKnown { hasOthers.store(true, ordering: .relaxed) }
        unsafe vector.values.withUnsafeBufferPointer { unsafe deal($0) }
      }
    }
    let states: [CellState] =
      unsafe hasOthers.load(ordering: .relaxed)
      ? try rows.dealt(control) { positions, deal in
        try Self.blocks(positions, control) { block in
          unsafe evaluate(block).states.withUnsafeBufferPointer { unsafe deal($0) }
        }
      } : [CellState](each: .known, count: rows.rowCount)
    let dealt = Vector(values: values, states: states)
    var resultStates: [CellState] = []
    let resultValues = try unsafe [Double](writing: count) { values in
      resultStates = try unsafe [CellState](writing: count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try Scheduler(control.limits, isWorthwhile: rows.partitionCount > 1).run(rows.partitionCount) { partition in
          let finished = try self.finished(aggregate, partition, dealt, control)
          for group in 0..<finished.count {
            let number = number(partition, group)
            values[number] = finished.values[group]
            states[number] = finished.states[group]
          }
        }
      }
    }
    return Vector(values: resultValues, states: resultStates)
  }

  private static func blocks(
    _ positions: Range<Int>, _ control: RunControl, _ body: (Range<Int>) throws -> Void
  ) throws {
    for start in stride(from: positions.lowerBound, to: positions.upperBound, by: RowReader.blockRowCount) {
      try control.check()
      try body(start..<min(positions.upperBound, start + RowReader.blockRowCount))
    }
  }

  /// The groups of one partition.
  private func finished(
    _ aggregate: Aggregate, _ partition: Int, _ dealt: Vector, _ control: RunControl
  ) throws -> Vector {
    let starts = groups.groupStarts
    let end = partition + 1 < rows.partitionCount ? starts[partition + 1] : count
    var accumulator = GroupAccumulator(aggregate, groupCount: end - starts[partition])
    let slots = rows.slots(partition)
    for start in stride(from: slots.lowerBound, to: slots.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let part = start..<min(slots.upperBound, start + RunControl.morselRowCount)
      accumulator.add(dealt, part, groups: localGroups, from: start)
    }
    return accumulator.finished
  }
}
