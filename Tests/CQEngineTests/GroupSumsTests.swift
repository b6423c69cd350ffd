import Testing

@testable import CQEngine

/// The grouping kernel against a version that is too simple to be wrong.
struct GroupSumsTests {
  /// One invented table and the look-up tables that group it.
  private struct Table<Value: FactValue> {
    var values: [Value]
    var states: [UInt8]
    var covers: [UInt8]
    var regions: [Int]
    var activities: [Int]
    var lookup: GroupLookup
    var groupCount: Int
  }

  private struct Expected<Sum: AdditiveArithmetic & Sendable> {
    var sums: GroupSums<Sum>

    init<Value: FactValue>(_ table: Table<Value>, rows: Range<Int>) where Value.Sum == Sum {
      sums = GroupSums(groupCount: table.groupCount)
      for row in rows {
        let (offset, activity) = (table.lookup.regionOffsets[table.regions[row]], table.activities[row])
        let position = table.lookup.activityGroups[activity]
        let isInCover = table.covers.isEmpty || table.covers[row] < table.lookup.coverLimits[activity]
        guard offset >= 0, position >= 0, isInCover else { continue }
        let group = Int(offset + position)
        let state = table.states.isEmpty ? 0 : table.states[row]
        if state <= 1 { sums.sums[group] += table.values[row].asSum }
        if state <= 1 { sums.rowCounts[group] += 1 }
        if state == 1 { sums.estimated[group] += table.values[row].asSum }
        if state == 1 { sums.estimateCounts[group] += 1 }
        if state == 2 { sums.withheldCounts[group] += 1 }
        if state == 3 { sums.missingCounts[group] += 1 }
      }
    }
  }

