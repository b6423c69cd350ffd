import CQColumns
import CQPlan

/// The cells of one year of a request that rows have, with what stands there, and what stands in all others.
struct SparseYear: Sendable {
  /// Groups of places times groups of activities.
  var cells: CellSet
  /// One element for each of `cells`.
  var values: [Double]
  var states: [CellState]
  /// The part of each value that is estimated; empty where nothing is.
  var estimated: [Double] = []
  /// Withheld rows that did not enter each value; empty where there are none.
  var leftOut: [Int32] = []
  var absent: AbsentCells

  /// What each of `cells` takes.
  static let bytesPerCell = 8 + 1 + 8 + 4

  init(cells: CellSet, absent: AbsentCells) {
    self.cells = cells
    self.absent = absent
    values = [Double](repeating: 0, count: cells.count)
    states = [CellState](repeating: .missing, count: cells.count)
    estimated = values
    leftOut = [Int32](repeating: 0, count: cells.count)
  }

  /// Cells of which all is published.
  init(cells: CellSet, published values: [Double], absent: AbsentCells) {
    self.cells = cells
    self.absent = absent
    self.values = values
    states = [CellState](each: .known, count: values.count)
  }

  /// What stands in a cell, whether rows have it or not.
  fileprivate func cell(_ group: Int, width: Int) -> (
    value: Double, state: CellState, estimated: Double, leftOut: Int32
  ) {
    guard cells.contains(group) else { return (0, absent.state(region: group / width, activity: group % width), 0, 0) }
    let position = cells.rank(group)
    return (
      values[position], states[position], estimated.isEmpty ? 0 : estimated[position],
      leftOut.isEmpty ? 0 : leftOut[position]
    )
  }
}

/// The states of cells that no row is in: missing, or 0 where a dataset lists the place and the activity and says so.
struct AbsentCells: Sendable {
  /// For each group of places one of `states`, or -1 where nothing is known.
  private(set) var rows: [Int32]
  /// States by group of activities.
  private(set) var states: [[CellState]] {
    didSet { ranges = states.map { Self.range($0) } }
  }
  /// What each of `states` may be.
  private var ranges: [ValueRange] = []

  private static func range(_ states: [CellState]) -> ValueRange {
    ValueRange(Vector(values: [Double](repeating: 0, count: states.count), states: states), at: states.indices)
  }

  /// Nothing is known of any.
  init(regionCount: Int) { (rows, states) = ([Int32](repeating: -1, count: regionCount), []) }

  /// - Parameters:
  ///   - isListed: Places that the data have anything of.
  ///   - exists: Activities that they have.
  init(isListed: [Bool], exists: [Bool]) {
    rows = isListed.map { $0 ? 0 : -1 }
    states = [exists.map { $0 ? .known : .missing }]
    ranges = states.map { Self.range($0) }
  }

  @inline(__always)
  func state(region: Int, activity: Int) -> CellState {
    rows[region] < 0 ? .missing : states[Int(rows[region])][activity]
  }

  /// The states of all activities of a place; nil where all are missing.
  func states(region: Int) -> [CellState]? { rows[region] < 0 ? nil : states[Int(rows[region])] }

  var areAllMissing: Bool { states.isEmpty }

  /// What stands in the cells of a place.
  func range(ofRegion region: Int) -> ValueRange {
    rows[region] < 0 ? ValueRange(0, .missing) : ranges[Int(rows[region])]
  }

  /// A cell is 0 where any of the periods of a year says so.
  mutating func formUnion(_ other: AbsentCells) {
    guard !other.areAllMissing else { return }
    guard !areAllMissing else {
      self = other
      return
    }
    rows = rows.indices.map { rows[$0] < 0 && other.rows[$0] < 0 ? -1 : 0 }
    states = [zip(states[0], other.states[0]).map { min($0, $1) }]
  }

  /// Takes the places of `other` that are `taken` from it, and puts both together where `both` have a part.
  fileprivate mutating func take(_ other: AbsentCells, isTaken: [Bool], isShared: [Bool], isAdditive: Bool) {
    let offset = Int32(states.count)
    states += other.states
    for region in rows.indices where isTaken[region] {
      let theirs = other.rows[region] < 0 ? -1 : other.rows[region] + offset
      guard isShared[region] else {
        rows[region] = theirs
        continue
      }
      guard isAdditive, rows[region] >= 0, theirs >= 0 else {
        rows[region] = -1
        continue
      }
      states.append(zip(states[Int(rows[region])], states[Int(theirs)]).map { max($0, $1) })
      rows[region] = Int32(states.count - 1)
    }
  }
}

