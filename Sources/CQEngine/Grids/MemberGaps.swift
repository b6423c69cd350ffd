import CQColumns
import CQPlan
import CQSemantics

/// What formulas over a grid with few rows give where no rows are: the same for many places, or nothing but 0.
struct MemberGaps: Sendable {
  /// The cells that rows have, and the formulas there.
  let cells: SparseCells
  var columns: [Vector] = []
  /// The formulas as if no row were there.
  private let without: [FormulaEvaluator]
  private let preparations: [FormulaPreparation]
  private let places: Places

  /// What is known of the places.
  private enum Places: Sendable {
    /// What formulas load beside the rows is the same for all places: for each one which others have the same numbers; nil for
    /// those of the later ones of many kinds, which would fill the memory.
    case kinds([Int?])
    /// For each formula and place what it may give there.
    case ranges([AbsentRanges], ofPlaces: [[ValueRange]])
  }

  /// Bytes that each worker may keep of blocks.
  private static let keptBytes = 1 << 24

  /// Whether no cell that formulas pass over is counted: `??` counts what it fills.
  static func areAllowed(by formulas: [Formula]) -> Bool {
    formulas.allSatisfy { $0.instructions.allSatisfy { if case .coalesce = $0 { false } else { true } } }
  }

  /// nil where cells without rows have to be computed.
  ///
  /// - Parameter evaluators: The formulas over the whole grid.
  init?(_ cells: SparseCells, _ evaluators: [FormulaEvaluator]) {
    self.cells = cells
    var own: [SparseBlocks] = []
    var isSameEverywhere = true
    without = evaluators.map { evaluator in
      var without = evaluator
      for input in evaluator.inputs.indices {
        if let blocks = evaluator.cells.isEmpty ? nil : evaluator.cells[input] {
          guard var blocks = blocks as? SparseBlocks else {
            isSameEverywhere = false
            continue
          }
          own.append(blocks)
          blocks.hasRows = false
          without.cells[input] = blocks
        } else {
          let bases = (evaluator.broadcasts.isEmpty ? nil : evaluator.broadcasts[input])?.regionBases
          if bases.map({ bases in bases.contains { $0 != bases[0] } }) ?? true { isSameEverywhere = false }
        }
      }
      return without
    }
    preparations = without.map { FormulaPreparation($0) }
    let regions = 0..<cells.grid.region.groupCount
    if isSameEverywhere {
      let rows = own.flatMap { $0.absentRows() }
      let perKind = cells.grid.activity.groupCount * cells.grid.years.count * evaluators.count
      let kindLimit = max(1, Self.keptBytes / max(1, perKind * (MemoryLayout<Double>.stride + 1)))
      var kindOfRows: [[Int32]: Int] = [:]
      places = .kinds(
        regions.map { region in
          let rows = rows.map { $0[region] }
          let kind = kindOfRows[rows] ?? kindOfRows.count
          if kind == kindLimit { return nil }
          kindOfRows[rows] = kind
          return kind
        })
      return
    }
    var ranges = without.map { AbsentRanges($0, cells.grid) }
    let ofPlaces = regions.map { region in ranges.indices.map { ranges[$0].range(ofRegion: region) } }
    if !ofPlaces.contains(where: { $0.allSatisfy(\.isNothing) }) { return nil }
    places = .ranges(ranges, ofPlaces: ofPlaces)
  }

  /// The numbers of one block where no rows are, for all places of a kind.
  final class Block {
    /// One for each formula; a worker writes the numbers of a place into them, and takes them out again.
    private(set) var vectors: [Vector]
    /// For each formula elements that are not known.
    private let unknownCounts: [Int]
    /// Of one state for each formula, and as long as any block.
    private let isConstant: Bool

    init(_ vectors: [Vector], isConstant: Bool) {
      self.vectors = vectors
      self.isConstant = isConstant
      unknownCounts = vectors.map { vector in vector.states.count { $0 != .known } }
    }

