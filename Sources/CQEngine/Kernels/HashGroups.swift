import CQColumns
import CQSemantics
internal import Synchronization

/// Rows grouped by a key of 64 bits each, where there are too many possible keys for an array of them all.
///
/// The rows are first dealt out to *partitions* by some bits of the mixed key, in their order, so that the rows of a group
/// lie in one partition; then each partition numbers its own keys in a table that stays in the cache. Nothing is shared
/// between workers, and neither the groups nor the order of their rows depend on how many there are.
///
/// - Complexity: O(rows); 28 bytes per row while it is made, 8 per row and 8 per group afterwards.
final class HashGroups: Sendable {
  /// Rows of a partition, about.
  private static let partitionRowCount = 1 << 14
  private static let partitionLimit = 1 << 9
  private static let unitRowCount = 1 << 16

  /// What making the groups of `rowCount` rows takes at most.
  static func byteCount(rowCount: Int) -> Int { 36 * rowCount }

  let count: Int
  /// The position of the first row of each group; groups are numbered in the order of their first rows.
  let firstPositions: [Int32]
  /// For each row where it stands behind the rows of earlier partitions.
  private let slotOfPosition: [UInt32]
  /// For each slot the group among those of its partition.
  private let localGroups: [UInt32]
  /// First slots of the partitions, and the end of the last.
  private let slotStarts: [Int]
  /// For each partition its first element of `numbers`.
  private let groupStarts: [Int]
  /// The numbers of the groups, partition by partition.
  private let numbers: [UInt32]
  private let spelledOut = Mutex<[UInt32]?>(nil)

