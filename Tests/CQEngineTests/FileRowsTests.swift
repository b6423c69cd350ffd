import CQCatalog
import CQColumns
import CQSource
import CQSyntax
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// Verbs over the columns of a file, in place: held against ten-line versions on random tables, for 1, 2 and 7 threads.
@Suite struct FileRowsTests {
  struct Sample: Sendable {
    var name: String
    var rowCount: Int
    var groupCount: Int
    /// One row in so many has no number; 0 for none.
    var gaps: Int

    var texts: [String] { (0..<rowCount).map { "g\(($0 &* 7919 &+ $0 / 3) % groupCount)" } }
    var years: [Int32] { (0..<rowCount).map { Int32(2000 + $0 % 3) } }
    var numbers: [Double] { (0..<rowCount).map { Double(($0 &* 104_729) % 10_007) / 8 - 100 } }
    var states: [UInt8] {
      (0..<rowCount).map { gaps > 0 && $0 % gaps == 1 ? ($0 % 2 == 0 ? 2 : 3) : 0 }
    }

    var table: ImportedTable {
      let values = (0..<groupCount).map { "g\($0)" }
      let texts = texts
      let codes = DictionaryCodes.narrowest(valueCount: values.count, rowCount: rowCount) {
        UInt32(texts[$0].dropFirst()) ?? 0
      }
      let columns = [
        FileTable.Column(name: "name", values: .texts(codes: codes, values: values)),
        FileTable.Column(name: "period", values: .numbers(.int32(ColumnBuffer(years)))),
        FileTable.Column(
          name: "x", values: .numbers(.float64(ColumnBuffer(numbers))), states: gaps > 0 ? ColumnBuffer(states) : nil),
      ]
      return ImportedTable(
        path: "t", names: columns.map(\.name), columns: columns.map { .stored($0, isPeriod: false) },
        rowCount: rowCount)
    }
  }

  static let samples = [
    Sample(name: "empty", rowCount: 0, groupCount: 1, gaps: 0),
    Sample(name: "one", rowCount: 1, groupCount: 1, gaps: 0),
    Sample(name: "one group", rowCount: 40_000, groupCount: 1, gaps: 0),
    Sample(name: "gaps", rowCount: 50_000, groupCount: 40, gaps: 5),
    Sample(name: "many groups", rowCount: 70_001, groupCount: 65_536, gaps: 0),
    Sample(name: "all gone", rowCount: 999, groupCount: 7, gaps: 1),
  ]

  private func run(
    _ sample: Sample, _ stages: [QueryPlan.Stage], types: [ValueType], visible: [Int], threads: Int?
  ) throws -> Table {
    let query = TypedQuery(
      source: .imported(sample.table), stages: [],
      visible: visible.map { VisibleColumn(name: "c\($0)", column: $0, type: types[$0]) }, title: [], notes: [],
      span: .init(0, 0))
    let plan = QueryPlan(
      query: query, grids: [], requests: [], reductions: [], bounds: [], formulas: [], stages: stages, texts: [],
      rowRequests: [], baseRequests: [])
    let rows = RowTable(
      sample.table, plan, try RandomWorld(seed: 1).catalog(),
      RunControl(cancellation: Cancellation(), limits: Limits(threads: threads)), runOther: { _ in Table(columns: []) })
    return try rows.finished(title: [], notes: [])
  }

  private static let number = ValueType.number(.ratio)

  private func numbers(_ table: Table, _ column: Int) -> [UInt64] {
    guard case .numbers(let values, let states, _) = table.columns[column].values else { return [] }
    return zip(values, states).map { $1.hasValue ? $0.bitPattern : UInt64($1.rawValue) }
  }

  private func texts(_ table: Table, _ column: Int) -> [String] {
    if case .texts(let texts) = table.columns[column].values { return Array(texts) }
    return []
  }

