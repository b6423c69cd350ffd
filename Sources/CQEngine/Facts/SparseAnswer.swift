import CQColumns
import CQPlan

/// The cells of one year of a request that rows have, with what stands there, and what stands in all others.
struct SparseYear: Sendable {
  /// Groups of places times groups of activities.
  var cells: CellSet
  /// One element for each of `cells`.
  var values: [Double]
  var states: [CellState]
  /// The part of each value that is estimated.
  var estimated: [Double]
  /// Withheld rows that did not enter each value.
  var leftOut: [Int32]
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

  /// What stands in a cell, whether rows have it or not.
  fileprivate func cell(_ group: Int, width: Int) -> (
    value: Double, state: CellState, estimated: Double, leftOut: Int32
  ) {
    guard cells.contains(group) else { return (0, absent.state(region: group / width, activity: group % width), 0, 0) }
    let position = cells.rank(group)
    return (values[position], states[position], estimated[position], leftOut[position])
  }
}

/// The states of cells that no row is in: missing, or 0 where a dataset lists the place and the activity and says so.
struct AbsentCells: Sendable {
  /// For each group of places one of `states`, or -1 where nothing is known.
  private(set) var rows: [Int32]
  /// States by group of activities.
  private(set) var states: [[CellState]]

  /// Nothing is known of any.
  init(regionCount: Int) { (rows, states) = ([Int32](repeating: -1, count: regionCount), []) }

  /// - Parameters:
  ///   - isListed: Places that the data have anything of.
  ///   - exists: Activities that they have.
  init(isListed: [Bool], exists: [Bool]) {
    rows = isListed.map { $0 ? 0 : -1 }
    states = [exists.map { $0 ? .known : .missing }]
  }

  @inline(__always)
  func state(region: Int, activity: Int) -> CellState {
    rows[region] < 0 ? .missing : states[Int(rows[region])][activity]
  }

  /// The states of all activities of a place; nil where all are missing.
  func states(region: Int) -> [CellState]? { rows[region] < 0 ? nil : states[Int(rows[region])] }

  var areAllMissing: Bool { states.isEmpty }

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
  mutating func take(_ other: [SparseYear?], of groups: [Int], isAdditive: Bool) {
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
      union.finish()
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
    for index in 0..<yearCount {
      try control.check()
      year(index, of: yearCount)?.cells.forEach { group, _ in set.insert(group * yearCount + index) }
    }
  }

  /// The answer as arrays over the cells of a sparse grid.
  func laidOut(on cells: SparseCells, _ control: RunControl) throws -> GroupedCells {
    var vector = Vector(repeating: .missing, count: cells.count)
    var estimatedParts = [Double](repeating: 0, count: cells.count)
    var leftOutCounts = [Int32](repeating: 0, count: cells.count)
    let (width, yearCount) = (grid.activity.groupCount, cells.grid.years.count)
    for index in 0..<yearCount {
      try control.check()
      guard let year = year(index, of: yearCount) else { continue }
      if !year.absent.areAllMissing {
        try control.morsels(cells.count) { elements in
          for element in elements where cells.numbers[element] % yearCount == index {
            let group = cells.numbers[element] / yearCount
            vector.states[element] = year.absent.state(region: group / width, activity: group % width)
          }
        }
      }
      year.cells.forEach { group, position in
        let number = group * yearCount + index
        guard cells.set.contains(number) else { return }
        let element = cells.set.rank(number)
        vector.values[element] = year.values[position]
        vector.states[element] = year.states[position]
        estimatedParts[element] = year.estimated[position]
        leftOutCounts[element] = year.leftOut[position]
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

  var count: Int { answer.grid.region.groupCount * answer.grid.activity.groupCount * yearCount }

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
    year.cells.forEach(in: groups) { group, position in
      let element = (group - groups.lowerBound) * stride
      unsafe values[element] = year.values[position]
      unsafe states[element] = year.states[position].rawValue
    }
  }
}
