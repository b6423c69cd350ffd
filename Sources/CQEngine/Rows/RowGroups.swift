import CQColumns

/// A number for each row that is left, the same for rows of one group; groups are numbered in the order of their first
/// rows.
struct RowGroups: Sendable {
  private enum Storage {
    /// All rows are one group.
    case one
    /// The group of each row.
    case listed([UInt32])
    case dealt(DealtGroups)
  }

  private let storage: Storage
  let count: Int
  /// The position of the first row of each group.
  let firstPositions: [Int32]

  /// By position; empty where all rows are one group.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func ofPosition(_ control: RunControl) throws -> [UInt32] {
    switch storage {
    case .one: []
    case .listed(let groups): groups
    case .dealt(let groups): try groups.ofPosition(control)
    }
  }

  /// The groups with their rows dealt out to partitions, where there are many.
  var dealt: DealtGroups? {
    if case .dealt(let groups) = storage { groups } else { nil }
  }

  /// All rows as one group.
  init(rowCount: Int) { self.init(.one, rowCount > 0 ? [0] : []) }

  /// So many groups are added up where they stay in the cache, if there are many rows.
  private static let nearGroupCount = 1 << 14
  private static let manyRowCount = 1 << 17

  /// Groups by number.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  private init(_ groups: [UInt32], firstPositions: [Int32], _ control: RunControl) throws {
    let areDealt = groups.count >= Self.manyRowCount && firstPositions.count > Self.nearGroupCount
    self.init(
      areDealt ? .dealt(try DealtGroups(groups, firstPositions: firstPositions, control)) : .listed(groups),
      firstPositions)
  }

  private init(_ storage: Storage, _ firstPositions: [Int32]) {
    self.storage = storage
    self.firstPositions = firstPositions
    count = firstPositions.count
  }

  /// - Parameters:
  ///   - keys: Any numbers, one per row, the same for rows of a group.
  ///   - areNarrow: All keys are below 2^32.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(hashing keys: RowKeys, areNarrow: Bool = false, _ control: RunControl) throws {
    if let few = try FewGroups(keys, control) {
      try self.init(few.ofPosition, firstPositions: few.firstPositions, control)
    } else {
      let groups = try DealtGroups(keys, areNarrow: areNarrow, control)
      self.init(.dealt(groups), groups.firstPositions)
    }
  }

  /// The codes of a dictionary as groups, if they come in the order of their first rows as those of most files do; else nil.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init?(inOrder codes: DictionaryCodes, of selection: RowSelection, _ control: RunControl) throws {
    let found =
      switch codes {
      case .bits8(let codes): try Self.inOrder(codes, selection, control)
      case .bits16(let codes): try Self.inOrder(codes, selection, control)
      case .bits32(let codes): try Self.inOrder(codes, selection, control)
      }
    guard let found else { return nil }
    try self.init(found.groups, firstPositions: found.firstPositions, control)
  }

  private static func inOrder<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ codes: ColumnBuffer<Code>, _ selection: RowSelection, _ control: RunControl
  ) throws -> (groups: [UInt32], firstPositions: [Int32])? {
    var firstPositions: [Int32] = []
    var areInOrder = true
    let groups = try unsafe [UInt32](writing: selection.count) { groups in
      var next: UInt32 = 0
      try control.morsels(selection.count) { positions in
        if !areInOrder { return }
        let part = unsafe UnsafeMutableBufferPointer(rebasing: groups[positions])
        unsafe codes.write(positions, of: selection, to: part) { UInt32(truncatingIfNeeded: $0) }
        for index in 0..<part.count where unsafe part[index] >= next {
          areInOrder = unsafe areInOrder && part[index] == next
          next += 1
          firstPositions.append(Int32(truncatingIfNeeded: positions.lowerBound + index))
        }
      }
    }
    return areInOrder ? (groups, firstPositions) : nil
  }

  /// - Parameters:
  ///   - keys: One per row, the same for rows of a group.
  ///   - keyCount: All keys are less.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: RowKeys, below keyCount: Int, _ control: RunControl) throws {
    // Many rows are numbered by all threads.
    if keys.count >= Self.manyRowCount, let few = try FewGroups(keys, below: keyCount, control) {
      try self.init(few.ofPosition, firstPositions: few.firstPositions, control)
      return
    }
    var groupOfKey = [UInt32](repeating: .max, count: keyCount)
    var firstPositions: [Int32] = []
    let groups = try unsafe [UInt32](writing: keys.count) { groups in
      try unsafe groupOfKey.withUnsafeMutableBufferPointer { groupOfKey in
        try unsafe keys.forEachBlock(of: 0..<keys.count, control) { positions, keys in
          for index in 0..<keys.count {
            let key = unsafe Int(truncatingIfNeeded: keys[index])
            precondition(key >= 0 && key < keyCount, "a key lies outside the array")
            // SAFETY: checked above.
            if unsafe groupOfKey[key] == .max {
              unsafe groupOfKey[key] = UInt32(firstPositions.count)
              firstPositions.append(Int32(truncatingIfNeeded: positions.lowerBound + index))
            }
            unsafe groups[positions.lowerBound + index] = groupOfKey[key]
          }
        }
      }
    }
    try self.init(groups, firstPositions: firstPositions, control)
  }
}
