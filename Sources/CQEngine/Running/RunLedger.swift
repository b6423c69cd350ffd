internal import Synchronization

/// What a run uses: counted while it runs, from any thread.
final class RunLedger: Sendable {
  private let rowCount = Atomic<Int>(0)
  private let threadCount = Atomic<Int>(1)
  private let byteCount = Atomic<Int>(0)
  private let peakByteCount = Atomic<Int>(0)
  private let reusedCount = Atomic<Int>(0)
  private let statementCount = Atomic<Int>(0)
  private let receivedByteCount = Atomic<Int>(0)
  private let groupingRecords = Mutex<[RunStatistics.Grouping]>([])
  private let sparseRecords = Mutex<[RunStatistics.SparseGrid]>([])
  private let times = Mutex([Double](repeating: 0, count: Phase.allCases.count))

  var rowsScanned: Int { rowCount.load(ordering: .relaxed) }
  var threads: Int { threadCount.load(ordering: .relaxed) }
  var peakBytes: Int { peakByteCount.load(ordering: .relaxed) }
  /// Periods that sums of earlier queries answered.
  var periodsReused: Int { reusedCount.load(ordering: .relaxed) }

  func addScan(rows: Int, threads: Int) {
    rowCount.wrappingAdd(rows, ordering: .relaxed)
    threadCount.max(threads, ordering: .relaxed)
  }

  /// Statements that engines were asked, and bytes of the values that came back.
  var statements: Int { statementCount.load(ordering: .relaxed) }
  var receivedBytes: Int { receivedByteCount.load(ordering: .relaxed) }

  func addStatements(_ count: Int, bytes: Int) {
    statementCount.wrappingAdd(count, ordering: .relaxed)
    receivedByteCount.wrappingAdd(bytes, ordering: .relaxed)
  }

  func addReuse() { reusedCount.wrappingAdd(1, ordering: .relaxed) }

  /// How rows of a table were grouped, in the order of the verbs.
  var groupings: [RunStatistics.Grouping] { groupingRecords.withLock { $0 } }

  func addGrouping(possible: Double, count: Int, isHashed: Bool) {
    let grouping = RunStatistics.Grouping(possible: possible, count: count, isHashed: isHashed)
    groupingRecords.withLock { records in
      // The same columns are grouped by for each of several aggregates.
      if records.last != grouping { records.append(grouping) }
    }
  }

  /// Grids of which only the cells with rows were laid out.
  var sparseGrids: [RunStatistics.SparseGrid] { sparseRecords.withLock { $0 } }

  func addSparseGrid(possible: Int, count: Int, isPassedOver: Bool) {
    let grid = RunStatistics.SparseGrid(possible: possible, count: count, isPassedOver: isPassedOver)
    sparseRecords.withLock { $0.append(grid) }
  }

  private let sparseCellCount = Atomic<Int>(0)

  /// Cells of sparse grids and of their requests.
  var sparseCells: Int { sparseCellCount.load(ordering: .relaxed) }

  /// - Returns: How many there are with these.
  func addSparseCells(_ count: Int) -> Int { sparseCellCount.wrappingAdd(count, ordering: .relaxed).newValue }

  /// The time of one part of a run.
  enum Phase: Int, CaseIterable { case read, formulas, table }

  /// Runs `body` and counts its time.
  func timed<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer {
      let elapsed = (ContinuousClock.now - start).inMilliseconds
      times.withLock { $0[phase.rawValue] += elapsed }
    }
    return try body()
  }

  func milliseconds(_ phase: Phase) -> Double { times.withLock { $0[phase.rawValue] } }

  /// Counts bytes that are about to be allocated.
  ///
  /// - Throws: ``LimitExceeded/memory(needed:limit:)`` when they are more than is left; nothing is allocated then.
  func reserve(_ bytes: Int, _ limits: Limits) throws(LimitExceeded) {
    let total = byteCount.wrappingAdd(bytes, ordering: .relaxed).newValue
    if total > limits.memory { throw .memory(needed: total, limit: limits.memory) }
    peakByteCount.max(total, ordering: .relaxed)
    if !hasMadeRoom.load(ordering: .relaxed), KeptMemory.makeRoom(for: total, limit: limits.memory) {
      hasMadeRoom.store(true, ordering: .relaxed)
    }
  }

  private let hasMadeRoom = Atomic<Bool>(false)

  func release(_ bytes: Int) { byteCount.wrappingSubtract(bytes, ordering: .relaxed) }
}
