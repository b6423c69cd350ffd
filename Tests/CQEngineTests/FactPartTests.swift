import CQColumns
import Testing

@testable import CQCatalog
@testable import CQEngine

/// Rows with states and covers, added to groups of places and activities by several workers, against one plain loop.
struct FactPartTests {
  private struct Row {
    var region: Int
    var activity: Int
    var value: Double
    var state: UInt8
    var cover: UInt8
  }

  private static let rowCount = 300_000
  private static let activityCount = 50

  private func made(regionCount: Int, isSorted: Bool, _ random: inout RandomSource) -> [Row] {
    let rows = (0..<Self.rowCount).map { index in
      Row(
        region: isSorted ? index * regionCount / Self.rowCount : random.next(below: regionCount),
        activity: random.next(below: Self.activityCount), value: Double(random.next(below: 1_000)),
        state: UInt8(random.next(below: 4)), cover: UInt8(random.next(below: 6)))
    }
    return rows
  }

  private func part(_ rows: [Row], regionCount: Int, isInexact: Bool) throws -> FactPart {
    let values: ColumnData =
      isInexact
      ? .float64(ColumnBuffer(rows.map { $0.value / 7 })) : .int32(ColumnBuffer(rows.map { Int32($0.value) }))
    let fields: [ArrowTable.Field] = [
      .init(name: "year", data: .int16(ColumnBuffer([Int16](repeating: 2020, count: rows.count)))),
      .init(
        name: "region",
        data: .dictionary(
          codes: .bits16(ColumnBuffer(rows.map { UInt16($0.region) })), values: (0..<regionCount).map { "r\($0)" })),
      .init(
        name: "activity",
        data: .dictionary(
          codes: .bits8(ColumnBuffer(rows.map { UInt8($0.activity) })),
          values: (0..<Self.activityCount).map { "a\($0)" })),
      .init(name: "value", data: values), .init(name: "state", data: .uint8(ColumnBuffer(rows.map(\.state)))),
      .init(name: "cover", data: .uint8(ColumnBuffer(rows.map(\.cover)))),
    ]
    let facts = try FactTable(ArrowTable(rowCount: rows.count, fields: fields, metadata: []), dataset: "made")
    let part = MeasurePart(
      factTable: 0, periods: [2020], activityLevels: nil, stateColumn: "state", coverColumn: "cover")
    let measure = Measure(
      name: "value", label: "", quantity: .ratio, scale: 1, additive: [.region, .activity], priceYear: nil,
      parts: [part])
    return FactPart(
      index: 0, facts: facts, rows: facts.rows(of: 2020), sums: nil, columns: try MeasureColumns(measure, part, facts),
      period: 2020)
  }

  private func found<Value: FactValue>(
    _ part: FactPart, _ columns: MeasureColumns, _ values: ColumnBuffer<Value>, _ lookup: GroupLookup, width: Int,
    groupCount: Int, threads: Int
  ) throws -> GroupSums<Double> where Value.Sum: GroupSum {
    var sums = GroupSums<Value.Sum>(groupCount: groupCount)
    let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: threads))
    try part.add(columns, values, lookup, width: width, to: &sums, control)
    return sums.mapped { $0.number }
  }

  private func check(regionCount: Int, groupsOfRegions: Int, isSorted: Bool, seed: Int) throws {
    var random = RandomSource(seed: seed)
    let rows = made(regionCount: regionCount, isSorted: isSorted, &random)
    let width = 5
    // Neighbouring places belong together, and some to no group.
    let regionGroups = (0..<regionCount).map { $0 % 11 == 10 ? -1 : $0 * groupsOfRegions / regionCount }
    let activityGroups = (0..<Self.activityCount).map { _ in random.next(below: width + 1) - 1 }
    let limits = (0..<Self.activityCount).map { _ in UInt8(random.next(below: 6)) }
    let lookup = GroupLookup(
      regionOffsets: regionGroups.map { $0 < 0 ? -1 : Int32($0 * width) },
      activityGroups: activityGroups.map { Int32($0) }, coverLimits: limits)
    let groupCount = groupsOfRegions * width
    var expected = GroupSums<Double>(groupCount: groupCount)
    for row in rows {
      guard regionGroups[row.region] >= 0, activityGroups[row.activity] >= 0, row.cover < limits[row.activity] else {
        continue
      }
      let group = regionGroups[row.region] * width + activityGroups[row.activity]
      switch row.state {
      case 0, 1:
        expected.sums[group] += row.value
        expected.rowCounts[group] += 1
        if row.state == 1 {
          expected.estimated[group] += row.value
          expected.estimateCounts[group] += 1
        }
      case 2: expected.withheldCounts[group] += 1
      default: expected.missingCounts[group] += 1
      }
    }
    let whole = try part(rows, regionCount: regionCount, isInexact: false)
    let inexact = try part(rows, regionCount: regionCount, isInexact: true)
    var first: [UInt64] = []
    for threads in [1, 2, 7] {
      guard let columns = whole.columns, case .int32(let values) = columns.values, let inexactColumns = inexact.columns,
        case .float64(let doubles) = inexactColumns.values
      else {
        Issue.record("the columns have other types than they were given")
        return
      }
      let sums = try found(
        whole, columns, values, lookup, width: width, groupCount: groupCount, threads: threads)
      #expect(sums.sums == expected.sums && sums.estimated == expected.estimated)
      #expect(sums.rowCounts == expected.rowCounts && sums.estimateCounts == expected.estimateCounts)
      #expect(sums.withheldCounts == expected.withheldCounts && sums.missingCounts == expected.missingCounts)
      let bits = try found(
        inexact, inexactColumns, doubles, lookup, width: width, groupCount: groupCount, threads: threads
      ).sums.map(\.bitPattern)
      if threads == 1 { first = bits }
      #expect(bits == first, "\(threads) threads")
    }
  }

  @Test func sortedRowsHaveTheirGroups() throws {
    try check(regionCount: 120, groupsOfRegions: 120, isSorted: true, seed: 1)
    try check(regionCount: 120, groupsOfRegions: 3, isSorted: true, seed: 2)
  }

  @Test func rowsInNoOrderArePutTogether() throws {
    try check(regionCount: 120, groupsOfRegions: 40, isSorted: false, seed: 3)
  }
}
