import CQColumns
import CQPlan
import CQSemantics

/// Combines the elements of a finer grid into the cells of a coarser one while they are computed: block by block, so that
/// the numbers of the finer grid never lie in memory.
///
/// Workers take whole groups of places, and the elements of a cell are added in their order: the bits are the same for any
/// number of threads.
///
/// - Complexity: O(elements × columns); the cells of the coarser grid, and a block of each column for each thread.
struct FusedReduction: Sendable {
  /// Elements that a worker takes at a time, about.
  private static let unitElementCount = 1 << 16

  let aggregate: Aggregate
  /// What is combined, each over all elements of the finer grid.
  let columns: [FormulaEvaluator]
  /// For each group of activities of the finer grid its group in the coarser one.
  let parents: [Int32]
  /// The same for groups of places; empty where they are the same.
  let regionParents: [Int32]
  let regionCount: Int
  let coarseCount: Int
  let yearCount: Int
  /// An element without a number in any column is left out of all of them.
  var isListwise = false

  /// Whether an aggregate needs no more of a cell than what has been added up so far.
  static func isFor(_ aggregate: Aggregate) -> Bool {
    switch aggregate {
    case .sum, .mean, .min, .max, .count, .countWithheld: true
    default: false
    }
  }

  private var cellCount: Int { coarseCount * yearCount }
  private var width: Int { parents.count * yearCount }

  /// - Returns: For each column the cells of the coarser grid; and how many elements were left out although some column
  ///   had something there.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func run(_ control: RunControl) throws -> (columns: [Vector], leftOutCount: Int) {
    let places = Aggregation.places(of: regionCount, regionParents)
    let elementCount = places.reduce(0) { $0 + $1.count } * width
    precondition(
      parents.allSatisfy { $0 >= 0 && $0 < coarseCount }
        && columns.allSatisfy { column in places.allSatisfy { $0.allSatisfy { ($0 + 1) * width <= column.rowCount } } },
      "members lie outside the grid")
    let perRegion = max(1, elementCount * columns.count / max(1, regionCount))
    let regionsPerUnit = max(1, Self.unitElementCount / perRegion)
    let unitCount = (regionCount + regionsPerUnit - 1) / regionsPerUnit
    let scheduler = Scheduler(
      control.limits, isWorthwhile: elementCount * columns.count >= RollUp.threadedCellCount)
    let known = columns.map { $0.knownInputs() }
    let results = WorkerResults<(columns: [Vector], leftOutCount: Int)>(count: unitCount)
    try scheduler.run(unitCount) { unit in
      var work = Work(self, known)
      for region in unit * regionsPerUnit..<min(regionCount, (unit + 1) * regionsPerUnit) {
        try work.add(places[region], control)
      }
      results[unit] = (work.finished, work.leftOutCount)
    }
    if unitCount == 1, let only = results[0] { return only }
    let parts = (0..<unitCount).compactMap { results[$0] }
    return (
      columns.indices.map { column in
        Vector(
          values: Array(parts.map { $0.columns[column].values }.joined()),
          states: Array(parts.map { $0.columns[column].states }.joined()))
      }, parts.reduce(0) { $0 + $1.leftOutCount }
    )
  }

  // MARK: - The work of one thread

  private struct Work {
    let reduction: FusedReduction
    let known: [[Bool]]
    var cells: [RunningCells]
    var finished: [Vector]
    var leftOutCount = 0
    /// A block of each column.
    private var blocks: [Vector]

    init(_ reduction: FusedReduction, _ known: [[Bool]]) {
      self.reduction = reduction
      self.known = known
      cells = reduction.columns.map { _ in RunningCells(count: reduction.cellCount) }
      finished = reduction.columns.map { _ in Vector(values: [], states: []) }
      blocks = reduction.columns.map { _ in Vector(repeating: .known, count: BlockStack.width) }
    }

    /// Combines the elements of all `places`, which are one group of the coarser grid.
    mutating func add(_ places: [Int], _ control: RunControl) throws {
      for column in cells.indices { cells[column].reset() }
      var stack = BlockStack(depth: reduction.columns.reduce(1) { max($0, $1.formula.depth) })
      var blockCount = 0
      for place in places {
        for offset in stride(from: 0, to: reduction.width, by: BlockStack.width) {
          if blockCount % 64 == 0 { try control.check() }
          blockCount += 1
          let count = min(BlockStack.width, reduction.width - offset)
          addBlock(place * reduction.width + offset, count, offset, &stack)
        }
      }
      for column in cells.indices {
        for cell in 0..<reduction.cellCount {
          let (value, state) = cells[column].finished(cell, reduction.aggregate)
          finished[column].values.append(value)
          finished[column].states.append(state)
        }
      }
    }

    private mutating func addBlock(_ start: Int, _ count: Int, _ offset: Int, _ stack: inout BlockStack) {
      var areKnown = true
      for (index, column) in reduction.columns.enumerated() {
        column.evaluate(start, count, known[index], &stack)
        let isKnown = stack.store(&blocks[index])
        areKnown = areKnown && isKnown
        if !reduction.isListwise { add(index, count, offset, isKnown: isKnown, skipped: []) }
      }
      guard reduction.isListwise else { return }
      var skipped: [Bool] = []
      if !areKnown {
        skipped = (0..<count).map { element in blocks.contains { !$0.states[element].hasValue } }
        // Members that are missing in every column do not exist there; the others are worth a note.
        for element in 0..<count where skipped[element] && blocks.contains(where: { $0.states[element] != .missing }) {
          leftOutCount += 1
        }
      }
      for index in blocks.indices { add(index, count, offset, isKnown: areKnown, skipped: skipped) }
    }

    private mutating func add(_ column: Int, _ count: Int, _ offset: Int, isKnown: Bool, skipped: [Bool]) {
      cells[column].add(
        blocks[column], count, from: offset, reduction.parents, reduction.yearCount, isKnown: isKnown, skipped,
        reduction.aggregate)
    }
  }
}

