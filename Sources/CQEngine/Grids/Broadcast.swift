import CQColumns

/// Where the elements of a coarser grid stand that belong to those of a finer one, without a list of them.
struct Broadcast: Sendable {
  /// The first element of the source's region for each region of the target.
  let regionBases: [Int]
  let activityStride: Int
  let yearStride: Int
  /// Activities and years of the target.
  let width: Int
  let yearCount: Int

  /// Copies `count` elements of `source`, those of the target from `start` on, to where `target` points.
  ///
  /// - Precondition: Every base and stride stays within `source`, and `target` has room for `count` elements.
  @inline(__always)
  func copy<Element: BitwiseCopyable>(
    _ source: [Element], from start: Int, count: Int, to target: UnsafeMutablePointer<Element>
  ) {
    guard count > 0 else { return }
    let (region, rest) = start.quotientAndRemainder(dividingBy: width * yearCount)
    var (place, (activity, year)) = (region, rest.quotientAndRemainder(dividingBy: yearCount))
    let span = (width - 1) * activityStride + (yearCount - 1) * yearStride
    let places = region...(start + count - 1) / (width * yearCount)
    precondition(
      places.allSatisfy { regionBases[$0] >= 0 && regionBases[$0] + span < source.count },
      "a broadcast lies outside its source")
    unsafe source.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      // SAFETY: the elements of every place that is met lie within the source, as checked above.
      var row = 0
      while row < count {
        var element = unsafe source + regionBases[place] + activity * activityStride
        if yearCount == 1 {
          // One element per activity: whole rows of activities at a time.
          let length = min(count - row, width - activity)
          if activityStride == 0 {
            unsafe (target + row).update(repeating: element.pointee, count: length)
          } else {
            for step in 0..<length { unsafe target[row + step] = element[step * activityStride] }
          }
          row += length
          activity += length
        } else {
          while activity < width, row < count {
            let length = min(count - row, yearCount - year)
            if yearStride == 0 {
              for step in 0..<length { unsafe target[row + step] = element.pointee }
            } else {
              for step in 0..<length { unsafe target[row + step] = element[year + step] }
            }
            row += length
            year = 0
            activity += 1
            unsafe element += activityStride
          }
        }
        activity = 0
        place += 1
      }
    }
  }

  /// All elements, one per element of the target.
  func gathered(_ source: Vector) -> Vector {
    let count = regionBases.count * width * yearCount
    return Vector(
      values: unsafe [Double](writing: count) { target in
        if let target = target.baseAddress { unsafe copy(source.values, from: 0, count: count, to: target) }
      },
      states: unsafe [CellState](writing: count) { target in
        if let target = target.baseAddress { unsafe copy(source.states, from: 0, count: count, to: target) }
      })
  }

  /// The element of the source behind each element of the target.
  func sourceRows() -> [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(regionBases.count * width * yearCount)
    for base in regionBases {
      for activity in 0..<width {
        for year in 0..<yearCount { rows.append(base + activity * activityStride + year * yearStride) }
      }
    }
    return rows
  }
}
