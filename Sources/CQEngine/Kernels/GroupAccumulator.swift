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
    var worst: UInt8 = 0
    for state in block.states { worst |= state.rawValue }
    let isKnown = worst == CellState.known.rawValue
    switch aggregate {
    case .sum, .mean:
      if isKnown { addKnown(block.values, groups, start) } else { each(block, groups, start) { $0 + $1 } }
    case .min: each(block, groups, start, isFirst: { $0 = $1 }) { Swift.min($0, $1) }
    case .max: each(block, groups, start, isFirst: { $0 = $1 }) { Swift.max($0, $1) }
    case .first, .last: addEnds(block, groups, start)
    default: each(block, groups, start) { old, _ in old }
    }
  }

  private mutating func addKnown(_ block: [Double], _ groups: [UInt32], _ start: Int) {
    if groups.isEmpty {
      var total = values[0]
      for value in block { total += value }
      values[0] = total
      counts[0] += UInt32(block.count)
      return
    }
    precondition(start >= 0 && start + block.count <= groups.count, "rows lie outside the groups")
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe groups.withUnsafeBufferPointer { groups in
          let groupCount = unsafe values.count
          for index in 0..<block.count {
            let group = unsafe Int(groups[start + index])
            precondition(group < groupCount, "a group lies outside the accumulator")
            // SAFETY: checked above.
            unsafe values[group] += block[index]
            unsafe counts[group] &+= 1
          }
        }
      }
    }
  }

  @inline(__always)
  private mutating func each(
    _ block: Vector, _ groups: [UInt32], _ start: Int, isFirst: (inout Double, Double) -> Void = { $0 += $1 },
    _ combine: (Double, Double) -> Double
  ) {
    for index in block.values.indices {
      let group = groups.isEmpty ? 0 : Int(groups[start + index])
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

  private mutating func addEnds(_ block: Vector, _ groups: [UInt32], _ start: Int) {
    for index in block.values.indices {
      let group = groups.isEmpty ? 0 : Int(groups[start + index])
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
    for group in values.indices {
      withheld[group] &+= next.withheld[group]
      guard next.counts[group] > 0 else { continue }
      let isFirst = counts[group] == 0
      counts[group] &+= next.counts[group]
      switch aggregate {
      case .first, .last:
        if isFirst || aggregate == .last {
          values[group] = next.values[group]
          states[group] = next.states[group]
        }
        continue
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
    for group in values.indices {
      switch aggregate {
      case .count, .countWithheld:
        result.values[group] = Double(aggregate == .count ? counts[group] : withheld[group])
        result.states[group] = .known
        continue
      case .sum, .mean:
        if withheld[group] > 0 {
          result.states[group] = .withheld
          continue
        }
      default: break
      }
      guard counts[group] > 0 else {
        result.states[group] = withheld[group] > 0 ? .withheld : .missing
        continue
      }
      let value = aggregate == .mean ? values[group] / Double(counts[group]) : values[group]
      guard value.isFinite else { continue }
      result.values[group] = value
      result.states[group] = states[group]
    }
    return result
  }
}
