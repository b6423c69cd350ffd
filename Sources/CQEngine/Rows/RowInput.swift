import CQColumns
import CQPlan

/// What a formula over rows loads, as it lies: values are read for a block of rows at a time, so that a column of a file
/// never becomes a second one.
enum RowInput: Sendable {
  /// One element per row of the whole table.
  case vector(Vector)
  case numbers(NumberValues, states: ColumnBuffer<UInt8>?)
  /// A number for each text of a dictionary, by the code of the row.
  case codes(DictionaryCodes, [Double])
  /// A number for each member, by the code of the row.
  case members([Int32], [Double])
  /// One element per row that is left, in the order of the rows.
  case inOrder(Vector)
  /// One element per group, by the group of the row that is left; one for all where there are no groups.
  case groups([UInt32], Vector)

  /// The elements at these positions of the selection.
  ///
  /// - Complexity: O(positions); 9 bytes each.
  func read(_ positions: Range<Int>, of selection: RowSelection) -> Vector {
    switch self {
    case .vector(let vector) where selection.isAll(of: vector.count) && positions.count == vector.count: return vector
    case .inOrder(let vector) where positions.count == vector.count: return vector
    default: break
    }
    var states: [CellState] = []
    let values = unsafe [Double](writing: positions.count) { values in
      states = unsafe [CellState](writing: positions.count) { unsafe write(positions, of: selection, to: values, $0) }
    }
    return Vector(values: values, states: states)
  }

  /// Writes the elements at these positions of the selection.
  ///
  /// - Precondition: `values` and `states` have as many elements.
  /// - Complexity: O(positions).
  func write(
    _ positions: Range<Int>, of selection: RowSelection, to values: UnsafeMutableBufferPointer<Double>,
    _ states: UnsafeMutableBufferPointer<CellState>
  ) {
    precondition(positions.count == values.count && positions.count == states.count, "an element for each position")
    switch self {
    case .vector(let vector):
      if let range = selection.range {
        let rows = range.lowerBound + positions.lowerBound..<range.lowerBound + positions.upperBound
        unsafe Self.copy(vector, rows, to: values, states)
      } else {
        for (index, position) in positions.enumerated() {
          unsafe values[index] = vector.values[selection[position]]
          unsafe states[index] = vector.states[selection[position]]
        }
      }
    case .inOrder(let vector): unsafe Self.copy(vector, positions, to: values, states)
    case .groups(let groups, let vector):
      for (index, position) in positions.enumerated() {
        let group = groups.isEmpty ? 0 : Int(groups[position])
        unsafe values[index] = group < vector.count ? vector.values[group] : 0
        unsafe states[index] = group < vector.count ? vector.states[group] : .missing
      }
    case .codes(let codes, let table):
      switch codes {
      case .bits8(let codes): unsafe codes.write(positions, of: selection, to: values) { table[Int($0)] }
      case .bits16(let codes): unsafe codes.write(positions, of: selection, to: values) { table[Int($0)] }
      case .bits32(let codes): unsafe codes.write(positions, of: selection, to: values) { table[Int($0)] }
      }
      unsafe states.update(repeating: .known)
    case .members(let codes, let table):
      for (index, position) in positions.enumerated() { unsafe values[index] = table[Int(codes[selection[position]])] }
      unsafe states.update(repeating: .known)
    case .numbers(let numbers, let ownStates):
      unsafe states.update(repeating: .known)
      switch numbers {
      case .int32(let numbers): unsafe numbers.write(positions, of: selection, to: values) { Double($0) }
      case .int64(let numbers): unsafe numbers.write(positions, of: selection, to: values) { Double($0) }
      case .float64(let numbers):
        unsafe numbers.write(positions, of: selection, to: values) { $0 }
        // A file may hold what is no number.
        for index in 0..<values.count where unsafe !values[index].isFinite {
          unsafe values[index] = 0
          unsafe states[index] = .missing
        }
      }
      guard let ownStates else { return }
      for (index, position) in positions.enumerated() {
        let state = CellState(rawValue: ownStates.element(selection[position])) ?? .missing
        if unsafe state == .known || state.hasValue && !states[index].hasValue { continue }
        unsafe states[index] = state
        if !state.hasValue { unsafe values[index] = 0 }
      }
    }
  }

  /// - Precondition: `values` and `states` have as many elements as there are rows.
  private static func copy(
    _ vector: Vector, _ rows: Range<Int>, to values: UnsafeMutableBufferPointer<Double>,
    _ states: UnsafeMutableBufferPointer<CellState>
  ) {
    _ = unsafe values.update(fromContentsOf: vector.values[rows])
    _ = unsafe states.update(fromContentsOf: vector.states[rows])
  }
}

/// A formula with all that it loads, over the rows that are left: each block of rows can be evaluated by itself, on any
/// thread.
struct RowReader: Sendable {
  /// Rows that are evaluated in one go: what a formula over them holds stays in the cache.
  static let blockRowCount = 16_384

  let formula: Formula
  let inputs: [RowInput]
  let selection: RowSelection
  let replacements: ReplacementCounts

  /// The column that the formula is; nil where it computes something.
  var column: RowInput? {
    guard formula.instructions.count == 1, case .load(let input) = formula.instructions[0] else { return nil }
    return inputs[input]
  }

  var blockCount: Int { (selection.count + Self.blockRowCount - 1) / Self.blockRowCount }

  func positions(ofBlock block: Int) -> Range<Int> {
    let start = block * Self.blockRowCount
    return start..<min(selection.count, start + Self.blockRowCount)
  }

  func evaluate(_ positions: Range<Int>) -> Vector { evaluator(positions).evaluate() }

  private func evaluator(_ positions: Range<Int>) -> FormulaEvaluator {
    FormulaEvaluator(
      formula: formula, inputs: inputs.map { $0.read(positions, of: selection) }, rowCount: positions.count,
      replacements: replacements)
  }

  /// All rows, block by block on several threads where there are many.
  func evaluate(_ control: RunControl) throws -> Vector {
    if let column {
      switch column {
      case .vector, .inOrder: return column.read(0..<selection.count, of: selection)
      default: break
      }
    }
    if blockCount < 2 { return evaluate(0..<selection.count) }
    let count = selection.count
    var states: [CellState] = []
    let values = try unsafe [Double](writing: count) { values in
      states = try unsafe [CellState](writing: count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try Scheduler(control.limits, isWorthwhile: true).run(blockCount) { block in
          try control.check()
          let positions = positions(ofBlock: block)
          if let column {
            unsafe column.write(positions, of: selection, to: values.part(positions), states.part(positions))
          } else {
            evaluator(positions).evaluate(to: values, states, from: positions.lowerBound)
          }
        }
      }
    }
    return Vector(values: values, states: states)
  }
}
