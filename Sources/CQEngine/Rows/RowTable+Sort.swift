import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
internal import Synchronization

// The order of rows.

extension RowTable {
  /// Sorts by several keys: numbers by size, names by their letters; what has no number comes last either way, and equal
  /// rows keep their order.
  ///
  /// - Complexity: O(rows) for all keys together, and the different texts of a key in order.
  func sort(_ keys: [(key: Formula, isDescending: Bool)]) throws {
    let keys = try keys.map { key in
      let names = try alphabetical(key.key).map { RowReader(loading: $0, selection, replacements) }
      let reader = try names ?? reader(key.key).repeatable(control)
      return try SortKey(reader, isDescending: key.isDescending, control)
    }
    guard let sorted = try RowSorting(keys, count: selectionCount, control).sorted() else { return }
    selection = try selection.at(sorted.order, control)
  }

  /// 1 for the largest of each group; equal values share a rank, and the next rank counts them all.
  ///
  /// - Complexity: O(rows).
  func ranks(of formula: Formula, in groups: RowGroups) throws -> Vector {
    let count = selectionCount
    let reader = try reader(formula).repeatable(control)
    let ofPosition = try groups.ofPosition(control)
    var keys = [try SortKey(reader, isDescending: true, control)]
    if !ofPosition.isEmpty { keys.insert(SortKey(ofPosition, below: groups.count), at: 0) }
    guard let sorted = try RowSorting(keys, count: count, control).sorted(findsNew: true) else {
      return Vector(repeating: .missing, count: count)
    }
    // Where groups begin in the new order.
    var starts = [0]
    if !ofPosition.isEmpty {
      var counts = [Int](repeating: 0, count: groups.count)
      try control.morsels(count) { positions in for position in positions { counts[Int(ofPosition[position])] += 1 } }
      for count in counts.dropLast() { starts.append(starts[starts.count - 1] + count) }
    }
    let states = try reader.states(control)
    return Vector(values: try ranks(sorted, starts, states), states: states)
  }

  private func ranks(_ sorted: RowSorting.Sorted, _ starts: [Int], _ states: [CellState]) throws -> [Double] {
    let (order, isNew, size) = (sorted.order, sorted.isNew, RunControl.morselRowCount)
    let unitCount = (order.count + size - 1) / size
    // Where the value at the beginning of each unit comes first.
    var firsts = [0]
    for unit in 1..<max(1, unitCount) {
      try control.check()
      firsts.append(isNew[(unit - 1) * size..<unit * size].lastIndex(of: true) ?? firsts[unit - 1])
    }
    let known = firsts
    let control = control
    return try unsafe [Double](writing: order.count) { values in
      let values = unsafe SharedElements(values)
      try Scheduler(control.limits, isWorthwhile: unitCount > 4).run(unitCount) { unit in
        try control.check()
        var first = known[unit]
        var group = starts.partitioningIndex { $0 > unit * size } - 1
        for place in unit * size..<min(order.count, (unit + 1) * size) {
          while group + 1 < starts.count, starts[group + 1] <= place { group += 1 }
          if isNew[place] { first = place }
          let position = Int(order[place])
          values[position] = states[position].hasValue ? Double(first - starts[group] + 1) : 0
        }
      }
    }
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

extension RowReader {
  /// `known` for every position with a number, published or estimated, and `missing` for others.
  fileprivate func states(_ control: RunControl) throws -> [CellState] {
    try unsafe [CellState](writing: selection.count) { states in
      let states = unsafe SharedElements(states)
      try Scheduler(control.limits, isWorthwhile: blockCount > 4).run(blockCount) { block in
        try control.check()
        let positions = positions(ofBlock: block)
        for (state, position) in zip(evaluate(positions).states, positions) {
          states[position] = state.hasValue ? .known : .missing
        }
      }
    }
  }
}

extension [Int] {
  /// The first position from which on `isAfter` holds, in an array where it holds for the last elements only.
  fileprivate func partitioningIndex(_ isAfter: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
