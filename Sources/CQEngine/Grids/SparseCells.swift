import CQColumns
import CQPlan
import CQSemantics

/// The cells of a sparse grid: everything on it is an array with one element for each of them, in the order of the grid.
struct SparseCells: Sendable {
  let grid: Grid
  let set: CellSet
  /// The number of each cell: region, then activity, then year.
  let numbers: [Int]
  private let width: Int
  private let yearCount: Int
  private let perYears: Divisor
  private let perWidth: Divisor

  init(grid: Grid, set: CellSet) {
    self.grid = grid
    self.set = set
    numbers = set.cells()
    (width, yearCount) = (grid.activity.groupCount, grid.years.count)
    perYears = Divisor(max(1, yearCount), below: set.spaceCount)
    perWidth = Divisor(max(1, width), below: set.spaceCount)
  }

  var count: Int { numbers.count }

  /// The groups of places and of activities, and the year, of an element.
  @inline(__always)
  func place(_ element: Int) -> (region: Int, activity: Int, year: Int) {
    let (group, year) = perYears.quotientAndRemainder(numbers[element])
    let (region, activity) = perWidth.quotientAndRemainder(group)
    return (region, activity, year)
  }

  /// The group of places and activities, and the year, of an element.
  @inline(__always)
  func group(_ element: Int) -> (group: Int, year: Int) {
    let (group, year) = perYears.quotientAndRemainder(numbers[element])
    return (group, year)
  }

  /// The elements of some groups of places.
  func elements(ofRegions regions: Range<Int>) -> Range<Int> {
    set.rank(regions.lowerBound * width * yearCount)..<set.rank(regions.upperBound * width * yearCount)
  }

  /// What stands on a coarser grid behind each cell.
  ///
  /// - Parameter broadcast: nil for a grid that is laid out like this one.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered(_ source: Vector, _ broadcast: Broadcast?, _ control: RunControl) throws -> Vector {
    @Sendable @inline(__always)
    func position(_ element: Int) -> Int {
      guard let broadcast else { return numbers[element] }
      let (region, activity, year) = place(element)
      return broadcast.regionBases[region] + activity * broadcast.activityStride + year * broadcast.yearStride
    }
    return try Vector(writing: count, control) { elements, values, states in
      for element in elements {
        let position = position(element)
        (values[element], states[element]) = (source.values[position], source.states[position])
      }
    }
  }

  /// The element of a coarser grid behind each cell.
  func elements(of broadcast: Broadcast?) -> [Int] {
    guard let broadcast else { return numbers }
    return numbers.indices.map { element in
      let (region, activity, year) = place(element)
      return broadcast.regionBases[region] + activity * broadcast.activityStride + year * broadcast.yearStride
    }
  }

  // MARK: - Sums over members

  /// The element of a coarser grid that each cell belongs to.
  ///
  /// - Parameters:
  ///   - coarse: Its cells; nil where it is laid out whole.
  ///   - grid: The coarser grid.
  func parents(
    of reduction: Reduction, on grid: Grid, _ coarse: SparseCells?, _ control: RunControl
  ) throws -> [Int32] {
    let (regionParents, parents) = (reduction.regionParents, reduction.parents)
    return try control.elements(count) { element in
      let number = parent(of: element, regionParents, parents, grid)
      return Int32(truncatingIfNeeded: coarse.map { $0.set.rank(number) } ?? number)
    }
  }

  /// The number of the cell of the coarser grid.
  @inline(__always)
  private func parent(of element: Int, _ regionParents: [Int32], _ parents: [Int32], _ coarse: Grid) -> Int {
    let (region, activity, year) = place(element)
    let place = regionParents.isEmpty ? region : Int(regionParents[region])
    return (place * coarse.activity.groupCount + Int(parents[activity])) * yearCount + year
  }

  /// Marks the cells of a coarser grid that some cell belongs to.
  func markParents(of reduction: Reduction, on coarse: Grid, in cells: inout CellSet) {
    for element in 0..<count {
      cells.insert(parent(of: element, reduction.regionParents, reduction.parents, coarse))
    }
  }
}

