import CQColumns
import CQPlan

/// What a formula may give at the cells of a place that no row is in, without computing any of them: what is read there is 0 or missing, and
/// what surrounds it lies within the range of its numbers.
///
/// - Complexity: For each place what its coarser inputs have there; those that are the same for all places are looked at once.
struct AbsentRanges {
  private let evaluator: FormulaEvaluator
  private let grid: Grid
  /// For each input the ranges of what stands from some element on.
  private var known: [[Int: ValueRange]]

  init(_ evaluator: FormulaEvaluator, _ grid: Grid) {
    self.evaluator = evaluator
    self.grid = grid
    known = [[Int: ValueRange]](repeating: [:], count: evaluator.inputs.count)
  }

  /// The range of the formula in one group of places.
  mutating func range(ofRegion region: Int) -> ValueRange {
    var inputs: [ValueRange] = []
    for input in evaluator.inputs.indices { inputs.append(range(of: input, region)) }
    return evaluator.formula.range(inputs)
  }

  private mutating func range(of input: Int, _ region: Int) -> ValueRange {
    if !evaluator.cells.isEmpty, let cells = evaluator.cells[input] {
      return (cells as? SparseBlocks)?.absentRange(ofRegion: region) ?? .anything
    }
    // What is laid out like the grid would take as long as computing it.
    guard !evaluator.broadcasts.isEmpty, let broadcast = evaluator.broadcasts[input] else { return .anything }
    let base = broadcast.regionBases[region]
    if let range = known[input][base] { return range }
    let (activities, years) = (
      broadcast.activityStride == 0 ? 1 : broadcast.width, broadcast.yearStride == 0 ? 1 : broadcast.yearCount
    )
    var range = ValueRange(0, .missing)
    for activity in 0..<activities {
      let first = base + activity * broadcast.activityStride
      let part = ValueRange(
        evaluator.inputs[input],
        at: stride(from: first, through: first + (years - 1) * broadcast.yearStride, by: max(1, broadcast.yearStride)))
      range = activity == 0 ? part : range.union(part)
    }
    known[input][base] = range
    return range
  }
}
