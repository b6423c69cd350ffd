import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// Sums of the rows of one period by region code and activity code: the finest grouping that the codes of a table allow,
/// from which every coarser one is rolled up without looking at a row again.
///
/// Cells lie region by region. Where every row is known, a byte per cell says whether it has any; else rows are counted
/// by their state. Where every row is known, there are also the sums of whole regions and of whole activities, once
/// ``addUp(_:)`` has been asked for them: most indicators want these beside the cells.
@safe final class CodeSums<Sum: GroupSum>: @unchecked Sendable {
  // SAFETY: all arrays have `cellCount` elements, or none. While a scan runs, no two workers write to the
  // same cells; afterwards nobody writes.
  let regionCount: Int
  let activityCount: Int
  let hasStates: Bool
  let sums: UnsafeMutablePointer<Sum>
  let isPresent: UnsafeMutablePointer<UInt8>
  let estimated: UnsafeMutablePointer<Sum>
  /// Rows by state: four numbers per cell, in the order of ``CellState``.
  let counts: UnsafeMutablePointer<Int32>
  /// Of each region, and of each activity.
  let regionTotals: Totals
  let activityTotals: Totals

  /// Sums of several cells each, and whether any of these has rows.
  @safe final class Totals: @unchecked Sendable {
    // SAFETY: both arrays have `count` elements. While a scan runs, no two workers write to the same ones.
    let count: Int
    let sums: UnsafeMutablePointer<Sum>
    let isPresent: UnsafeMutablePointer<UInt8>

    init(count: Int) {
      self.count = count
      unsafe sums = allocated(count, isCleared: true)
      unsafe isPresent = allocated(count, isCleared: true)
    }

    deinit {
      unsafe free(sums)
      unsafe free(isPresent)
    }

    func add(_ other: Totals) {
      precondition(other.count == count, "totals of different shapes")
      for index in 0..<count { unsafe sums[index].add(other.sums[index]) }
      for index in 0..<count { unsafe isPresent[index] |= other.isPresent[index] }
    }
  }

  /// One for each combination of codes, or for some of them (``SumsByCode``).
  let cellCount: Int

  /// What a cell takes.
  static func bytesPerCell(hasStates: Bool) -> Int {
    hasStates ? 2 * MemoryLayout<Sum>.stride + 4 * MemoryLayout<Int32>.stride : MemoryLayout<Sum>.stride + 1
  }

  /// - Parameters:
  ///   - sparseCount: Combinations of codes that there are cells of, nil for all; these cells are without rows.
  ///   - isCleared: Whether all cells are without rows; else ``clear(_:)`` is to be called for every region first.
  init(regionCount: Int, activityCount: Int, sparseCount: Int? = nil, hasStates: Bool, isCleared: Bool = true) {
    let isCleared = isCleared || sparseCount != nil
    self.regionCount = regionCount
    self.activityCount = activityCount
    self.hasStates = hasStates
    let count = sparseCount ?? regionCount * activityCount
    cellCount = count
    unsafe sums = allocated(count, isCleared: isCleared)
    unsafe isPresent = allocated(hasStates ? 0 : count, isCleared: isCleared)
    unsafe estimated = allocated(hasStates ? count : 0, isCleared: isCleared)
    unsafe counts = allocated(hasStates ? 4 * count : 0, isCleared: isCleared)
    regionTotals = Totals(count: hasStates ? 0 : regionCount)
    activityTotals = Totals(count: hasStates ? 0 : activityCount)
  }

  deinit {
    unsafe free(sums)
    unsafe free(isPresent)
    unsafe free(estimated)
    unsafe free(counts)
  }

