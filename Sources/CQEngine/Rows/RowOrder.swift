import CQColumns

/// Which rows are left, and in which order. Most tables keep all of their rows, or all but some in a few places: then
/// these are ranges, and nothing is listed.
enum RowOrder: Sendable {
  case ranges([Range<Int>])
  case list([Int32])

  static func all(_ count: Int) -> Self { .ranges(count == 0 ? [] : [0..<count]) }

  var count: Int {
    switch self {
    case .ranges(let ranges): ranges.reduce(0) { $0 + $1.count }
    case .list(let rows): rows.count
    }
  }

  /// The rows one by one.
  var rows: [Int32] {
    switch self {
    case .ranges(let ranges): ranges.flatMap { $0.map { Int32(truncatingIfNeeded: $0) } }
    case .list(let rows): rows
    }
  }

  /// All rows whose state is another than `state`.
  static func rows(of states: [CellState], without state: CellState, _ control: RunControl) throws -> Self {
    var kept: [Range<Int>] = []
    var row = 0
    while row < states.count {
      try control.check()
      let next = states.firstPosition(of: state, in: row..<states.count) ?? states.count
      if next > row { kept.append(row..<next) }
      row = next
      while row < states.count, states[row] == state { row += 1 }
    }
    return Self.ranges(kept).compacted
  }

  /// Many short ranges are no better than a list.
  private var compacted: Self {
    guard case .ranges(let ranges) = self, ranges.count * 16 > count else { return self }
    return .list(rows)
  }

  /// The rows for which `isKept` holds.
  func filter(_ control: RunControl, _ isKept: (Int) -> Bool) throws -> Self {
    var (kept, listed): ([Range<Int>], [Int32]) = ([], [])
    for unit in units(of: RunControl.morselRowCount) {
      try control.check()
      switch unit.source {
      case .list(let rows): for row in rows where isKept(Int(row)) { listed.append(row) }
      case .range(let range):
        var row = range.lowerBound
        while row < range.upperBound {
          while row < range.upperBound, !isKept(row) { row += 1 }
          let start = row
          while row < range.upperBound, isKept(row) { row += 1 }
          if start == row { break }
          if let last = kept.last, last.upperBound == start {
            kept[kept.count - 1] = last.lowerBound..<row
          } else {
            kept.append(start..<row)
          }
        }
      }
    }
    guard case .ranges = self else { return .list(listed) }
    return Self.ranges(kept).compacted
  }

  // MARK: - Pieces

  /// Rows that a worker takes at a time, and where they go.
  struct Unit: Sendable {
    enum Source: Sendable {
      case range(Range<Int>)
      case list(ArraySlice<Int32>)
    }

    let source: Source
    let target: Range<Int>
  }

  /// The rows in pieces of at most `size`.
  func units(of size: Int) -> [Unit] {
    var units: [Unit] = []
    switch self {
    case .list(let rows):
      for start in stride(from: 0, to: rows.count, by: size) {
        let part = start..<min(start + size, rows.count)
        units.append(Unit(source: .list(rows[part]), target: part))
      }
    case .ranges(let ranges):
      var position = 0
      for range in ranges {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
          let part = start..<min(start + size, range.upperBound)
          units.append(Unit(source: .range(part), target: position..<position + part.count))
          position += part.count
        }
      }
    }
    return units
  }

  /// The elements of `source` at these rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered<Element: BitwiseCopyable & Sendable>(
    _ source: [Element], _ control: RunControl
  ) throws -> [Element] {
    if case .ranges(let ranges) = self, ranges.count == 1, ranges[0] == source.indices { return source }
    let units = units(of: RunControl.morselRowCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 4)
    return try unsafe [Element](writing: count) { target in
      let target = unsafe SharedElements(target)
      try scheduler.run(units.count) { index in
        try control.check()
        let part = unsafe target.part(units[index].target)
        switch units[index].source {
        case .range(let rows): _ = unsafe part.update(fromContentsOf: source[rows])
        case .list(let rows): for (position, row) in rows.enumerated() { unsafe part[position] = source[Int(row)] }
        }
      }
    }
  }

  func gathered(_ vector: Vector, _ control: RunControl) throws -> Vector {
    Vector(values: try gathered(vector.values, control), states: try gathered(vector.states, control))
  }
}
