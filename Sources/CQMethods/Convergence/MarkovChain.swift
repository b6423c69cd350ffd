/// Transitions of places between classes, and what they lead to.
///
/// - Source: Quah (1993), *European Economic Review* 37: 426–434; Kemeny and Snell (1976), *Finite Markov Chains*.
package struct MarkovChain: Sendable {
  package let classCount: Int
  /// Observed transitions, row by row.
  package let counts: Matrix

  /// - Parameter histories: For each place its class (0 and up) by year; nil interrupts a history.
  package init(histories: [[Int?]], classCount: Int) {
    var counts = Matrix(rowCount: classCount, columnCount: classCount)
    for history in histories {
      for (from, to) in zip(history, history.dropFirst()) {
        if let from, let to { counts[from, to] += 1 }
      }
    }
    self.init(counts: counts)
  }

  package init(counts: Matrix) {
    precondition(counts.rowCount == counts.columnCount, "as many classes before as after")
    classCount = counts.rowCount
    self.counts = counts
  }

  /// The probabilities of the classes after a year in `row`; nil where no place was ever in it.
  package func probabilities(from row: Int) -> [Double]? {
    let total = (0..<classCount).reduce(0) { $0 + counts[row, $1] }
    return total > 0 ? (0..<classCount).map { counts[row, $0] / total } : nil
  }

  /// Row by row; a class that no place was ever in keeps its places.
  package var transition: Matrix {
    var result = Matrix(rowCount: classCount, columnCount: classCount)
    for row in 0..<classCount {
      let parts = probabilities(from: row)
      for column in 0..<classCount { result[row, column] = parts?[column] ?? (row == column ? 1 : 0) }
    }
    return result
  }

  /// Shorrocks' mobility: `(k − trace) / (k − 1)`; nil with one class or one that no place was ever in.
  ///
  /// - Source: Shorrocks (1978), *Econometrica* 46: 1013–1024.
  package var mobility: Double? {
    guard classCount > 1 else { return nil }
    var trace = 0.0
    for row in 0..<classCount {
      guard let parts = probabilities(from: row) else { return nil }
      trace += parts[row]
    }
    return (Double(classCount) - trace) / Double(classCount - 1)
  }

  /// Classes that are never left once reached, each as the set of those that reach one another.
  package var closedSets: [[Int]] {
    let transition = transition
    var reaches = (0..<classCount).map { row in (0..<classCount).map { row == $0 || transition[row, $0] > 0 } }
    for middle in 0..<classCount {
      for from in 0..<classCount where reaches[from][middle] {
        for to in 0..<classCount where reaches[middle][to] { reaches[from][to] = true }
      }
    }
    var found: [[Int]] = []
    for start in 0..<classCount {
      let set = (0..<classCount).filter { reaches[start][$0] }
      if set.first == start, set.allSatisfy({ reaches[$0][start] }) { found.append(set) }
    }
    return found
  }

  /// The distribution that the chain settles to: π = πP; nil where it depends on the beginning, because there is more than
  /// one closed set.
  ///
  /// - Source: Grassmann, Taksar and Heyman (1985), *Operations Research* 33: 1107–1116: elimination without subtraction.
  package var ergodic: [Double]? {
    let sets = closedSets
    guard sets.count == 1, let states = sets.first else { return nil }
    let transition = transition
    var rows = states.map { row in states.map { transition[row, $0] } }
    for last in stride(from: states.count - 1, to: 0, by: -1) {
      let leaving = rows[last][..<last].reduce(0, +)
      guard leaving > 0 else { return nil }
      for row in 0..<last { rows[row][last] /= leaving }
      for row in 0..<last {
        for column in 0..<last { rows[row][column] += rows[row][last] * rows[last][column] }
      }
    }
    var parts = [1.0]
    for state in 1..<max(1, states.count) {
      parts.append((0..<state).reduce(0) { $0 + parts[$1] * rows[$1][state] })
    }
    let total = parts.reduce(0, +)
    var result = [Double](repeating: 0, count: classCount)
    for (state, part) in zip(states, parts) { result[state] = part / total }
    return result
  }

  /// Mean years until a place of the row's class is first in the column's class; on the diagonal until it is back. nil
  /// where some class is not reached from another.
  package var meanFirstPassage: Matrix? {
    guard closedSets.first?.count == classCount, let ergodic else { return nil }
    let transition = transition
    var result = Matrix(rowCount: classCount, columnCount: classCount)
    for target in 0..<classCount {
      result[target, target] = 1 / ergodic[target]
      // (I − Q) m = 1 over the other classes.
      let others = (0..<classCount).filter { $0 != target }
      guard !others.isEmpty else { continue }
      let system = Matrix(rows: others.map { row in others.map { (row == $0 ? 1 : 0) - transition[row, $0] } })
      guard let reduced = QR(system) else { return nil }
      let ones = [Double](repeating: 1, count: others.count)
      for (row, years) in zip(others, reduced.solve(reduced.applyTransposed(to: ones))) { result[row, target] = years }
    }
    return result
  }

  /// Whether several chains are samples of one: likelihood ratio and Pearson's Q.
  ///
  /// - Returns: nil where nothing can differ.
  /// - Source: Bickenbach and Bode (2003), *International Regional Science Review* 26(3): 363–392.
  package static func homogeneity(_ chains: [MarkovChain]) -> Homogeneity? {
    guard let classCount = chains.first?.classCount else { return nil }
    var pooled = Matrix(rowCount: classCount, columnCount: classCount)
    for chain in chains {
      for index in pooled.elements.indices { pooled.elements[index] += chain.counts.elements[index] }
    }
    let all = MarkovChain(counts: pooled)
    var (ratio, q, degrees) = (0.0, 0.0, 0)
    for row in 0..<classCount {
      guard let expected = all.probabilities(from: row) else { continue }
      let used = chains.filter { $0.probabilities(from: row) != nil }
      degrees += (expected.filter { $0 > 0 }.count - 1) * (used.count - 1)
      for chain in used {
        let total = (0..<classCount).reduce(0) { $0 + chain.counts[row, $1] }
        for column in 0..<classCount where expected[column] > 0 {
          let (observed, mean) = (chain.counts[row, column], total * expected[column])
          q += (observed - mean) * (observed - mean) / mean
          if observed > 0 { ratio += 2 * observed * Logarithms.ratio(observed, mean) }
        }
      }
    }
    guard let ratioP = Distribution.chiSquareUpperTail(ratio, degrees: Double(degrees)),
      let qP = Distribution.chiSquareUpperTail(q, degrees: Double(degrees))
    else { return nil }
    return Homogeneity(likelihoodRatio: ratio, likelihoodRatioP: ratioP, q: q, qP: qP, degrees: degrees)
  }

  package struct Homogeneity: Sendable {
    package let likelihoodRatio: Double
    package let likelihoodRatioP: Double
    package let q: Double
    package let qP: Double
    package let degrees: Int
  }
}

/// Transitions by the class that the neighbours of a place are in.
///
/// - Source: Rey (2001), *Geographical Analysis* 33(3): 194–214.
package enum SpatialMarkov {
  /// - Parameters:
  ///   - histories, lags: For each place its own class and that of its neighbours' mean, by year.
  /// - Returns: One chain for each class of neighbours, from the first to the last.
  package static func chains(
    histories: [[Int?]], lags: [[Int?]], classCount: Int, lagClassCount: Int
  ) -> [MarkovChain] {
    precondition(histories.count == lags.count, "the same places")
    var counts = [Matrix](
      repeating: Matrix(rowCount: classCount, columnCount: classCount), count: lagClassCount)
    for (history, lag) in zip(histories, lags) {
      for ((from, to), neighbours) in zip(zip(history, history.dropFirst()), lag) {
        if let from, let to, let neighbours { counts[neighbours][from, to] += 1 }
      }
    }
    return counts.map { MarkovChain(counts: $0) }
  }
}
