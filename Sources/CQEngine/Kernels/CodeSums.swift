import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// Sums of the rows of one period by region code and activity code: the finest grouping that the codes of a table allow,
/// from which every coarser one is rolled up without looking at a row again.
///
/// Cells lie region by region. Where every row is known, a byte per cell says whether it has any; else rows are counted
/// by their state.
@safe final class CodeSums<Sum: GroupSum>: @unchecked Sendable {
  // SAFETY: all arrays have `cellCount` elements, or are nil together. While a scan runs, no two workers write to the
  // same cells; afterwards nobody writes.
  let regionCount: Int
  let activityCount: Int
  let hasStates: Bool
  let sums: UnsafeMutablePointer<Sum>
  let isPresent: UnsafeMutablePointer<UInt8>
  let estimated: UnsafeMutablePointer<Sum>
  /// Rows by state: four numbers per cell, in the order of ``CellState``.
  let counts: UnsafeMutablePointer<Int32>

  var cellCount: Int { regionCount * activityCount }

  /// What a cell takes.
  static func bytesPerCell(hasStates: Bool) -> Int {
    hasStates ? 2 * MemoryLayout<Sum>.stride + 4 * MemoryLayout<Int32>.stride : MemoryLayout<Sum>.stride + 1
  }

  init(regionCount: Int, activityCount: Int, hasStates: Bool) {
    self.regionCount = regionCount
    self.activityCount = activityCount
    self.hasStates = hasStates
    let count = regionCount * activityCount
    unsafe sums = cleared(count)
    unsafe isPresent = cleared(hasStates ? 0 : count)
    unsafe estimated = cleared(hasStates ? count : 0)
    unsafe counts = cleared(hasStates ? 4 * count : 0)
  }

  deinit {
    unsafe free(sums)
    unsafe free(isPresent)
    unsafe free(estimated)
    unsafe free(counts)
  }

  /// Adds the cells of `other`, which has the same shape.
  func add(_ other: CodeSums) {
    precondition(other.cellCount == cellCount && other.hasStates == hasStates, "sums of different shapes")
    for cell in 0..<cellCount { unsafe sums[cell].add(other.sums[cell]) }
    if hasStates {
      for cell in 0..<cellCount { unsafe estimated[cell].add(other.estimated[cell]) }
      for count in 0..<4 * cellCount { unsafe counts[count] &+= other.counts[count] }
    } else {
      for cell in 0..<cellCount { unsafe isPresent[cell] |= other.isPresent[cell] }
    }
  }

  /// Which activity codes some row has.
  func presentActivities() -> [Bool] {
    var found = [UInt8](repeating: 0, count: activityCount)
    unsafe found.withUnsafeMutableBufferPointer { found in
      guard let found = found.baseAddress else { return }
      for region in 0..<regionCount {
        let base = region * activityCount
        if hasStates {
          for activity in 0..<activityCount where rowCount(base + activity) > 0 { unsafe found[activity] = 1 }
        } else {
          let isPresent = unsafe isPresent + base
          // SAFETY: both have an element for every activity.
          for activity in 0..<activityCount { unsafe found[activity] |= isPresent[activity] }
        }
      }
    }
    return found.map { $0 != 0 }
  }

  /// Rows of a cell; 1 stands for any number where states are not counted.
  @inline(__always)
  func rowCount(_ cell: Int) -> Int {
    if !hasStates { return unsafe Int(isPresent[cell]) }
    return unsafe Int(counts[4 * cell]) + Int(counts[4 * cell + 1]) + Int(counts[4 * cell + 2])
      + Int(counts[4 * cell + 3])
  }

  /// Adds every cell to its group of `target`.
  func add(to target: inout GroupSums<Double>, _ lookup: GroupLookup) {
    precondition(
      lookup.regionOffsets.count >= regionCount && lookup.activityGroups.count >= activityCount, "tables too short")
    for region in 0..<regionCount {
      let offset = lookup.regionOffsets[region]
      if offset < 0 { continue }
      let base = region * activityCount
      for activity in 0..<activityCount {
        let group = lookup.activityGroups[activity]
        if group < 0 { continue }
        let cell = base + activity
        let slot = Int(offset + group)
        if hasStates {
          unsafe target.sums[slot] += sums[cell].number
          unsafe target.estimated[slot] += estimated[cell].number
          let (known, estimates) = unsafe (counts[4 * cell], counts[4 * cell + 1])
          target.rowCounts[slot] &+= known &+ estimates
          target.estimateCounts[slot] &+= estimates
          unsafe target.withheldCounts[slot] &+= counts[4 * cell + 2]
          unsafe target.missingCounts[slot] &+= counts[4 * cell + 3]
        } else if unsafe isPresent[cell] != 0 {
          unsafe target.sums[slot] += sums[cell].number
          target.rowCounts[slot] &+= 1
        }
      }
    }
  }
}

/// `count` elements whose bytes are all 0, which is zero for every kind of sum: pages are cleared by whoever touches them first,
/// one worker here and another there.
private func cleared<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
  // There is no way to go on without memory, and Swift's own allocation ends the process too.
  guard let bytes = unsafe calloc(max(1, count), MemoryLayout<Element>.stride) else {
    preconditionFailure("out of memory")
  }
  unsafe LargePages.ask(for: UnsafeMutableRawBufferPointer(start: bytes, count: count * MemoryLayout<Element>.stride))
  return unsafe bytes.bindMemory(to: Element.self, capacity: max(1, count))
}
