import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// The answer to one grouping request: region-major over the request's grid.
struct GroupedCells {
  /// Empty where the cells are `coded`. On a sparse grid, an element for each of its cells.
  var vector: Vector
  /// The cells, each of which is one of the sums by code.
  private(set) var coded: CodedCells?
  /// On a sparse grid that formulas pass over: all of its cells.
  var blocks: SparseBlocks?
  /// The estimated part of each value; empty where nothing is estimated.
  var estimatedParts: [Double]
  /// Withheld rows that did not enter each value (`suppressed:exclude`); empty where nothing is withheld.
  var leftOutCounts: [Int32]

  /// Cells of which all is published.
  init(published vector: Vector) {
    self.vector = vector
    estimatedParts = []
    leftOutCounts = []
  }

  /// The cells of a sparse grid.
  ///
  /// - Parameters:
  ///   - estimatedParts: One element for each cell, or none where nothing is estimated.
  ///   - leftOutCounts: The same where withheld rows did not enter.
  init(sparse vector: Vector, estimatedParts: [Double], leftOutCounts: [Int32]) {
    self.vector = vector
    self.estimatedParts = estimatedParts
    self.leftOutCounts = leftOutCounts
  }

  /// The cells of a grid that formulas pass over before any is laid out.
  init(passedOver blocks: SparseBlocks) {
    self.init(published: Vector(values: [], states: []))
    self.blocks = blocks
  }

  /// Cells of which all is published, and which are single sums.
  init(coded: CodedCells) {
    self.init(published: Vector(values: [], states: []))
    self.coded = coded
  }

  /// The cells as arrays.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func numbers(_ control: RunControl) throws -> Vector { try coded?.vector(control) ?? vector }

  /// The states of some cells.
  func states(_ cells: Range<Int>) -> ArraySlice<CellState> { coded?.states(cells)[...] ?? vector.states[cells] }

  var count: Int { coded?.count ?? vector.count }

  func estimatedPart(_ cell: Int) -> Double { estimatedParts.isEmpty ? 0 : estimatedParts[cell] }

  func leftOutCount(_ cell: Int) -> Int32 { leftOutCounts.isEmpty ? 0 : leftOutCounts[cell] }

  init(missing count: Int) {
    vector = Vector(repeating: .missing, count: count)
    estimatedParts = [Double](repeating: 0, count: count)
    leftOutCounts = [Int32](repeating: 0, count: count)
  }
}

extension GroupedCells {
  /// Calls `body` with the arrays, for workers that write to different elements.
  mutating func withSharedParts(_ body: (SharedCells) throws -> Void) rethrows {
    try unsafe vector.values.withUnsafeMutableBufferPointer { values in
      try unsafe vector.states.withUnsafeMutableBufferPointer { states in
        try unsafe estimatedParts.withUnsafeMutableBufferPointer { estimated in
          try unsafe leftOutCounts.withUnsafeMutableBufferPointer { leftOut in
            try unsafe body(
              SharedCells(
                values: SharedElements(values), states: SharedElements(states), estimated: SharedElements(estimated),
                leftOut: SharedElements(leftOut)))
          }
        }
      }
    }
  }
}

/// The elements of an answer while several workers write to it.
struct SharedCells: Sendable {
  let values: SharedElements<Double>
  let states: SharedElements<CellState>
  let estimated: SharedElements<Double>
  let leftOut: SharedElements<Int32>

  /// - Parameters:
  ///   - value: Written where the state has a number.
  ///   - estimated: The part of it that is estimated.
  func set(_ element: Int, _ state: CellState, value: Double, estimated part: Double) {
    states[element] = state
    values[element] = state.hasValue ? value : 0
    estimated[element] = state.hasValue ? part : 0
  }

  func setLeftOut(_ element: Int, _ count: Int32) { leftOut[element] = count }
}

/// Answers grouping requests from columns in memory: each of a table's datasets by itself, then their groups together.
final class GroupingEngine {
  private let catalog: Catalog
  let frame: Frame
  private let places: Places
  let scans: [SourceScan]
  let control: RunControl

  init(catalog: Catalog, frame: Frame, control: RunControl, cache: SumCache?) {
    self.catalog = catalog
    self.frame = frame
    let places = Places(catalog: catalog)
    self.places = places
    self.control = control
    scans = frame.sources.map { source in
      SourceScan(catalog: catalog, source: source, places: places, frame: frame, control: control, cache: cache)
    }
  }

  /// The answers to some requests, with all of their cells; what they share is read once.
  func answers(_ requests: [GroupingRequest]) throws -> [GroupedCells] {
    try prepare(requests, isSparse: false)
    return try requests.map { try answer($0) }
  }

  private func prepare(_ requests: [GroupingRequest], isSparse: Bool) throws {
    for position in frame.sources.indices {
      try scans[position].prepare(own(requests, of: position), isSparse: isSparse)
    }
  }

