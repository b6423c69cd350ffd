import CQColumns
import CQSemantics

/// What is known of each group of rows so far, for aggregates that need no more than one pass.
///
/// - Complexity: 17 bytes per group; O(1) per row.
struct GroupAccumulator: Sendable {
  private var values: [Double]
  /// Rows with a number.
  private var counts: [UInt32]
  private var withheld: [UInt32]
  /// The worst state among the rows with a number; of `first` and `last` that of the row itself.
  private var states: [CellState]
  private let aggregate: Aggregate

  /// Whether an aggregate can be taken in one pass.
  static func isFor(_ aggregate: Aggregate) -> Bool {
    switch aggregate {
    case .sum, .mean, .min, .max, .count, .countWithheld, .first, .last: true
    case .median, .stdev, .quantile, .cumsum: false
    }
  }

  init(_ aggregate: Aggregate, groupCount: Int) {
    self.aggregate = aggregate
    values = [Double](repeating: 0, count: groupCount)
    counts = [UInt32](repeating: 0, count: groupCount)
    withheld = [UInt32](repeating: 0, count: groupCount)
    states = [CellState](repeating: .known, count: groupCount)
  }

  /// Adds a block of rows, in their order.
  ///
  /// - Parameter groups: The group of each row from `start` on; empty where all rows are of one.
  mutating func add(_ block: Vector, groups: [UInt32], from start: Int) {
    add(block, block.values.indices, groups: groups, from: start)
  }

  /// Adds these rows of a vector, in their order.
  ///
  /// - Parameter groups: The group of each row from `start` on; empty where all rows are of one.
  mutating func add(_ block: Vector, _ rows: Range<Int>, groups: [UInt32], from start: Int) {
    var worst: UInt8 = 0
    for row in rows { worst |= block.states[row].rawValue }
    let isKnown = worst == CellState.known.rawValue
    switch aggregate {
    case .sum, .mean:
      if isKnown { addKnown(block.values, rows, groups, start) } else { each(block, rows, groups, start) { $0 + $1 } }
    case .min: each(block, rows, groups, start, isFirst: { $0 = $1 }) { Swift.min($0, $1) }
    case .max: each(block, rows, groups, start, isFirst: { $0 = $1 }) { Swift.max($0, $1) }
    case .first, .last: addEnds(block, rows, groups, start)
    default: each(block, rows, groups, start) { old, _ in old }
    }
  }

  private mutating func addKnown(_ block: [Double], _ rows: Range<Int>, _ groups: [UInt32], _ start: Int) {
    if groups.isEmpty {
      var total = values[0]
      for row in rows { total += block[row] }
      values[0] = total
      counts[0] += UInt32(rows.count)
      return
    }
    precondition(start >= 0 && start + rows.count <= groups.count, "rows lie outside the groups")
    precondition(rows.lowerBound >= 0 && rows.upperBound <= block.count, "rows lie outside the vector")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe groups.withUnsafeBufferPointer { groups in
          unsafe block.withUnsafeBufferPointer { block in
            let groupCount = values.count
            for index in 0..<rows.count {
              let group = unsafe Int(groups[start + index])
              precondition(group < groupCount, "a group lies outside the accumulator")
              // SAFETY: checked above.
              unsafe values[group] += block[rows.lowerBound + index]
              unsafe counts[group] &+= 1
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private mutating func each(
    _ block: Vector, _ rows: Range<Int>, _ groups: [UInt32], _ start: Int,
    isFirst: (inout Double, Double) -> Void = { $0 += $1 }, _ combine: (Double, Double) -> Double
  ) {
    for index in rows {
      let group = groups.isEmpty ? 0 : Int(groups[start + index - rows.lowerBound])
      let state = block.states[index]
      guard state.hasValue else {
        if state == .withheld { withheld[group] &+= 1 }
        continue
      }
      if counts[group] == 0 {
        isFirst(&values[group], block.values[index])
      } else {
        values[group] = combine(values[group], block.values[index])
      }
      counts[group] &+= 1
      states[group] = Swift.max(states[group], state)
    }
  }

  private mutating func addEnds(_ block: Vector, _ rows: Range<Int>, _ groups: [UInt32], _ start: Int) {
    for index in rows {
      let group = groups.isEmpty ? 0 : Int(groups[start + index - rows.lowerBound])
      let state = block.states[index]
      guard state.hasValue else {
        if state == .withheld { withheld[group] &+= 1 }
        continue
      }
      if counts[group] == 0 || aggregate == .last {
        values[group] = block.values[index]
        states[group] = state
      }
      counts[group] &+= 1
    }
  }

  /// Adds what rows behind these have come to.
  mutating func add(_ next: GroupAccumulator) {
    let takesEnds = [.first, .last].contains(aggregate)
    let takesLast = aggregate == .last
    for group in values.indices {
      withheld[group] &+= next.withheld[group]
      guard next.counts[group] > 0 else { continue }
      let isFirst = counts[group] == 0
      counts[group] &+= next.counts[group]
      if takesEnds {
        if isFirst || takesLast {
          values[group] = next.values[group]
          states[group] = next.states[group]
        }
        continue
      }
      switch aggregate {
      case .min: values[group] = isFirst ? next.values[group] : Swift.min(values[group], next.values[group])
      case .max: values[group] = isFirst ? next.values[group] : Swift.max(values[group], next.values[group])
      default: values[group] += next.values[group]
      }
      states[group] = Swift.max(states[group], next.states[group])
    }
  }

  /// One element per group, with the rules of ``Aggregation/combine(_:_:)``.
  var finished: Vector {
    var result = Vector(repeating: .missing, count: values.count)
    let isCount = aggregate == .count
    let isCounted = isCount || aggregate == .countWithheld
    let isMean = aggregate == .mean
    let needsAll = isMean || aggregate == .sum
    for group in values.indices {
      if isCounted {
        result.values[group] = Double(isCount ? counts[group] : withheld[group])
        result.states[group] = .known
        continue
      }
      if needsAll, withheld[group] > 0 {
        result.states[group] = .withheld
        continue
      }
      guard counts[group] > 0 else {
        result.states[group] = withheld[group] > 0 ? .withheld : .missing
        continue
      }
      let value = isMean ? values[group] / Double(counts[group]) : values[group]
      guard value.isFinite else { continue }
      result.values[group] = value
      result.states[group] = states[group]
    }
    return result
  }
}
