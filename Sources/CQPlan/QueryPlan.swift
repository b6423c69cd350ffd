package import CQColumns
import CQMethods
package import CQSemantics

/// What the engine does for one query: requests to the data, then formulas and verbs on the small result.
package struct QueryPlan: Sendable {
  /// A verb whose expressions are formulas over columns.
  package enum Stage: Sendable {
    case filter(Formula)
    case sort([(key: Formula, isDescending: Bool)])
    case top(Int, by: Formula, largest: Bool)
    case first(Int)
    case derive(Formula, ValueType)
    case hidden(Int)
    case rank(Formula, groups: [Int])
    case collapse(groups: [Int])
    case pivot(key: Int, keys: [PivotKey], values: [Int], groups: [Int])
    case unpivot(kept: [VisibleColumn], stacked: [VisibleColumn])
    case compare(key: Int, keys: [PivotKey], measures: [VisibleColumn], groups: [VisibleColumn])
    case kernel(KernelStage)
    case describe([VisibleColumn])
    case append(QueryPlan, mine: [VisibleColumn])
    case join(QueryPlan, on: [(mine: Int, theirs: Int)], added: [Int], keep: JoinKeep)
    case note(String)
    case compareTotal(name: String, rows: Int, total: Int)
    case save(path: String, visible: [VisibleColumn], picture: Picture?)
  }

  package var query: TypedQuery
  /// Grid 0 holds the rows; the others are finer grids that measures add over.
  package var grids: [Grid]
  package var requests: [GroupingRequest]
  package var reductions: [Reduction]
  package var kernels: [KernelPlan] = []
  /// Formulas whose interval is asked for, each with the grid that it is taken on.
  package var bounds: [(formula: Formula, grid: Int)]
  /// One per source column, on grid 0.
  package var formulas: [Formula]
  package var stages: [Stage]
  /// Texts written in the query, by the code that formulas use for them.
  package var texts: [String]
  /// Requests for the rows' own measures and for their base: what the notes on estimates are about.
  package var rowRequests: [Int]
  package var baseRequests: [Int]
  /// Grids of which only the cells with rows are laid out, fine ones before coarser ones.
  package var sparseGrids: [SparseGrid] = []
  /// Why others, as large, are laid out whole.
  package var sparseObstacles: [SparseObstacle] = []

  /// Cells up to which a grid is laid out whole: 16 Mi, 144 MB of numbers and states.
  package static let usualDenseCellLimit = 1 << 24

  /// The sparse grid of an index among the grids.
  package func sparseGrid(_ grid: Int) -> SparseGrid? { sparseGrids.first { $0.grid == grid } }

  private func isSparse(request: Int) -> Bool { sparseGrids.contains { $0.requests.contains(request) } }

  /// Cells that sparse grids and their requests could have; those that have rows are counted when they are known.
  package var possibleSparseCells: Int { sparseGrids.reduce(0) { $0 + grids[$1.grid].cellCount } }

  /// Cells that formulas pass over without laying them out count for one in so many: each is a bit.
  package static let passedCellsPerCell = 64

  /// Grids whose formulas pass over all cells.
  private var passedGrids: [Grid] { sparseGrids.filter(\.isPassedOver).map { grids[$0.grid] } }

  /// Cells that formulas pass over, once for each grid.
  package var passedCells: Int { passedGrids.reduce(0) { $0 + $1.cellCount } }

  /// Why cells without rows could not be left out, or left alone.
  package var sparseObstacle: SparseObstacle? {
    sparseObstacles.first ?? sparseGrids.lazy.compactMap(\.whyPassedOver).first
  }

  /// Upper bound on the cells that the query lays out whole, and on those that it passes over (``passedCellsPerCell``), known before
  /// it runs; cells of sparse grids that have rows are counted when they are known.
  package var cellBound: Int {
    stages.reduce(ownCellBound) { bound, stage in
      switch stage {
      case .append(let other, _), .join(let other, _, _, _): bound + other.cellBound
      default: bound
      }
    }
  }

  /// The same without the tables that it joins and appends.
  package var ownCellBound: Int {
    denseRequests.reduce(0) { $0 + $1.grid.cellCount } + denseGrids.reduce(0) { $0 + $1.cellCount }
      + kernels.reduce(0) { $0 + workCells(of: $1) } + passedCells / Self.passedCellsPerCell
  }

  private var denseRequests: [GroupingRequest] {
    requests.indices.filter { !isSparse(request: $0) }.map { requests[$0] }
  }
  private var denseGrids: [Grid] { grids.indices.filter { sparseGrid($0) == nil }.map { grids[$0] } }

  /// Upper bound on the bytes that the cells of the query take, known before it runs: numbers and states of what the data
  /// answer (with the part that is estimated), of every formula, and of the columns of the table with the list of its rows.
  /// Sums by code and of groups, and the cells of sparse grids, are counted when their number is known.
  package var byteBound: Int {
    let number = 9
    let answers = denseRequests.reduce(0) { $0 + $1.grid.cellCount * (number + 8) }
    let rows = sparseGrid(0) == nil ? (grids.first?.cellCount ?? 0) * bytesPerRow : 0
    let fine = reductions.reduce(0) { bytes, reduction in
      if sparseGrid(reduction.grid) != nil { return bytes }
      return bytes + grids[reduction.grid].cellCount * number * reduction.formulas.count
    }
    let own = answers + rows + fine + kernels.reduce(0) { $0 + workCells(of: $1) * 8 }
    return stages.reduce(own) { bound, stage in
      switch stage {
      case .append(let other, _), .join(let other, _, _, _): bound + other.byteBound
      default: bound
      }
    }
  }

  /// What a row of the grid takes in the table: numbers and states of every formula, codes of its members, and its place in the list.
  package var bytesPerRow: Int {
    let (number, code) = (9, 4)
    let levels = (grids.first?.region.levels.count ?? 0) + (grids.first?.activity.levels.count ?? 0) + 1
    return formulas.count * 2 * number + levels * code + 8
  }

  /// What a kernel keeps at a time, beyond its sample.
  private func workCells(of kernel: KernelPlan) -> Int {
    let grid = grids[kernel.grid]
    // Members of a few cells at a time.
    if sparseGrid(kernel.grid) != nil { return 0 }
    switch kernel.placement {
    case .members: return grid.cellCount
    case .sample(let samples, _, _):
      let rows = samples.map(\.count).max() ?? 0
      let columns = kernel.call.kernel.shape == .map ? 1 : grid.activity.groupCount
      return kernel.call.kernel.workCells(rows, columns)
    }
  }
}
