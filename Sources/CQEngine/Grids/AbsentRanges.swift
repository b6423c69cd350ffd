import CQColumns
import CQPlan

/// What a formula may give at the cells of a place that no row is in, without computing any of them: what is read there is 0 or missing, and
/// what surrounds it lies within the range of its numbers.
///
/// - Complexity: For each place what its coarser inputs have there; those that are the same for all places are looked at once.
struct AbsentRanges: Sendable {
  private let formula: Formula
  private let yearCount: Int
  private let inputs: [Input]
  /// For each input, for each year and for all years, what was found last, and from which element on.
  private var found: [(base: Int, range: ValueRange)]

  /// What is loaded, and from where.
  fileprivate final class Input: Sendable {
    /// For inputs that are read from rows what stands where none are.
    let own: (codes: [UInt8], ranges: [ValueRange])?
    let vector: Vector
    /// nil for what is laid out like the grid: looking at that would take as long as computing it.
    let broadcast: Broadcast?

    init(_ evaluator: FormulaEvaluator, _ input: Int) {
      own = evaluator.cells.isEmpty ? nil : (evaluator.cells[input] as? SparseBlocks)?.absentRanges()
      vector = evaluator.inputs[input]
      broadcast = evaluator.broadcasts.isEmpty ? nil : evaluator.broadcasts[input]
    }
  }

  init(_ evaluator: FormulaEvaluator, _ grid: Grid) {
    formula = evaluator.formula
    yearCount = grid.years.count
    inputs = evaluator.inputs.indices.map { Input(evaluator, $0) }
    found = [(base: Int, range: ValueRange)](repeating: (-1, .anything), count: inputs.count * (yearCount + 1))
  }

  /// The range of the formula in one group of places.
  ///
  /// - Parameter year: nil for all years.
  mutating func range(ofRegion region: Int, year: Int? = nil) -> ValueRange {
    var ranges: [ValueRange] = []
    ranges.reserveCapacity(inputs.count)
    for input in inputs.indices { ranges.append(range(of: input, region, year)) }
    return formula.range(ranges)
  }

  private mutating func range(of index: Int, _ region: Int, _ year: Int?) -> ValueRange {
    let (input, years) = (inputs[index], year.map { $0..<$0 + 1 } ?? 0..<yearCount)
    if input.own != nil {
      return input.ownRange(region * yearCount + years.lowerBound..<region * yearCount + years.upperBound)
    }
    guard let base = input.broadcast?.regionBases[region] else { return .anything }
    let place = index * (yearCount + 1) + (year ?? yearCount)
    if found[place].base == base { return found[place].range }
    let range = input.range(from: base, years)
    found[place] = (base, range)
    return range
  }
}

extension AbsentRanges.Input {
  /// - Parameter cells: Places and years.
  fileprivate func ownRange(_ cells: Range<Int>) -> ValueRange {
    guard let own, !cells.isEmpty else { return ValueRange(0, .missing) }
    var last = own.codes[cells.lowerBound]
    var range = own.ranges[Int(last)]
    for cell in cells where own.codes[cell] != last {
      last = own.codes[cell]
      range = range.union(own.ranges[Int(last)])
    }
    return range
  }

  /// All elements of a place, whose first one is `base`, in some years.
  fileprivate func range(from base: Int, _ years: Range<Int>) -> ValueRange {
    guard let broadcast else { return .anything }
    let step = broadcast.yearStride
    let years = step == 0 ? 0..<1 : years
    var range: ValueRange?
    for activity in 0..<(broadcast.activityStride == 0 ? 1 : broadcast.width) {
      let first = base + activity * broadcast.activityStride
      let part = ValueRange(vector, at: years.lazy.map { first + $0 * step })
      range = range?.union(part) ?? part
    }
    return range ?? ValueRange(0, .missing)
  }
}