    /// Elements that are not known among the first `count`, which are all of a block.
    func unknownCount(_ column: Int, of count: Int) -> Int {
      isConstant ? min(count, unknownCounts[column]) : unknownCounts[column]
    }

    /// Changes the numbers of a formula in place.
    func update(_ column: Int, _ body: (inout Vector) -> Void) {
      var vector = vectors[column]
      vectors[column] = Vector(values: [], states: [])
      body(&vector)
      vectors[column] = vector
    }
  }

  /// Blocks that one worker has made.
  struct Blocks {
    private let gaps: MemberGaps
    private var ofKinds: [Int: [Block?]] = [:]
    /// Blocks of one state and 0 throughout, by the states of the formulas.
    private var constant: [[CellState]: Block] = [:]
    private var ranges: [AbsentRanges] = []

    init(_ gaps: MemberGaps) {
      self.gaps = gaps
      if case .ranges(let ranges, _) = gaps.places { self.ranges = ranges }
    }

    /// The numbers of a block of a place where no rows are; nil where they have to be computed.
    ///
    /// - Parameters:
    ///   - index: Of the block among the blocks of a place, of which there are `blockCount`.
    ///   - start: Its first element in the grid.
    mutating func block(
      _ block: FusedReduction.Block, _ index: Int, of blockCount: Int, _ place: Int, from start: Int,
      _ stack: inout BlockStack
    ) -> Block? {
      let kind: Int
      switch gaps.places {
      case .kinds(let kinds):
        guard let known = kinds[place] else { return nil }
        kind = known
      case .ranges(_, let ofPlaces): return constantBlock(block, place, ofPlaces[place])
      }
      if let made = ofKinds[kind, default: [Block?](repeating: nil, count: blockCount)][index] { return made }
      var vectors: [Vector] = []
      for (column, evaluator) in gaps.without.enumerated() {
        var vector = Vector(repeating: .known, count: block.count)
        evaluator.evaluate(start, block.count, step: block.step, gaps.preparations[column], &stack)
        _ = stack.store(&vector)
        vectors.append(vector)
      }
      let made = Block(vectors, isConstant: false)
      ofKinds[kind]?[index] = made
      return made
    }

    /// A block of 0, or of nothing, if formulas can't give anything else there.
    private mutating func constantBlock(
      _ block: FusedReduction.Block, _ place: Int, _ rangesOfPlace: [ValueRange]
    ) -> Block? {
      let years = gaps.cells.grid.years.count
      var states: [CellState] = []
      for (column, range) in rangesOfPlace.enumerated() {
        if !range.isNothing { return nil }
        var state = range.onlyState
        if state == nil, block.step == years, years > 1 {
          state = ranges[column].range(ofRegion: place, year: block.offset % years).onlyState
        }
        guard let state else { return nil }
        states.append(state)
      }
      if let made = constant[states] { return made }
      let made = Block(states.map { Vector(repeating: $0, count: BlockStack.width) }, isConstant: true)
      constant[states] = made
      return made
    }
  }
}

/// The cells of a place that rows have, by the lines of blocks that they are in: those of a year, or all of them.
struct PlaceMembers {
  /// Where each stands in its line, and its element.
  private(set) var lines: [[(position: Int32, element: Int32)]]
  private let isByYear: Bool

  init(lineCount: Int, isByYear: Bool) {
    lines = [[(position: Int32, element: Int32)]](repeating: [], count: lineCount)
    self.isByYear = isByYear
  }

  mutating func take(_ place: Int, of cells: SparseCells) {
    for line in lines.indices { lines[line].removeAll(keepingCapacity: true) }
    let firstGroup = place * cells.grid.activity.groupCount
    let firstNumber = firstGroup * cells.grid.years.count
    for element in cells.elements(ofRegions: place..<place + 1) {
      let (group, year) = cells.group(element)
      let position = isByYear ? group - firstGroup : cells.numbers[element] - firstNumber
      lines[isByYear ? year : 0].append(
        (Int32(truncatingIfNeeded: position), Int32(truncatingIfNeeded: element)))
    }
  }
}
