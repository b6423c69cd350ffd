import CQColumns
import CQMethods
import CQPlan
import CVectorLoops
internal import Synchronization

/// Cells of a grid that are written block by block where a formula wants them, and do not lie in memory.
protocol BlockCells: Sendable {
  /// Writes `count` cells: those from `start` on, or as many activities of one place and year.
  ///
  /// - Parameters:
  ///   - step: From one cell to the next: 1, or the number of years.
  ///   - states: Raw states.
  /// - Precondition: They lie within the grid, and both targets have as many elements.
  func write(
    from start: Int, count: Int, step: Int, values: UnsafeMutablePointer<Double>, states: UnsafeMutablePointer<UInt8>)
}

/// The cells of a grid whose groups are single cells of sums by code: nothing is added up, and any block of them can be
/// written when it is wanted, so that they need not lie in memory a second time.
@safe final class CodedCells: BlockCells, @unchecked Sendable {
  // SAFETY: the pointers of a year lie within `lists` and within its sums, all of which live as long as this; nothing is
  // written after init.
  /// One year: its sums, and the codes of its groups.
  @safe private struct Year {
    @safe enum Cells {
      case integers(UnsafePointer<Int64>)
      case wideIntegers(UnsafePointer<Int128>)
      case decimals(UnsafePointer<Double>)
    }

    let cells: Cells
    let isPresent: UnsafePointer<UInt8>
    /// Cells of a region.
    let activityCount: Int
    /// For each group of places its code, or -1, and the same for groups of activities.
    let regionCodes: UnsafePointer<Int32>
    let activityCodes: UnsafePointer<Int32>
    /// The codes of groups of activities follow each other.
    let isConsecutive: Bool
    /// For each group of activities the raw state of a cell without rows, in places that are listed; and which are.
    let absent: UnsafePointer<UInt8>
    let isListed: UnsafePointer<UInt8>
  }

  let count: Int
  private let width: Int
  private let scale: Double
  /// nil for years without rows.
  private let years: UnsafeMutableBufferPointer<Year?>
  private let missing: UnsafeMutablePointer<UInt8>
  private let sums: [PeriodSums?]
  private let lists: [UnsafeMutableRawPointer]
  private let spelledOut = Mutex<Vector?>(nil)