  /// Makes the cells of `regions` cells without rows.
  func clear(_ regions: some Sequence<Int>) {
    for region in regions {
      precondition(region >= 0 && region < regionCount, "no such region")
      let (first, count) = (region * activityCount, activityCount)
      // SAFETY: every region has `activityCount` cells; zero is a number whose bytes are all 0.
      unsafe memset(sums + first, 0, count * MemoryLayout<Sum>.stride)
      if hasStates {
        unsafe memset(estimated + first, 0, count * MemoryLayout<Sum>.stride)
        unsafe memset(counts + 4 * first, 0, 4 * count * MemoryLayout<Int32>.stride)
      } else {
        unsafe memset(isPresent + first, 0, count)
      }
    }
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

  /// Says of cells with a sum that they have rows; those whose rows come to 0 have been marked by these.
  func markSums() {
    if hasStates { return }
    for cell in 0..<cellCount { unsafe isPresent[cell] |= sums[cell] == .zero ? 0 : 1 }
  }

  /// Makes the totals of `regions`, whose cells are complete.
  ///
  /// - Returns: Their part of the totals of activities, to be added to these by one thread.
  func addUp(_ regions: some Sequence<Int>) -> Totals {
    let activities = Totals(count: hasStates ? 0 : activityCount)
    if hasStates { return activities }
    for region in regions {
      precondition(region >= 0 && region < regionCount, "no such region")
      let (cells, present) = unsafe (sums + region * activityCount, isPresent + region * activityCount)
      var (total, presence) = (Sum.zero, UInt8(0))
      // SAFETY: every region has `activityCount` cells.
      for activity in 0..<activityCount {
        let sum = unsafe cells[activity]
        total.add(sum)
        unsafe activities.sums[activity].add(sum)
      }
      for activity in 0..<activityCount {
        let isPresent = unsafe present[activity]
        presence |= isPresent
        unsafe activities.isPresent[activity] |= isPresent
      }
      unsafe regionTotals.sums[region] = total
      unsafe regionTotals.isPresent[region] = presence
    }
    return activities
  }

  /// The same where only some combinations have a cell.
  ///
  /// - Parameters:
  ///   - cells: These combinations.
  ///   - parts: Regions whose part of the totals of activities is added up by itself.
  func addUp(_ cells: CellSet, parts: [[Int]]) {
    if hasStates { return }
    precondition(cells.count == cellCount && cells.spaceCount == regionCount * activityCount, "as many sums as cells")
    let numbers = cells.cells()
    for part in parts {
      let activities = Totals(count: activityCount)
      for region in part {
        let (first, end) = (cells.rank(region * activityCount), cells.rank((region + 1) * activityCount))
        var (total, presence) = (Sum.zero, UInt8(0))
        // SAFETY: every cell has a sum (checked above), and every combination a region and an activity.
        for cell in first..<end {
          let activity = numbers[cell] - region * activityCount
          unsafe total.add(sums[cell])
          unsafe presence |= isPresent[cell]
          unsafe activities.sums[activity].add(sums[cell])
          unsafe activities.isPresent[activity] |= isPresent[cell]
        }
        unsafe regionTotals.sums[region] = total
        unsafe regionTotals.isPresent[region] = presence
      }
      activityTotals.add(activities)
    }
  }

  /// Makes all totals.
  func addUp() { activityTotals.add(addUp(0..<regionCount)) }

  /// Which activity codes some row has.
  func presentActivities() -> [Bool] {
    var found = [Bool](repeating: false, count: activityCount)
    if !hasStates { return (0..<activityCount).map { unsafe activityTotals.isPresent[$0] != 0 } }
    for region in 0..<regionCount {
      let base = region * activityCount
      for activity in 0..<activityCount where rowCount(base + activity) > 0 { found[activity] = true }
    }
    return found
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
        add(base + activity, to: &target, Int(offset + group))
      }
    }
  }

  /// Adds one cell to the group `slot` of `target`.
  @inline(__always)
  func add(_ cell: Int, to target: inout GroupSums<Double>, _ slot: Int) {
    precondition(cell >= 0 && cell < cellCount, "no such cell")
    // SAFETY: checked above.
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

/// `count` elements, whose bytes are all 0 if they are cleared, which is zero for every kind of sum.
private func allocated<Element: BitwiseCopyable>(_ count: Int, isCleared: Bool) -> UnsafeMutablePointer<Element> {
  let (count, stride) = (max(1, count), MemoryLayout<Element>.stride)
  // There is no way to go on without memory, and Swift's own allocation ends the process too.
  guard let bytes = unsafe isCleared ? calloc(count, stride) : malloc(count * stride) else {
    preconditionFailure("out of memory")
  }
  unsafe LargePages.ask(for: UnsafeMutableRawBufferPointer(start: bytes, count: count * stride))
  return unsafe bytes.bindMemory(to: Element.self, capacity: count)
}
