/// Accumulators of one grouping request: one slot per group.
struct GroupSums<Sum: AdditiveArithmetic & Sendable> {
  /// Sum of published values and of estimates.
  var sums: [Sum]
  /// The part of `sums` that is estimated.
  var estimated: [Sum]
  /// Rows that entered the sum, and rows among them that are estimates (an estimate of zero counts too).
  var rowCounts: [Int32]
  var estimateCounts: [Int32]
  /// Rows that are withheld without an estimate, and rows that are missing.
  var withheldCounts: [Int32]
  var missingCounts: [Int32]

  init(groupCount: Int) {
    sums = [Sum](repeating: .zero, count: groupCount)
    estimated = sums
    rowCounts = [Int32](repeating: 0, count: groupCount)
    estimateCounts = rowCounts
    withheldCounts = rowCounts
    missingCounts = rowCounts
  }
}

extension GroupSums {
  /// What a group takes.
  static var bytesPerGroup: Int { 2 * MemoryLayout<Sum>.stride + 4 * MemoryLayout<Int32>.stride }

  /// Adds the groups of `other`, whose first one is the group `first` here.
  mutating func add(_ other: GroupSums, from first: Int) {
    for group in other.sums.indices {
      sums[first + group] += other.sums[group]
      estimated[first + group] += other.estimated[group]
      rowCounts[first + group] += other.rowCounts[group]
      estimateCounts[first + group] += other.estimateCounts[group]
      withheldCounts[first + group] += other.withheldCounts[group]
      missingCounts[first + group] += other.missingCounts[group]
    }
  }

  /// The same sums as numbers of another kind.
  func mapped(_ number: (Sum) -> Double) -> GroupSums<Double> {
    if let same = self as? GroupSums<Double> { return same }
    var result = GroupSums<Double>(groupCount: 0)
    result.sums = sums.map(number)
    result.estimated = estimated.map(number)
    result.rowCounts = rowCounts
    result.estimateCounts = estimateCounts
    result.withheldCounts = withheldCounts
    result.missingCounts = missingCounts
    return result
  }
}

extension GroupSums<Double> {
  /// Adds the rows of `other`, group by group.
  mutating func add<Other>(_ other: GroupSums<Other>, _ number: (Other) -> Double) {
    for group in sums.indices {
      sums[group] += number(other.sums[group])
      estimated[group] += number(other.estimated[group])
      rowCounts[group] += other.rowCounts[group]
      estimateCounts[group] += other.estimateCounts[group]
      withheldCounts[group] += other.withheldCounts[group]
      missingCounts[group] += other.missingCounts[group]
    }
  }

  /// Adds the rows of one group of `other` to `target`, their values times `weight`.
  mutating func add(_ other: GroupSums<Double>, _ group: Int, times weight: Double, to target: Int) {
    sums[target] += other.sums[group] * weight
    estimated[target] += other.estimated[group] * weight
    rowCounts[target] += other.rowCounts[group]
    estimateCounts[target] += other.estimateCounts[group]
    withheldCounts[target] += other.withheldCounts[group]
    missingCounts[target] += other.missingCounts[group]
  }

  /// Takes the groups of `other` where there are no rows yet.
  mutating func fillEmpty(from other: GroupSums<Double>) {
    for group in sums.indices
    where rowCounts[group] == 0 && withheldCounts[group] == 0 && missingCounts[group] == 0 {
      add(other, group, times: 1, to: group)
    }
  }
}

/// Look-up tables over the dictionary codes of one fact table: filter and grouping in one.
struct GroupLookup {
  /// For each region code the first group of its row of groups (`regionGroup * activityGroupCount`), or -1.
  var regionOffsets: [Int32]
  /// For each activity code its group, or -1.
  var activityGroups: [Int32]
  /// For each activity code: the depth of its topmost ancestor that lies wholly inside its group.
  ///
  /// A row counts when its nearest published ancestor is above that depth, so that every part of a group is taken from
  /// the highest published node that covers it, and from no other.
  var coverLimits: [UInt8]
  /// The groups that there are sums of; nil for all of them.
  var cells: CellSet?
  /// The number of the first of these groups.
  var firstPosition = 0

