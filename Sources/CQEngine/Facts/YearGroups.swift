import CQColumns

/// The groups of one year of a grid, from its sums by code.
///
/// The region codes are cut into chunks by the shape of the table alone, and chunks are put together in their order: doubles
/// have the same bits for any number of threads. Groups that are all single cells are better left to ``CodedCells``.
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

  /// Cells of a chunk, about.
  private static let chunkCellCount = 1 << 20

  private let sums: PeriodSums
  /// For each region code the first group of its place, or -1.
  private let offsets: [Int]
  private let activityGroups: [Int32]
  private let width: Int
  private let regionsPerChunk: Int
  /// All regions are in one group; all activities are in one group, the only one.
  private let isWhole: Bool
  private let isSingle: Bool
  /// One element for each chunk, and in the first one all of them once they are put together.
  private let chunks: UnsafeMutablePointer<Chunks?>
  let chunkCount: Int

  /// Places whose cells are added up together.
  static func regionsPerChunk(activityCount: Int) -> Int { max(1, chunkCellCount / max(1, activityCount)) }

  /// - Precondition: The groups of `year` are below `regionCount` and `width`.
  init(_ year: RollUp.Year, regionCount: Int, width: Int) {
    sums = year.sums
    self.width = width
    let shape = year.sums.shape
    let offsets = year.regionGroups.map { $0 < 0 ? -1 : Int($0) * width }
    self.offsets = offsets
    activityGroups = year.activityGroups
    precondition(
      offsets.count == shape.regionCount && activityGroups.count == shape.activityCount
        && year.regionGroups.allSatisfy { $0 < regionCount } && activityGroups.allSatisfy { $0 < width },
      "a group lies outside the grid")
    isWhole = shape.regionCount > 0 && offsets.allSatisfy { $0 >= 0 && $0 == offsets[0] }
    isSingle = width == 1 && year.activityGroups.allSatisfy { $0 == 0 }
    // Totals are there already.
    regionsPerChunk =
      isWhole || isSingle ? max(1, shape.regionCount) : Self.regionsPerChunk(activityCount: shape.activityCount)
    chunkCount = (shape.regionCount + regionsPerChunk - 1) / regionsPerChunk
    unsafe chunks = .allocate(capacity: chunkCount)
    unsafe chunks.initialize(repeating: nil, count: chunkCount)
  }

  deinit {
    unsafe chunks.deinitialize(count: chunkCount)
    unsafe chunks.deallocate()
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
    unsafe chunk.sums.withUnsafeMutableBufferPointer { totals in
      unsafe chunk.isPresent.withUnsafeMutableBufferPointer { present in
        guard let totals = totals.baseAddress, let present = present.baseAddress else { return }
        // SAFETY: offsets lie between the first and the last, groups of activities below the width (checked in init), and
        // there is a total for each region and each activity.
        if isWhole && !isSingle {
          for activity in 0..<activityCount where activityGroups[activity] >= 0 {
            let group = Int(activityGroups[activity])
            unsafe totals[group].add(sums.activityTotals.sums[activity])
            unsafe present[group] |= sums.activityTotals.isPresent[activity]
          }
          return
        }
        for region in regions where offsets[region] >= 0 {
          let (totals, present) = unsafe (totals + offsets[region] - first, present + offsets[region] - first)
          let base = region * activityCount
          let (cells, isPresent) = unsafe (sums.sums + base, sums.isPresent + base)
          if isSingle {
            unsafe totals.pointee.add(sums.regionTotals.sums[region])
            unsafe present.pointee |= sums.regionTotals.isPresent[region]
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
      switch chunkCount > 0 ? unsafe chunks[0] : nil {
      case .integers(let chunks): unsafe write(activities, region, chunks[0], absent, target)
      case .wideIntegers(let chunks): unsafe write(activities, region, chunks[0], absent, target)
      case .decimals(let chunks): unsafe write(activities, region, chunks[0], absent, target)
      case nil:
        for position in 0..<activities.count {
          unsafe target.set(position, 0, absent[activities.lowerBound + position])
        }
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
}