  /// The answers to all requests of a query: on its sparse grids, of the cells that rows have.
  func answers(_ plan: QueryPlan) throws -> Answers {
    if plan.sparseGrids.isEmpty { return Answers(cells: try answers(plan.requests)) }
    try prepare(plan.requests, isSparse: true)
    var answers = Answers(cells: [GroupedCells?](repeating: nil, count: plan.requests.count))
    for sparse in plan.sparseGrids { try answer(sparse, plan, &answers) }
    for (index, request) in plan.requests.enumerated() where answers.cells[index] == nil {
      answers.cells[index] = try answer(request)
    }
    return answers
  }

  /// The answers to the requests of a query.
  struct Answers {
    /// One for each request, nil until it is there.
    var cells: [GroupedCells?]
    /// The cells of sparse grids, by the index of the grid.
    var sparse: [Int: SparseCells] = [:]

    /// One answer for each request.
    var all: [GroupedCells] { cells.map { $0 ?? GroupedCells(missing: 0) } }
  }

  /// What answering the requests of `plan` is going to take.
  func expected(_ plan: QueryPlan) throws -> CostEstimate {
    var cost = CostEstimate()
    for position in frame.sources.indices {
      cost.add(
        try scans[position].expected(own(plan.requests, of: position), isSparse: !plan.sparseGrids.isEmpty))
    }
    return cost
  }

  /// Rows of the periods that `plan` asks for.
  func rowCount(_ plan: QueryPlan) throws -> Int {
    try frame.sources.indices.reduce(0) { try $0 + scans[$1].rowCount(own(plan.requests, of: $1)) }
  }

  /// The requests that a source of the table answers.
  private func own(
    _ requests: [GroupingRequest], of position: Int
  ) -> [(request: GroupingRequest, measure: Measure)] {
    let source = frame.sources[position]
    return requests.compactMap { request in
      guard source.measures.contains(request.measure) else { return nil }
      return source.dataset.measure(named: request.measure).map { (request, $0) }
    }
  }

  /// The statements that engines would be asked for `requests`.
  func statements(_ requests: [GroupingRequest]) throws -> [String] {
    try frame.sources.indices.flatMap { try scans[$0].statements(own(requests, of: $0)) }
  }

  private func answer(_ request: GroupingRequest) throws -> GroupedCells {
    var answers: [(cells: GroupedCells, groups: [Int], isAdditive: Bool)] = []
    let positions = frame.sources.indices.filter { frame.sources[$0].measures.contains(request.measure) }
    for position in positions {
      let source = frame.sources[position]
      guard let measure = source.dataset.measure(named: request.measure) else { continue }
      let groups = positions.count == 1 ? [] : groups(of: request.grid.region, in: source.countries)
      if positions.count > 1 && groups.isEmpty { continue }
      let cells = try scans[position].answer(request, measure)
      if positions.count == 1 { return cells }
      answers.append((cells, groups, measure.additive.contains(.region)))
    }
    guard let first = answers.first else { return GroupedCells(missing: request.grid.cellCount) }
    if answers.count == 1, first.groups.count == request.grid.region.groupCount { return first.cells }
    return try merged(answers, request.grid)
  }

  /// Groups of places that have a part in one of `countries`.
  func groups(of axis: RegionAxis, in countries: Set<String>) -> [Int] {
    axis.parts.indices.filter { group in
      axis.parts[group].contains { part in places.countries(of: part.place).contains { countries.contains($0) } }
    }
  }

  /// A group with parts in several countries is the sum of their cells, and as unknown as the worst of them.
  private func merged(
    _ answers: [(cells: GroupedCells, groups: [Int], isAdditive: Bool)], _ grid: Grid
  ) throws -> GroupedCells {
    var result = GroupedCells(missing: grid.cellCount)
    let width = grid.activity.groupCount * grid.years.count
    var isTouched = [Bool](repeating: false, count: grid.region.groupCount)
    for answer in answers {
      let numbers = try answer.cells.numbers(control)
      for group in answer.groups {
        if group % 64 == 0 { try control.check() }
        for cell in group * width..<(group + 1) * width {
          if !isTouched[group] {
            result.vector.states[cell] = numbers.states[cell]
            result.vector.values[cell] = numbers.values[cell]
            result.estimatedParts[cell] = answer.cells.estimatedPart(cell)
          } else {
            let state = max(result.vector.states[cell], numbers.states[cell])
            result.vector.states[cell] = answer.isAdditive ? state : .missing
            result.vector.values[cell] += numbers.values[cell]
            result.estimatedParts[cell] += answer.cells.estimatedPart(cell)
          }
          if !result.vector.states[cell].hasValue {
            result.vector.values[cell] = 0
            result.estimatedParts[cell] = 0
          }
          result.leftOutCounts[cell] += answer.cells.leftOutCount(cell)
        }
        isTouched[group] = true
      }
    }
    return result
  }
}
