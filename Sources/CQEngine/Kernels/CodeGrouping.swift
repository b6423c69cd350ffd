// The loops that add rows to cells by their codes. Generic, and inlined into one call for each pair of widths, so that each
// of these is compiled for itself: called unspecialised they would be nine times slower.

/// Rows of one region: the activity alone chooses the cell.
///
/// Sorted rows come in runs of one activity. Sixteen equal codes in a row are told by comparing them all with the first at
/// once, and their values are added without touching the cell in between.
///
/// - Parameters:
///   - values, activities: `count` elements from the first row on; codes below the number of activities.
///   - states: Raw values of `CellState`, or nil when every row is known.
///   - first: The first cell of the region.
/// - Complexity: O(rows), about half a nanosecond each for long runs, one for short ones.
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
  let block = 16
  var row = 0
  while row + block <= count {
    let code = unsafe activities[row]
    if unsafe isUniform(activities + row, code) {
      var end = row + block
      while end + block <= count, unsafe isUniform(activities + end, code) { end += block }
      unsafe sums[Int(code)].add(Value.sum(values + row, count: end - row))
      unsafe isPresent[Int(code)] = 1
      row = end
    } else {
      for index in row..<row + block {
        let code = unsafe Int(truncatingIfNeeded: activities[index])
        unsafe sums[code].add(values[index].asSum)
        unsafe isPresent[code] = 1
      }
      row += block
    }
  }
  while row < count {
    let code = unsafe Int(truncatingIfNeeded: activities[row])
    unsafe sums[code].add(values[row].asSum)
    unsafe isPresent[code] = 1
    row += 1
  }
}

/// Whether sixteen codes are all `code`; without a branch, so that it vectorises.
@inline(__always)
private func isUniform<Code: FixedWidthInteger & UnsignedInteger>(_ codes: UnsafePointer<Code>, _ code: Code) -> Bool {
  var difference: Code = 0
  for index in 0..<16 { unsafe difference |= codes[index] ^ code }
  return difference == 0
}

/// Rows whose region changes from row to row.
///
/// - Parameter bases: The first cell of the region of each row.
@inline(__always)
func addRows<Value: FactValue, Code: FixedWidthInteger & UnsignedInteger>(
  _ values: UnsafePointer<Value>, _ activities: UnsafePointer<Code>, _ states: UnsafePointer<UInt8>?, count: Int,
  bases: UnsafePointer<Int32>, to cells: CodeSums<Value.Sum>
) {
  // SAFETY: as above; `bases` has `count` elements.
  if let states = unsafe states {
    for row in 0..<count {
      let cell = unsafe Int(bases[row]) + Int(truncatingIfNeeded: activities[row])
      unsafe addRow(values[row], state: states[row], to: cells, cell)
    }
    return
  }
  let (sums, isPresent) = unsafe (cells.sums, cells.isPresent)
  for row in 0..<count {
    let cell = unsafe Int(bases[row]) + Int(truncatingIfNeeded: activities[row])
    unsafe sums[cell].add(values[row].asSum)
    unsafe isPresent[cell] = 1
  }
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
