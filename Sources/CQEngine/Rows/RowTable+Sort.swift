import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

// The order of rows.

extension RowTable {
  /// Sorts by several keys: numbers by size, names by their letters; what has no number comes last either way, and equal
  /// rows keep their order.
  ///
  /// - Complexity: O(rows) for each key, and the different texts of a key in order.
  func sort(_ keys: [(key: Formula, isDescending: Bool)]) throws {
    var order = try control.elements(selection.count) { Int32(truncatingIfNeeded: $0) }
    for (key, isDescending) in keys.reversed() {
      let ranks = try ranks(of: key, isDescending)
      let before = order
      let inOrder = try control.elements(before.count) { ranks[Int(before[$0])] }
      guard let next = try RadixOrder.ascending(inOrder, check: { try control.check() }) else { continue }
      order = try control.elements(next.count) { before[Int(next[$0])] }
    }
    selection = try selection.at(order, control)
  }

  /// 1 for the largest of each group; equal values share a rank, and the next rank counts them all.
  func ranks(of key: Vector, in groups: RowGroups) throws -> Vector {
    let keys = try control.elements(key.count) { Self.rank(key.values[$0], key.states[$0], isDescending: true) }
    let order = try RadixOrder.ascending(keys, check: { try control.check() }) ?? keys.indices.map { Int32($0) }
    var ranks = Vector(repeating: .missing, count: key.count)
    var last = [(rank: Int, count: Int, value: Double)](repeating: (0, 0, .nan), count: groups.count)
    for (index, position) in order.enumerated() {
      if index % RunControl.morselRowCount == 0 { try control.check() }
      let row = Int(position)
      guard key.states[row].hasValue else { break }
      let group = groups.group(row)
      last[group].count += 1
      if key.values[row] != last[group].value { last[group].rank = last[group].count }
      last[group].value = key.values[row]
      ranks.values[row] = Double(last[group].rank)
      ranks.states[row] = .known
    }
    return ranks
  }

  /// A whole number for each row that is left, ascending as the rows are wanted.
  private func ranks(of formula: Formula, _ isDescending: Bool) throws -> [UInt64] {
    let reader = try reader(formula)
    let input = try alphabetical(formula) ?? formula.inputs.first.map { _ in reader.inputs[0] }
    let vector =
      if formula.instructions.count == 1, let input {
        try RowReader(formula: formula, inputs: [input], selection: selection, replacements: replacements).evaluate(
          control)
      } else {
        try reader.evaluate(control)
      }
    return try control.elements(vector.count) { row in
      Self.rank(vector.values[row], vector.states[row], isDescending: isDescending)
    }
  }

  /// The bits of a double in an order of whole numbers; rows without a number come last.
  private static func rank(_ value: Double, _ state: CellState, isDescending: Bool) -> UInt64 {
    guard state.hasValue else { return .max }
    // Zero and minus zero are one number.
    let bits = (value + 0).bitPattern
    let ascending = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    return isDescending ? ~ascending : ascending
  }

  /// A column of names as numbers in the order of their letters, nil for a column of numbers.
  private func alphabetical(_ formula: Formula) throws -> RowInput? {
    guard formula.instructions.count == 1, case .load(0) = formula.instructions[0],
      case .column(let column)? = formula.inputs.first
    else { return nil }
    switch try self.column(at: column) {
    case .members(let codes, let members): return .members(codes, try alphabeticalRanks(members.map(\.name)))
    case .stored(let stored):
      guard case .texts(let codes, let values) = stored.column.values else { return nil }
      return .codes(codes, try alphabeticalRanks(values))
    case .texts(let vector):
      let ranks = try alphabeticalRanks(texts)
      return .vector(
        Vector(
          values: try control.elements(vector.count) {
            vector.states[$0].hasValue ? ranks[Int(vector.values[$0])] : 0
          },
          states: vector.states))
    case .numbers: return nil
    }
  }

  private func alphabeticalRanks(_ texts: [String]) throws -> [Double] {
    let folded = try control.list(texts.count) { fold(texts[$0]) }
    var ranks = [Double](repeating: 0, count: texts.count)
    var rank = -1.0
    var last: String?
    var comparisons = 0
    let order = try folded.indices.sorted { lhs, rhs in
      comparisons &+= 1
      if comparisons % RunControl.morselRowCount == 0 { try control.check() }
      return folded[lhs] < folded[rhs]
    }
    for index in order {
      if folded[index] != last { rank += 1 }
      last = folded[index]
      ranks[index] = rank
    }
    return ranks
  }
}
