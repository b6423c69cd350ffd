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

  /// Copies `count` elements of `source`, those of the target from `start` on.
  ///
  /// - Precondition: Every base and stride stays within `source`.
  @inline(__always)
  func copy<Element>(
    _ source: [Element], from start: Int, count: Int, into target: inout [Element], at base: Int
  ) {
    guard count > 0 else { return }
    var (region, rest) = start.quotientAndRemainder(dividingBy: width * yearCount)
    var (activity, year) = rest.quotientAndRemainder(dividingBy: yearCount)
    var row = 0
    if yearCount == 1 {
      // One element per activity: whole rows of activities at a time.
      while row < count {
        let length = min(count - row, width - activity)
        step(source, regionBases[region] + activity * activityStride, activityStride, length, &target, base + row)
        row += length
        activity = 0
        region += 1
      }
      return
    }
    while row < count {
      let first = regionBases[region] + activity * activityStride + year * yearStride
      let length = min(count - row, yearCount - year)
      step(source, first, yearStride, length, &target, base + row)
      row += length
      year = 0
      activity += 1
      if activity == width {
        activity = 0
        region += 1
      }
    }
  }

  @inline(__always)
  private func step<Element>(
    _ source: [Element], _ first: Int, _ stride: Int, _ length: Int, _ target: inout [Element], _ base: Int
  ) {
    precondition(
      first >= 0 && first + (length - 1) * stride < source.count && base + length <= target.count,
      "a broadcast lies outside its source")
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        // SAFETY: checked above.
        for step in 0..<length { unsafe target[base + step] = source[first + step * stride] }
      }
    }
  }

  /// All elements, one per element of the target.
  func gathered(_ source: Vector) -> Vector {
    let count = regionBases.count * width * yearCount
    var result = Vector(repeating: .missing, count: count)
    copy(source.values, from: 0, count: count, into: &result.values, at: 0)
    copy(source.states, from: 0, count: count, into: &result.states, at: 0)
    return result
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