/// The answer to a request of which only the cells that rows have are there.
struct SparseAnswer: Sendable {
  let grid: Grid
  /// nil for years without rows.
  private(set) var years: [SparseYear?]
  /// Groups of places that it says something about.
  private var isTouched: [Bool]

  init(_ grid: Grid, _ years: [SparseYear?]) {
    self.grid = grid
    self.years = years
    isTouched = [Bool](repeating: true, count: grid.region.groupCount)
  }

  /// Nothing yet, for ``take(_:of:isAdditive:)``.
  init(_ grid: Grid) {
    self.grid = grid
    years = grid.years.map { _ in nil }
    isTouched = [Bool](repeating: false, count: grid.region.groupCount)
  }

  /// Takes the groups of places of another dataset. One with parts in several is the sum of these, and as unknown as the worst of
  /// them.
  mutating func take(_ other: [SparseYear?], of groups: [Int], isAdditive: Bool, _ control: RunControl) throws {
    let (width, regionCount) = (grid.activity.groupCount, grid.region.groupCount)
    var isTaken = [Bool](repeating: false, count: regionCount)
    for group in groups { isTaken[group] = true }
    let isShared = zip(isTaken, isTouched).map { $0 && $1 }
    for index in years.indices where years[index] != nil || other[index] != nil {
      let empty = SparseYear(
        cells: CellSet(finishedSpace: regionCount * width), absent: AbsentCells(regionCount: regionCount))
      let (mine, theirs) = (years[index] ?? empty, other[index] ?? empty)
      var union = mine.cells
      theirs.cells.forEach { group, _ in if isTaken[group / width] { union.insert(group) } }
      try union.finish(control)
      var absent = mine.absent
      absent.take(theirs.absent, isTaken: isTaken, isShared: isShared, isAdditive: isAdditive)
      var sum = SparseYear(cells: union, absent: absent)
      union.forEach { group, position in
        let region = group / width
        var cell =
          isTaken[region] && !isShared[region] ? theirs.cell(group, width: width) : mine.cell(group, width: width)
        if isShared[region] {
          let more = theirs.cell(group, width: width)
          cell.state = isAdditive ? max(cell.state, more.state) : .missing
          cell.value += more.value
          cell.estimated += more.estimated
          cell.leftOut += more.leftOut
          if !cell.state.hasValue { (cell.value, cell.estimated) = (0, 0) }
        }
        (sum.values[position], sum.states[position]) = (cell.value, cell.state)
        (sum.estimated[position], sum.leftOut[position]) = (cell.estimated, cell.leftOut)
      }
      years[index] = sum
    }
    for group in groups { isTouched[group] = true }
  }

  /// What stands behind year `index` of a grid of `yearCount`.
  func year(_ index: Int, of yearCount: Int) -> SparseYear? { years.count == yearCount ? years[index] : years[0] }

  /// Marks the cells that rows have, in the years of a grid of the same places and activities.
  func mark(in set: inout CellSet, yearCount: Int, _ control: RunControl) throws {
    try set.formUnion(ofYears: (0..<yearCount).map { year($0, of: yearCount)?.cells }, control)
  }

  /// The answer as arrays over the cells of a sparse grid.
  func laidOut(on cells: SparseCells, _ control: RunControl) throws -> GroupedCells {
    let (width, yearCount) = (grid.activity.groupCount, cells.grid.years.count)
    let years = (0..<yearCount).map { year($0, of: yearCount) }
    let hasParts = years.contains { $0.map { !$0.estimated.isEmpty || !$0.leftOut.isEmpty } ?? false }
    var (estimatedParts, leftOutCounts): ([Double], [Int32]) = ([], [])
    if hasParts {
      estimatedParts = [Double](repeating: 0, count: cells.count)
      leftOutCounts = [Int32](repeating: 0, count: cells.count)
    }
    let vector = try Vector(writing: cells.count, control) { elements, values, states in
      // Year by year, so that nothing of a year is asked for anew at each of its cells.
      var ofYear = [[(element: Int32, group: Int32)]](repeating: [], count: yearCount)
      for element in elements {
        let (group, index) = cells.group(element)
        ofYear[index].append((Int32(truncatingIfNeeded: element), Int32(truncatingIfNeeded: group)))
      }
      for (index, elements) in ofYear.enumerated() {
        guard let year = years[index] else {
          for (element, _) in elements { (values[Int(element)], states[Int(element)]) = (0, .missing) }
          continue
        }
        for (element, group) in elements {
          let (element, group) = (Int(element), Int(group))
          if year.cells.contains(group) {
            let position = year.cells.rank(group)
            (values[element], states[element]) = (year.values[position], year.states[position])
          } else {
            values[element] = 0
            states[element] = year.absent.state(region: group / width, activity: group % width)
          }
        }
      }
    }
    if hasParts {
      try control.morsels(cells.count) { elements in
        for element in elements {
          let (group, index) = cells.group(element)
          guard let year = years[index], year.cells.contains(group) else { continue }
          let position = year.cells.rank(group)
          if !year.estimated.isEmpty { estimatedParts[element] = year.estimated[position] }
          if !year.leftOut.isEmpty { leftOutCounts[element] = year.leftOut[position] }
        }
      }
    }
    return GroupedCells(
      sparse: vector, estimatedParts: vector.states.holds(.estimated) ? estimatedParts : [],
      leftOutCounts: leftOutCounts.contains { $0 > 0 } ? leftOutCounts : [])
  }
}