  /// Where the sum of a group stands.
  @inline(__always)
  func position(_ offset: Int32, _ group: Int32) -> Int {
    guard let cells else { return Int(offset + group) }
    return cells.rank(Int(offset) + Int(group)) - firstPosition
  }
}

/// Marks the groups that some row of `rows` belongs to.
///
/// - Parameter lookup: Of all groups.
/// - Precondition: As for ``addGroupSums(of:states:covers:regions:activities:rows:lookup:into:)``, with groups within the space of
///   `cells`.
@inline(__always)
func markGroups<Region: FixedWidthInteger, Activity: FixedWidthInteger>(
  covers: UnsafeBufferPointer<UInt8>, regions: UnsafeBufferPointer<Region>,
  activities: UnsafeBufferPointer<Activity>, rows: Range<Int>, lookup: GroupLookup, in cells: inout CellSet
) {
  let hasCovers = !covers.isEmpty
  precondition(
    rows.lowerBound >= 0 && rows.upperBound <= regions.count && rows.upperBound <= activities.count
      && (!hasCovers || rows.upperBound <= covers.count), "rows lie outside the columns")
  for row in rows {
    // SAFETY: `rows` is within every column, checked once above.
    let regionOffset = lookup.regionOffsets[Int(truncatingIfNeeded: unsafe regions[row])]
    if regionOffset < 0 { continue }
    let activity = Int(truncatingIfNeeded: unsafe activities[row])
    let activityGroup = lookup.activityGroups[activity]
    if activityGroup < 0 { continue }
    if hasCovers, unsafe covers[row] >= lookup.coverLimits[activity] { continue }
    cells.insert(Int(regionOffset) + Int(activityGroup))
  }
}

/// Adds the rows in `rows` to their groups.
///
/// `sums[regionOffsets[r] + activityGroups[a]] += value` for rows whose cover is below the limit of their activity.
///
/// - Parameters:
///   - values: Published value or estimate, one per row; ignored where the state has no number.
///   - states: Raw values of `CellState`, empty when every row is known.
///   - covers: Depth of the nearest resolved ancestor row, 255 for a row that its children stand for; empty when
///     `lookup.activityGroups` already excludes all but the topmost nodes.
/// - Precondition: Codes were validated against the dictionaries that `lookup` was made for; `rows` lies within all
///   columns that are not empty; every offset plus group is within `sums`.
/// - Complexity: O(rows); two look-ups and one addition per row.
@inline(__always)
func addGroupSums<Value: FactValue, Region: FixedWidthInteger, Activity: FixedWidthInteger>(
  of values: UnsafeBufferPointer<Value>, states: UnsafeBufferPointer<UInt8>, covers: UnsafeBufferPointer<UInt8>,
  regions: UnsafeBufferPointer<Region>, activities: UnsafeBufferPointer<Activity>, rows: Range<Int>,
  lookup: GroupLookup, into sums: inout GroupSums<Value.Sum>
) {
  let hasStates = !states.isEmpty
  let hasCovers = !covers.isEmpty
  precondition(
    rows.lowerBound >= 0 && rows.upperBound <= values.count && rows.upperBound <= regions.count
      && rows.upperBound <= activities.count && (!hasStates || rows.upperBound <= states.count)
      && (!hasCovers || rows.upperBound <= covers.count), "rows lie outside the columns")
  for row in rows {
    // SAFETY: `rows` is within every column, checked once above; the tables are indexed with their own checks.
    let regionOffset = lookup.regionOffsets[Int(truncatingIfNeeded: unsafe regions[row])]
    if regionOffset < 0 { continue }
    let activity = Int(truncatingIfNeeded: unsafe activities[row])
    let activityGroup = lookup.activityGroups[activity]
    if activityGroup < 0 { continue }
    if hasCovers, unsafe covers[row] >= lookup.coverLimits[activity] { continue }
    let group = lookup.position(regionOffset, activityGroup)
    switch hasStates ? unsafe states[row] : 0 {
    case 0:
      sums.sums[group] += unsafe values[row].asSum
      sums.rowCounts[group] += 1
    case 1:
      let value = unsafe values[row].asSum
      sums.sums[group] += value
      sums.estimated[group] += value
      sums.rowCounts[group] += 1
      sums.estimateCounts[group] += 1
    case 2: sums.withheldCounts[group] += 1
    default: sums.missingCounts[group] += 1
    }
  }
}