/// What is known of the cells of a group of places so far.
private struct RunningCells {
  private var values: [Double]
  private var counts: [Int32]
  private var withheldCounts: [Int32]
  private var worst: [CellState]

  init(count: Int) {
    values = [Double](repeating: 0, count: count)
    counts = [Int32](repeating: 0, count: count)
    withheldCounts = counts
    worst = [CellState](repeating: .known, count: count)
  }

  mutating func reset() {
    for cell in values.indices {
      values[cell] = 0
      counts[cell] = 0
      withheldCounts[cell] = 0
      worst[cell] = .known
    }
  }

  /// Adds the first `count` elements of a block.
  ///
  /// - Parameters:
  ///   - offset: Which element of its place the first one is: activities first, then years.
  ///   - isKnown: No state need be looked at.
  ///   - skipped: Elements that are left out; empty for none.
  mutating func add(
    _ block: Vector, _ count: Int, from offset: Int, _ parents: [Int32], _ yearCount: Int, isKnown: Bool,
    _ skipped: [Bool], _ aggregate: Aggregate
  ) {
    if isKnown {
      switch aggregate {
      case .min: combine(block.values, count, offset, parents, yearCount) { $2 ? $1 : min($0, $1) }
      case .max: combine(block.values, count, offset, parents, yearCount) { $2 ? $1 : max($0, $1) }
      default: combine(block.values, count, offset, parents, yearCount) { before, value, _ in before + value }
      }
      return
    }
    var (member, year) = offset.quotientAndRemainder(dividingBy: yearCount)
    for element in 0..<count {
      if skipped.isEmpty || !skipped[element] {
        add(block.values[element], block.states[element], to: Int(parents[member]) * yearCount + year, aggregate)
      }
      year += 1
      if year == yearCount { (member, year) = (member + 1, 0) }
    }
  }

  /// - Parameter operation: Gets what there is so far, the next number, and whether that is the first.
  @inline(__always)
  private mutating func combine(
    _ block: [Double], _ count: Int, _ offset: Int, _ parents: [Int32], _ yearCount: Int,
    _ operation: (Double, Double, Bool) -> Double
  ) {
    if values.count == 1 {
      var value = values[0]
      var isFirst = counts[0] == 0
      for element in 0..<count {
        value = operation(value, block[element], isFirst)
        isFirst = false
      }
      values[0] = value
      counts[0] += Int32(count)
      return
    }
    var (member, year) = offset.quotientAndRemainder(dividingBy: yearCount)
    var element = 0
    while element < count {
      let length = min(yearCount - year, count - element)
      let target = Int(parents[member]) * yearCount + year
      for step in 0..<length {
        values[target + step] = operation(
          values[target + step], block[element + step], counts[target + step] == 0)
        counts[target + step] += 1
      }
      element += length
      (member, year) = (member + 1, 0)
    }
  }

  private mutating func add(_ element: Double, _ state: CellState, to cell: Int, _ aggregate: Aggregate) {
    guard state.hasValue else {
      if state == .withheld { withheldCounts[cell] += 1 }
      return
    }
    switch aggregate {
    case .min: values[cell] = counts[cell] == 0 ? element : min(values[cell], element)
    case .max: values[cell] = counts[cell] == 0 ? element : max(values[cell], element)
    default: values[cell] += element
    }
    counts[cell] += 1
    worst[cell] = max(worst[cell], state)
  }

  func finished(_ cell: Int, _ aggregate: Aggregate) -> (value: Double, state: CellState) {
    let (count, withheldCount) = (counts[cell], withheldCounts[cell])
    if aggregate == .count { return (Double(count), .known) }
    if aggregate == .countWithheld { return (Double(withheldCount), .known) }
    if count == 0 { return (0, withheldCount > 0 ? .withheld : .missing) }
    if withheldCount > 0 && (aggregate == .sum || aggregate == .mean) { return (0, .withheld) }
    let value = aggregate == .mean ? values[cell] / Double(count) : values[cell]
    return value.isFinite ? (value, worst[cell]) : (0, .missing)
  }
}