extension SparseCells {
  /// Elements that a worker adds up at a time, about.
  private static let unitElementCount = 1 << 15

  /// Combines the numbers of the cells into those of a coarser grid: what is missing at empty cells adds nothing.
  ///
  /// - Parameters:
  ///   - columns: One vector each, over the cells.
  ///   - coarse: The cells of the coarser grid; nil where it is laid out whole.
  ///   - coarseGrid: That grid.
  /// - Returns: As ``FusedReduction/run(_:)``.
  func reduced(
    _ columns: [Vector], _ reduction: Reduction, onto coarse: SparseCells?, _ coarseGrid: Grid, _ control: RunControl
  ) throws -> (columns: [Vector], leftOutCount: Int) {
    let parents = try parents(of: reduction, on: coarseGrid, coarse, control)
    let count = coarse?.count ?? coarseGrid.cellCount
    let aggregate = reduction.aggregate
    guard aggregate.isRunning else {
      return (try columns.map { try combined($0, Aggregation(aggregate: aggregate), parents, count, control) }, 0)
    }
    var skipped: [Bool] = []
    var leftOutCount = 0
    if reduction.isListwise, columns.contains(where: { !$0.states.allAreKnown }) {
      skipped = try control.elements(self.count) { element in columns.contains { !$0.states[element].hasValue } }
      for element in skipped.indices where skipped[element] {
        if columns.contains(where: { $0.states[element] != .missing }) { leftOutCount += 1 }
      }
    }
    // Places that are cells by themselves are added up side by side.
    let regionCount = grid.region.groupCount
    let size =
      reduction.regionParents.isEmpty ? max(1, regionCount * Self.unitElementCount / max(1, self.count)) : regionCount
    let unitCount = (regionCount + max(1, size) - 1) / max(1, size)
    func firstCell(_ region: Int) -> Int {
      if size == regionCount { return region == 0 ? 0 : count }
      let number = region * coarseGrid.activity.groupCount * yearCount
      return coarse?.set.rank(number) ?? number
    }
    let sums = MemberSums(
      cells: self, columns: columns, skipped: skipped, parents: parents, aggregate: aggregate,
      isByBlocks: isByBlocks(reduction), isListwise: reduction.isListwise)
    let starts = (0...unitCount).map { firstCell(min(regionCount, $0 * size)) }
    let results = WorkerResults<[Vector]>(count: unitCount)
    try Scheduler(control.limits, isWorthwhile: unitCount > 1).run(unitCount) { unit in
      let regions = unit * size..<min(regionCount, (unit + 1) * size)
      results[unit] = try sums.added(regions, into: starts[unit]..<starts[unit + 1], control)
    }
    let parts = (0..<unitCount).compactMap { results[$0] }
    if parts.count == 1 { return (parts[0], leftOutCount) }
    return (
      columns.indices.map { column in
        Vector(
          values: Array(parts.map { $0[column].values }.joined()),
          states: Array(parts.map { $0[column].states }.joined()))
      }, leftOutCount
    )
  }

  /// Whether ``FusedReduction`` takes activities of one year together, and adds a block of which all is known in an order of its own.
  private func isByBlocks(_ reduction: Reduction) -> Bool {
    let aggregate = reduction.aggregate
    return reduction.parents.allSatisfy { $0 == 0 }
      && (yearCount == 1 || FusedReduction.isByYear(members: width, yearCount: yearCount)) && aggregate != .min
      && aggregate != .max
  }

