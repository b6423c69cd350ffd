import CQCatalog
import CQColumns
import CQPlan

/// Where the cells of a grid stand (region, then activity, then year), and in which order they become rows.
struct GridLayout {
  let grid: Grid
  let levels: [Level]

  private var regions: Int { grid.region.groupCount }
  private var activities: Int { grid.activity.groupCount }
  private var years: Int { grid.years.count }

  /// The column that shows `level`, one value per cell.
  func column(_ level: Level) -> RowColumn {
    switch level.dimension {
    case .region:
      let position = grid.region.levels.firstIndex(of: level) ?? 0
      let (codes, members) = codes(grid.region.entries.map { $0[position] })
      return .members(stretched(codes, activities * years), members)
    case .activity:
      let position = grid.activity.levels.firstIndex(of: level) ?? 0
      let (codes, members) = codes(grid.activity.entries.map { $0[position] })
      return .members(repeated(stretched(codes, years), regions), members)
    case .period:
      let shown = grid.years.map { Double(level == .year ? Period.year(of: $0) : $0) }
      return .numbers(
        Vector(
          values: repeated(shown, regions * activities),
          states: [CellState](repeating: .known, count: grid.cellCount)))
    }
  }

  /// Each code `count` times.
  private func stretched(_ codes: [Int32], _ count: Int) -> [Int32] {
    var result = [Int32](repeating: 0, count: codes.count * count)
    for (index, code) in codes.enumerated() {
      for position in index * count..<(index + 1) * count { result[position] = code }
    }
    return result
  }

  private func repeated<Element>(_ elements: [Element], _ count: Int) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(elements.count * count)
    for _ in 0..<count { result.append(contentsOf: elements) }
    return result
  }

  /// The different members of entries, and which each entry is.
  private func codes(_ entries: [Member]) -> (codes: [Int32], members: [Member]) {
    var distinct: [Member] = []
    var codes: [Member: Int32] = [:]
    let codeOfEntry = entries.map { member -> Int32 in
      if let code = codes[member] { return code }
      distinct.append(member)
      codes[member] = Int32(distinct.count - 1)
      return Int32(distinct.count - 1)
    }
    return (codeOfEntry, distinct)
  }

  /// Cells in the order of `by:`: the first dimension named changes slowest.
  func rowOrder() -> [Int] {
    var dimensions: [Dimension] = []
    for level in levels where !dimensions.contains(level.dimension) { dimensions.append(level.dimension) }
    for dimension in [Dimension.region, .activity, .period] where !dimensions.contains(dimension) {
      dimensions.append(dimension)
    }
    if dimensions == [.region, .activity, .period] { return Array(0..<grid.cellCount) }
    let sizes: [Dimension: Int] = [.region: regions, .activity: activities, .period: years]
    let strides: [Dimension: Int] = [.region: activities * years, .activity: years, .period: 1]
    let (outer, middle, inner) = (dimensions[0], dimensions[1], dimensions[2])
    var order: [Int] = []
    order.reserveCapacity(grid.cellCount)
    for first in 0..<(sizes[outer] ?? 0) {
      for second in 0..<(sizes[middle] ?? 0) {
        let base = first * (strides[outer] ?? 0) + second * (strides[middle] ?? 0)
        for third in 0..<(sizes[inner] ?? 0) { order.append(base + third * (strides[inner] ?? 0)) }
      }
    }
    return order
  }
}
