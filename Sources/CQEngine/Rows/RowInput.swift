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
    case .vector(let vector):
      if let range = selection.range {
        let rows = range.lowerBound + positions.lowerBound..<range.lowerBound + positions.upperBound
        if rows == 0..<vector.count { return vector }
        return Vector(values: Array(vector.values[rows]), states: Array(vector.states[rows]))
      }
      return Vector(
        values: positions.map { vector.values[selection[$0]] }, states: positions.map { vector.states[selection[$0]] })
    case .inOrder(let vector):
      if positions == 0..<vector.count { return vector }
      return Vector(values: Array(vector.values[positions]), states: Array(vector.states[positions]))
    case .groups(let groups, let vector):
      if groups.isEmpty {
        guard let value = vector.values.first, let state = vector.states.first else {
          return Vector(repeating: .missing, count: positions.count)
        }
        return Vector(
          values: [Double](repeating: value, count: positions.count),
          states: [CellState](repeating: state, count: positions.count))
      }
      return Vector(
        values: positions.map { vector.values[Int(groups[$0])] },
        states: positions.map { vector.states[Int(groups[$0])] })
    case .codes(.bits8(let codes), let table):
      return Self.known(positions, selection, { codes.prefetch($0) }) { table[Int(codes.element($0))] }
    case .codes(.bits16(let codes), let table):
      return Self.known(positions, selection, { codes.prefetch($0) }) { table[Int(codes.element($0))] }
    case .codes(.bits32(let codes), let table):
      return Self.known(positions, selection, { codes.prefetch($0) }) { table[Int(codes.element($0))] }
    case .members(let codes, let table):
      return Self.known(positions, selection) { table[Int(codes[$0])] }
    case .numbers(let numbers, let states):
      var vector: Vector
      switch numbers {
      case .int32(let values):
        vector = Self.known(positions, selection, { values.prefetch($0) }) { Double(values.element($0)) }
      case .int64(let values):
        vector = Self.known(positions, selection, { values.prefetch($0) }) { Double(values.element($0)) }
      case .float64(let values):
        vector = Self.known(positions, selection, { values.prefetch($0) }) { values.element($0) }
        // A file may hold what is no number.
        for index in vector.values.indices where !vector.values[index].isFinite {
          vector.values[index] = 0
          vector.states[index] = .missing
        }
      }
      guard let states else { return vector }
      for (index, position) in positions.enumerated() {
        let state = CellState(rawValue: states.element(selection[position])) ?? .missing
        if state == .known || state.hasValue && !vector.states[index].hasValue { continue }
        vector.states[index] = state
        if !state.hasValue { vector.values[index] = 0 }
      }
      return vector
    }
  }

  /// Values that are all known.
  @inline(__always)
  private static func known(
    _ positions: Range<Int>, _ selection: RowSelection, _ prefetch: (Int) -> Void = { _ in }, _ value: (Int) -> Double
  ) -> Vector {
    let count = positions.count
    let values = unsafe [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe selection.write(positions, to: buffer, prefetch: prefetch, value)
      initialized = count
    }
    return Vector(values: values, states: [CellState](repeating: .known, count: count))
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

  func evaluate(_ positions: Range<Int>) -> Vector {
    FormulaEvaluator(
      formula: formula, inputs: inputs.map { $0.read(positions, of: selection) }, rowCount: positions.count,
      replacements: replacements
    ).evaluate()
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
          let vector = evaluate(positions)
          _ = unsafe values.part(positions).update(fromContentsOf: vector.values)
          _ = unsafe states.part(positions).update(fromContentsOf: vector.states)
        }
      }
    }
    return Vector(values: values, states: states)
  }
}