/// The cells of a sparse answer as those of the whole grid, written block by block where a formula wants them.
struct SparseBlocks: BlockCells {
  let answer: SparseAnswer
  /// Of the grid that formulas run over: as many as the answer has, or any number if that has one for all.
  let yearCount: Int
  /// Whether the cells of rows are written, too.
  var hasRows = true

  var count: Int { answer.grid.region.groupCount * answer.grid.activity.groupCount * yearCount }

  /// For each year what decides the states of cells without rows in each group of places.
  func absentRows() -> [[Int32]] {
    let none = [Int32](repeating: -1, count: answer.grid.region.groupCount)
    return (0..<yearCount).map { answer.year($0, of: yearCount)?.absent.rows ?? none }
  }

  /// What stands in cells without rows: one of `ranges` for each group of places and year.
  func absentRanges() -> (codes: [UInt8], ranges: [ValueRange]) {
    let regionCount = answer.grid.region.groupCount
    var (codes, ranges) = ([UInt8](repeating: 0, count: regionCount * yearCount), [ValueRange(0, .missing)])
    for index in 0..<yearCount {
      guard let absent = answer.year(index, of: yearCount)?.absent, !absent.areAllMissing else { continue }
      for region in 0..<regionCount {
        let range = absent.range(ofRegion: region)
        let code = ranges.firstIndex(of: range) ?? ranges.count
        if code == ranges.count { ranges.append(range) }
        codes[region * yearCount + index] = UInt8(truncatingIfNeeded: code)
      }
    }
    return (codes, ranges)
  }

  func write(
    from start: Int, count: Int, step: Int, values: UnsafeMutablePointer<Double>, states: UnsafeMutablePointer<UInt8>
  ) {
    precondition(
      start >= 0 && count >= 0 && (step == 1 || step == yearCount) && start + (count - 1) * step < self.count,
      "cells lie outside the grid")
    // SAFETY: each group that is written has its place among the `count` elements.
    unsafe values.update(repeating: 0, count: count)
    unsafe states.update(repeating: CellState.missing.rawValue, count: count)
    let years = step == 1 ? 0..<yearCount : start % yearCount..<start % yearCount + 1
    let stride = step == 1 ? yearCount : 1
    let end = start + (count - 1) * step + 1
    for index in years {
      guard let year = answer.year(index, of: yearCount) else { continue }
      // The groups of this year among the cells.
      let groups = (start - index + yearCount - 1) / yearCount..<max(0, end - 1 - index + yearCount) / yearCount
      if groups.isEmpty { continue }
      let first = step == 1 ? groups.lowerBound * yearCount + index - start : 0
      unsafe write(year, groups, values + first, states + first, stride)
    }
  }

  private func write(
    _ year: SparseYear, _ groups: Range<Int>, _ values: UnsafeMutablePointer<Double>,
    _ states: UnsafeMutablePointer<UInt8>, _ stride: Int
  ) {
    if !year.absent.areAllMissing {
      let width = answer.grid.activity.groupCount
      var group = groups.lowerBound
      while group < groups.upperBound {
        let (region, activity) = group.quotientAndRemainder(dividingBy: width)
        let end = min(groups.upperBound, (region + 1) * width)
        if let absent = year.absent.states(region: region) {
          for step in 0..<end - group {
            unsafe states[(group + step - groups.lowerBound) * stride] = absent[activity + step].rawValue
          }
        }
        group = end
      }
    }
    guard hasRows else { return }
    year.cells.forEach(in: groups) { group, position in
      let element = (group - groups.lowerBound) * stride
      unsafe values[element] = year.values[position]
      unsafe states[element] = year.states[position].rawValue
    }
  }
}
