import CQColumns
import Testing

@testable import CQEngine

/// Rows of a column up to a rank, against a look at each of them.
@Suite struct RankedColumnTests {
  private static let count = 3_000

  private func columns() -> [NumberValues] {
    var random = RandomSource(seed: 9)
    let numbers = (0..<Self.count).map { _ in random.next(below: 1_000) }
    let ends: [Int] = [Int(Int32.min), Int(Int32.max), 0, -1]
    return [
      .int32(ColumnBuffer(numbers.map { Int32($0) - 500 })),
      .int32(ColumnBuffer(numbers.map { $0 < 900 ? Int32($0) : Int32(truncatingIfNeeded: ends[$0 % 4]) })),
      .int64(ColumnBuffer(numbers.map { Int64($0 - 500) << 40 })),
      .float64(ColumnBuffer(numbers.map { Double($0 - 500) / 7 })),
      .float64(
        ColumnBuffer(
          numbers.map { $0 < 900 ? Double($0) - 1e9 : [.nan, .infinity, -.infinity, -0.0, 1e300, -1e300][$0 % 6] })),
    ]
  }

  private func states() -> ColumnBuffer<UInt8> {
    ColumnBuffer((0..<Self.count).map { $0 % 5 == 0 ? UInt8($0 / 5 % 4) : 0 })
  }

  @Test func rowsAreThoseWithARankUpToTheLast() throws {
    for column in columns() {
      for states in [nil, states()] {
        for range in [0..<Self.count, 700..<1_900] {
          let selection = RowSelection(range)
          let input = RowInput.numbers(column, states: states)
          let reader = RowReader(loading: input, selection, ReplacementCounts())
          let all = reader.evaluate(0..<range.count)
          for isDescending in [false, true] {
            let ranks = all.values.map { SortKey.rank($0, isDescending: isDescending) }
            for last in [ranks.min() ?? 0, ranks[17], ranks[400], ranks.max() ?? 0] {
              let ranked = try #require(RankedColumn(reader, upTo: last, isDescending: isDescending))
              let found = ranked.rows(0..<range.count)
              let wanted = all.values.indices.filter { all.states[$0].hasValue && ranks[$0] <= last }
              let areThose = found.positions.map(Int.init) == wanted
              #expect(areThose, "\(found.positions.count) rows, not \(wanted.count)")
              let areTheirs = found.numbers.values == wanted.map { all.values[$0] }
              #expect(areTheirs)
              let haveTheirStates = found.numbers.states == wanted.map { all.states[$0] }
              #expect(haveTheirStates)
              #expect(ranked.rows(300..<301).positions == (wanted.contains(300) ? [300] : []))
            }
          }
        }
      }
    }
  }

  @Test func ranksStandForTheirNumbers() {
    for value in [0, 1, -1, 0.1, -0.1, 1e300, -1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      for isDescending in [false, true] {
        let rank = SortKey.rank(value, isDescending: isDescending)
        #expect(SortKey.value(ofRank: rank, isDescending: isDescending) == value)
      }
    }
  }

  /// What is computed, or not in the order of the file, is read by the formula.
  @Test func otherReadersAreNone() {
    let input = RowInput.numbers(columns()[0], states: nil)
    let listed = RowReader(loading: input, RowSelection([3, 1, 2] as [Int32]), ReplacementCounts())
    #expect(RankedColumn(listed, upTo: 5, isDescending: true) == nil)
    let vector = RowReader(
      loading: .inOrder(Vector(repeating: .missing, count: 3)), RowSelection(0..<3), ReplacementCounts())
    #expect(RankedColumn(vector, upTo: 5, isDescending: true) == nil)
    let whole = RowReader(loading: input, RowSelection(0..<3), ReplacementCounts())
    #expect(RankedColumn(whole, upTo: .max, isDescending: false) == nil)
    #expect(RankedColumn(whole, upTo: .max, isDescending: true) == nil)
  }
}
