import CQColumns

/// The groups of one year of a grid, from its sums by code.
///
/// Where every group is a single cell, nothing is added up. Else the region codes are cut into chunks by the shape of the
/// table alone, and chunks are put together in their order: doubles have the same bits for any number of threads.
///
/// Every loop is generic and called for one kind of sums at a time, so that each is compiled for itself.
@safe final class YearGroups: @unchecked Sendable {
  // SAFETY: a chunk is written by the one worker that has it, and read when all have ended.
  /// Groups that some regions have cells of, with their sums.
  private struct Chunk<Sum: GroupSum> {
    var groups = 0..<0
    var sums: [Sum] = []
    var isPresent: [UInt8] = []
  }

  private enum Chunks {
    case integers([Chunk<Int64>])
    case wideIntegers([Chunk<Int128>])
    case decimals([Chunk<Double>])
  }

  /// The codes of groups of a single cell each, or -1.
  private struct SingleCells {
    let regions: [Int32]
    let activities: [Int32]
  }

  /// Cells of a chunk, about.
  private static let chunkCellCount = 1 << 20

  private let sums: PeriodSums
  private let singleCells: SingleCells?
  /// For each region code the first group of its place, or -1.
  private let offsets: [Int]
  private let activityGroups: [Int32]
  private let width: Int
  private let regionsPerChunk: Int
  /// One element for each chunk, and in the first one all of them once they are put together.
  private let chunks: UnsafeMutablePointer<Chunks?>
  let chunkCount: Int

  /// - Precondition: The groups of `year` are below `regionCount` and `width`.
  init(_ year: RollUp.Year, regionCount: Int, width: Int) {
    sums = year.sums
    self.width = width
    let shape = year.sums.shape
    offsets = year.regionGroups.map { $0 < 0 ? -1 : Int($0) * width }
    activityGroups = year.activityGroups
    precondition(
      offsets.count == shape.regionCount && activityGroups.count == shape.activityCount
        && year.regionGroups.allSatisfy { $0 < regionCount } && activityGroups.allSatisfy { $0 < width },
      "a group lies outside the grid")
    if let regions = Self.codes(of: year.regionGroups, count: regionCount),
      let activities = Self.codes(of: year.activityGroups, count: width)
    {
      singleCells = SingleCells(regions: regions, activities: activities)
    } else {
      singleCells = nil
    }
    regionsPerChunk = max(1, Self.chunkCellCount / max(1, shape.activityCount))
    chunkCount = singleCells == nil ? (shape.regionCount + regionsPerChunk - 1) / regionsPerChunk : 0
    unsafe chunks = .allocate(capacity: chunkCount)
    unsafe chunks.initialize(repeating: nil, count: chunkCount)
  }

  deinit {
    unsafe chunks.deinitialize(count: chunkCount)
    unsafe chunks.deallocate()
  }

  /// The one code of each group, or -1; nil where a group has several.
  private static func codes(of groups: [Int32], count: Int) -> [Int32]? {
    var codes = [Int32](repeating: -1, count: count)
    for (code, group) in groups.enumerated() where group >= 0 {
      guard codes[Int(group)] < 0 else { return nil }
      codes[Int(group)] = Int32(code)
    }
    return codes
  }

  // MARK: - Adding up

  /// Adds up the cells of one chunk; different chunks may be added up at the same time.
  func addUp(chunk index: Int) {
    precondition(index >= 0 && index < chunkCount, "no such chunk")
    switch sums {
    case .integers(let sums): unsafe chunks[index] = .integers([added(sums, index)])
    case .wideIntegers(let sums): unsafe chunks[index] = .wideIntegers([added(sums, index)])
    case .decimals(let sums): unsafe chunks[index] = .decimals([added(sums, index)])
    }
  }

  private func added<Sum>(_ sums: CodeSums<Sum>, _ index: Int) -> Chunk<Sum> {
    let regions = index * regionsPerChunk..<min(sums.regionCount, (index + 1) * regionsPerChunk)
    let starts = offsets[regions].filter { $0 >= 0 }
    guard let first = starts.min(), let last = starts.max() else { return Chunk() }
    var chunk = Chunk<Sum>(groups: first..<last + width)
    chunk.sums = [Sum](repeating: .zero, count: chunk.groups.count)
    chunk.isPresent = [UInt8](repeating: 0, count: chunk.groups.count)
    let activityCount = sums.activityCount
    let isIdentity = width >= activityCount && activityGroups.indices.allSatisfy { activityGroups[$0] == Int32($0) }
    let isSingle = width == 1 && activityGroups.allSatisfy { $0 == 0 }
    unsafe chunk.sums.withUnsafeMutableBufferPointer { totals in
      unsafe chunk.isPresent.withUnsafeMutableBufferPointer { present in
        guard let totals = totals.baseAddress, let present = present.baseAddress else { return }
        // SAFETY: offsets lie between the first and the last, groups of activities below the width (checked in init).
        for region in regions where offsets[region] >= 0 {
          let (totals, present) = unsafe (totals + offsets[region] - first, present + offsets[region] - first)
          let base = region * activityCount
          let (cells, isPresent) = unsafe (sums.sums + base, sums.isPresent + base)
          if isSingle {
            var (sum, presence) = (Sum.zero, UInt8(0))
            for activity in 0..<activityCount { unsafe sum.add(cells[activity]) }
            for activity in 0..<activityCount { unsafe presence |= isPresent[activity] }
            unsafe totals.pointee.add(sum)
            unsafe present.pointee |= presence
          } else if isIdentity {
            for activity in 0..<activityCount { unsafe totals[activity].add(cells[activity]) }
            for activity in 0..<activityCount { unsafe present[activity] |= isPresent[activity] }
          } else {
            for activity in 0..<activityCount where activityGroups[activity] >= 0 {
              let group = Int(activityGroups[activity])
              unsafe totals[group].add(cells[activity])
              unsafe present[group] |= isPresent[activity]
            }
          }
        }
      }
    }
    return chunk
  }

