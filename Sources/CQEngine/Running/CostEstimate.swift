import CQPlan
import CQSemantics

/// What a query is going to take, from what is known before anything is read: rows by the way they will be read, cells, and rows
/// that verbs will look at.
///
/// The nanoseconds are those of `Benchmarks/RESULTS.md`, of one thread: they tell a query of a moment from one of minutes, not
/// one machine from another.
struct CostEstimate {
  /// Rows that are added up by code, where places are runs and where they are not, and rows that are looked at one by one.
  var sortedRows = 0
  var looseRows = 0
  var singleRows = 0
  /// Rows that are added up by code for the combinations of codes that rows have.
  var sparseRows = 0
  /// Numbers of grids that are answered, computed and laid out.
  var cells = 0
  /// Rows that verbs look at, each counted once for every verb.
  var verbRows = 0
  /// What sums by code take.
  var bytes = 0

  mutating func add(_ other: CostEstimate) {
    sortedRows += other.sortedRows
    looseRows += other.looseRows
    singleRows += other.singleRows
    sparseRows += other.sparseRows
    cells += other.cells
    verbRows += other.verbRows
    bytes += other.bytes
  }

  /// - Parameter threads: For what there is enough of.
  func milliseconds(threads: Int) -> Double {
    let start = 300_000.0
    let work =
      [(sortedRows, 0.35), (looseRows, 1.5), (singleRows, 3), (sparseRows, 20), (cells, 8), (verbRows, 15)]
      as [(count: Int, each: Double)]
    return work.reduce(start) { sum, part in
      let isShared = part.count >= RollUp.threadedCellCount
      return sum + Double(part.count) * part.each / Double(isShared ? max(1, threads) : 1)
    } / 1e6
  }
}

extension Executor {
  /// What `plan` is going to take, with the tables that it joins and appends.
  func expected(_ plan: QueryPlan) throws -> CostEstimate {
    var cost = CostEstimate()
    var rowCount = plan.grids.first?.cellCount ?? 0
    switch plan.query.source {
    case .frame(let frame, _):
      cost = try GroupingEngine(catalog: catalog, frame: frame, control: control, cache: cache).expected(plan)
    case .imported(let table): rowCount = table.rowCount
    case .catalogue: break
    }
    cost.cells = plan.ownCellBound
    for stage in plan.stages {
      cost.verbRows += rowCount
      switch stage {
      case .append(let other, _), .join(let other, _, _, _): cost.add(try expected(other))
      case .top(let count, _, _), .first(let count): rowCount = min(rowCount, count)
      default: break
      }
    }
    return cost
  }
}