  @Test(arguments: samples) func aggregatesOfGroupsAreThoseOfOneRowAfterTheOther(_ sample: Sample) throws {
    let aggregates: [Aggregate] = [
      .sum, .mean, .min, .max, .count, .countWithheld, .first, .last, .median, .stdev, .quantile(0.25),
    ]
    let stages =
      aggregates.map { aggregate in
        QueryPlan.Stage.derive(
          Formula(
            inputs: [.rowAggregate(RowAggregate(aggregate: aggregate, formula: column(2), groups: [0, 1]))],
            instructions: [.load(0)], depth: 1), Self.number)
      } + [.collapse(groups: [0, 1])]
    let types = [.text, Self.number, Self.number] + aggregates.map { _ in Self.number }
    let visible = [0, 1] + aggregates.indices.map { $0 + 3 }
    var expected: [(key: String, rows: [Int])] = []
    var position: [String: Int] = [:]
    let (names, years, numbers, states) = (sample.texts, sample.years, sample.numbers, sample.states)
    for row in 0..<sample.rowCount {
      let key = "\(names[row]) \(years[row])"
      if let known = position[key] {
        expected[known].rows.append(row)
      } else {
        position[key] = expected.count
        expected.append((key, [row]))
      }
    }
    var bits: [[UInt64]] = []
    for threads in [1, 2, 7] {
      let table = try run(sample, stages, types: types, visible: visible, threads: threads)
      let keys = zip(self.texts(table, 0), self.numbers(table, 1)).map { "\($0) \(Int(Double(bitPattern: $1)))" }
      #expect(keys == expected.map(\.key))
      let found = aggregates.indices.map { self.numbers(table, $0 + 2) }
      if bits.isEmpty { bits = found }
      #expect(found == bits, "\(threads) threads")
      for (index, aggregate) in aggregates.enumerated() {
        for (group, entry) in expected.enumerated() {
          let (value, state) = Aggregation(aggregate: aggregate).combine(
            entry.rows.map { states[$0] < 2 ? numbers[$0] : 0 },
            entry.rows.map { CellState(rawValue: states[$0]) ?? .missing })
          if state.hasValue {
            let difference = (Double(bitPattern: found[index][group]) - value).magnitude
            #expect(difference <= 1e-9 * max(1, value.magnitude), "\(aggregate) of \(entry.key)")
          } else {
            #expect(found[index][group] == UInt64(state.rawValue), "\(aggregate) of \(entry.key)")
          }
        }
      }
    }
  }

  @Test(arguments: samples) func rowsAreSortedStablyByTextsAndNumbers(_ sample: Sample) throws {
    let types: [ValueType] = [.text, Self.number, Self.number]
    let stage = QueryPlan.Stage.sort([(column(0), false), (column(2), true)])
    let (names, numbers, states) = (sample.texts, sample.numbers, sample.states)
    let order = (0..<sample.rowCount).sorted { lhs, rhs in
      if names[lhs] != names[rhs] { return names[lhs] < names[rhs] }
      let (left, right) = (states[lhs] < 2, states[rhs] < 2)
      if left != right { return left }
      if !left || numbers[lhs] == numbers[rhs] { return lhs < rhs }
      return numbers[lhs] > numbers[rhs]
    }
    let table = try run(sample, [stage], types: types, visible: [0, 1, 2], threads: nil)
    #expect(texts(table, 0) == order.map { names[$0] })
    #expect(
      self.numbers(table, 2) == order.map { states[$0] < 2 ? numbers[$0].bitPattern : UInt64(states[$0]) })
  }

  @Test(arguments: samples) func conditionsKeepRowsInTheirOrder(_ sample: Sample) throws {
    let condition = Formula(
      inputs: [.column(2), .textTest(column: 0, texts: ["G0", "g3"])],
      instructions: [.load(0), .constant(300, .known), .compare(.greater), .load(1), .both], depth: 3)
    let (names, numbers, states) = (sample.texts, sample.numbers, sample.states)
    let kept = (0..<sample.rowCount).filter {
      states[$0] < 2 && numbers[$0] > 300 && (names[$0] == "g0" || names[$0] == "g3")
    }
    for threads in [1, 7] {
      let table = try run(
        sample, [.filter(condition)], types: [.text, Self.number, Self.number], visible: [0, 2], threads: threads)
      #expect(texts(table, 0) == kept.map { names[$0] })
      #expect(self.numbers(table, 1) == kept.map { numbers[$0].bitPattern })
    }
  }

  private func column(_ index: Int) -> Formula {
    Formula(inputs: [.column(index)], instructions: [.load(0)], depth: 1)
  }
}
