/// Accumulators of one grouping request: one slot per group.
struct GroupSums {
  /// Sum of published values and of estimates; exact, since the stored values are integers.
  var sums: [Int64]
  /// The part of `sums` that is estimated.
  var estimated: [Int64]
  /// Rows that entered the sum.
  var rowCounts: [Int32]
  /// Rows among them that are estimates; an estimate of zero counts too.
  var estimateCounts: [Int32]
  /// Rows that are withheld without an estimate, and rows that are missing.
  var withheldCounts: [Int32]
  var missingCounts: [Int32]

  init(groupCount: Int) {
    sums = [Int64](repeating: 0, count: groupCount)
    estimated = sums
    rowCounts = [Int32](repeating: 0, count: groupCount)
    estimateCounts = rowCounts
    withheldCounts = rowCounts
    missingCounts = rowCounts
  }
}

/// Look-up tables over the dictionary codes of one fact table: filter and grouping in one.
struct GroupLookup {
  /// For each region code the first group of its row of groups (`regionGroup × activityGroupCount`), or -1.
  var regionOffsets: [Int32]
  /// For each activity code its group, or -1.
  var activityGroups: [Int32]
  /// For each activity code: the depth of its topmost ancestor that lies wholly inside its group.
  ///
  /// A row counts when its nearest published ancestor is above that depth, so that every part of a group is taken from
  /// the highest published node that covers it, and from no other.
  var coverLimits: [UInt8]
}

/// Adds the rows in `rows` to their groups.
///
/// `sums[regionOffsets[r] + activityGroups[a]] += value` for rows whose `covers` is below the limit of their activity.
///
/// - Parameters:
///   - values: Published value or estimate, one per row; ignored where the state has no number.
///   - states: Raw values of `CellState`; nil when every row is known.
///   - covers: Depth of the nearest resolved ancestor row, 255 for a row that its children stand for; nil when
///     `lookup.activityGroups` already excludes all but the topmost nodes.
/// - Precondition: codes were validated against the dictionaries that `lookup` was made for; `rows` lies within all
///   columns; every offset plus group is within `sums`.
/// - Complexity: O(rows); two look-ups and one addition per row.
@inline(__always)
func addGroupSums<Value: FixedWidthInteger, Region: FixedWidthInteger, Activity: FixedWidthInteger>(
  of values: UnsafeBufferPointer<Value>, states: UnsafeBufferPointer<UInt8>?, covers: UnsafeBufferPointer<UInt8>?,
  regions: UnsafeBufferPointer<Region>, activities: UnsafeBufferPointer<Activity>, rows: Range<Int>,
  lookup: borrowing GroupLookup, into sums: inout GroupSums
) {
  precondition(
    rows.lowerBound >= 0 && rows.upperBound <= values.count && rows.upperBound <= regions.count
      && rows.upperBound <= activities.count, "rows lie outside the columns")
  for row in rows {
    // SAFETY: rows are within the columns (checked above); codes were validated when the file was opened.
    let regionOffset = unsafe lookup.regionOffsets[Int(truncatingIfNeeded: regions[row])]
    if regionOffset < 0 { continue }
    let activity = unsafe Int(truncatingIfNeeded: activities[row])
    let activityGroup = lookup.activityGroups[activity]
    if activityGroup < 0 { continue }
    if let covers = unsafe covers, unsafe covers[row] >= lookup.coverLimits[activity] { continue }
    let group = Int(regionOffset + activityGroup)
    let state = if let states = unsafe states { unsafe states[row] } else { UInt8(0) }
    switch state {
    case 0:
      unsafe sums.sums[group] &+= Int64(truncatingIfNeeded: values[row])
      sums.rowCounts[group] &+= 1
    case 1:
      let value = unsafe Int64(truncatingIfNeeded: values[row])
      sums.sums[group] &+= value
      sums.estimated[group] &+= value
      sums.rowCounts[group] &+= 1
      sums.estimateCounts[group] &+= 1
    case 2: sums.withheldCounts[group] &+= 1
    default: sums.missingCounts[group] &+= 1
    }
  }
}
