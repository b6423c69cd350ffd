import CQColumns
import CQMethods
import CQPlan
import CQSemantics
import CVectorLoops

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
  /// Units where most elements are gaps.
  private static let unitCountOfGaps = 32
  /// Members that are worth a block for each year: their sums lie side by side, those of several years do not.
  private static let membersOfBlock = 128

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
  /// What columns are where few rows are; nil where every element is computed.
  var gaps: MemberGaps?

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
    // What workers know of gaps, each makes for himself.
    let regionsPerUnit = max(1, gaps == nil ? Self.unitElementCount / perRegion : regionCount / Self.unitCountOfGaps)
    let unitCount = (regionCount + regionsPerUnit - 1) / regionsPerUnit
    let scheduler = Scheduler(
      control.limits, isWorthwhile: elementCount * columns.count >= RollUp.threadedCellCount)
    let preparations = columns.map { FormulaPreparation($0) }
    let results = WorkerResults<(columns: [Vector], leftOutCount: Int)>(count: unitCount)
    try scheduler.run(unitCount) { unit in
      var work = Work(self, preparations)
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

  // MARK: - Blocks

  /// Elements of a place that are computed together: activities first, then years, or the activities of one year.
  struct Block {
    /// Which element of its place the first one is.
    let offset: Int
    let count: Int
    /// From one element to the next: 1, or the number of years.
    let step: Int
  }

  /// The blocks of a place, in the order in which they are computed.
  private var order: [Block] {
    let isByYear = Self.isByYear(members: parents.count, yearCount: yearCount)
    let (length, step) = isByYear ? (parents.count, yearCount) : (width, 1)
    let size = Self.blockSize(length)
    return (0..<(isByYear ? yearCount : 1)).flatMap { year in
      stride(from: 0, to: length, by: size).map { first in
        Block(offset: first * step + year, count: min(size, length - first), step: step)
      }
    }
  }

  /// Whether blocks are of the activities of one year.
  static func isByYear(members: Int, yearCount: Int) -> Bool { yearCount > 1 && members >= membersOfBlock }

  /// Elements of a block. All are equally long: a short one takes hardly less time than a long one.
  static func blockSize(_ length: Int) -> Int {
    let blockCount = (length + BlockStack.width - 1) / BlockStack.width
    return max(1, (length + max(1, blockCount) - 1) / max(1, blockCount))
  }

  // MARK: - The work of one thread

  private struct Work: ~Copyable {
    let reduction: FusedReduction
    private let preparations: [FormulaPreparation]
    var cells: [RunningCells]
    var finished: [Vector]
    var leftOutCount = 0
    private let order: [Block]
    /// A block of each column.
    private var blocks: [Vector]
    private var stack: BlockStack
    private var gaps: MemberGaps.Blocks?
    private var members: PlaceMembers

    init(_ reduction: FusedReduction, _ preparations: [FormulaPreparation]) {
      self.reduction = reduction
      self.preparations = preparations
      order = reduction.order
      cells = reduction.columns.map { _ in RunningCells(count: reduction.cellCount) }
      finished = reduction.columns.map { _ in Vector(values: [], states: []) }
      blocks = reduction.columns.map { _ in Vector(repeating: .known, count: BlockStack.width) }
      stack = BlockStack(depth: reduction.columns.reduce(1) { max($0, $1.formula.depth) })
      gaps = reduction.gaps.map { MemberGaps.Blocks($0) }
      let isByYear = FusedReduction.isByYear(members: reduction.parents.count, yearCount: reduction.yearCount)
      members = PlaceMembers(lineCount: isByYear ? reduction.yearCount : 1, isByYear: isByYear)
    }

    /// Combines the elements of all `places`, which are one group of the coarser grid.
    mutating func add(_ places: [Int], _ control: RunControl) throws {
      for column in cells.indices { cells[column].reset() }
      var blockCount = 0
      for place in places {
        if let gaps = reduction.gaps { members.take(place, of: gaps.cells) }
        for (index, block) in order.enumerated() {
          if blockCount % 64 == 0 { try control.check() }
          blockCount += 1
          if !addMembers(block, index, of: place) { addBlock(block, of: place) }
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

    private mutating func addBlock(_ block: Block, of place: Int) {
      let (start, count) = (place * reduction.width + block.offset, block.count)
      var areKnown = true
      for index in reduction.columns.indices {
        reduction.columns[index].evaluate(start, count, step: block.step, preparations[index], &stack)
        let isKnown = stack.store(&blocks[index])
        areKnown = areKnown && isKnown
        if !reduction.isListwise { add(index, blocks[index], block, isKnown: isKnown, skipped: []) }
      }
      if reduction.isListwise { addTogether(blocks, block, areKnown: areKnown) }
    }

    /// Adds the elements of all columns, without those that have no number in one of these.
    private mutating func addTogether(_ blocks: [Vector], _ block: Block, areKnown: Bool) {
      var skipped: [Bool] = []
      if !areKnown {
        let count = block.count
        // Of each element the worst state and the best one of all columns.
        var worst = [CellState](repeating: .known, count: count)
        var best = [CellState](repeating: .missing, count: count)
        for column in blocks {
          for element in 0..<count {
            worst[element] = max(worst[element], column.states[element])
            best[element] = min(best[element], column.states[element])
          }
        }
        skipped = worst.map { !$0.hasValue }
        // Members that are missing in every column do not exist there; the others are worth a note.
        for element in 0..<count where skipped[element] && best[element] != .missing { leftOutCount += 1 }
      }
      for index in blocks.indices { add(index, blocks[index], block, isKnown: areKnown, skipped: skipped) }
    }

    /// The same for a block of which it is known what it is where no rows are: only what stands at rows is put into it.
    ///
    /// - Returns: false where that is not known.
    private mutating func addMembers(_ block: Block, _ index: Int, of place: Int) -> Bool {
      guard let known = reduction.gaps else { return false }
      let start = place * reduction.width + block.offset
      guard let gap = gaps?.block(block, index, of: order.count, place, from: start, &stack) else { return false }
      let isByYear = block.step == reduction.yearCount && reduction.yearCount > 1
      let first = isByYear ? block.offset / reduction.yearCount : block.offset
      let line = members.lines[isByYear ? block.offset % reduction.yearCount : 0]
      let rows = line.filter { $0.position >= first && $0.position < first + block.count }
      var unknownCounts = known.columns.indices.map { gap.unknownCount($0, of: block.count) }
      var before: [(value: Double, state: CellState)] = []
      before.reserveCapacity(rows.count * known.columns.count)
      for (column, source) in known.columns.enumerated() {
        gap.update(column) { vector in
          for (position, element) in rows {
            let (position, element) = (Int(position) - first, Int(element))
            let old = (value: vector.values[position], state: vector.states[position])
            let (value, state) = (source.values[element], source.states[element])
            before.append(old)
            unknownCounts[column] += (state == .known ? 0 : 1) - (old.state == .known ? 0 : 1)
            (vector.values[position], vector.states[position]) = (value, state)
          }
        }
      }
      if reduction.isListwise {
        addTogether(gap.vectors, block, areKnown: unknownCounts.allSatisfy { $0 == 0 })
      } else {
        for column in gap.vectors.indices {
          add(column, gap.vectors[column], block, isKnown: unknownCounts[column] == 0, skipped: [])
        }
      }
      var next = before.startIndex
      for column in known.columns.indices {
        gap.update(column) { vector in
          for (position, _) in rows {
            (vector.values[Int(position) - first], vector.states[Int(position) - first]) = before[next]
            next += 1
          }
        }
      }
      return true
    }

    private mutating func add(_ column: Int, _ elements: Vector, _ block: Block, isKnown: Bool, skipped: [Bool]) {
      cells[column].add(
        elements, block, reduction.parents, reduction.yearCount, isKnown: isKnown, skipped, reduction.aggregate)
    }
  }
}

/// What is known of the cells of a group of places so far.
struct RunningCells {
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

  /// Adds the elements of a block.
  ///
  /// - Parameters:
  ///   - isKnown: No state need be looked at.
  ///   - skipped: Elements that are left out; empty for none.
  mutating func add(
    _ elements: Vector, _ block: FusedReduction.Block, _ parents: [Int32], _ yearCount: Int, isKnown: Bool,
    _ skipped: [Bool], _ aggregate: Aggregate
  ) {
    if isKnown {
      switch aggregate {
      case .min: combine(elements.values, block, parents, yearCount) { $2 ? $1 : min($0, $1) }
      case .max: combine(elements.values, block, parents, yearCount) { $2 ? $1 : max($0, $1) }
      default:
        if block.step == yearCount, values.count == yearCount {
          return addBlock(elements.values, count: block.count, to: block.offset % yearCount)
        }
        combine(elements.values, block, parents, yearCount) { before, value, _ in before + value }
      }
      return
    }
    var (member, year) = block.offset.quotientAndRemainder(dividingBy: yearCount)
    for element in 0..<block.count {
      if skipped.isEmpty || !skipped[element] {
        add(elements.values[element], elements.states[element], to: Int(parents[member]) * yearCount + year, aggregate)
      }
      year += block.step
      if year >= yearCount { (member, year) = (member + 1, year - yearCount) }
    }
  }

  /// Adds the first `count` numbers of a block, which are all of one cell.
  mutating func addBlock(_ elements: [Double], count: Int, to cell: Int) {
    precondition(count <= elements.count, "the block is too short")
    // SAFETY: checked above.
    values[cell] += unsafe elements.withUnsafeBufferPointer { elements in
      unsafe elements.baseAddress.map { unsafe cq_sum(VectorLoops.width, $0, count) } ?? 0
    }
    counts[cell] += Int32(count)
  }

  /// - Parameter operation: Gets what there is so far, the next number, and whether that is the first.
  @inline(__always)
  private mutating func combine(
    _ elements: [Double], _ block: FusedReduction.Block, _ parents: [Int32], _ yearCount: Int,
    _ operation: (Double, Double, Bool) -> Double
  ) {
    var (member, year) = block.offset.quotientAndRemainder(dividingBy: yearCount)
    var element = 0
    while element < block.count {
      let length = block.step == 1 ? min(yearCount - year, block.count - element) : 1
      let target = Int(parents[member]) * yearCount + year
      for step in 0..<length {
        values[target + step] = operation(
          values[target + step], elements[element + step], counts[target + step] == 0)
        counts[target + step] += 1
      }
      element += length
      (member, year) = (member + 1, block.step == yearCount ? year : 0)
    }
  }

  /// Adds one element.
  mutating func add(_ element: Double, _ state: CellState, to cell: Int, _ aggregate: Aggregate) {
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

  /// All cells.
  func finished(_ aggregate: Aggregate) -> Vector {
    var vector = Vector(repeating: .missing, count: values.count)
    for cell in values.indices { (vector.values[cell], vector.states[cell]) = finished(cell, aggregate) }
    return vector
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
