import CQColumns

/// Intervals of a column of cells; what is missing has none.
struct IntervalVector {
  var intervals: [Interval]
  var isMissing: [Bool]

  init(repeating interval: Interval, count: Int) {
    intervals = [Interval](repeating: interval, count: count)
    isMissing = [Bool](repeating: false, count: count)
  }

  init(missing count: Int) {
    intervals = [Interval](repeating: .unknown, count: count)
    isMissing = [Bool](repeating: true, count: count)
  }

  /// Numbers that are certain; those that are withheld may be anything.
  init(_ vector: Vector) {
    intervals = vector.values.indices.map { vector.states[$0].hasValue ? Interval(vector.values[$0]) : .unknown }
    isMissing = vector.states.map { $0 == .missing }
  }

  var count: Int { intervals.count }

  func gathered(_ rows: [Int]) -> IntervalVector {
    var result = IntervalVector(missing: rows.count)
    for (position, row) in rows.enumerated() {
      result.intervals[position] = intervals[row]
      result.isMissing[position] = isMissing[row]
    }
    return result
  }

  /// One end as a column: withheld where it is open, so that an end that nobody knows is not taken for a number.
  func end(isHigh: Bool) -> Vector {
    var result = Vector(repeating: .missing, count: count)
    for row in intervals.indices where !isMissing[row] {
      let end = isHigh ? intervals[row].high : intervals[row].low
      result.values[row] = end.isFinite ? end : 0
      result.states[row] = end.isFinite ? .known : .withheld
    }
    return result
  }
}
