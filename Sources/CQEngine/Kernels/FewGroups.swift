import CQColumns
internal import Synchronization

/// Rows grouped by a key of 64 bits each, where there are few different keys: each unit of rows numbers its own in a small
/// table that stays in the cache, and the tables are put together in the order of the units.
///
/// - Complexity: O(rows); 4 bytes per row.
struct FewGroups {
  /// Rows that are numbered by themselves.
  private static let unitRowCount = 1 << 16
  /// More different keys than these in a unit are for ``DealtGroups``.
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
  init?(_ keys: RowKeys, _ control: RunControl) throws {
    let units = stride(from: 0, to: keys.count, by: Self.unitRowCount).map {
      $0..<min(keys.count, $0 + Self.unitRowCount)
    }
    let first = units.first ?? 0..<0
    // Most tables with many keys show it in their first rows.
    guard try !Self.areMany(keys, first.prefix(4 * Self.unitGroupLimit), control) else { return nil }
    let found = WorkerResults<Unit>(count: units.count)
    let areTooMany = Atomic<Bool>(false)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 2)
    control.ledger.addScan(rows: 0, threads: max(1, min(scheduler.threadCount, units.count)))
    var groups = try unsafe [UInt32](writing: keys.count) { groups in
      let groups = unsafe SharedElements(groups)
      // Units begin with the keys of the first one, if they are few: where there are no others, their codes are those of all.
      let known = try Self.numbered(keys, first, knowing: [], groups, control)
      guard let known else {
        areTooMany.store(true, ordering: .relaxed)
        return
      }
      if !units.isEmpty { found[0] = known }
      let others = max(0, units.count - 1)
      let seeds = known.keys.count <= Self.unitGroupLimit / 4 ? known.keys : []
      try scheduler.run(others) { other in
        if areTooMany.load(ordering: .relaxed) { return }
        let unit = other + 1
        found[unit] = try Self.numbered(keys, units[unit], knowing: seeds, groups, control)
        if found[unit] == nil { areTooMany.store(true, ordering: .relaxed) }
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

  private static func areMany(_ keys: RowKeys, _ positions: Range<Int>, _ control: RunControl) throws -> Bool {
    var table = CodeTable()
    try unsafe keys.forEachBlock(of: positions, control) { _, keys in
      for index in 0..<keys.count where table.count <= unitGroupLimit { _ = unsafe table.code(of: keys[index]) }
    }
    return table.count > unitGroupLimit
  }

  /// Writes the code of each row of a unit among its keys, the first of which are `known`.
  ///
  /// - Returns: The keys and the first row of each that is not known; nil where they are too many.
  private static func numbered(
    _ keys: RowKeys, _ positions: Range<Int>, knowing known: [UInt64], _ groups: SharedElements<UInt32>,
    _ control: RunControl
  ) throws -> Unit? {
    var own = Unit()
    let slotMask = 1 << Int(slotBits) - 1
    var areTooMany = false
    try unsafe withUnsafeTemporaryAllocation(of: Slot.self, capacity: 1 << Int(slotBits)) { slots in
      unsafe slots.initialize(repeating: Slot())
      for key in known {
        let slot = unsafe slot(of: key, slots, slotMask)
        own.keys.append(key)
        own.firstPositions.append(.max)
        unsafe slots[slot] = Slot(key: key, code: UInt32(own.keys.count))
      }
      try unsafe keys.forEachBlock(of: positions, control) { block, keys in
        if areTooMany { return }
        let part = unsafe groups.part(block)
        for index in 0..<keys.count {
          let key = unsafe keys[index]
          let slot = unsafe slot(of: key, slots, slotMask)
          if unsafe slots[slot].code == 0 {
            if own.keys.count == unitGroupLimit {
              areTooMany = true
              return
            }
            own.keys.append(key)
            own.firstPositions.append(Int32(truncatingIfNeeded: block.lowerBound + index))
            unsafe slots[slot] = Slot(key: key, code: UInt32(own.keys.count))
          }
          unsafe part[index] = slots[slot].code &- 1
        }
      }
    }
    return areTooMany ? nil : own
  }

  /// The slot that has a key, or the free one where it belongs.
  @inline(__always)
  private static func slot(of key: UInt64, _ slots: UnsafeMutableBufferPointer<Slot>, _ mask: Int) -> Int {
    // The topmost bits of a product depend on all bits of the key.
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- slotBits))
    // SAFETY: the mask keeps the slot within the table, which is never full.
    while unsafe slots[slot].code != 0, unsafe slots[slot].key != key { slot = (slot &+ 1) & mask }
    return slot
  }
}
