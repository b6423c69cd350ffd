import CQColumns
import CQPlan
import Testing

@testable import CQEngine

/// Orders, ranks and the first rows, held against a comparison of every two rows, for 1 and 3 threads.
@Suite struct RowSortingTests {
  /// Keys of a table, the first of which counts most.
  struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var keys: [Key]
    var count: Int { keys[0].vector.count }

    struct Key: Sendable {
      var vector: Vector
      var isDescending = false
    }

    init(_ name: String, _ columns: [[Double?]], descending: [Int] = []) {
      testDescription = name
      keys = columns.enumerated().map { index, cells in
        // What stands in a cell without a number means nothing.
        Key(
          vector: Vector(
            values: cells.map { $0 ?? 0 },
            states: cells.enumerated().map { $1 != nil ? .known : $0 % 2 == 0 ? .missing : .withheld }),
          isDescending: descending.contains(index))
      }
    }

    /// Whether row `lhs` comes before row `rhs`; nil where their keys are the same.
    func isBefore(_ lhs: Int, _ rhs: Int) -> Bool? {
      for key in keys {
        let (one, two) = (key.vector.states[lhs].hasValue, key.vector.states[rhs].hasValue)
        if one != two { return one }
        let (left, right) = (key.vector.values[lhs], key.vector.values[rhs])
        if one, left != right { return key.isDescending ? left > right : left < right }
      }
      return nil
    }

    var order: [Int] { (0..<count).sorted { isBefore($0, $1) ?? ($0 < $1) } }
  }

  static func random(_ seed: Int, _ count: Int, _ number: (inout RandomSource) -> Double?) -> [Double?] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in number(&random) }
  }

  static let samples: [Sample] = [
    Sample("empty", [[]]),
    Sample("one row", [[3]]),
    Sample("all equal", [[Double?](repeating: -2.5, count: 70_000)]),
    Sample("all missing", [[Double?](repeating: nil, count: 1_000)], descending: [0]),
    Sample("zeros", [[0, -0.0, 1, -0.0, 0, nil, -1]]),
    Sample("largest and smallest", [[1e300, -1e300, .greatestFiniteMagnitude, 3e-308, -3e-308, 0, nil, 1]]),
    Sample("in order", [(0..<70_000).map { Double($0 / 2) }]),
    Sample("whole numbers", [random(1, 70_000) { Double($0.next() % 50_000) - 100 }], descending: [0]),
    Sample("65,536 different", [random(2, 80_000) { Double(($0.next() % 65_536) &* 7_919 % 65_536) }]),
    Sample("fractions", [random(3, 30_000) { Double($0.next() % 1_000_003) / 1_000_003 - 0.5 }]),
    Sample("gaps", [random(4, 30_000) { $0.next() % 3 == 0 ? nil : Double($0.next() % 100) / 8 }]),
    Sample(
      "one far away",
      [random(5, 70_000) { $0.next() % 70_000 == 0 ? -1e200 : 1 + Double($0.next() % 900_001) * 1e-12 }]),
    Sample(
      "two short keys", [random(6, 20_000) { Double($0.next() % 12) }, random(7, 20_000) { Double($0.next() % 900) }],
      descending: [1]),
    Sample(
      "keys of more than 64 bits",
      [
        random(8, 20_000) { Double($0.next() % 5) / 3 }, random(9, 20_000) { Double($0.next() % 7) / 3 },
        random(10, 20_000) { $0.next() % 9 == 0 ? nil : Double($0.next() % 11) / 3 },
        random(11, 20_000) { Double($0.next() % 30_011) / 7 },
      ], descending: [1, 2]),
  ]

  private func reader(_ vector: Vector) -> RowReader {
    RowReader(loading: .vector(vector), RowSelection(0..<vector.count), ReplacementCounts())
  }

  private func control(_ threads: Int) -> RunControl {
    RunControl(cancellation: Cancellation(), limits: Limits(threads: threads))
  }

  @Test(arguments: samples) func rowsComeInTheOrderOfAComparison(_ sample: Sample) throws {
    let expected = sample.order
    let isNew = expected.indices.map { $0 == 0 || sample.isBefore(expected[$0 - 1], expected[$0]) != nil }
    for threads in [1, 3] {
      let control = control(threads)
      let keys = try sample.keys.map { try SortKey(reader($0.vector), isDescending: $0.isDescending, control) }
      let sorting = try RowSorting(keys, count: sample.count, control)
      let sorted = try #require(try sorting.sorted(findsNew: true))
      #expect(sorted.order.map { Int($0) } == expected, "\(threads) threads")
      #expect(sorted.isNew == isNew, "\(threads) threads")
      let plain = try sorting.sorted()
      #expect((plain?.order.map { Int($0) } ?? Array(0..<sample.count)) == expected)
      #expect((plain == nil) == (expected == Array(0..<sample.count)), "what is in order already is not moved")
    }
  }

  @Test func whatIsStoppedStops() throws {
    let cancellation = Cancellation()
    let control = RunControl(cancellation: cancellation, limits: Limits(threads: 2))
    let vector = Self.samples[7].keys[0].vector
    let key = try SortKey(reader(vector), isDescending: false, control)
    let sorting = try RowSorting([key], count: vector.count, control)
    cancellation.cancel()
    #expect(throws: CancellationError.self) { try sorting.sorted() }
    #expect(throws: CancellationError.self) { try SortKey(reader(vector), isDescending: false, control) }
  }

  @Test func orderOfTooManyRowsIsRefusedByMemory() throws {
    let control = RunControl(cancellation: Cancellation(), limits: Limits(memory: 1_000))
    let vector = Self.samples[7].keys[0].vector
    let sorting = try RowSorting(
      [try SortKey(reader(vector), isDescending: false, control)], count: vector.count, control)
    #expect(throws: LimitExceeded.memory(needed: vector.count * 20, limit: 1_000)) { try sorting.sorted() }
  }

  // MARK: - Selection

  @Test(arguments: [(1, 1), (5_000, 1), (5_000, 17), (5_000, 4_999), (5_000, 5_000)])
  func theSmallestNumbersAreThoseOfASort(count: Int, wanted: Int) {
    for different in [1, 3, 400, 1 << 40] as [UInt64] {
      var random = RandomSource(seed: count + Int(different))
      let numbers = (0..<count).map { _ in random.next() % different }
      // The last is where the middle of three is never near the middle of all.
      for numbers in [numbers, numbers.sorted(), numbers.sorted(by: >), numbers.sorted() + numbers.sorted(by: >)] {
        var moved = numbers
        let expected = Array(numbers.sorted()[..<wanted])
        #expect(moved.smallest(wanted, checking: {}) == expected[wanted - 1], "\(different) different")
        #expect(moved[..<wanted].sorted() == expected, "\(different) different")
      }
    }
  }
}
