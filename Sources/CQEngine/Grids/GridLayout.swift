import CQCatalog
import CQColumns
import CQPlan

/// Where the cells of a grid stand (region, then activity, then year), and in which order they become rows.
///
/// The columns of a grid are arithmetic: the member of a cell follows from its number, and nothing is looked up for it.
struct GridLayout {
  let grid: Grid
  let levels: [Level]
  let control: RunControl
  /// The cells that there are; nil for all of them.
  var sparse: SparseCells?

  /// Elements of a column.
  var cellCount: Int { sparse?.count ?? grid.cellCount }

  private var regions: Int { grid.region.groupCount }
  private var activities: Int { grid.activity.groupCount }
  private var years: Int { grid.years.count }

  // MARK: - Columns

  /// Codes of the cells along one dimension: that of a cell is `codes[cell / stride % codes.count]`.
  struct Axis: Sendable {
    let codes: [Int32]
    let stride: Int
  }

  /// The members that `level` shows, each as `shown` makes it, and where they stand.
  func members<Shown>(_ level: Level, _ shown: (Member) -> Shown) -> (axis: Axis, members: [Shown]) {
    let isPlace = level.dimension == .region
    let levels = isPlace ? grid.region.levels : grid.activity.levels
    let position = levels.firstIndex(of: level) ?? 0
    let entries = isPlace ? grid.region.entries : grid.activity.entries
    let stride = isPlace ? activities * years : years
    // Entries of a single level are all different.
    if levels.count == 1 {
      return (Axis(codes: entries.indices.map { Int32($0) }, stride: stride), entries.map { shown($0[position]) })
    }
    let (codes, distinct) = codes(entries.map { $0[position] })
    return (Axis(codes: codes, stride: stride), distinct.map(shown))
  }

  /// The years, or the quarters.
  func periods(_ level: Level) -> Axis {
    Axis(codes: grid.years.map { Int32(clamping: level == .year ? Period.year(of: $0) : $0) }, stride: 1)
  }

  /// The column that shows `level`, one value per cell.
  func column(_ level: Level) throws -> RowColumn {
    if level.dimension == .period {
      let years = try filled(periods(level), .all(cellCount))
      return .numbers(
        Vector(
          values: try control.elements(years.count) { Double(years[$0]) },
          states: [CellState](repeating: .known, count: years.count)))
    }
    let (axis, members) = members(level) { $0 }
    return .members(try filled(axis, .all(cellCount)), members)
  }