  /// Adds the chunks in their order, once all are there.
  func putTogether() {
    guard chunkCount > 1 else { return }
    switch sums {
    case .integers:
      unsafe chunks[0] = .integers([whole { if case .integers(let chunks) = $0 { chunks[0] } else { nil } }])
    case .wideIntegers:
      unsafe chunks[0] = .wideIntegers([whole { if case .wideIntegers(let chunks) = $0 { chunks[0] } else { nil } }])
    case .decimals:
      unsafe chunks[0] = .decimals([whole { if case .decimals(let chunks) = $0 { chunks[0] } else { nil } }])
    }
    for index in 1..<chunkCount { unsafe chunks[index] = nil }
  }

  private func whole<Sum>(_ content: (Chunks) -> Chunk<Sum>?) -> Chunk<Sum> {
    let parts = (0..<chunkCount).compactMap { index in unsafe chunks[index].flatMap(content) }.filter {
      !$0.groups.isEmpty
    }
    guard let first = parts.map(\.groups.lowerBound).min(), let end = parts.map(\.groups.upperBound).max() else {
      return Chunk()
    }
    var whole = Chunk<Sum>(groups: first..<end)
    whole.sums = [Sum](repeating: .zero, count: whole.groups.count)
    whole.isPresent = [UInt8](repeating: 0, count: whole.groups.count)
    for part in parts {
      let shift = part.groups.lowerBound - first
      for group in part.sums.indices {
        whole.sums[group + shift].add(part.sums[group])
        whole.isPresent[group + shift] |= part.isPresent[group]
      }
    }
    return whole
  }

  // MARK: - Writing

  /// Writes the groups of `activities` within `region`.
  ///
  /// - Parameter absent: For each activity the raw state of a group without rows.
  func write(_ activities: Range<Int>, of region: Int, absent: [UInt8], to target: YearTarget) {
    precondition(activities.lowerBound >= 0 && activities.upperBound <= min(width, absent.count), "too many activities")
    unsafe absent.withUnsafeBufferPointer { absent in
      guard let absent = absent.baseAddress else { return }
      switch (sums, chunkCount > 0 ? unsafe chunks[0] : nil) {
      case (_, .integers(let chunks)): unsafe write(activities, region, chunks[0], absent, target)
      case (_, .wideIntegers(let chunks)): unsafe write(activities, region, chunks[0], absent, target)
      case (_, .decimals(let chunks)): unsafe write(activities, region, chunks[0], absent, target)
      case (.integers(let sums), nil): unsafe write(activities, region, sums, absent, target)
      case (.wideIntegers(let sums), nil): unsafe write(activities, region, sums, absent, target)
      case (.decimals(let sums), nil): unsafe write(activities, region, sums, absent, target)
      }
    }
  }

  private func write<Sum>(
    _ activities: Range<Int>, _ region: Int, _ chunk: Chunk<Sum>, _ absent: UnsafePointer<UInt8>, _ target: YearTarget
  ) {
    for (position, activity) in activities.enumerated() {
      let group = region * width + activity - chunk.groups.lowerBound
      // SAFETY: the target has an element for every activity, and so has `absent`.
      if group >= 0, group < chunk.sums.count, chunk.isPresent[group] != 0 {
        target.set(position, chunk.sums[group].number, CellState.known.rawValue)
      } else {
        unsafe target.set(position, 0, absent[activity])
      }
    }
  }

  private func write<Sum>(
    _ activities: Range<Int>, _ region: Int, _ sums: CodeSums<Sum>, _ absent: UnsafePointer<UInt8>, _ target: YearTarget
  ) {
    guard let singleCells, singleCells.regions[region] >= 0 else {
      for (position, activity) in activities.enumerated() { unsafe target.set(position, 0, absent[activity]) }
      return
    }
    let base = Int(singleCells.regions[region]) * sums.activityCount
    unsafe singleCells.activities.withUnsafeBufferPointer { codes in
      // SAFETY: codes are positions in lists as long as the table's; the target has an element for every activity.
      let (cells, isPresent) = unsafe (sums.sums + base, sums.isPresent + base)
      for (position, activity) in activities.enumerated() {
        let code = unsafe Int(codes[activity])
        if code >= 0 {
          // Cells without rows have sums of 0.
          let state = unsafe isPresent[code] != 0 ? CellState.known.rawValue : absent[activity]
          unsafe target.set(position, cells[code].number, state)
        } else {
          unsafe target.set(position, 0, absent[activity])
        }
      }
    }
  }
}

/// Where the groups of one year go: every `stride`-th element.
@safe struct YearTarget {
  // SAFETY: whoever makes this vouches for the elements that are set.
  let values: UnsafeMutablePointer<Double>
  let states: UnsafeMutablePointer<UInt8>
  let stride: Int
  let scale: Double

  @inline(__always)
  func set(_ position: Int, _ value: Double, _ state: UInt8) {
    unsafe values[position * stride] = value * scale
    unsafe states[position * stride] = state
  }
}
