import CQColumns
import CQPlan
import CQSemantics

/// The cells of a sparse grid: everything on it is an array with one element for each of them, in the order of the grid.
struct SparseCells: Sendable {
  let grid: Grid
  let set: CellSet
  /// The number of each cell: region, then activity, then year.
  let numbers: [Int]

  init(grid: Grid, set: CellSet) {
    self.grid = grid
    self.set = set
    numbers = set.cells()
  }

  var count: Int { numbers.count }

  private var width: Int { grid.activity.groupCount }
  private var yearCount: Int { grid.years.count }

  /// The groups of places and of activities, and the year, of an element.
  @inline(__always)
  func place(_ element: Int) -> (region: Int, activity: Int, year: Int) {
    let (group, year) = numbers[element].quotientAndRemainder(dividingBy: yearCount)
    let (region, activity) = group.quotientAndRemainder(dividingBy: width)
    return (region, activity, year)
  }

  /// What stands on a coarser grid behind each cell.
  ///
  /// - Parameter broadcast: nil for a grid that is laid out like this one.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered(_ source: Vector, _ broadcast: Broadcast?, _ control: RunControl) throws -> Vector {
    let elements = try control.elements(count) { index in
      guard let broadcast else { return Int32(truncatingIfNeeded: numbers[index]) }
      let (region, activity, year) = place(index)
      return Int32(
        truncatingIfNeeded: broadcast.regionBases[region] + activity * broadcast.activityStride
          + year * broadcast.yearStride)
    }
    return Vector(
      values: try control.elements(count) { source.values[Int(elements[$0])] },
      states: try control.elements(count) { source.states[Int(elements[$0])] })
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
  /// Combines the numbers of the cells into those of a coarser grid: what is missing at empty cells adds nothing.
  ///
  /// - Parameters:
  ///   - columns: One vector each, over the cells.
  ///   - parents: ``parents(of:on:_:_:)``
  ///   - count: Elements of the coarser grid.
  /// - Returns: As ``FusedReduction/run(_:)``.
  func reduced(
    _ columns: [Vector], _ reduction: Reduction, parents: [Int32], count: Int, _ control: RunControl
  ) throws -> (columns: [Vector], leftOutCount: Int) {
    var skipped: [Bool] = []
    var leftOutCount = 0
    if reduction.isListwise, columns.contains(where: { !$0.states.allAreKnown }) {
      skipped = try control.elements(self.count) { element in columns.contains { !$0.states[element].hasValue } }
      for element in skipped.indices where skipped[element] {
        if columns.contains(where: { $0.states[element] != .missing }) { leftOutCount += 1 }
      }
    }
    let aggregate = reduction.aggregate
    guard aggregate.isRunning else {
      return (try columns.map { try combined($0, Aggregation(aggregate: aggregate), parents, count, control) }, 0)
    }
    let hasOneCell = reduction.parents.allSatisfy { $0 == 0 }
    let isByBlocks =
      hasOneCell && (yearCount == 1 || FusedReduction.isByYear(members: width, yearCount: yearCount))
      && aggregate != .min && aggregate != .max
    var result: [Vector] = []
    for column in columns {
      var cells = RunningCells(count: count)
      func add(_ element: Int) {
        if !skipped.isEmpty, skipped[element] { return }
        cells.add(column.values[element], column.states[element], to: Int(parents[element]), aggregate)
      }
      if isByBlocks {
        try forEachBlock(control) { elements, isWhole in
          let known = reduction.isListwise ? columns : [column]
          if isWhole, known.allSatisfy({ column in elements.allSatisfy { column.states[$0] == .known } }) {
            cells.addBlock(elements.map { column.values[$0] }, count: elements.count, to: Int(parents[elements[0]]))
          } else {
            elements.forEach(add)
          }
        }
      } else {
        try control.morsels(self.count) { $0.forEach(add) }
      }
      result.append(cells.finished(aggregate))
    }
    return (result, leftOutCount)
  }

  /// Calls `body` for the cells of one place, one year and one block of activities, as ``FusedReduction`` takes them together: it
  /// adds blocks of which all is known in an order of their own.
  ///
  /// - Parameter body: Gets elements, and whether they are all that the block could have.
  private func forEachBlock(_ control: RunControl, _ body: (_ elements: [Int], _ isWhole: Bool) -> Void) throws {
    let size = FusedReduction.blockSize(width)
    var elementsOfYear = [[Int]](repeating: [], count: yearCount)
    var blocks = [Int](repeating: -1, count: yearCount)
    let blocksOfPlace = (width + size - 1) / size
    func end(_ year: Int) {
      guard !elementsOfYear[year].isEmpty else { return }
      let length = min(size, width - blocks[year] % blocksOfPlace * size)
      body(elementsOfYear[year], elementsOfYear[year].count == length)
      elementsOfYear[year].removeAll(keepingCapacity: true)
    }
    try control.morsels(count) { elements in
      for element in elements {
        let (region, activity, year) = place(element)
        let block = region * blocksOfPlace + activity / size
        if block != blocks[year] {
          end(year)
          blocks[year] = block
        }
        elementsOfYear[year].append(element)
      }
    }
    for year in 0..<yearCount { end(year) }
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
