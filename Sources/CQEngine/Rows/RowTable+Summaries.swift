import CQColumns
import CQPlan
import CQSemantics
internal import Synchronization

// Aggregates over the rows of a table, and tables of one row per group.

extension RowTable {
  /// Cells that the sums of all units of rows may have.
  private static let accumulatorLimit = 1 << 21
  /// Rows are cut into units that depend on the rows and groups alone, whose sums are put together in their order: the
  /// bits are the same for any number of threads.
  private static let unitRowCount = 4 * RowReader.blockRowCount
  private static let unitLimit = 64

  /// The groups of rows that agree in `columns`.
  func groups(_ columns: [Int]) throws -> RowGroups {
    try RowGrouping(selection: selection, control: control).groups(try columns.map { try grouped($0) })
  }

  /// A column as groups are made by it: the codes of a file's texts, which differ, whatever the texts are.
  private func grouped(_ column: Int) throws -> RowInput {
    guard case .stored(let stored) = try self.column(at: column),
      case .texts(let codes, let texts) = stored.column.values
    else { return try input(column) }
    return .codes(codes, [Double](repeating: 0, count: texts.count))
  }

  /// One element per group.
  func aggregate(_ aggregate: RowAggregate, _ groups: RowGroups) throws -> Vector {
    let reader = try reader(aggregate.formula)
    guard GroupAccumulator.isFor(aggregate.aggregate) else {
      return try combined(Aggregation(aggregate: aggregate.aggregate), try reader.evaluate(control), groups)
    }
    let kind = aggregate.aggregate
    if let dealt = groups.dealt { return try dealt.aggregated(kind, control) { reader.evaluate($0) } }
    let rowCount = selection.count
    let wanted = max(1, min(Self.unitLimit, (rowCount + Self.unitRowCount - 1) / Self.unitRowCount))
    let unitCount = max(1, min(wanted, Self.accumulatorLimit / max(1, groups.count)))
    let blocksPerUnit = (reader.blockCount + unitCount - 1) / unitCount
    let parts = Mutex([GroupAccumulator?](repeating: nil, count: unitCount))
    let control = control
    let scheduler = Scheduler(control.limits, isWorthwhile: unitCount > 1)
    control.ledger.addScan(rows: 0, threads: min(unitCount, scheduler.threadCount))
    let ofPosition = try groups.ofPosition(control)
    try scheduler.run(unitCount) { unit in
      var part = GroupAccumulator(kind, groupCount: groups.count)
      for block in unit * blocksPerUnit..<max(unit * blocksPerUnit, min(reader.blockCount, (unit + 1) * blocksPerUnit))
      {
        try control.check()
        let positions = reader.positions(ofBlock: block)
        part.add(reader.evaluate(positions), groups: ofPosition, from: positions.lowerBound)
      }
      let finished = part
      parts.withLock { $0[unit] = finished }
    }
    var total = GroupAccumulator(kind, groupCount: groups.count)
    for part in parts.withLock({ $0 }).compactMap({ $0 }) { total.add(part) }
    return total.finished
  }

  /// An aggregate that needs all numbers of a group at once.
  private func combined(_ aggregation: Aggregation, _ vector: Vector, _ groups: RowGroups) throws -> Vector {
    let positions = try positions(of: groups)
    // About as many rows for each unit, if groups are alike.
    let size = max(1, RunControl.morselRowCount * groups.count / max(1, vector.count))
    let unitCount = (groups.count + size - 1) / size
    let control = control
    var states: [CellState] = []
    let values = try unsafe [Double](writing: groups.count) { values in
      states = try unsafe [CellState](writing: groups.count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try Scheduler(control.limits, isWorthwhile: vector.count > 4 * RunControl.morselRowCount).run(unitCount) {
          unit in
          for group in unit * size..<min(groups.count, (unit + 1) * size) {
            try control.check()
            let rows = positions[group]
            (values[group], states[group]) = try aggregation.combine(
              try control.list(rows.count) { vector.values[Int(rows[rows.startIndex + $0])] },
              try control.list(rows.count) { vector.states[Int(rows[rows.startIndex + $0])] }, checking: control.check)
          }
        }
      }
    }
    return Vector(values: values, states: states)
  }