  /// The codes of the cells in `rows`.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func filled(_ axis: Axis, _ rows: RowOrder) throws -> [Int32] {
    let units = rows.units(of: RunControl.morselRowCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: units.count > 4)
    let perStride = Divisor(max(1, axis.stride), below: grid.cellCount)
    let perRound = Divisor(max(1, axis.codes.count), below: grid.cellCount)
    @Sendable @inline(__always)
    func code(_ cell: Int) -> Int32 {
      axis.codes[perRound.quotientAndRemainder(perStride.quotientAndRemainder(cell).quotient).remainder]
    }
    return try unsafe [Int32](writing: rows.count) { target in
      let target = unsafe SharedElements(target)
      try scheduler.run(units.count) { index in
        try control.check()
        let unit = units[index]
        let part = unsafe target.part(unit.target)
        switch (unit.source, sparse) {
        case (.range(let cells), nil): unsafe axis.fill(cells, into: part)
        case (.list(let rows), nil): unsafe axis.gather(rows, into: part)
        case (.range(let elements), let sparse?):
          for (position, element) in elements.enumerated() { unsafe part[position] = code(sparse.numbers[element]) }
        case (.list(let rows), let sparse?):
          for (position, row) in rows.enumerated() { unsafe part[position] = code(sparse.numbers[Int(row)]) }
        }
      }
    }
  }

  /// The different members of entries, and which each entry is.
  private func codes(_ entries: [Member]) -> (codes: [Int32], members: [Member]) {
    var distinct: [Member] = []
    var codes: [MemberKey: Int32] = [:]
    let codeOfEntry = entries.map { member -> Int32 in
      if let last = distinct.last, last.key == member.key { return Int32(distinct.count - 1) }
      if let code = codes[member.key] { return code }
      distinct.append(member)
      codes[member.key] = Int32(distinct.count - 1)
      return Int32(distinct.count - 1)
    }
    return (codeOfEntry, distinct)
  }

  // MARK: - Rows

  /// Cells in the order of `by:`: the first dimension named changes slowest.
  func rowOrder() throws -> RowOrder {
    var dimensions: [Dimension] = []
    for level in levels where !dimensions.contains(level.dimension) { dimensions.append(level.dimension) }
    for dimension in [Dimension.region, .activity, .period] where !dimensions.contains(dimension) {
      dimensions.append(dimension)
    }
    let sizes: [Dimension: Int] = [.region: regions, .activity: activities, .period: years]
    let strides: [Dimension: Int] = [.region: activities * years, .activity: years, .period: 1]
    // A dimension with a single member changes nothing.
    let varying = dimensions.filter { sizes[$0] != 1 }
    if varying == [.region, .activity, .period].filter({ sizes[$0] != 1 }) { return .all(cellCount) }
    if let sparse { return try rowOrder(sparse, dimensions, sizes) }
    let (outer, middle, inner) = (dimensions[0], dimensions[1], dimensions[2])
    let (outerStride, middleStride, innerStride) = (strides[outer] ?? 0, strides[middle] ?? 0, strides[inner] ?? 0)
    let (middleCount, innerCount) = (sizes[middle] ?? 0, sizes[inner] ?? 0)
    let (outerCount, width) = (sizes[outer] ?? 0, middleCount * innerCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: grid.cellCount > 4 * RunControl.morselRowCount)
    let order = try unsafe [Int32](writing: grid.cellCount) { order in
      let order = unsafe SharedElements(order)
      try scheduler.run(outerCount) { first in
        try control.check()
        let part = unsafe order.part(first * width..<(first + 1) * width)
        var position = 0
        let rowsBetweenChecks = max(1, RunControl.morselRowCount / max(1, innerCount))
        for second in 0..<middleCount {
          if second % rowsBetweenChecks == 0 { try control.check() }
          let base = first * outerStride + second * middleStride
          for third in 0..<innerCount {
            unsafe part[position] = Int32(truncatingIfNeeded: base + third * innerStride)
            position += 1
          }
        }
      }
    }
    return .list(order)
  }

  /// The same for the cells that there are: sorted by where each would stand.
  private func rowOrder(
    _ sparse: SparseCells, _ dimensions: [Dimension], _ sizes: [Dimension: Int]
  ) throws -> RowOrder {
    var strides: [Dimension: Int] = [:]
    var stride = 1
    for dimension in dimensions.reversed() {
      strides[dimension] = stride
      stride *= sizes[dimension] ?? 1
    }
    let (region, activity, period) = (strides[.region] ?? 0, strides[.activity] ?? 0, strides[.period] ?? 0)
    // The place of each cell is a bit of its own, so that no cell need be compared with another.
    func place(_ element: Int) -> Int {
      let place = sparse.place(element)
      return place.region * region + place.activity * activity + place.year * period
    }
    try control.ledger.reserve(CellSet.byteCount(spaceCount: stride), control.limits)
    var places = try CellSet(spaceCount: stride, control)
    try control.morsels(sparse.count) { for element in $0 { places.insert(place(element)) } }
    try places.finish(control)
    var order = [Int32](repeating: 0, count: sparse.count)
    try control.morsels(sparse.count) { elements in
      for element in elements { order[places.rank(place(element))] = Int32(truncatingIfNeeded: element) }
    }
    control.ledger.release(places.byteCount)
    return .list(order)
  }
}

extension GridLayout.Axis {
  /// Writes the codes of the cells in `cells`.
  ///
  /// - Precondition: `target` has as many elements.
  fileprivate func fill(_ cells: Range<Int>, into target: UnsafeMutableBufferPointer<Int32>) {
    precondition(target.count == cells.count, "as many codes as cells")
    guard !codes.isEmpty, let target = target.baseAddress else { return }
    unsafe codes.withUnsafeBufferPointer { codes in
      guard let first = codes.baseAddress else { return }
      var (entry, offset) = cells.lowerBound.quotientAndRemainder(dividingBy: stride)
      entry %= codes.count
      var position = 0
      // SAFETY: lengths end with the target and with the codes.
      while position < cells.count {
        let rest = cells.count - position
        if stride == 1 {
          let length = min(codes.count - entry, rest)
          unsafe (target + position).update(from: first + entry, count: length)
          position += length
          entry = 0
          continue
        }
        let length = min(stride - offset, rest)
        unsafe (target + position).update(repeating: first[entry], count: length)
        position += length
        offset = 0
        entry = entry + 1 == codes.count ? 0 : entry + 1
      }
    }
  }

  /// Writes the codes of the cells in `rows`.
  fileprivate func gather(_ rows: ArraySlice<Int32>, into target: UnsafeMutableBufferPointer<Int32>) {
    // A list has fewer than 2^31 rows, and short divisions are quicker.
    let (stride, count) = (UInt32(clamping: stride), UInt32(clamping: codes.count))
    for (position, row) in rows.enumerated() {
      unsafe target[position] = codes[Int(UInt32(bitPattern: row) / stride % count)]
    }
  }
}
