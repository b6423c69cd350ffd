import CQColumns
import CQPlan

/// Where the elements of a coarser grid stand that belong to those of a finer one, without a list of them.
struct Broadcast: Sendable {
  /// The first element of the source's region for each region of the target.
  let regionBases: [Int]
  let activityStride: Int
  let yearStride: Int
  /// Activities and years of the target.
  let width: Int
  let yearCount: Int

  init(regionBases: [Int], activityStride: Int, yearStride: Int, width: Int, yearCount: Int) {
    self.regionBases = regionBases
    self.activityStride = activityStride
    self.yearStride = yearStride
    self.width = width
    self.yearCount = yearCount
  }

  /// One element for each activity of `grid`.
  init(byActivity grid: Grid) {
    self.init(
      regionBases: [Int](repeating: 0, count: grid.region.groupCount), activityStride: 1, yearStride: 0,
      width: grid.activity.groupCount, yearCount: grid.years.count)
  }

  /// One element for each place and year of `grid`.
  init(byPlaceAndYear grid: Grid) {
    self.init(
      regionBases: (0..<grid.region.groupCount).map { $0 * grid.years.count }, activityStride: 0, yearStride: 1,
      width: grid.activity.groupCount, yearCount: grid.years.count)
  }

  /// Copies `count` elements of `source` to where `target` points: those of the target from `start` on, or as many
  /// activities of one place and year.
  ///
  /// - Parameter step: From one element to the next: 1, or the number of years.
  /// - Precondition: Every base and stride stays within `source`, and `target` has room for `count` elements.
  @inline(__always)
  func copy<Element: BitwiseCopyable>(
    _ source: [Element], from start: Int, count: Int, step: Int = 1, to target: UnsafeMutablePointer<Element>
  ) {
    guard count > 0 else { return }
    let (region, rest) = start.quotientAndRemainder(dividingBy: width * yearCount)
    var (place, (activity, year)) = (region, rest.quotientAndRemainder(dividingBy: yearCount))
    let span = (width - 1) * activityStride + (yearCount - 1) * yearStride
    let places = region...(start + (count - 1) * step) / (width * yearCount)
    precondition(
      step == 1 || step == yearCount && activity + count <= width, "elements of several places")
    precondition(
      places.allSatisfy { regionBases[$0] >= 0 && regionBases[$0] + span < source.count },
      "a broadcast lies outside its source")
    unsafe source.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      // SAFETY: the elements of every place that is met lie within the source, as checked above.
      var row = 0
      while row < count {
        var element = unsafe source + regionBases[place] + activity * activityStride
        if step != 1 {
          unsafe element += year * yearStride
          if activityStride == 0 {
            unsafe target.update(repeating: element.pointee, count: count)
          } else {
            for step in 0..<count { unsafe target[step] = element[step * activityStride] }
          }
          return
        }
        if yearCount > 1, yearStride == 1, activityStride == yearCount {
          // The same years of the same activities: the elements lie side by side.
          let length = min(count - row, (width - activity) * yearCount - year)
          unsafe (target + row).update(from: element + year, count: length)
          row += length
          year = 0
        } else if yearCount > 1, activityStride == 0 {
          // The same years for every activity: one round of them, and then what has been written.
          let length = min(count - row, (width - activity) * yearCount - year)
          var done = min(length, yearCount)
          for step in 0..<done {
            let next = year + step < yearCount ? year + step : year + step - yearCount
            unsafe target[row + step] = element[next * yearStride]
          }
          while done < length {
            let part = min(done, length - done)
            unsafe (target + row + done).update(from: target + row, count: part)
            done += part
          }
          row += length
          year = 0
        } else if yearCount == 1 {
          // One element per activity: whole rows of activities at a time.
          let length = min(count - row, width - activity)
          if activityStride == 0 {
            unsafe (target + row).update(repeating: element.pointee, count: length)
          } else if activityStride == 1 {
            unsafe (target + row).update(from: element, count: length)
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