  /// The positions of the rows of each group, in their order.
  func positions(of groups: RowGroups) throws -> [ArraySlice<Int32>] {
    let ofPosition = try groups.ofPosition(control)
    if ofPosition.isEmpty {
      return groups.count == 0 ? [] : [(0..<Int32(selection.count)).map { $0 }[...]]
    }
    var ends = [Int](repeating: 0, count: groups.count)
    try control.morsels(ofPosition.count) { positions in
      for position in positions { ends[Int(ofPosition[position])] += 1 }
    }
    var starts: [Int] = []
    var total = 0
    for count in ends {
      starts.append(total)
      total += count
    }
    var next = starts
    var order = [Int32](repeating: 0, count: total)
    try control.morsels(total) { positions in
      for position in positions {
        let group = Int(ofPosition[position])
        order[next[group]] = Int32(position)
        next[group] += 1
      }
    }
    return starts.indices.map { order[starts[$0]..<next[$0]] }
  }

  /// An aggregate as a formula loads it: the same on every row of a group; `cumsum` runs on instead.
  func window(_ aggregate: RowAggregate) throws -> RowInput {
    let groups = try groups(aggregate.groups)
    guard aggregate.aggregate == .cumsum else {
      return .groups(try groups.ofPosition(control), try self.aggregate(aggregate, groups))
    }
    let vector = try evaluate(aggregate.formula)
    let ofPosition = try groups.ofPosition(control)
    var totals = [Double](repeating: 0, count: groups.count)
    var states = [CellState](repeating: .known, count: groups.count)
    var result = Vector(repeating: .missing, count: vector.count)
    for position in vector.values.indices {
      if position % RunControl.morselRowCount == 0 { try control.check() }
      let group = ofPosition.isEmpty ? 0 : Int(ofPosition[position])
      // A running total over a gap would lie; from there on it is as unknown as the gap.
      states[group] = max(states[group], vector.states[position])
      if states[group].hasValue { totals[group] += vector.values[position] }
      if !totals[group].isFinite { states[group] = .missing }
      result.values[position] = states[group].hasValue ? totals[group] : 0
      result.states[position] = states[group]
    }
    return .inOrder(result)
  }

  // MARK: - One row per group

  /// The columns of a `summarize` and the columns that it groups by, where the stages at `index` are one and every group
  /// can be answered from its aggregates and its first row.
  func summary(at index: Int) -> (derived: [(formula: Formula, type: ValueType)], groups: [Int], stageCount: Int)? {
    var derived: [(formula: Formula, type: ValueType)] = []
    for (offset, stage) in plan.stages[index...].enumerated() {
      switch stage {
      case .derive(let formula, let type): derived.append((formula, type))
      case .collapse(let groups):
        // A hidden column has a row for each row of the grid.
        let needsGrid = plan.stages[index...].contains { if case .hidden = $0 { true } else { false } }
        guard !derived.isEmpty, !needsGrid else { return nil }
        for entry in derived {
          for input in entry.formula.inputs {
            switch input {
            case .rowAggregate(let aggregate):
              guard aggregate.groups == groups, aggregate.aggregate != .cumsum,
                aggregate.formula.readsColumns(below: columnCount)
              else { return nil }
            case .column(let column), .memberTest(let column, _), .textTest(let column, _):
              guard groups.contains(column) else { return nil }
            case .namesLike(let column, let other):
              guard groups.contains(column), groups.contains(other) else { return nil }
            default: return nil
            }
          }
        }
        return (derived, groups, offset + 1)
      default: return nil
      }
    }
    return nil
  }

  /// Replaces the rows by one for each group: what it is grouped by, and the derived columns behind all others.
  func summarize(_ derived: [(formula: Formula, type: ValueType)], by groupColumns: [Int]) throws {
    let groups = try groups(groupColumns)
    let firstRows = try selection.at(groups.firstPositions, control)
    let made = try derived.map { entry in
      let inputs = try entry.formula.inputs.map { input -> RowInput in
        if case .rowAggregate(let aggregate) = input { return .inOrder(try self.aggregate(aggregate, groups)) }
        return try self.input(input)
      }
      let reader = RowReader(
        formula: entry.formula, inputs: inputs, selection: firstRows, replacements: replacements)
      return column(try reader.evaluate(control), entry.type)
    }
    try compact(to: firstRows, adding: made)
  }
}

extension Formula {
  /// Whether it reads no column that is made later.
  fileprivate func readsColumns(below count: Int) -> Bool {
    inputs.allSatisfy { input in
      switch input {
      case .column(let column), .memberTest(let column, _), .textTest(let column, _): column < count
      case .namesLike(let column, let other): column < count && other < count
      case .rowAggregate(let inner): inner.formula.readsColumns(below: count) && inner.groups.allSatisfy { $0 < count }
      default: false
      }
    }
  }
}
