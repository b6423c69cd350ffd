internal import Synchronization

/// Asks a running query to stop. `cancel()` may be called from any thread; on an idle token it stops the next query
/// that uses it, until `reset()`.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  /// The query stops at its next check, at most 64 Ki rows later.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Makes the token usable again.
  public func reset() { flag.store(false, ordering: .relaxed) }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}

/// What one query may use.
public struct Limits: Sendable {
  /// Wall-clock time from the start of the run.
  public var time: Duration?
  /// Cells that the query touches, bounded before it runs.
  public var cells: Int
  /// Rows of the result.
  public var rows: Int

  public init(time: Duration? = nil, cells: Int = 50_000_000, rows: Int = 10_000_000) {
    self.time = time
    self.cells = cells
    self.rows = rows
  }
}

/// A query asked for more than its ``Limits`` allow.
public enum LimitExceeded: Error, Sendable, Equatable {
  case time(Duration)
  case cells(needed: Int, limit: Int)
  case rows(needed: Int, limit: Int)

  /// Of the page that explains the limit.
  public var code: String {
    switch self {
    case .cells: "E0601"
    case .time: "E0602"
    case .rows: "E0603"
    }
  }

  public var message: String {
    switch self {
    case .time(let limit): "this query took longer than its limit of \(limit)"
    case .cells(let needed, let limit):
      "this query could touch \(grouped(needed)) cells; the limit here is \(grouped(limit))"
    case .rows(let needed, let limit): "this query gives \(grouped(needed)) rows; the limit here is \(grouped(limit))"
    }
  }

  /// What to do about it.
  public var help: String {
    switch self {
    case .time: "ask for fewer places, activities or years, or allow more time"
    case .cells: "add `in:`, or ask for fewer years or a coarser level"
    case .rows: "keep fewer rows with `where` or `top`"
    }
  }
}

/// `12345` as `12,345`, for messages.
private func grouped(_ number: Int) -> String {
  var digits = String(number.magnitude)[...]
  var groups: [Substring] = []
  while digits.count > 3 {
    groups.insert(digits.suffix(3), at: 0)
    digits = digits.dropLast(3)
  }
  return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// Checked between morsels of rows.
struct RunControl {
  static let morselRowCount = 65_536

  let cancellation: Cancellation
  let limits: Limits
  private let start = ContinuousClock.now

  init(cancellation: Cancellation, limits: Limits) {
    self.cancellation = cancellation
    self.limits = limits
  }

  func check() throws {
    if cancellation.isCancelled { throw CancellationError() }
    if let time = limits.time, ContinuousClock.now - start > time { throw LimitExceeded.time(time) }
  }
}