  private func kernel<Value: FactValue, Code: FixedWidthInteger>(
    _ table: Table<Value>, rows: Range<Int>, codes: Code.Type, morsel: Int
  ) -> GroupSums<Value.Sum> {
    var sums = GroupSums<Value.Sum>(groupCount: table.groupCount)
    let (regions, activities) = (table.regions.map { Code($0) }, table.activities.map { Code($0) })
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: morsel) {
      let part = start..<min(start + morsel, rows.upperBound)
      unsafe table.values.withUnsafeBufferPointer { values in
        unsafe table.states.withUnsafeBufferPointer { states in
          unsafe table.covers.withUnsafeBufferPointer { covers in
            unsafe regions.withUnsafeBufferPointer { regions in
              unsafe activities.withUnsafeBufferPointer { activities in
                unsafe addGroupSums(
                  of: values, states: states, covers: covers, regions: regions, activities: activities, rows: part,
                  lookup: table.lookup, into: &sums)
              }
            }
          }
        }
      }
    }
    return sums
  }

  private func check<Value: FactValue, Code: FixedWidthInteger>(
    _ table: Table<Value>, rows: Range<Int>? = nil, codes: Code.Type, _ comment: Comment
  ) {
    let rows = rows ?? 0..<table.values.count
    let expected = Expected<Value.Sum>(table, rows: rows).sums
    for morsel in [1 << 20, 100] {
      let found = kernel(table, rows: rows, codes: codes, morsel: morsel)
      #expect(found.sums == expected.sums, comment)
      #expect(found.estimated == expected.estimated, comment)
      #expect(found.rowCounts == expected.rowCounts, comment)
      #expect(found.estimateCounts == expected.estimateCounts, comment)
      #expect(found.withheldCounts == expected.withheldCounts, comment)
      #expect(found.missingCounts == expected.missingCounts, comment)
    }
  }

  private func random<Value: FactValue>(
    _ random: inout RandomSource, rowCount: Int, codeCount: Int, regionGroups: Int, activityGroups: Int,
    hasStates: Bool = true, hasCovers: Bool = true, value: (inout RandomSource) -> Value
  ) -> Table<Value> {
    let codes = 0..<codeCount
    func group(_ count: Int) -> Int32 {
      random.chance(0.2) ? -1 : Int32.random(in: 0..<Int32(count), using: &random)
    }
    return Table(
      values: (0..<rowCount).map { _ in value(&random) },
      states: hasStates ? (0..<rowCount).map { _ in UInt8.random(in: 0...3, using: &random) } : [],
      covers: hasCovers ? (0..<rowCount).map { _ in random.pick([0, 1, 2, 3, 4, 6, 255]) } : [],
      regions: (0..<rowCount).map { _ in Int.random(in: codes, using: &random) },
      activities: (0..<rowCount).map { _ in Int.random(in: codes, using: &random) },
      lookup: GroupLookup(
        regionOffsets: codes.map { _ in
          let position = group(regionGroups)
          return position < 0 ? -1 : position * Int32(activityGroups)
        },
        activityGroups: codes.map { _ in group(activityGroups) },
        coverLimits: codes.map { _ in random.pick([0, 1, 2, 3, 4, 6]) }),
      groupCount: regionGroups * activityGroups)
  }

  @Test(arguments: 0..<40)
  func randomTablesAddUp(seed: Int) {
    var source = RandomSource(seed: seed)
    let rowCount = source.pick([0, 1, 2, 99, 100, 101, 2_000])
    let (regionGroups, activityGroups) = (source.pick([1, 2, 60]), source.pick([1, 3, 67]))
    let (hasStates, hasCovers) = (source.chance(0.7), source.chance(0.7))
    let narrow = random(
      &source, rowCount: rowCount, codeCount: 100, regionGroups: regionGroups, activityGroups: activityGroups,
      hasStates: hasStates, hasCovers: hasCovers
    ) { Int32.random(in: .min ... .max, using: &$0) }
    check(narrow, codes: UInt8.self, "8 bits, seed \(seed)")
    let wide = random(
      &source, rowCount: rowCount, codeCount: 3_000, regionGroups: regionGroups, activityGroups: activityGroups,
      hasStates: hasStates, hasCovers: hasCovers
    ) { Int64.random(in: -(1 << 50)...(1 << 50), using: &$0) }
    check(wide, codes: UInt16.self, "16 bits, seed \(seed)")
    let real = random(
      &source, rowCount: rowCount, codeCount: 70_000, regionGroups: regionGroups, activityGroups: activityGroups,
      hasStates: hasStates, hasCovers: hasCovers
    ) { Double.random(in: -1e12...1e12, using: &$0) }
    check(real, codes: UInt32.self, "32 bits, seed \(seed)")
  }

  @Test func aPartOfTheRowsIsAdded() {
    var source = RandomSource(seed: 7)
    let table = random(&source, rowCount: 500, codeCount: 20, regionGroups: 3, activityGroups: 4) {
      Int32.random(in: 0...9, using: &$0)
    }
    for rows in [0..<0, 0..<1, 250..<250, 123..<377, 499..<500, 500..<500] {
      check(table, rows: rows, codes: UInt8.self, "\(rows)")
    }
  }

  @Test func manyGroupsAndOne() {
    var source = RandomSource(seed: 1)
    let many = random(&source, rowCount: 20_000, codeCount: 256, regionGroups: 256, activityGroups: 256) {
      Int32.random(in: 0...1_000_000, using: &$0)
    }
    #expect(many.groupCount == 65_536)
    check(many, codes: UInt8.self, "65,536 groups")
    check(many, codes: UInt16.self, "65,536 groups, wide codes")
    let one = random(&source, rowCount: 20_000, codeCount: 256, regionGroups: 1, activityGroups: 1) {
      Int32.random(in: 0...1_000_000, using: &$0)
    }
    check(one, codes: UInt8.self, "one group")
  }

  @Test func equalCodesAndStates() {
    var source = RandomSource(seed: 2)
    var table = random(&source, rowCount: 1_000, codeCount: 10, regionGroups: 2, activityGroups: 3, hasCovers: false) {
      Int32.random(in: 0...1_000_000, using: &$0)
    }
    table.lookup.regionOffsets[9] = 3
    table.lookup.activityGroups[9] = 2
    table.regions = [Int](repeating: 9, count: 1_000)
    table.activities = table.regions
    check(table, codes: UInt8.self, "all codes equal")
    for state in UInt8(0)...3 {
      table.states = [UInt8](repeating: state, count: 1_000)
      check(table, codes: UInt8.self, "all of state \(state)")
    }
    table.lookup.regionOffsets[9] = -1
    check(table, codes: UInt8.self, "all filtered out")
  }

  @Test func largeNumbersAddUpExactly() {
    let table = Table<Int32>(
      values: [.max, .max, .max, 1], states: [], covers: [], regions: [0, 0, 0, 0], activities: [0, 0, 0, 0],
      lookup: GroupLookup(regionOffsets: [0], activityGroups: [0], coverLimits: [1]), groupCount: 1)
    #expect(kernel(table, rows: 0..<4, codes: UInt8.self, morsel: 4).sums == [6_442_450_942])
  }
}
