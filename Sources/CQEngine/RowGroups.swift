import CQColumns
internal import Synchronization

/// A number for each row that is left, the same for rows of one group; groups are numbered in the order of their first
/// rows.
struct RowGroups: Sendable {
  /// By position; empty where all rows are one group.
  let ofPosition: [UInt32]
  let count: Int
  /// The position of the first row of each group.
  let firstPositions: [Int32]

  func group(_ position: Int) -> Int { ofPosition.isEmpty ? 0 : Int(ofPosition[position]) }

  /// All rows as one group.
  init(rowCount: Int) {
    ofPosition = []
    count = min(1, rowCount)
    firstPositions = rowCount > 0 ? [0] : []
  }

  fileprivate init(codes: [UInt32], cardinality: Int, _ control: RunControl) throws {
    var groupOfCode = [UInt32](repeating: .max, count: cardinality)
    var firstPositions: [Int32] = []
    var codes = codes
    for start in stride(from: 0, to: codes.count, by: RunControl.morselRowCount) {
      try control.check()
      for position in start..<min(codes.count, start + RunControl.morselRowCount) {
        let code = Int(codes[position])
        if groupOfCode[code] == .max {
          groupOfCode[code] = UInt32(firstPositions.count)
          firstPositions.append(Int32(position))
        }
        codes[position] = groupOfCode[code]
      }
    }
    ofPosition = codes
    count = firstPositions.count
    self.firstPositions = firstPositions
  }
}

/// Numbers the groups of rows that agree in some columns.
///
/// Codes of dictionaries and of members, and whole numbers that lie near each other, are digits of one number that names
/// the combination; what would make that number too large is looked up in a table of the combinations that occur.
///
/// - Complexity: O(rows × columns); 4 bytes per row.
struct RowGrouping {
  /// Combinations for which there is room in a plain array.
  private static let denseLimit = 1 << 24
  /// Whole numbers that lie no further apart are codes.
  private static let denseSpan = 1 << 20

  let selection: RowSelection
  let control: RunControl

  func groups(_ columns: [RowInput]) throws -> RowGroups {
    guard let first = columns.first else { return RowGroups(rowCount: selection.count) }
    var (codes, cardinality) = try digits(first)
    for column in columns.dropFirst() {
      let (next, nextCardinality) = try digits(column)
      if cardinality * max(1, nextCardinality) <= Self.denseLimit {
        let factor = UInt32(nextCardinality)
        for position in codes.indices { codes[position] = codes[position] &* factor &+ next[position] }
        cardinality *= nextCardinality
      } else {
        var table = CodeTable()
        for position in codes.indices {
          if position % RunControl.morselRowCount == 0 { try control.check() }
          codes[position] = table.code(
            of: UInt64(codes[position]) &* UInt64(nextCardinality) &+ UInt64(next[position]))
        }
        cardinality = table.count
      }
    }
    return try RowGroups(codes: codes, cardinality: cardinality, control)
  }

  /// A code below a bound for each row that is left, different where the values are.
  private func digits(_ column: RowInput) throws -> (codes: [UInt32], cardinality: Int) {
    switch column {
    case .codes(.bits8(let codes), let table): return (try fill { UInt32(codes[$0]) }, table.count)
    case .codes(.bits16(let codes), let table): return (try fill { UInt32(codes[$0]) }, table.count)
    case .codes(.bits32(let codes), let table): return (try fill { codes[$0] }, table.count)
    case .members(let codes, let table): return (try fill { UInt32(truncatingIfNeeded: codes[$0]) }, table.count)
    case .numbers(.int32(let values), nil):
      guard let span = try span({ Int(values[$0]) }) else { return try hashed(column) }
      return (try fill { UInt32(truncatingIfNeeded: Int(values[$0]) - span.lowerBound) }, span.count)
    case .numbers(.int64(let values), nil):
      guard let span = try span({ Int(values[$0]) }) else { return try hashed(column) }
      return (try fill { UInt32(truncatingIfNeeded: Int(values[$0]) - span.lowerBound) }, span.count)
    case .numbers, .vector, .inOrder, .groups: return try hashed(column)
    }
  }

