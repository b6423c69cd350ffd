import CQColumns
import CQPlan
internal import Synchronization

extension RowTable {
  /// The `count` first rows by `key`, with all rows that tie with the last of them; rows without a number come last.
  ///
  /// - Complexity: O(rows): only the rows that are kept are ever in order.
  func top(_ count: Int, _ key: Formula, largest: Bool) throws {
    guard count > 0 else {
      selection = RowSelection(0..<0)
      return
    }
    let reader = try reader(key).repeatable(control)
    let found = try reader.first(count, isDescending: largest, control)
    let ofFound = RowReader(loading: .inOrder(found.numbers), RowSelection(0..<found.positions.count), replacements)
    let sorting = try RowSorting(
      [try SortKey(ofFound, isDescending: largest, control)], count: found.positions.count, control)
    var rows = found.positions
    if let sorted = try sorting.sorted() {
      rows = try control.elements(rows.count) { found.positions[Int(sorted.order[$0])] }
    }
    if found.areAll { rows = Array(rows.prefix(count)) }
    if rows.count > count {
      notes.append(
        TableNote(code: "N0505", text: "\(rows.count.grouped) rows: ties with row \(count.grouped) are kept"))
    }
    selection = try selection.at(rows, control)
  }
}

/// Rows that may be among the first, as they stand.
struct FoundRows: Sendable {
  var positions: [Int32] = []
  var numbers = Vector(values: [], states: [])
  /// Every row of the table, with and without a number.
  var areAll = false
}

extension RowReader {
  /// Rows whose numbers tell about those of all others, in ranges of so many.
  private static let sampledRowCount = 1 << 15
  private static let sampledRange = 32

  /// The `count` first rows and those that tie with the last of them; all rows where there are fewer numbers than that.
  ///
  /// A sample says how large the last of them may be, and rows beyond that are not even held.
  ///
  /// - Complexity: O(rows).
  fileprivate func first(_ count: Int, isDescending: Bool, _ control: RunControl) throws -> FoundRows {
    if count >= selection.count { return try rows(upTo: nil, isDescending: isDescending, control) }
    let sample = try sample(isDescending: isDescending, control)
    let expected = Double(count) / Double(selection.count) * Double(sample.count)
    var place = expected + 4 * expected.squareRoot() + 16
    while true {
      let bound = place < Double(sample.count) ? sample[Int(place)] : .max
      var found = try rows(upTo: bound, isDescending: isDescending, control)
      if found.positions.count >= count {
        let numbers = found.numbers
        var ranks = try control.elements(numbers.count) { SortKey.rank(numbers.values[$0], isDescending: isDescending) }
        try found.keep(upTo: try ranks.smallest(count, checking: control.check), isDescending: isDescending, control)
        return found
      }
      if bound == .max { return try rows(upTo: nil, isDescending: isDescending, control) }
      // Rarely, a sample is not like the whole.
      place *= 4
    }
  }

  /// Ranks of rows that lie far apart, in order.
  private func sample(isDescending: Bool, _ control: RunControl) throws -> [UInt64] {
    guard selection.count > 4 * Self.sampledRowCount else { return [] }
    let rangeCount = Self.sampledRowCount / Self.sampledRange
    var ranks: [UInt64] = []
    for range in 0..<rangeCount {
      if range % 64 == 0 { try control.check() }
      let start = range * (selection.count - Self.sampledRange) / rangeCount
      let vector = evaluate(start..<start + Self.sampledRange)
      for index in 0..<vector.count where vector.states[index].hasValue {
        ranks.append(SortKey.rank(vector.values[index], isDescending: isDescending))
      }
    }
    return ranks.sorted()
  }

  /// Rows whose numbers have a rank up to `last`; all rows where that is nil.
  private func rows(upTo last: UInt64?, isDescending: Bool, _ control: RunControl) throws -> FoundRows {
    let found = Mutex([FoundRows](repeating: FoundRows(), count: blockCount))
    let column = last.flatMap { RankedColumn(self, upTo: $0, isDescending: isDescending) }
    try Scheduler(control.limits, isWorthwhile: blockCount > 4).run(blockCount) { block in
      try control.check()
      let positions = positions(ofBlock: block)
      if let column {
        let own = column.rows(positions)
        if !own.positions.isEmpty { found.withLock { $0[block] = own } }
        return
      }
      let vector = evaluate(positions)
      var own = FoundRows()
      for (index, position) in positions.enumerated() {
        if let last {
          guard vector.states[index].hasValue, SortKey.rank(vector.values[index], isDescending: isDescending) <= last
          else { continue }
        }
        own.positions.append(Int32(truncatingIfNeeded: position))
        own.numbers.values.append(vector.values[index])
        own.numbers.states.append(vector.states[index])
      }
      let finished = own
      found.withLock { $0[block] = finished }
    }
    let blocks = found.withLock { $0 }
    return FoundRows(
      positions: try control.joined(blocks.map(\.positions)),
      numbers: Vector(
        values: try control.joined(blocks.map(\.numbers.values)),
        states: try control.joined(blocks.map(\.numbers.states))), areAll: last == nil)
  }
}

extension FoundRows {
  /// Leaves those whose numbers have a rank up to `last`.
  fileprivate mutating func keep(upTo last: UInt64, isDescending: Bool, _ control: RunControl) throws {
    var kept = 0
    try control.morsels(positions.count) { range in
      for index in range where SortKey.rank(numbers.values[index], isDescending: isDescending) <= last {
        positions[kept] = positions[index]
        numbers.values[kept] = numbers.values[index]
        numbers.states[kept] = numbers.states[index]
        kept += 1
      }
    }
    positions.removeSubrange(kept...)
    numbers.values.removeSubrange(kept...)
    numbers.states.removeSubrange(kept...)
  }
}
