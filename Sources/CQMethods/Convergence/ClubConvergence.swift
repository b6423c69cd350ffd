#if canImport(Glibc)
  import Glibc
#endif

/// Whether places come closer to one path, and which of them do together.
///
/// - Source: Phillips and Sul (2007), *Econometrica* 75(6): 1771–1855; (2009), *Journal of Applied Econometrics* 24(7): 1153–1185.
package enum ClubConvergence {
  /// The log t regression of a group.
  package struct Test: Sendable, Equatable {
    /// Twice the speed at which the group converges; 2 and more: their levels do, below 2: their rates of growth.
    package let slope: Double
    package let standardError: Double
    /// Below −1.65 the group does not converge (one-sided, 5%).
    package let t: Double
  }

  /// `ln(H_1 / H_t) − 2 ln ln t = a + b ln t + u` for the periods from `skipped` of all on, with
  /// `H_t = Σ_i (x_it / mean_t − 1)² / n`.
  ///
  /// Standard errors are robust to autocorrelation: quadratic spectral kernel, Andrews's bandwidth by an AR(1) of the scores of the
  /// slope, factor n / (n − 2).
  ///
  /// - Parameters:
  ///   - panel: Places × periods, means above 0.
  ///   - members: Rows that are tested.
  /// - Returns: nil for fewer than two members or four periods in the regression, or where members do not differ at all.
  /// - Complexity: O(members · periods + periods²).
  package static func test(_ panel: Matrix, members: [Int], skipped: Double = 0.3) -> Test? {
    let periods = panel.columnCount
    let first = max(2, Int((skipped * Double(periods)).rounded(.down)))
    guard members.count > 1, periods - first + 1 >= 4 else { return nil }
    var spread: [Double] = []
    for period in 0..<periods {
      let mean = members.reduce(0) { $0 + panel[$1, period] } / Double(members.count)
      guard mean > 0 else { return nil }
      spread.append(
        members.reduce(0) { sum, place in
          let gap = panel[place, period] / mean - 1
          return sum + gap * gap
        } / Double(members.count))
    }
    guard spread.allSatisfy({ $0 > 0 }) else { return nil }
    let times = (first...periods).map { log(Double($0)) }
    let y = (first...periods).map { log(spread[0] / spread[$0 - 1]) - 2 * log(log(Double($0))) }
    let count = Double(y.count)
    let (timeMean, mean) = (times.reduce(0, +) / count, y.reduce(0, +) / count)
    let centred = times.map { $0 - timeMean }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    let slope = zip(centred, y).reduce(0) { $0 + $1.0 * ($1.1 - mean) } / squares
    // Scores of the slope; those of the constant cancel in its variance, as the regressor is centred.
    let scores = zip(centred, y).map { $0 * ($1 - mean - slope * $0) }
    let variance = longRunVariance(scores) * count / (count - 2) / (squares * squares)
    guard variance > 0 else { return nil }
    return Test(slope: slope, standardError: variance.squareRoot(), t: slope / variance.squareRoot())
  }

  /// `Σ_s Σ_t k((s − t) / S) v_s v_t`, k the quadratic spectral kernel.
  ///
  /// - Source: Andrews (1991), *Econometrica* 59(3): 817–858.
  package static func longRunVariance(_ scores: [Double]) -> Double {
    let count = scores.count
    let before = zip(scores.dropLast(), scores.dropFirst())
    let power = scores.dropLast().reduce(0) { $0 + $1 * $1 }
    let rho = power > 0 ? min(0.97, max(-0.97, before.reduce(0) { $0 + $1.0 * $1.1 } / power)) : 0
    let alpha = 4 * rho * rho / pow(1 - rho, 4)
    let bandwidth = 1.3221 * pow(alpha * Double(count), 0.2)
    var sum = 0.0
    for lag in 0..<count {
      let product = (lag..<count).reduce(0) { $0 + scores[$1] * scores[$1 - lag] }
      sum += (lag == 0 ? 1 : 2) * spectral(Double(lag), bandwidth) * product
    }
    return sum
  }

  private static func spectral(_ lag: Double, _ bandwidth: Double) -> Double {
    guard lag > 0 else { return 1 }
    guard bandwidth > 1e-12 else { return 0 }
    let x = 6 * Double.pi * lag / bandwidth / 5
    return 3 / (x * x) * (sin(x) / x - cos(x))
  }

  /// Groups that converge, the highest at the end first, and those that converge with nobody.
  ///
  /// Places are ordered by their last value. From the top the core is the run of places whose test is best among those that pass;
  /// others join whose test with the core is above a bar that starts at 0 and is raised until all together pass; the rest are tested, and
  /// looked through in the same way. At the end neighbouring clubs that pass together become one.
  ///
  /// - Returns: Rows of each club, and of the rest.
  /// - Complexity: O(places²) tests.
  package static func clubs(
    _ panel: Matrix, skipped: Double = 0.3, critical: Double = -1.65, checkpoint: () throws -> Void = {}
  ) rethrows -> (clubs: [[Int]], rest: [Int]) {
    let last = panel.columnCount - 1
    guard last >= 0 else { return ([], Array(0..<panel.rowCount)) }
    func passes(_ members: [Int]) -> Double? {
      test(panel, members: members, skipped: skipped).map(\.t).flatMap { $0 > critical ? $0 : nil }
    }
    var left = (0..<panel.rowCount).sorted { (panel[$1, last], $0) < (panel[$0, last], $1) }
    var clubs: [[Int]] = []
    while left.count > 1 {
      try checkpoint()
      if passes(left) != nil {
        clubs.append(left)
        left = []
        break
      }
      guard let core = core(left, passes) else { break }
      let others = left.filter { !core.contains($0) }
      let scores = others.map { (place: $0, t: test(panel, members: core + [$0], skipped: skipped)?.t ?? -.infinity) }
      var joined = scores.filter { $0.t > 0 }.sorted { $0.t > $1.t }
      while !joined.isEmpty, passes(core + joined.map(\.place)) == nil { joined.removeLast() }
      let club = core + joined.map(\.place)
      clubs.append(left.filter(club.contains))
      left = left.filter { !club.contains($0) }
    }
    var merged: [[Int]] = []
    for club in clubs {
      if let before = merged.last, passes(before + club) != nil {
        merged[merged.count - 1] = before + club
      } else {
        merged.append(club)
      }
    }
    return (merged, left)
  }

  /// The first run of places, from the top, of which two pass, as far down as the test gets better.
  private static func core(_ ordered: [Int], _ passes: ([Int]) -> Double?) -> [Int]? {
    for start in 0..<(ordered.count - 1) {
      var best: (count: Int, t: Double)?
      var count = 2
      while start + count <= ordered.count, let t = passes(Array(ordered[start..<(start + count)])) {
        if best.map({ t > $0.t }) ?? true { best = (count, t) }
        count += 1
      }
      if let best { return Array(ordered[start..<(start + best.count)]) }
    }
    return nil
  }
}
