import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
import Testing

@testable import CQEngine

/// Cells rolled up from sums by code, and rows in their order, against versions that are too simple to be wrong.
struct RollUpTests {
  private struct Shape {
    var regionCodes: Int
    var activityCodes: Int
    var regions: Int
    var activities: Int
    var years: Int
    /// Each group is one code, in some order.
    var isPermutation = false
    /// Each group is the code of its number.
    var isIdentity = false
    /// Of all cells, the part that has rows.
    var density = 0.7
  }

  private func control(threads: Int) -> RunControl {
    RunControl(cancellation: Cancellation(), limits: Limits(threads: threads))
  }

  private func groups(_ codes: Int, _ count: Int, _ shape: Shape, _ random: inout RandomSource) -> [Int32] {
    if shape.isIdentity { return (0..<codes).map { Int32($0) } }
    if shape.isPermutation { return (0..<codes).shuffled(using: &random).map { $0 < count ? Int32($0) : -1 } }
    return (0..<codes).map { _ in Int32(random.next(below: count + 1)) - 1 }
  }

  private func check(_ shape: Shape, seed: Int, absentIsZero: Bool) throws {
    var random = RandomSource(seed: seed)
    var years: [RollUp.Year?] = []
    let width = shape.activities
    let cellCount = shape.regions * width * shape.years
    var expected = [(value: Double, state: CellState)](repeating: (0, .missing), count: cellCount)
    for year in 0..<shape.years {
      if shape.years > 1, random.next(below: 5) == 0 {
        years.append(nil)
        continue
      }
      let sums = CodeSums<Int64>(
        regionCount: shape.regionCodes, activityCount: shape.activityCodes, hasStates: false)
      let regionGroups = groups(shape.regionCodes, shape.regions, shape, &random)
      let activityGroups = groups(shape.activityCodes, width, shape, &random)
      let exists = (0..<width).map { _ in random.next(below: 2) == 0 }
      let isListed = (0..<shape.regions).map { _ in random.next(below: 2) == 0 }
      if absentIsZero {
        for region in 0..<shape.regions where isListed[region] {
          for activity in 0..<width where exists[activity] {
            expected[(region * width + activity) * shape.years + year].state = .known
          }
        }
      }
      for region in 0..<shape.regionCodes {
        for activity in 0..<shape.activityCodes where random.chance(shape.density) {
          let cell = region * shape.activityCodes + activity
          unsafe sums.sums[cell] = Int64(random.next(below: 1_000_000))
          unsafe sums.isPresent[cell] = 1
          guard regionGroups[region] >= 0, activityGroups[activity] >= 0 else { continue }
          let target = (Int(regionGroups[region]) * width + Int(activityGroups[activity])) * shape.years + year
          expected[target].value += unsafe Double(sums.sums[cell])
          expected[target].state = .known
        }
      }
      sums.addUp()
      years.append(
        RollUp.Year(
          SumsByCode(.integers(sums)), regionGroups: regionGroups, activityGroups: activityGroups, isListed: isListed,
          exists: exists))
    }
    let grid = Grid(
      region: RegionAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: shape.regions)),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: width)),
      years: Array(0..<shape.years))
    for threads in [1, 2, 7] {
      let control = control(threads: threads)
      let cells = try RollUp(
        grid: grid, years: years, scale: 0.5, absentIsZero: absentIsZero, control: control
      ).cells()
      let found = try cells.numbers(control)
      #expect(found.count == cellCount && found.states.count == cellCount)
      let wrong = (0..<cellCount).first {
        found.values[$0] != expected[$0].value * 0.5 || found.states[$0] != expected[$0].state
      }
      #expect(wrong == nil, "\(shape), \(threads) threads: cell \(wrong ?? -1)")
      #expect(cells.coded != nil || !shape.isIdentity)
      if let coded = cells.coded { checkBlocks(of: coded, found, shape, &random) }
    }
  }

  /// Any block of cells is what it is among all of them.
  private func checkBlocks(of cells: CodedCells, _ all: Vector, _ shape: Shape, _ random: inout RandomSource) {
    for round in 0..<20 where all.count > 0 {
      let start = random.next(below: all.count)
      // Cells that follow each other, or those of one year and place.
      let step = round % 2 == 0 ? 1 : shape.years
      let rest = step == 1 ? all.count - start : shape.activities - start / shape.years % shape.activities
      let count = 1 + random.next(below: min(1_500, rest))
      let wanted = (0..<count).map { start + $0 * step }
      var values = [Double](repeating: .nan, count: count)
      var states = [UInt8](repeating: 9, count: count)
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe states.withUnsafeMutableBufferPointer { states in
          if let values = values.baseAddress, let states = states.baseAddress {
            unsafe cells.write(from: start, count: count, step: step, values: values, states: states)
          }
        }
      }
      #expect(values == wanted.map { all.values[$0] })
      #expect(states == wanted.map { all.states[$0].rawValue })
      if step == 1 { #expect(cells.states(start..<start + count) == Array(all.states[start..<start + count])) }
    }
  }

  @Test(arguments: 0..<8)
  func groupsOfSeveralCells(seed: Int) throws {
    var random = RandomSource(seed: seed)
    try check(
      Shape(
        regionCodes: 1 + random.next(below: 30), activityCodes: 1 + random.next(below: 300),
        regions: 1 + random.next(below: 8), activities: [1, 3, 40][seed % 3], years: 1 + random.next(below: 5)),
      seed: seed, absentIsZero: seed % 2 == 0)
  }

  @Test(arguments: 0..<8)
  func groupsOfOneCell(seed: Int) throws {
    var random = RandomSource(seed: seed)
    let (regions, activities) = (1 + random.next(below: 20), 1 + random.next(below: 200))
    try check(
      Shape(
        regionCodes: regions, activityCodes: activities, regions: regions, activities: activities,
        years: 1 + random.next(below: 25), isPermutation: true, isIdentity: seed % 4 == 1, density: 0.5),
      seed: seed, absentIsZero: seed % 2 == 0)
  }

  @Test func edges() throws {
    try check(
      Shape(regionCodes: 1, activityCodes: 1, regions: 1, activities: 1, years: 1, density: 0), seed: 1,
      absentIsZero: true)
    // 65,536 groups, most of them empty.
    try check(
      Shape(regionCodes: 256, activityCodes: 256, regions: 256, activities: 256, years: 1, density: 0.01), seed: 2,
      absentIsZero: false)
    // More cells than one chunk has.
    try check(
      Shape(regionCodes: 300, activityCodes: 5_000, regions: 3, activities: 7, years: 2), seed: 3, absentIsZero: true)
  }

  @Test func rowsThatAreLeftAreRangesOrAList() throws {
    var random = RandomSource(seed: 4)
    let values = (0..<300_000).map { Int32($0) }
    for threads in [1, 7] {
      let control = control(threads: threads)
      // Whole stretches missing, single rows missing, nothing, everything.
      let kept: [(Int) -> Bool] = [
        { $0 < 100_000 || $0 > 250_000 }, { $0 % 7 != 0 }, { _ in true }, { _ in false },
        { _ in random.chance(0.5) },
      ]
      for (index, isKept) in kept.enumerated() {
        for order in [RowOrder.all(values.count), .list(values.reversed())] {
          let left = try order.filter(control, isKept)
          let rows = left.rows
          if index < 4 { #expect(rows == order.rows.filter { isKept(Int($0)) }) }
          #expect(left.count == rows.count)
          #expect(try left.gathered(values, control) == rows.map { values[Int($0)] })
          if index == 0, case .ranges = order, case .list = left { Issue.record("two stretches are a list") }
        }
      }
    }
  }

  @Test func columnsOfAGridAreArithmetic() throws {
    let (regions, activities, years) = (7, 1_500, 9)
    let grid = Grid(
      region: RegionAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: regions)),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: activities)),
      years: Array(2011..<2011 + years))
    for threads in [1, 7] {
      let layout = GridLayout(grid: grid, levels: [], control: control(threads: threads))
      let axes = [(regions, activities * years), (activities, years), (years, 1)].map { count, stride in
        GridLayout.Axis(codes: (0..<Int32(count)).map { $0 * 3 }, stride: stride)
      }
      for axis in axes {
        let expected = (0..<grid.cellCount).map { axis.codes[$0 / axis.stride % axis.codes.count] }
        #expect(try layout.filled(axis, .all(grid.cellCount)) == expected)
        #expect(
          try layout.filled(axis, .ranges([5..<31, 40_000..<90_001]))
            == Array(expected[5..<31] + expected[40_000..<90_001])
        )
        let rows = stride(from: Int32(grid.cellCount - 1), to: 0, by: -7).map { $0 }
        #expect(try layout.filled(axis, .list(rows)) == rows.map { expected[Int($0)] })
      }
    }
  }
}
