import CQColumns

/// Which rows are left, and in which order. Most tables keep all of their rows, or all but some in a few places: then
/// these are ranges, and nothing is listed.
enum RowOrder: Sendable {
  case ranges([Range<Int>])
  case list([Int])

  static func all(_ count: Int) -> Self { .ranges(count == 0 ? [] : [0..<count]) }

  var count: Int {
    switch self {
    case .ranges(let ranges): ranges.reduce(0) { $0 + $1.count }
    case .list(let rows): rows.count
    }
  }

  /// The rows one by one.
  var rows: [Int] {
    switch self {
    case .ranges(let ranges): ranges.count == 1 ? Array(ranges[0]) : ranges.flatMap { Array($0) }
    case .list(let rows): rows
    }
  }

  /// The rows for which `isKept` holds.
  func filter(_ control: RunControl, _ isKept: (Int) -> Bool) throws -> Self {
    var (kept, listed): ([Range<Int>], [Int]) = ([], [])
    for unit in units(of: RunControl.morselRowCount) {
      try control.check()
      switch unit.source {
      case .list(let rows): for row in rows where isKept(row) { listed.append(row) }
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
    let result = Self.ranges(kept)
    // Many short ranges are no better than a list.
    return kept.count * 16 > result.count ? .list(result.rows) : result
  }

  // MARK: - Pieces

  /// Rows that a worker takes at a time, and where they go.
  struct Unit: Sendable {
    enum Source: Sendable {
      case range(Range<Int>)
      case list(ArraySlice<Int>)
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
  /// - Parameter isLast: Nothing is computed from the result before cancellation is looked at again, so that it need not
  ///   be complete when the query is to stop.
  func gathered<Element: BitwiseCopyable & Sendable>(
    _ source: [Element], _ control: RunControl, isLast: Bool = false
  ) -> [Element] {
    if case .ranges(let ranges) = self, ranges.count == 1, ranges[0] == source.indices { return source }
    let units = units(of: RunControl.morselRowCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 4)
    return unsafe [Element](writing: count) { target in
      let target = unsafe SharedElements(target)
      try? scheduler.run(units.count) { index in
        if isLast { try control.check() }
        let part = unsafe target.part(units[index].target)
        switch units[index].source {
        case .range(let rows): _ = unsafe part.update(fromContentsOf: source[rows])
        case .list(let rows): for (position, row) in rows.enumerated() { unsafe part[position] = source[row] }
        }
      }
    }
  }

  func gathered(_ vector: Vector, _ control: RunControl, isLast: Bool = false) -> Vector {
    Vector(
      values: gathered(vector.values, control, isLast: isLast), states: gathered(vector.states, control, isLast: isLast)
    )
  }
}
