/// A number for each row that is left, the same for rows of one group; groups are numbered in the order of their first
/// rows.
struct RowGroups: Sendable {
  private enum Storage {
    /// All rows are one group.
    case one
    /// The group of each row.
    case listed([UInt32])
    case hashed(HashGroups)
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
    case .hashed(let groups): try groups.ofPosition(control)
    }
  }

  /// The groups with the rows dealt out to partitions, where there were too many possible ones for an array.
  var hashed: HashGroups? {
    if case .hashed(let groups) = storage { groups } else { nil }
  }

  func group(_ position: Int) -> Int {
    switch storage {
    case .one: 0
    case .listed(let groups): Int(groups[position])
    case .hashed(let groups): groups.group(position)
    }
  }

  /// All rows as one group.
  init(rowCount: Int) {
    storage = .one
    count = min(1, rowCount)
    firstPositions = rowCount > 0 ? [0] : []
  }

  /// - Parameter keys: Any numbers, one per row, the same for rows of a group.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(hashing keys: [UInt64], _ control: RunControl) throws {
    if let few = try FewGroups(keys, control) {
      storage = .listed(few.ofPosition)
      firstPositions = few.firstPositions
    } else {
      let groups = try HashGroups(keys, control)
      storage = .hashed(groups)
      firstPositions = groups.firstPositions
    }
    count = firstPositions.count
  }

  /// - Parameters:
  ///   - keys: One per row, the same for rows of a group.
  ///   - keyCount: All keys are less.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ keys: [UInt64], below keyCount: Int, _ control: RunControl) throws {
    var groupOfKey = [UInt32](repeating: .max, count: keyCount)
    var firstPositions: [Int32] = []
    let groups = try unsafe [UInt32](writing: keys.count) { groups in
      try unsafe groupOfKey.withUnsafeMutableBufferPointer { groupOfKey in
        try unsafe keys.withUnsafeBufferPointer { keys in
          for start in stride(from: 0, to: keys.count, by: RunControl.morselRowCount) {
            try control.check()
            for position in start..<min(keys.count, start + RunControl.morselRowCount) {
              let key = unsafe Int(truncatingIfNeeded: keys[position])
              precondition(key >= 0 && key < keyCount, "a key lies outside the array")
              // SAFETY: checked above.
              if unsafe groupOfKey[key] == .max {
                unsafe groupOfKey[key] = UInt32(firstPositions.count)
                firstPositions.append(Int32(position))
              }
              unsafe groups[position] = groupOfKey[key]
            }
          }
        }
      }
    }
    storage = .listed(groups)
    count = firstPositions.count
    self.firstPositions = firstPositions
  }
}
