import CQColumns
internal import Synchronization

/// What the bits of a key are mixed to: as many, so that different keys stay different.
protocol MixedKey: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
  init(mixing key: UInt64)
}

extension UInt32: MixedKey {
  /// The finaliser of MurmurHash3 for 32 bits.
  @inline(__always)
  init(mixing key: UInt64) {
    var mixed = UInt32(truncatingIfNeeded: key)
    mixed = (mixed ^ (mixed &>> 16)) &* 0x85EB_CA6B
    mixed = (mixed ^ (mixed &>> 13)) &* 0xC2B2_AE35
    self = mixed ^ (mixed &>> 16)
  }
}

extension UInt64: MixedKey {
  @inline(__always)
  init(mixing key: UInt64) { self = CodeTable.mixed(key) }
}

/// Groups of rows that are dealt out to partitions.
struct NumberedGroups {
  var rows: DealtRows
  /// For each slot the group among those of its partition.
  var localGroups: [UInt32]
  /// The position of the first row of each group, by number.
  var firstPositions: [Int32]
  /// For each partition how many groups come before its own.
  var groupStarts: [Int]
  /// The numbers of the groups, partition by partition; nil where they are numbered that way.
  var numbers: [UInt32]?
}

/// Numbers the groups of rows with the same key: rows are dealt out by the topmost bits of their mixed keys, and each partition numbers its
/// own keys in a table that stays in the cache.
struct KeyGroups<Key: MixedKey> {
  let finished: NumberedGroups

  /// A key with its group plus 1, or 0.
  private struct Slot: BitwiseCopyable {
    var key: Key
    var group: UInt32
  }

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: RowKeys, _ control: RunControl) throws {
    let rowCount = keys.count
    let bits = DealtRows.partitionBits(rowCount)
    let shift = Key.bitWidth - bits
    let mixed: [Key] = try keys.mapped(control) { Key(mixing: $0) }
    let rows = try unsafe DealtRows(rowCount: rowCount, partitionCount: 1 << bits, control) { positions, partitions in
      for index in 0..<positions.count {
        // Shifted by all bits it is 0.
        unsafe partitions[index] = UInt16(truncatingIfNeeded: mixed[positions.lowerBound + index] >> shift)
      }
    }
    let keyOfSlot: [Key] = try unsafe rows.dealt(control) { positions, deal in
      unsafe mixed.withUnsafeBufferPointer { mixed in unsafe deal(UnsafeBufferPointer(rebasing: mixed[positions])) }
    }
    let positionOfSlot: [UInt32] = try unsafe rows.dealt(control) { positions, deal in
      unsafe (positions.map { UInt32(truncatingIfNeeded: $0) }).withUnsafeBufferPointer { unsafe deal($0) }
    }
    let firsts = WorkerResults<[UInt32]>(count: rows.partitionCount)
    // Partitions are much alike; how large a table is at first does not show.
    let expected = Atomic<Int>(0)
    let localGroups = try unsafe [UInt32](writing: rowCount) { groups in
      let groups = unsafe SharedElements(groups)
      try Scheduler(control.limits, isWorthwhile: rows.partitionCount > 1).run(rows.partitionCount) { partition in
        let slots = rows.slots(partition)
        let own = try unsafe Self.numbered(
          slots, keyOfSlot, unsafe groups.part(slots), expecting: expected.load(ordering: .relaxed), control)
        expected.max(own.count, ordering: .relaxed)
        firsts[partition] = own.map { positionOfSlot[Int($0)] }
      }
    }

    // Groups in the order of their first rows.
    var groupStarts: [Int] = []
    var groupCount = 0
    var begins = try CellSet(spaceCount: rowCount, control)
    for partition in 0..<rows.partitionCount {
      try control.check()
      groupStarts.append(groupCount)
      let own = firsts[partition] ?? []
      groupCount += own.count
      for position in own { begins.insert(Int(position)) }
    }
    try begins.finish(control)
    let (ordered, starts) = (begins, groupStarts)
    let numbers = try unsafe [UInt32](writing: groupCount) { numbers in
      let numbers = unsafe SharedElements(numbers)
      try Scheduler(control.limits, isWorthwhile: rows.partitionCount > 1).run(rows.partitionCount) { partition in
        try control.check()
        for (group, position) in (firsts[partition] ?? []).enumerated() {
          numbers[starts[partition] + group] = UInt32(truncatingIfNeeded: ordered.rank(Int(position)))
        }
      }
    }
    try control.check()
    finished = NumberedGroups(
      rows: rows, localGroups: localGroups,
      firstPositions: unsafe [Int32](writing: groupCount) { firsts in
        ordered.forEach { unsafe firsts[$1] = Int32(truncatingIfNeeded: $0) }
      }, groupStarts: groupStarts, numbers: numbers)
  }

  /// Writes the group of each slot of a partition.
  ///
  /// - Returns: The first slot of each group.
  private static func numbered(
    _ slots: Range<Int>, _ keys: [Key], _ groups: UnsafeMutableBufferPointer<UInt32>, expecting: Int,
    _ control: RunControl
  ) throws -> [UInt32] {
    var firsts: [UInt32] = []
    var size = 1 << 10
    while size < 2 * min(slots.count, expecting + expecting / 8) { size *= 2 }
    var table = [Slot](repeating: Slot(key: 0, group: 0), count: size)
    for start in stride(from: slots.lowerBound, to: slots.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      var next = start
      let end = min(slots.upperBound, start + RunControl.morselRowCount)
      while next < end {
        next = unsafe keys.withUnsafeBufferPointer { keys in
          unsafe table.withUnsafeMutableBufferPointer { table in
            let mask = table.count - 1
            precondition(next >= 0 && end <= keys.count && end - slots.lowerBound <= groups.count, "no such slot")
            // SAFETY: checked above, and the mask keeps places within the table, which is never more than half full.
            for slot in next..<end {
              let key = unsafe keys[slot]
              var place = Int(truncatingIfNeeded: key) & mask
              while unsafe table[place].group != 0, unsafe table[place].key != key { place = (place &+ 1) & mask }
              if unsafe table[place].group == 0 {
                if 2 * firsts.count >= mask { return slot }
                firsts.append(UInt32(truncatingIfNeeded: slot))
                unsafe table[place] = Slot(key: key, group: UInt32(truncatingIfNeeded: firsts.count))
              }
              unsafe groups[slot &- slots.lowerBound] = table[place].group &- 1
            }
            return end
          }
        }
        if next < end { table = grown(table) }
      }
    }
    return firsts
  }

  private static func grown(_ table: [Slot]) -> [Slot] {
    var larger = [Slot](repeating: Slot(key: 0, group: 0), count: 4 * table.count)
    let mask = larger.count - 1
    for slot in table where slot.group != 0 {
      var place = Int(truncatingIfNeeded: slot.key) & mask
      while larger[place].group != 0 { place = (place + 1) & mask }
      larger[place] = slot
    }
    return larger
  }
}
