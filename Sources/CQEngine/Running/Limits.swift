internal import CQColumns
internal import CQPlan
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Asks a running query to stop. `cancel()` may be called from any thread; on an idle token it stops the next query
/// that uses it, until `reset()`.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)
  private let whenSeen: (@Sendable () -> Void)?
  private let isOver: (@Sendable () -> Bool)?

  /// - Parameter whenSeen: Called by whatever stops because of this, once it has seen that it must and before it gives back
  ///   what it holds: a process that ends anyway need not wait for that. Work that must tell another program to stop, or take
  ///   back a file, has done so before. Called on any thread, maybe on several.
  public init(whenSeen: (@Sendable () -> Void)? = nil) { (self.whenSeen, isOver) = (whenSeen, nil) }

  /// Is cancelled as soon as `isOver` says so, which is asked at every check: for tests that stop at each of them.
  package init(isOver: @escaping @Sendable () -> Bool) { (whenSeen, self.isOver) = (nil, isOver) }

  /// The query stops at its next check, at most 64 Ki rows later.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Makes the token usable again.
  public func reset() { flag.store(false, ordering: .relaxed) }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) || isOver?() == true }

  /// Whether what runs must stop, asked by what will do so and has nothing to take back.
  package func mustStop() -> Bool {
    guard isCancelled else { return false }
    whenSeen?()
    return true
  }
}

/// What one query may use.
public struct Limits: Sendable {
  /// Wall-clock time from the start of the run.
  public var time: Duration?
  /// Cells that the query touches, bounded before it runs.
  public var cells: Int
  /// Cells up to which a grid is laid out whole. Of a larger one only the cells that rows have are, unless something asks for all
  /// at a time; and of one with more than a sixteenth of so many, if rows fill less than a sixteenth of it. Where formulas have a
  /// number elsewhere, they pass over the others, each of which counts as one in 64 of ``cells``. The result does not depend on it.
  public var denseCells = Limits.usualDenseCells
  /// Rows of the result.
  public var rows: Int
  /// Bytes that the sums and the cells of a query may take, bounded before they are allocated.
  public var memory: Int
  /// Threads that read large tables; nil for `CQ_THREADS` of the environment, or one per processor. The result does not
  /// depend on it.
  public var threads: Int?
  /// Whether sums of earlier queries answer this one.
  public var reusesSums = true

  /// 16 Mi, or `CQ_DENSE_CELLS` of the environment.
  private static let usualDenseCells: Int = {
    guard let text = unsafe getenv("CQ_DENSE_CELLS"), let count = unsafe Int(String(cString: text)), count >= 0 else {
      return QueryPlan.usualDenseCellLimit
    }
    return count
  }()

  public init(
    time: Duration? = nil, cells: Int = 50_000_000, rows: Int = 10_000_000, memory: Int = 4 << 30, threads: Int? = nil
  ) {
    self.time = time
    self.cells = cells
    self.rows = rows
    self.memory = memory
    self.threads = threads
  }
}

/// A query asked for more than its ``Limits`` allow.
public enum LimitExceeded: Error, Sendable, Equatable {
  case time(Duration)
  /// - Parameter obstacle: Why cells without rows could not be left out.
  case cells(needed: Int, limit: Int, _ obstacle: Obstacle? = nil)
  case rows(needed: Int, limit: Int)
  case memory(needed: Int, limit: Int)

  /// What keeps cells without rows from being left out.
  public struct Obstacle: Sendable, Equatable {
    /// As the end of a sentence.
    public var reason: String
    /// What to do about it.
    public var help: String

    public init(reason: String, help: String) {
      self.reason = reason
      self.help = help
    }
  }

  /// Of the page that explains the limit.
  public var code: String {
    switch self {
    case .cells: "E0601"
    case .time: "E0602"
    case .rows: "E0603"
    case .memory: "E0604"
    }
  }

  public var message: String {
    switch self {
    case .time(let limit): "this query took longer than its limit of \(limit)"
    case .cells(let needed, let limit, let obstacle):
      "this query could touch \(needed.grouped) cells; the limit here is \(limit.grouped)"
        + (obstacle.map { ": " + $0.reason } ?? "")
    case .rows(let needed, let limit): "this query gives \(needed.grouped) rows; the limit here is \(limit.grouped)"
    case .memory(let needed, let limit):
      "this query needs \(megabytes(needed)) MB of memory; the limit here is \(megabytes(limit)) MB"
    }
  }

  /// What to do about it.
  public var help: String {
    switch self {
    case .time: "ask for fewer places, activities or years, or allow more time"
    case .cells(_, _, let obstacle?): obstacle.help
    case .cells: "add `in:`, or ask for fewer years or a coarser level"
    case .rows: "keep fewer rows with `where` or `top`"
    case .memory: "ask for fewer places, activities or years, or a coarser level, or allow more memory"
    }
  }
}

/// Bytes as MB, never less than one.
private func megabytes(_ bytes: Int) -> String { max(1, (bytes + (1 << 20) - 1) >> 20).grouped }

/// Checked between morsels of rows.
struct RunControl: Sendable {
  static let morselRowCount = 65_536

  let cancellation: Cancellation
  let limits: Limits
  let ledger = RunLedger()
  private let start = ContinuousClock.now

  init(cancellation: Cancellation, limits: Limits) {
    self.cancellation = cancellation
    self.limits = limits
  }

  /// The same for a statement that runs in another engine.
  var statement: StatementControl {
    let (cancellation, limit, start) = (cancellation, limits.time, start)
    return StatementControl(
      isCancelled: { cancellation.isCancelled },
      remaining: {
        limit.map { limit in
          let (seconds, attoseconds) = (limit - (ContinuousClock.now - start)).components
          return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        }
      })
  }

  /// Counts cells of sparse grids, which are known when rows have been looked at.
  ///
  /// - Throws: ``LimitExceeded/cells(needed:limit:)``
  func countSparseCells(_ count: Int, _ plan: QueryPlan) throws(LimitExceeded) {
    let total = ledger.addSparseCells(count) + plan.cellBound
    if total > limits.cells { throw .cells(needed: total, limit: limits.cells, plan.obstacle) }
  }

  func check() throws {
    if cancellation.mustStop() { throw CancellationError() }
    if let time = limits.time, ContinuousClock.now - start > time { throw LimitExceeded.time(time) }
  }
}

extension QueryPlan {
  /// Why its cells could not be fewer.
  var obstacle: LimitExceeded.Obstacle? {
    sparseObstacle.map { LimitExceeded.Obstacle(reason: $0.reason, help: $0.help) }
  }
}