  /// The numbers of all rows from the smallest to the largest, if they lie near each other.
  private func span(_ value: @Sendable (Int) -> Int) throws -> ClosedRange<Int>? {
    let (unitCount, unitSize) = units
    let ends = Mutex((low: Int.max, high: Int.min))
    try Scheduler(control.limits, isWorthwhile: unitCount > 1).run(unitCount) { unit in
      try control.check()
      var (low, high) = (Int.max, Int.min)
      for position in unit * unitSize..<min(selection.count, (unit + 1) * unitSize) {
        let value = value(selection[position])
        low = min(low, value)
        high = max(high, value)
      }
      ends.withLock { $0 = (min($0.low, low), max($0.high, high)) }
    }
    let (low, high) = ends.withLock { $0 }
    let (width, overflows) = high.subtractingReportingOverflow(low)
    guard low <= high, !overflows, width < Self.denseSpan else { return nil }
    return low...high
  }

  private var units: (count: Int, size: Int) {
    let size = 4 * RunControl.morselRowCount
    return ((selection.count + size - 1) / size, size)
  }

  private func fill(_ code: @Sendable (Int) -> UInt32) throws -> [UInt32] {
    var codes = [UInt32](repeating: 0, count: selection.count)
    let (unitCount, unitSize) = units
    try unsafe codes.withUnsafeMutableBufferPointer { buffer in
      let target = unsafe SharedRows(buffer)
      try Scheduler(control.limits, isWorthwhile: unitCount > 1).run(unitCount) { unit in
        try control.check()
        let positions = unit * unitSize..<min(selection.count, (unit + 1) * unitSize)
        if let range = selection.range {
          target.store(positions.map { code(range.lowerBound + $0) }, at: positions.lowerBound)
        } else {
          target.store(positions.map { code(selection[$0]) }, at: positions.lowerBound)
        }
      }
    }
    return codes
  }

  /// Numbers of any kind; cells without a number, whose values mean nothing, are groups of their own.
  private func hashed(_ column: RowInput) throws -> (codes: [UInt32], cardinality: Int) {
    var codes: [UInt32] = []
    codes.reserveCapacity(selection.count)
    var table = CodeTable()
    for start in stride(from: 0, to: selection.count, by: RowReader.blockRowCount) {
      try control.check()
      let block = column.read(start..<min(selection.count, start + RowReader.blockRowCount), of: selection)
      for index in block.values.indices {
        let value: Double =
          switch block.states[index] {
          // Zero and minus zero are one number.
          case .known, .estimated: block.values[index] + 0
          case .withheld: -.infinity
          case .missing: .infinity
          }
        codes.append(table.code(of: value.bitPattern))
      }
    }
    return (codes, table.count)
  }
}

/// Numbers different keys in the order in which they come.
private struct CodeTable {
  private var keys: [UInt64] = []
  /// Code of the key plus 1, or 0.
  private var slots = [UInt32](repeating: 0, count: 1 << 10)
  private var mask: Int

  var count: Int { keys.count }

  init() { mask = slots.count - 1 }

  mutating func code(of key: UInt64) -> UInt32 {
    var slot = Self.hash(key) & mask
    while slots[slot] != 0 {
      let code = slots[slot] - 1
      if keys[Int(code)] == key { return code }
      slot = (slot + 1) & mask
    }
    keys.append(key)
    slots[slot] = UInt32(keys.count)
    if keys.count * 2 > mask { grow() }
    return UInt32(keys.count - 1)
  }

  private static func hash(_ key: UInt64) -> Int {
    let product = key &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product ^ (product >> 32))
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    mask = slots.count - 1
    for (code, key) in keys.enumerated() {
      var slot = Self.hash(key) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(code + 1)
    }
  }
}
