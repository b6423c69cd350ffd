import CQColumns
internal import Synchronization

/// Rows grouped by a key of 64 bits each, where there are few different keys: each unit of rows numbers its own in a small
/// table that stays in the cache, and the tables are put together in the order of the units.
///
/// - Complexity: O(rows); 4 bytes per row.
struct FewGroups {
  /// Rows that are numbered by themselves.
  private static let unitRowCount = 1 << 16
  /// More different keys than these in a unit are for ``HashGroups``.
  private static let unitGroupLimit = 1 << 12

  /// The group of each row; groups are numbered in the order of their first rows.
  let ofPosition: [UInt32]
  /// The position of the first row of each group.
  let firstPositions: [Int32]

  /// A key with its code among those of its unit plus 1, or 0.
  private struct Slot: BitwiseCopyable {
    var key: UInt64 = 0
    var code: UInt32 = 0
  }

  /// Slots of a unit's table: it is never more than half full.
  private static let slotBits: UInt64 = 13

  private struct Unit: Sendable {
    var keys: [UInt64] = []
    var firstPositions: [Int32] = []
  }

  /// - Returns: nil where the keys of some unit are too many.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init?(_ keys: [UInt64], _ control: RunControl) throws {
    let units = stride(from: 0, to: keys.count, by: Self.unitRowCount).map {
      $0..<min(keys.count, $0 + Self.unitRowCount)
    }
    // Most tables with many keys show it in their first rows.
    if let first = units.first {
      var table = CodeTable()
      for position in first.prefix(4 * Self.unitGroupLimit) where table.code(of: keys[position]).isNew {
        if table.count > Self.unitGroupLimit { return nil }
      }
    }
    let found = WorkerResults<Unit>(count: units.count)
    let areTooMany = Atomic<Bool>(false)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 2)
    control.ledger.addScan(rows: 0, threads: max(1, min(scheduler.threadCount, units.count)))
    var groups = try unsafe [UInt32](writing: keys.count) { groups in
      let groups = unsafe SharedElements(groups)
      try scheduler.run(units.count) { unit in
        try control.check()
        if areTooMany.load(ordering: .relaxed) { return }
        var own = Unit()
        let part = unsafe groups.part(units[unit])
        let start = units[unit].lowerBound
        unsafe withUnsafeTemporaryAllocation(of: Slot.self, capacity: 1 << Int(Self.slotBits)) { slots in
          unsafe slots.initialize(repeating: Slot())
          unsafe keys.withUnsafeBufferPointer { keys in
            for index in 0..<units[unit].count {
              let key = unsafe keys[start + index]
              // The topmost bits of a product depend on all bits of the key.
              var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - Self.slotBits))
              while unsafe slots[slot].code != 0, unsafe slots[slot].key != key {
                slot = (slot + 1) & (1 << Int(Self.slotBits) - 1)
              }
              if unsafe slots[slot].code == 0 {
                if own.keys.count == Self.unitGroupLimit {
                  areTooMany.store(true, ordering: .relaxed)
                  return
                }
                own.keys.append(key)
                own.firstPositions.append(Int32(truncatingIfNeeded: start + index))
                unsafe slots[slot] = Slot(key: key, code: UInt32(own.keys.count))
              }
              unsafe part[index] = slots[slot].code - 1
            }
          }
        }
        found[unit] = own
      }
    }
    if areTooMany.load(ordering: .relaxed) { return nil }

    // The number among all of each key of a unit.
    var table = CodeTable()
    var firstPositions: [Int32] = []
    var numbers: [[UInt32]] = []
    for unit in units.indices {
      let own = found[unit] ?? Unit()
      numbers.append(
        own.keys.enumerated().map { index, key in
          let (code, isNew) = table.code(of: key)
          if isNew { firstPositions.append(own.firstPositions[index]) }
          return code
        })
    }
    let numbersOfUnit = numbers
    try unsafe groups.withUnsafeMutableBufferPointer { groups in
      let groups = unsafe SharedElements(groups)
      try scheduler.run(units.count) { unit in
        try control.check()
        let numbers = numbersOfUnit[unit]
        if numbers.indices.allSatisfy({ numbers[$0] == $0 }) { return }
        let part = unsafe groups.part(units[unit])
        // SAFETY: the codes of a unit are those that its table has given.
        unsafe numbers.withUnsafeBufferPointer { numbers in
          for index in 0..<part.count { unsafe part[index] = numbers[Int(part[index])] }
        }
      }
    }
    ofPosition = groups
    self.firstPositions = firstPositions
  }
}
