// The loops that add rows to cells by their codes. Generic, and inlined into one call for each pair of widths, so that each
// of these is compiled for itself: called unspecialised they would be nine times slower.

/// Rows of one region: the activity alone chooses the cell.
///
/// Sorted rows come in runs of one activity, which are added up before their cell is touched: each addition to a cell waits
/// for the one before it. Long runs are told by comparing sixteen codes with the first at once, short ones code by code.
///
/// - Parameters:
///   - values, activities: `count` elements from the first row on; codes below the number of activities.
///   - states: Raw values of `CellState`, or nil when every row is known.
///   - first: The first cell of the region.
/// - Complexity: O(rows), about a quarter of a nanosecond each for long runs, half of one for short ones.
@inline(__always)
func addRows<Value: FactValue, Code: FixedWidthInteger & UnsignedInteger>(
  _ values: UnsafePointer<Value>, _ activities: UnsafePointer<Code>, _ states: UnsafePointer<UInt8>?, count: Int,
  first: Int, to cells: CodeSums<Value.Sum>
) {
  // SAFETY: the caller vouches for `count` elements and for the codes; `first` is the first cell of a region.
  let sums = unsafe cells.sums + first
  if let states = unsafe states {
    var row = 0
    while row < count {
      let code = unsafe Int(truncatingIfNeeded: activities[row])
      unsafe addRow(values[row], state: states[row], to: cells, first + code)
      row += 1
    }
    return
  }
  let isPresent = unsafe cells.isPresent + first
  var row = 0
  if count < longRun * cells.activityCount {
    while row < count {
      let code = unsafe activities[row]
      var total = unsafe values[row].asSum
      row += 1
      while row < count, unsafe activities[row] == code {
        unsafe total.add(values[row].asSum)
        row += 1
      }
      unsafe sums[Int(truncatingIfNeeded: code)].add(total)
      unsafe isPresent[Int(truncatingIfNeeded: code)] = 1
    }
    return
  }
  while row < count {
    let code = unsafe activities[row]
    var end = row
    while end + longRun <= count, unsafe isUniform(activities + end, code) { end += longRun }
    var total = unsafe Value.sum(values + row, count: end - row)
    while end < count, unsafe activities[end] == code {
      unsafe total.add(values[end].asSum)
      end += 1
    }
    unsafe sums[Int(truncatingIfNeeded: code)].add(total)
    unsafe isPresent[Int(truncatingIfNeeded: code)] = 1
    row = end
  }
}

/// Rows of a run that are worth comparing all at once.
private let longRun = 16

/// Whether sixteen codes are all `code`; without a branch, so that it vectorises.
@inline(__always)
private func isUniform<Code: FixedWidthInteger & UnsignedInteger>(_ codes: UnsafePointer<Code>, _ code: Code) -> Bool {
  var difference: Code = 0
  for index in 0..<16 { unsafe difference |= codes[index] ^ code }
  return difference == 0
}

/// Rows whose region changes from row to row.
///
/// Nearly every row misses the nearest cache, once for its sum and once more if it said that its cell has a row. Rows above
/// 0 need not say so: their sums do, unless others below 0 cancel them. So only blocks with a row that is not above 0 mark
/// their cells, and ``CodeSums/markSums()`` marks the others when all rows are added.
///
/// - Parameters:
///   - regions: `count` codes, below the number of regions.
/// - Complexity: O(rows), about a nanosecond each.
@inline(__always)
func addRows<Value: FactValue, Code: FixedWidthInteger & UnsignedInteger, Region: FixedWidthInteger & UnsignedInteger>(
  _ values: UnsafePointer<Value>, _ activities: UnsafePointer<Code>, _ regions: UnsafePointer<Region>,
  _ states: UnsafePointer<UInt8>?, count: Int, to cells: CodeSums<Value.Sum>
) {
  // SAFETY: as above; `regions` has `count` elements.
  let width = cells.activityCount
  if let states = unsafe states {
    for row in 0..<count {
      unsafe addRow(values[row], state: states[row], to: cells, cellOf(regions[row], activities[row], width))
    }
    return
  }
  let (sums, isPresent) = unsafe (cells.sums, cells.isPresent)
  let block = 16
  var start = 0
  while start < count {
    let rows = start..<min(start + block, count)
    var isMarked = rows.count < block
    if !isMarked {
      var notPositive: UInt8 = 0
      for row in start..<start + block { unsafe notPositive |= values[row].isPositive ? 0 : 1 }
      isMarked = notPositive != 0
    }
    for row in rows {
      let cell = unsafe cellOf(regions[row], activities[row], width)
      unsafe sums[cell].add(values[row].asSum)
    }
    if isMarked {
      for row in rows { unsafe isPresent[cellOf(regions[row], activities[row], width)] = 1 }
    }
    start = rows.upperBound
  }
}

@inline(__always)
private func cellOf(_ region: some FixedWidthInteger, _ activity: some FixedWidthInteger, _ width: Int) -> Int {
  Int(truncatingIfNeeded: region) &* width &+ Int(truncatingIfNeeded: activity)
}

@inline(__always)
private func addRow<Value: FactValue>(_ value: Value, state: UInt8, to cells: CodeSums<Value.Sum>, _ cell: Int) {
  let kind = state < 3 ? state : 3
  unsafe cells.counts[4 * cell + Int(kind)] &+= 1
  if kind < 2 {
    let sum = value.asSum
    unsafe cells.sums[cell].add(sum)
    if kind == 1 { unsafe cells.estimated[cell].add(sum) }
  }
}