  var partitionCount: Int { slotStarts.count - 1 }

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: [UInt64], _ control: RunControl) throws {
    let rowCount = keys.count
    let bits = Self.partitionBits(rowCount)
    let partitionCount = 1 << bits
    let units = stride(from: 0, to: rowCount, by: Self.unitRowCount).map {
      $0..<min(rowCount, $0 + Self.unitRowCount)
    }
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 2)
    control.ledger.addScan(rows: 0, threads: max(1, min(scheduler.threadCount, units.count)))

    // How many rows each unit has for each partition, and from there where each unit puts them.
    let counts = WorkerResults<[UInt32]>(count: units.count)
    try scheduler.run(units.count) { unit in
      try control.check()
      var own = [UInt32](repeating: 0, count: partitionCount)
      for position in units[unit] { own[Self.partition(keys[position], bits)] += 1 }
      counts[unit] = own
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

    // Keys and positions, partition by partition.
    let unitStarts = starts
    var slotOfPosition: [UInt32] = []
    var positionOfSlot: [UInt32] = []
    let keyOfSlot = try unsafe [UInt64](writing: rowCount) { dealt in
      positionOfSlot = try unsafe [UInt32](writing: rowCount) { positions in
        slotOfPosition = try unsafe [UInt32](writing: rowCount) { slots in
          let (dealt, positions, slots) = unsafe (
            SharedElements(dealt), SharedElements(positions), SharedElements(slots)
          )
          try scheduler.run(units.count) { unit in
            try control.check()
            var next = unitStarts[unit]
            for position in units[unit] {
              let key = keys[position]
              let partition = Self.partition(key, bits)
              let slot = next[partition]
              next[partition] = slot + 1
              dealt[Int(slot)] = key
              positions[Int(slot)] = UInt32(truncatingIfNeeded: position)
              slots[position] = slot
            }
          }
        }
      }
    }

    // The groups of each partition, with their first rows.
    let (dealtKeys, dealtPositions, partitionStarts) = (keyOfSlot, positionOfSlot, slotStarts)
    let firsts = WorkerResults<[UInt32]>(count: partitionCount)
    let localGroups = try unsafe [UInt32](writing: rowCount) { groups in
      let groups = unsafe SharedElements(groups)
      try scheduler.run(partitionCount) { partition in
        try control.check()
        var table = CodeTable(expecting: min(1 << 12, partitionStarts[partition + 1] - partitionStarts[partition]))
        var own: [UInt32] = []
        for slot in partitionStarts[partition]..<partitionStarts[partition + 1] {
          if slot % RunControl.morselRowCount == 0 { try control.check() }
          let (code, isNew) = table.code(of: dealtKeys[slot])
          groups[slot] = code
          if isNew { own.append(dealtPositions[slot]) }
        }
        firsts[partition] = own
      }
    }

    // Groups in the order of their first rows: a mark at each of these, and the marks counted.
    var groupStarts: [Int] = []
    var groupCount = 0
    for partition in 0..<partitionCount {
      groupStarts.append(groupCount)
      groupCount += firsts[partition]?.count ?? 0
    }
    let (numbers, firstPositions) = try Self.inOrder(
      firsts, groupStarts, groupCount: groupCount, units: units, rowCount: rowCount, scheduler, control)
    count = groupCount
    self.firstPositions = firstPositions
    self.numbers = numbers
    self.slotOfPosition = slotOfPosition
    self.localGroups = localGroups
    self.slotStarts = slotStarts
    self.groupStarts = groupStarts
  }

  /// - Returns: The number of each group, partition by partition, and the first row of each group, by number.
  private static func inOrder(
    _ firsts: WorkerResults<[UInt32]>, _ groupStarts: [Int], groupCount: Int, units: [Range<Int>], rowCount: Int,
    _ scheduler: Scheduler, _ control: RunControl
  ) throws -> (numbers: [UInt32], firstPositions: [Int32]) {
    var marks = [UInt8](repeating: 0, count: rowCount)
    try unsafe marks.withUnsafeMutableBufferPointer { marks in
      let marks = unsafe SharedElements(marks)
      try scheduler.run(groupStarts.count) { partition in
        try control.check()
        for position in firsts[partition] ?? [] { marks[Int(position)] = 1 }
      }
    }
    let marked = marks
    let markCounts = WorkerResults<Int>(count: units.count)
    try scheduler.run(units.count) { unit in
      try control.check()
      var count = 0
      for position in units[unit] { count += Int(marked[position]) }
      markCounts[unit] = count
    }
    var unitStarts: [Int] = []
    var total = 0
    for unit in units.indices {
      unitStarts.append(total)
      total += markCounts[unit] ?? 0
    }
    let starts = unitStarts
    var firstPositions: [Int32] = []
    // The number of the group that begins at a row; means nothing at other rows.
    let numberAt = try unsafe [UInt32](writing: rowCount) { numberAt in
      firstPositions = try unsafe [Int32](writing: groupCount) { firstPositions in
        let (numberAt, firstPositions) = unsafe (SharedElements(numberAt), SharedElements(firstPositions))
        try scheduler.run(units.count) { unit in
          try control.check()
          var number = starts[unit]
          for position in units[unit] {
            numberAt[position] = UInt32(truncatingIfNeeded: number)
            if marked[position] != 0 {
              firstPositions[number] = Int32(truncatingIfNeeded: position)
              number += 1
            }
          }
        }
      }
    }
    let numbers = try unsafe [UInt32](writing: groupCount) { numbers in
      let numbers = unsafe SharedElements(numbers)
      try scheduler.run(groupStarts.count) { partition in
        try control.check()
        for (group, position) in (firsts[partition] ?? []).enumerated() {
          numbers[groupStarts[partition] + group] = numberAt[Int(position)]
        }
      }
    }
    return (numbers, firstPositions)
  }

  private static func partitionBits(_ rowCount: Int) -> Int {
    var bits = 0
    while 1 << bits < partitionLimit, rowCount >> bits > partitionRowCount { bits += 1 }
    return bits
  }

  /// The topmost bits: tables use the lowest ones.
  @inline(__always)
  private static func partition(_ key: UInt64, _ bits: Int) -> Int {
    bits == 0 ? 0 : Int(truncatingIfNeeded: CodeTable.mixed(key) >> UInt64(64 - bits))
  }

  // MARK: - Groups of rows

  /// The group of the row at `position`.
  func group(_ position: Int) -> Int {
    let slot = Int(slotOfPosition[position])
    var (low, high) = (0, partitionCount)
    // The last partition that begins at the slot or before it, and is not empty.
    while high - low > 1 {
      let middle = (low + high) / 2
      if slotStarts[middle] <= slot { low = middle } else { high = middle }
    }
    return Int(numbers[groupStarts[low] + Int(localGroups[slot])])
  }

  /// The group of every row, made when it is first asked for.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func ofPosition(_ control: RunControl) throws -> [UInt32] {
    if let known = spelledOut.withLock({ $0 }) { return known }
    let ofSlot = try unsafe [UInt32](writing: localGroups.count) { ofSlot in
      let ofSlot = unsafe SharedElements(ofSlot)
      try Scheduler(control.limits, isWorthwhile: partitionCount > 1).run(partitionCount) { partition in
        try control.check()
        let start = groupStarts[partition]
        for slot in slotStarts[partition]..<slotStarts[partition + 1] {
          ofSlot[slot] = numbers[start + Int(localGroups[slot])]
        }
      }
    }
    let made = try control.elements(slotOfPosition.count) { ofSlot[Int(slotOfPosition[$0])] }
    spelledOut.withLock { $0 = made }
    return made
  }

  // MARK: - Aggregates

  /// One element per group of what `evaluate` gives for blocks of rows: the rows of a group are added in their order.
  ///
  /// - Parameters:
  ///   - blocks: Positions of the rows, block by block.
  ///   - evaluate: The numbers of the rows of a block.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func aggregated(
    _ aggregate: Aggregate, blocks: [Range<Int>], _ control: RunControl,
    _ evaluate: @Sendable (Range<Int>) -> Vector
  ) throws -> Vector {
    let rowCount = slotOfPosition.count
    let bytes = 9 * (rowCount + count)
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    let scheduler = Scheduler(control.limits, isWorthwhile: blocks.count > 1)
    var states: [CellState] = []
    let values = try unsafe [Double](writing: rowCount) { values in
      states = try unsafe [CellState](writing: rowCount) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(blocks.count) { block in
          try control.check()
          let vector = evaluate(blocks[block])
          let start = blocks[block].lowerBound
          for index in 0..<vector.values.count {
            let slot = Int(slotOfPosition[start + index])
            values[slot] = vector.values[index]
            states[slot] = vector.states[index]
          }
        }
      }
    }
    let dealt = Vector(values: values, states: states)
    var resultStates: [CellState] = []
    let resultValues = try unsafe [Double](writing: count) { values in
      resultStates = try unsafe [CellState](writing: count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(partitionCount) { partition in
          let finished = try self.finished(aggregate, partition, dealt, control)
          for group in 0..<finished.count {
            let number = Int(numbers[groupStarts[partition] + group])
            values[number] = finished.values[group]
            states[number] = finished.states[group]
          }
        }
      }
    }
    return Vector(values: resultValues, states: resultStates)
  }

  /// The groups of one partition.
  private func finished(
    _ aggregate: Aggregate, _ partition: Int, _ dealt: Vector, _ control: RunControl
  ) throws -> Vector {
    let end = partition + 1 < partitionCount ? groupStarts[partition + 1] : count
    var accumulator = GroupAccumulator(aggregate, groupCount: end - groupStarts[partition])
    let slots = slotStarts[partition]..<slotStarts[partition + 1]
    for start in stride(from: slots.lowerBound, to: slots.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let part = start..<min(slots.upperBound, start + RunControl.morselRowCount)
      accumulator.add(dealt, part, groups: localGroups, from: start)
    }
    return accumulator.finished
  }
}