  /// nil where some group is of several cells.
  ///
  /// - Parameter absent: For each year and group of activities the raw state of a cell without rows.
  init?(_ rollUp: RollUp, absent: [[UInt8]]) {
    let (regionCount, width) = (rollUp.grid.region.groupCount, rollUp.grid.activity.groupCount)
    var codes: [(regions: [Int32], activities: [Int32])?] = []
    for year in rollUp.years {
      guard let year else {
        codes.append(nil)
        continue
      }
      guard let regions = Self.codes(of: year.regionGroups, count: regionCount),
        let activities = Self.codes(of: year.activityGroups, count: width)
      else { return nil }
      codes.append((regions, activities))
    }
    count = rollUp.grid.cellCount
    self.width = width
    scale = rollUp.scale
    sums = rollUp.years.map { $0?.sums }
    var lists: [UnsafeMutableRawPointer] = unsafe []
    func kept<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
      let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      for (index, element) in elements.enumerated() { unsafe (copy + index).initialize(to: element) }
      unsafe lists.append(UnsafeMutableRawPointer(copy))
      return unsafe UnsafePointer(copy)
    }
    unsafe years = .allocate(capacity: rollUp.years.count)
    for (index, year) in rollUp.years.enumerated() {
      var made: Year?
      if let year, let codes = codes[index] {
        let (cells, isPresent, activityCount) = unsafe Self.pointers(of: year.sums)
        unsafe made = Year(
          cells: cells, isPresent: isPresent, activityCount: activityCount, regionCodes: kept(codes.regions),
          activityCodes: kept(codes.activities),
          isConsecutive: codes.activities.indices.allSatisfy {
            codes.activities[0] >= 0 && Int(codes.activities[$0]) == Int(codes.activities[0]) + $0
          }, absent: kept(absent[index]),
          isListed: kept(year.isListed.map { $0 ? 1 : 0 }))
      }
      unsafe years.initializeElement(at: index, to: made)
    }
    unsafe missing = .allocate(capacity: max(1, width))
    unsafe missing.initialize(repeating: CellState.missing.rawValue, count: width)
    unsafe self.lists = lists
  }

  deinit {
    unsafe lists.forEach { list in unsafe list.deallocate() }
    unsafe years.deallocate()
    unsafe missing.deallocate()
  }

  /// The one code of each group, or -1; nil where a group has several.
  private static func codes(of groups: [Int32], count: Int) -> [Int32]? {
    var codes = [Int32](repeating: -1, count: count)
    for (code, group) in groups.enumerated() where group >= 0 {
      guard codes[Int(group)] < 0 else { return nil }
      codes[Int(group)] = Int32(code)
    }
    return codes
  }

  private static func pointers(of sums: PeriodSums) -> (Year.Cells, UnsafePointer<UInt8>, Int) {
    switch sums {
    case .integers(let sums):
      unsafe (.integers(UnsafePointer(sums.sums)), UnsafePointer(sums.isPresent), sums.activityCount)
    case .wideIntegers(let sums):
      unsafe (.wideIntegers(UnsafePointer(sums.sums)), UnsafePointer(sums.isPresent), sums.activityCount)
    case .decimals(let sums):
      unsafe (.decimals(UnsafePointer(sums.sums)), UnsafePointer(sums.isPresent), sums.activityCount)
    }
  }

  // MARK: - Blocks

  func write(
    from start: Int, count: Int, step: Int, values: UnsafeMutablePointer<Double>, states: UnsafeMutablePointer<UInt8>
  ) {
    let yearCount = unsafe years.count
    let perRegion = width * yearCount
    precondition(start >= 0 && count >= 0 && start + (count - 1) * step < self.count, "cells lie outside the grid")
    if step != 1 {
      let (region, rest) = start.quotientAndRemainder(dividingBy: perRegion)
      let (first, year) = rest.quotientAndRemainder(dividingBy: yearCount)
      precondition(step == yearCount && first + count <= width, "cells of several places")
      let target = unsafe YearTarget(values: values, states: states, stride: 1, scale: scale)
      unsafe write(years[year], region, first..<first + count, to: target)
      return
    }
    var cell = start
    while cell < start + count {
      let region = cell / perRegion
      let end = min(start + count, (region + 1) * perRegion)
      // The cells of one year are every so many of the region's.
      let (first, last) = (cell - region * perRegion, end - region * perRegion)
      for year in 0..<yearCount {
        let activities =
          max(0, first - year + yearCount - 1) / yearCount..<max(0, last - year + yearCount - 1) / yearCount
        if activities.isEmpty { continue }
        let offset = region * perRegion + activities.lowerBound * yearCount + year - start
        let target = unsafe YearTarget(
          values: values + offset, states: states + offset, stride: yearCount, scale: scale)
        unsafe write(years[year], region, activities, to: target)
      }
      cell = end
    }
  }

  private func write(_ year: Year?, _ region: Int, _ activities: Range<Int>, to target: YearTarget) {
    guard let year = year else {
      for position in 0..<activities.count { target.set(position, 0, CellState.missing.rawValue) }
      return
    }
    let absent = unsafe (year.isListed[region] != 0 ? year.absent : UnsafePointer(missing)) + activities.lowerBound
    let code = unsafe Int(year.regionCodes[region])
    guard code >= 0 else {
      for position in 0..<activities.count { unsafe target.set(position, 0, absent[position]) }
      return
    }
    let base = code * year.activityCount
    let (codes, isPresent) = unsafe (year.activityCodes + activities.lowerBound, year.isPresent + base)
    let count = activities.count
    if year.isConsecutive {
      // SAFETY: the last code is that of the last activity.
      let first = unsafe Int(codes[0])
      let isPresent = unsafe isPresent + first
      switch year.cells {
      case .integers(let cells) where target.stride == 1:
        _ = unsafe cq_write_cells(
          VectorLoops.width, cells + base + first, isPresent, absent, target.scale, target.values, target.states, count)
      case .integers(let cells): unsafe write(cells + base + first, isPresent, absent, count, target)
      case .wideIntegers(let cells): unsafe write(cells + base + first, isPresent, absent, count, target)
      case .decimals(let cells): unsafe write(cells + base + first, isPresent, absent, count, target)
      }
      return
    }
    switch year.cells {
    case .integers(let cells): unsafe write(cells + base, isPresent, codes, absent, count, target)
    case .wideIntegers(let cells): unsafe write(cells + base, isPresent, codes, absent, count, target)
    case .decimals(let cells): unsafe write(cells + base, isPresent, codes, absent, count, target)
    }
  }

  /// Cells that follow each other. Those without rows have sums of 0.
  @inline(__always)
  private func write<Sum: GroupSum>(
    _ cells: UnsafePointer<Sum>, _ isPresent: UnsafePointer<UInt8>, _ absent: UnsafePointer<UInt8>, _ count: Int,
    _ target: YearTarget
  ) {
    for position in 0..<count {
      let state = unsafe isPresent[position] != 0 ? CellState.known.rawValue : absent[position]
      unsafe target.set(position, cells[position].number, state)
    }
  }

  @inline(__always)
  private func write<Sum: GroupSum>(
    _ cells: UnsafePointer<Sum>, _ isPresent: UnsafePointer<UInt8>, _ codes: UnsafePointer<Int32>,
    _ absent: UnsafePointer<UInt8>, _ count: Int, _ target: YearTarget
  ) {
    for position in 0..<count {
      let code = unsafe Int(codes[position])
      if code >= 0 {
        // Cells without rows have sums of 0.
        let state = unsafe isPresent[code] != 0 ? CellState.known.rawValue : absent[position]
        unsafe target.set(position, cells[code].number, state)
      } else {
        unsafe target.set(position, 0, absent[position])
      }
    }
  }

  /// The states of some cells.
  func states(_ cells: Range<Int>) -> [CellState] {
    var states = [UInt8](repeating: 0, count: cells.count)
    var values = [Double](repeating: 0, count: cells.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe states.withUnsafeMutableBufferPointer { states in
        guard let values = values.baseAddress, let states = states.baseAddress else { return }
        unsafe write(from: cells.lowerBound, count: cells.count, step: 1, values: values, states: states)
      }
    }
    return states.map { CellState(rawValue: $0) ?? .missing }
  }

  // MARK: - All cells

  /// Cells that a worker writes at a time.
  private static let unitCellCount = 1 << 16
  /// So many that what is written stays in a near cache while the years take turns.
  private static let blockCellCount = 1 << 13

  /// All cells, made when they are first asked for.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func vector(_ control: RunControl) throws -> Vector {
    if let known = spelledOut.withLock({ $0 }) { return known }
    let unitCount = (count + Self.unitCellCount - 1) / Self.unitCellCount
    let scheduler = Scheduler(control.limits, isWorthwhile: count >= RollUp.threadedCellCount)
    var states: [CellState] = []
    let values = try unsafe [Double](writing: count) { values in
      states = try unsafe [CellState](writing: count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(unitCount) { unit in
          try control.check()
          let end = min(count, (unit + 1) * Self.unitCellCount)
          for start in stride(from: unit * Self.unitCellCount, to: end, by: Self.blockCellCount) {
            let cells = start..<min(end, start + Self.blockCellCount)
            unsafe states.part(cells).withMemoryRebound(to: UInt8.self) { states in
              guard let values = unsafe values.part(cells).baseAddress, let states = states.baseAddress else { return }
              unsafe write(from: start, count: cells.count, step: 1, values: values, states: states)
            }
          }
        }
      }
    }
    let made = Vector(values: values, states: states)
    spelledOut.withLock { $0 = made }
    return made
  }
}

/// Where the groups of one year go: every `stride`-th element.
@safe struct YearTarget {
  // SAFETY: whoever makes this vouches for the elements that are set.
  let values: UnsafeMutablePointer<Double>
  let states: UnsafeMutablePointer<UInt8>
  let stride: Int
  let scale: Double

  @inline(__always)
  func set(_ position: Int, _ value: Double, _ state: UInt8) {
    unsafe values[position * stride] = value * scale
    unsafe states[position * stride] = state
  }
}
