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

  /// Upper bound on the cells that the query touches, known before it runs.
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
    requests.reduce(0) { $0 + $1.grid.cellCount } + grids.reduce(0) { $0 + $1.cellCount }
      + kernels.reduce(0) { $0 + workCells(of: $1) }
  }

  /// Upper bound on the bytes that the cells of the query take, known before it runs: numbers and states of what the data
  /// answer (with the part that is estimated), of every formula, and of the columns of the table with the list of its rows.
  /// Sums by code and of groups are counted when their number is known.
  package var byteBound: Int {
    let (number, code) = (9, 4)
    let answers = requests.reduce(0) { $0 + $1.grid.cellCount * (number + 8) }
    let levels = (grids.first?.region.levels.count ?? 0) + (grids.first?.activity.levels.count ?? 0) + 1
    let rows = (grids.first?.cellCount ?? 0) * (formulas.count * 2 * number + levels * code + 8)
    let fine = reductions.reduce(0) { $0 + grids[$1.grid].cellCount * number * $1.formulas.count }
    let own = answers + rows + fine + kernels.reduce(0) { $0 + workCells(of: $1) * 8 }
    return stages.reduce(own) { bound, stage in
      switch stage {
      case .append(let other, _), .join(let other, _, _, _): bound + other.byteBound
      default: bound
      }
    }
  }

  /// What a kernel keeps at a time, beyond its sample.
  private func workCells(of kernel: KernelPlan) -> Int {
    let grid = grids[kernel.grid]
    switch kernel.placement {
    case .members: return grid.cellCount
    case .sample(let samples, _, _):
      let rows = samples.map(\.count).max() ?? 0
      let columns = kernel.call.kernel.shape == .map ? 1 : grid.activity.groupCount
      return kernel.call.kernel.workCells(rows, columns)
    }
  }
}
