import CQColumns

/// The regions of sorted rows: run `i` holds `codes[i]` and ends before row `ends[i]`.
package struct RegionRuns: Sendable {
  package let ends: [Int]
  package let codes: [Int32]

  /// Shorter runs are not worth a loop of their own.
  private static let shortestAverage = 16

  /// - Parameter data: Runs, or a dictionary whose codes are looked through until there are too many runs.
  init(_ data: ColumnData, rowCount: Int) {
    switch data {
    case .runs(let ends, let values):
      var codeOfValue: [String: Int32] = [:]
      self.ends = (0..<ends.count).map { Int(ends[$0]) }
      codes = values.map { value in
        let code = codeOfValue[value] ?? Int32(codeOfValue.count)
        codeOfValue[value] = code
        return code
      }
    case .dictionary(.bits8(let column), _): (ends, codes) = Self.runs(column)
    case .dictionary(.bits16(let column), _): (ends, codes) = Self.runs(column)
    case .dictionary(.bits32(let column), _): (ends, codes) = Self.runs(column)
    default: (ends, codes) = ([], [])
    }
  }

  private static func runs<Code: FixedWidthInteger & UnsignedInteger>(
    _ column: ColumnBuffer<Code>
  ) -> (ends: [Int], codes: [Int32]) {
    var ends: [Int] = []
    var codes: [Int32] = []
    let limit = column.count / shortestAverage + 1_024
    // SAFETY: the buffer is alive during the loop and rows stay below its count.
    let elements = unsafe column.elements
    for row in 0..<column.count where unsafe row + 1 == column.count || elements[row + 1] != elements[row] {
      ends.append(row + 1)
      unsafe codes.append(Int32(truncatingIfNeeded: elements[row]))
      if ends.count > limit { return ([], []) }
    }
    return (ends, codes)
  }

  /// The runs that have a part in `rows`.
  ///
  /// - Complexity: O(log runs).
  package func indexes(of rows: Range<Int>) -> Range<Int> {
    guard !rows.isEmpty else { return 0..<0 }
    let first = firstRun { ends[$0] > rows.lowerBound }
    let last = firstRun { ends[$0] >= rows.upperBound }
    return first..<min(last + 1, ends.count)
  }

  private func firstRun(where isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
