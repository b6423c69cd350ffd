/// Parent and child rows of a fact table, within the same year and region.
struct FactTree {
  let keys: FactKeys
  /// Row of the parent, nil for the row of all activities.
  let parents: [Int?]
  let children: [[Int]]
  let depths: [UInt8]

  /// - Parameter skipped: Codes without rows whose parts hang on the code above them.
  init(_ keys: FactKeys, levels: Set<Int>, skipping skipped: RedundantCodes? = nil) throws(BundleError) {
    self.keys = keys
    let parentCodes = keys.activities.map { ActivityCode.parent(of: $0, levels: levels) }
    let activityIndex = Dictionary(uniqueKeysWithValues: keys.activities.enumerated().map { ($1, $0) })
    let activityDepths = keys.activities.map(ActivityCode.depth)
    var rowOfKey: [FactKeys.Key: Int] = [:]
    for (row, key) in keys.keys.enumerated() { rowOfKey[key] = row }
    var parents: [Int?] = []
    var children = [[Int]](repeating: [], count: keys.count)
    for (row, key) in keys.keys.enumerated() {
      guard let parentCode = parentCodes[key.activity] else {
        parents.append(nil)
        continue
      }
      var parentKey = key
      parentKey.activity = activityIndex[parentCode] ?? -1
      while parentKey.activity >= 0, skipped?.contains(parentKey) == true, let next = parentCodes[parentKey.activity] {
        parentKey.activity = activityIndex[next] ?? -1
      }
      guard let parent = rowOfKey[parentKey] else {
        throw BundleError("no row for \(parentCode), the parent of \(keys.describe(row))")
      }
      parents.append(parent)
      children[parent].append(row)
    }
    self.parents = parents
    self.children = children
    depths = keys.keys.map { activityDepths[$0.activity] }
  }

  /// For each row, which rows must be counted so that a set of activities is covered once by the best published rows.
  ///
  /// A resolved row gets the depth of its nearest resolved ancestor (0 without one), an unresolved row 255. A row
  /// belongs to the cover of a set of activities if its value is less than the depth of its topmost ancestor (or
  /// itself) that lies wholly inside the set.
  ///
  /// - Parameter isResolved: Whether a row counts itself, as opposed to its children standing for it.
  func cover(isResolved: [Bool]) -> [UInt8] {
    // Parents come before their children in the order of the file.
    var resolvedDepthAbove = [UInt8](repeating: 0, count: keys.count)
    var cover = [UInt8](repeating: 255, count: keys.count)
    for row in 0..<keys.count {
      if let parent = parents[row] {
        let isParentResolved = cover[parent] != 255
        resolvedDepthAbove[row] = isParentResolved ? depths[parent] : resolvedDepthAbove[parent]
      }
      if isResolved[row] { cover[row] = resolvedDepthAbove[row] }
    }
    return cover
  }
}
