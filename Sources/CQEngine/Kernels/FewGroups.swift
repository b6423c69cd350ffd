import CQColumns
internal import Synchronization

/// Rows grouped by a key where there are few different or few possible ones: each unit of rows numbers its own in a small table that stays
/// in the cache, and the tables are put together in the order of the units.
///
/// - Complexity: O(rows); 4 bytes per row.
struct FewGroups {
  /// Rows that are numbered by themselves.
  private static let unitRowCount = 1 << 16
  /// More different keys than these in a unit are for ``DealtGroups``, unless few are possible.
  private static let unitGroupLimit = 1 << 12
  /// A table of all possible keys is for at most so many.
  private static let possibleLimit = 1 << 16

  /// The group of each row; groups are numbered in the order of their first rows.
  let ofPosition: [UInt32]
  /// The position of the first row of each group.
  let firstPositions: [Int32]

  /// A key with its number in its unit plus 1, or 0.
  private struct Slot: BitwiseCopyable {
    var key: UInt64 = 0
    var number: UInt32 = 0
  }

  /// Slots of a unit's table: little more than half of them are in use at most.
  private static let slotBits: UInt64 = 13

  /// - Parameter keyCount: All keys are less.
  /// - Returns: nil where the keys of some unit are too many.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init?(_ keys: RowKeys, below keyCount: Int = .max, _ control: RunControl) throws {
    // nil where keys are hashed.
    let keyCount = keyCount <= Self.possibleLimit ? keyCount : nil
    let units = stride(from: 0, to: keys.count, by: Self.unitRowCount).map {
      $0..<min(keys.count, $0 + Self.unitRowCount)
    }
    let first = units.first ?? 0..<0
    // Most tables with many keys show it in their first rows.
    if keyCount == nil, try Self.areMany(keys, first.prefix(4 * Self.unitGroupLimit), control) { return nil }
    let found = WorkerResults<Unit>(count: units.count)
    let areTooMany = Atomic<Bool>(false)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 2)
    control.ledger.addScan(rows: 0, threads: max(1, min(scheduler.threadCount, units.count)))
    var seedCount = 0
    var groups = try unsafe [UInt32](writing: keys.count) { groups in
      let groups = unsafe SharedElements(groups)
      guard let own = try Self.numbered(keys, first, below: keyCount, knowing: [], groups, control) else {
        areTooMany.store(true, ordering: .relaxed)
        return
      }
      if !units.isEmpty { found[0] = own }
      // The others begin with the keys of the first one: where there are no more, their numbers are those of all.
      let seeds = keyCount != nil || own.keys.count <= Self.unitGroupLimit / 4 ? own.keys : []
      seedCount = seeds.count
      try scheduler.run(max(0, units.count - 1)) { other in
        if areTooMany.load(ordering: .relaxed) { return }
        let unit = other + 1
        found[unit] = try Self.numbered(keys, units[unit], below: keyCount, knowing: seeds, groups, control)
        if found[unit] == nil { areTooMany.store(true, ordering: .relaxed) }
      }
    }
    if areTooMany.load(ordering: .relaxed) { return nil }

    // For each unit the numbers of its keys among all; none where these are the same.
    var table = CodeTable()
    var firstPositions: [Int32] = []
    var numbers: [[UInt32]] = []
    for unit in units.indices {
      let own = found[unit] ?? Unit(knownCount: 0)
      let known = unit == 0 ? 0 : UInt32(seedCount)
      let added = own.keys.enumerated().map { index, key in
        let (number, isNew) = table.code(of: key)
        if isNew { firstPositions.append(own.firstPositions[index]) }
        return number
      }
      numbers.append(added.indices.allSatisfy { added[$0] == known + UInt32($0) } ? [] : (0..<known) + added)
    }
    let numbersOfUnit = numbers
    try unsafe groups.withUnsafeMutableBufferPointer { groups in
      let groups = unsafe SharedElements(groups)
      try scheduler.run(units.count) { unit in
        try control.check()
        let numbers = numbersOfUnit[unit]
        if numbers.isEmpty { return }
        let part = unsafe groups.part(units[unit])
        // SAFETY: the numbers of a unit are those that its table has given.
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

  /// Writes the number of each row of a unit among its keys, the first of which are `known`.
  ///
  /// - Returns: The keys that are not known; nil where they are too many.
  private static func numbered(
    _ keys: RowKeys, _ positions: Range<Int>, below keyCount: Int?, knowing known: [UInt64],
    _ groups: SharedElements<UInt32>, _ control: RunControl
  ) throws -> Unit? {
    var own = Unit(knownCount: known.count)
    var areTooMany = false
    if let keyCount {
      try unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: keyCount) { numbers in
        unsafe numbers.initialize(repeating: 0)
        for (index, key) in known.enumerated() { unsafe numbers[Int(key)] = UInt32(index + 1) }
        let end = UInt64(keyCount)
        try unsafe keys.forEachBlock(of: positions, control) { block, keys in
          _ = unsafe own.number(keys, from: block.lowerBound, to: groups.part(block), limit: keyCount) { key, next in
            precondition(key < end, "a key lies outside the array")
            // SAFETY: checked above.
            let number = unsafe numbers[Int(truncatingIfNeeded: key)]
            if number != 0 { return number }
            unsafe numbers[Int(truncatingIfNeeded: key)] = next
            return next
          }
        }
      }
      return own
    }
    let slotMask = 1 << Int(slotBits) - 1
    try unsafe withUnsafeTemporaryAllocation(of: Slot.self, capacity: 1 << Int(slotBits)) { slots in
      unsafe slots.initialize(repeating: Slot())
      for (index, key) in known.enumerated() {
        unsafe slots[slot(of: key, slots, slotMask)] = Slot(key: key, number: UInt32(index + 1))
      }
      try unsafe keys.forEachBlock(of: positions, control) { block, keys in
        if areTooMany { return }
        areTooMany = unsafe !own.number(keys, from: block.lowerBound, to: groups.part(block), limit: unitGroupLimit) {
          key, next in
          let slot = unsafe slot(of: key, slots, slotMask)
          if unsafe slots[slot].number == 0 { unsafe slots[slot] = Slot(key: key, number: next) }
          return unsafe slots[slot].number
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
    while unsafe slots[slot].number != 0, unsafe slots[slot].key != key { slot = (slot &+ 1) & mask }
    return slot
  }
}

/// The keys of a unit that were not known before, in the order of their first rows.
private struct Unit: Sendable {
  private let knownCount: Int
  private(set) var keys: [UInt64] = []
  private(set) var firstPositions: [Int32] = []

  init(knownCount: Int) { self.knownCount = knownCount }

  /// Writes the numbers of the keys of a block.
  ///
  /// - Parameter number: The number of a key plus 1, which is `next` where the key is new.
  /// - Precondition: `part` has as many elements as there are keys.
  /// - Returns: Whether there are no more than `limit`; else the rest is not written.
  @inline(__always)
  mutating func number(
    _ block: UnsafeBufferPointer<UInt64>, from position: Int, to part: UnsafeMutableBufferPointer<UInt32>,
    limit: Int, _ number: (_ key: UInt64, _ next: UInt32) -> UInt32
  ) -> Bool {
    var next = UInt32(truncatingIfNeeded: knownCount + keys.count + 1)
    for index in 0..<block.count {
      let found = unsafe number(block[index], next)
      if found == next {
        unsafe keys.append(block[index])
        firstPositions.append(Int32(truncatingIfNeeded: position + index))
        if next > limit { return false }
        next += 1
      }
      unsafe part[index] = found &- 1
    }
    return true
  }
}