  /// The same for what needs all numbers of a cell at once.
  private func combined(
    _ column: Vector, _ aggregation: Aggregation, _ parents: [Int32], _ count: Int, _ control: RunControl
  ) throws -> Vector {
    // Where the elements of each cell begin, once these are in the order of the cells.
    var ends = [Int](repeating: 0, count: count + 1)
    for parent in parents { ends[Int(parent) + 1] += 1 }
    for cell in 0..<count { ends[cell + 1] += ends[cell] }
    var next = ends
    var elements = [Int32](repeating: 0, count: parents.count)
    for (element, parent) in parents.enumerated() {
      elements[next[Int(parent)]] = Int32(truncatingIfNeeded: element)
      next[Int(parent)] += 1
    }
    var result = Vector(repeating: .missing, count: count)
    try control.morsels(count) { cells in
      for cell in cells {
        let members = elements[ends[cell]..<ends[cell + 1]]
        let combined = aggregation.combine(
          members.map { column.values[Int($0)] }, members.map { column.states[Int($0)] })
        result.values[cell] = combined.value
        result.states[cell] = combined.state
      }
    }
    return result
  }
}

/// Adds up the numbers of the cells of some places.
private struct MemberSums: Sendable {
  let cells: SparseCells
  let columns: [Vector]
  /// Elements that are left out; empty for none.
  let skipped: [Bool]
  /// The element of the coarser grid that each one belongs to.
  let parents: [Int32]
  let aggregate: Aggregate
  let isByBlocks: Bool
  let isListwise: Bool

  /// - Parameter targets: The elements of the coarser grid that `regions` belong to.
  func added(_ regions: Range<Int>, into targets: Range<Int>, _ control: RunControl) throws -> [Vector] {
    var result: [Vector] = []
    for column in columns.indices {
      var sums = RunningCells(count: targets.count)
      if isByBlocks {
        for region in regions {
          try control.check()
          addBlocks(of: region, column, targets.lowerBound, to: &sums)
        }
      } else {
        let elements = cells.elements(ofRegions: regions)
        for start in stride(from: elements.lowerBound, to: elements.upperBound, by: RunControl.morselRowCount) {
          try control.check()
          let morsel = start..<min(elements.upperBound, start + RunControl.morselRowCount)
          for element in morsel { add(element, column, targets.lowerBound, to: &sums) }
        }
      }
      result.append(sums.finished(aggregate))
    }
    return result
  }

  @inline(__always)
  private func add(_ element: Int, _ column: Int, _ first: Int, to sums: inout RunningCells) {
    if !skipped.isEmpty, skipped[element] { return }
    let target = Int(parents[element]) - first
    sums.add(columns[column].values[element], columns[column].states[element], to: target, aggregate)
  }

  /// Adds the numbers of one place in the blocks of one year each that ``FusedReduction`` takes together.
  private func addBlocks(of region: Int, _ column: Int, _ first: Int, to sums: inout RunningCells) {
    let (width, yearCount) = (cells.grid.activity.groupCount, cells.grid.years.count)
    let size = FusedReduction.blockSize(width)
    for start in stride(from: 0, to: width, by: size) {
      let length = min(size, width - start)
      let number = (region * width + start) * yearCount
      let elements = cells.set.rank(number)..<cells.set.rank(number + length * yearCount)
      // A block that is not whole has too few elements in all, most of the time.
      if elements.count >= length {
        addWhole(elements, length, column, first, to: &sums)
      } else {
        for element in elements { add(element, column, first, to: &sums) }
      }
    }
  }

  /// The same for a block that may have all activities in some year.
  private func addWhole(
    _ elements: Range<Int>, _ length: Int, _ column: Int, _ first: Int, to sums: inout RunningCells
  ) {
    var ofYear = [[Int]](repeating: [], count: cells.grid.years.count)
    for element in elements { ofYear[cells.group(element).year].append(element) }
    for members in ofYear {
      let known = isListwise ? columns : [columns[column]]
      if members.count == length, known.allSatisfy({ column in members.allSatisfy { column.states[$0] == .known } }) {
        sums.addBlock(members.map { columns[column].values[$0] }, count: length, to: Int(parents[members[0]]) - first)
      } else {
        for element in members { add(element, column, first, to: &sums) }
      }
    }
  }
}
