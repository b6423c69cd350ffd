/// Shift-share by regression: growth of each activity in each place as a national rate, an effect of the activity and one of the place.
///
/// `g_ij = G + a_i + b_j + ε_ij`, each pair weighted by what it had before, with `Σ_i w_i. a_i = 0` and `Σ_j w_.j b_j = 0`. G is then the
/// growth of the whole, and the growth of a place is `G + Σ_i (w_ij / w_.j) a_i + b_j` exactly.
///
/// - Source: Patterson (1991), *Journal of Regional Science* 31(2): 211–216; the weights and constraints: Möller and Tassinopoulos
///   (2000), *Jahrbuch für Regionalwissenschaft* 20: 1–38.
package struct RegressionShiftShare: Sendable {
  package struct Effect: Sendable {
    package let value: Double
    /// nil where the model fits perfectly.
    package let error: Double?
    package let p: Double?
  }

  /// The growth of the whole.
  package let national: Double
  /// One per place; nil for a place without anything before.
  package let places: [Effect?]
  package let activities: [Effect?]
  /// Of each place: what its activities' effects make of its growth, and its growth.
  package let mix: [Double?]
  package let growth: [Double?]
  package let degreesOfFreedom: Int
  package let rSquared: Double?

  package enum Failure: Error, Equatable {
    /// Fewer than two places or activities with anything before.
    case tooSmall
    /// Places and activities fall into groups that have nothing in common, so that their effects can't be told apart.
    case disconnected
  }

  /// - Parameters:
  ///   - before: Places × activities, not negative; a pair of 0 has no growth and is left out.
  ///   - after: Of the same pairs.
  /// - Complexity: O((places + activities)³).
  package init(before: Matrix, after: Matrix) throws(Failure) {
    let (placeCount, activityCount) = (before.rowCount, before.columnCount)
    let used = (0..<placeCount).map { place in (0..<activityCount).filter { before[place, $0] > 0 } }
    let keptPlaces = (0..<placeCount).filter { !used[$0].isEmpty }
    let keptActivities = Set(used.joined()).sorted()
    guard keptPlaces.count > 1, keptActivities.count > 1 else { throw .tooSmall }
    var position = [Int](repeating: -1, count: activityCount)
    for (index, activity) in keptActivities.enumerated() { position[activity] = index }
    // Unknowns: G, effects of activities, effects of places, and a multiplier for each of the two constraints.
    let (firstPlace, size) = (1 + keptActivities.count, 1 + keptActivities.count + keptPlaces.count + 2)
    var system = Matrix(rowCount: size, columnCount: size)
    var right = [Double](repeating: 0, count: size)
    var (pairs, total) = (0, 0.0)
    for (index, place) in keptPlaces.enumerated() {
      for activity in used[place] {
        let weight = before[place, activity]
        let rate = after[place, activity] / weight - 1
        let columns = [0, 1 + position[activity], firstPlace + index]
        for row in columns {
          for column in columns { system[row, column] += weight }
          right[row] += weight * rate
        }
        system[size - 2, 1 + position[activity]] += weight
        system[size - 1, firstPlace + index] += weight
        pairs += 1
        total += weight
      }
    }
    for column in 1..<size - 2 {
      system[column, size - 2] = system[size - 2, column]
      system[column, size - 1] = system[size - 1, column]
    }
    for index in system.elements.indices { system.elements[index] /= total }
    for index in right.indices { right[index] /= total }
    let presence = PresenceMatrix(before, atLeast: .leastNonzeroMagnitude)
    guard presence.selecting(rows: keptPlaces, columns: keptActivities).components.count == 1,
      let inverse = (try? LUFactorization(system))?.inverse
    else { throw .disconnected }
    let solution = inverse.multiplied(by: right)
    national = solution[0]
    var (unexplained, spread) = (0.0, 0.0)
    for (index, place) in keptPlaces.enumerated() {
      for activity in used[place] {
        let rate = after[place, activity] / before[place, activity] - 1
        let rest = rate - solution[0] - solution[1 + position[activity]] - solution[firstPlace + index]
        unexplained += before[place, activity] * rest * rest
        spread += before[place, activity] * (rate - solution[0]) * (rate - solution[0])
      }
    }
    degreesOfFreedom = pairs - keptPlaces.count - keptActivities.count + 1
    rSquared = spread > 0 ? max(0, 1 - unexplained / spread) : nil
    let freedom = degreesOfFreedom
    let variance = freedom > 0 && unexplained > 1e-20 * spread ? unexplained / total / Double(freedom) : nil
    func effect(_ unknown: Int) -> Effect {
      let error = variance.map { max(0, $0 * inverse[unknown, unknown]).squareRoot() }
      let t = error.flatMap { $0 > 0 ? solution[unknown] / $0 : nil }
      return Effect(
        value: solution[unknown], error: error,
        p: t.flatMap { Distribution.studentTwoSided($0, degrees: Double(freedom)) })
    }
    var (places, mix, growth) = ([Effect?](), [Double?](), [Double?]())
    for place in 0..<placeCount {
      guard let index = keptPlaces.firstIndex(of: place) else {
        places.append(nil)
        mix.append(nil)
        growth.append(nil)
        continue
      }
      let sum = used[place].reduce(0) { $0 + before[place, $1] }
      places.append(effect(firstPlace + index))
      mix.append(used[place].reduce(0) { $0 + before[place, $1] * solution[1 + position[$1]] } / sum)
      growth.append(used[place].reduce(0) { $0 + after[place, $1] } / sum - 1)
    }
    activities = (0..<activityCount).map { position[$0] < 0 ? nil : effect(1 + position[$0]) }
    (self.places, self.mix, self.growth) = (places, mix, growth)
  }
}

/// The verb `regression_shift_share`.
let regressionShiftShareKernels: [Kernel] = [
  Kernel(
    "regression_shift_share", .table,
    operands: [.init("place", .text), .init("activity", .text), .init("before"), .init("after")],
    columns: [
      .init("", .members(of: "place")), .init("growth", .percent), .init("national", .percent), .init("mix", .percent),
      .init("local", .percent), .init("error", .percent), .init("p"),
    ], dropsGaps: false
  ) { input in
    let (places, activities) = (input.texts["place"] ?? [], input.texts["activity"] ?? [])
    let (before, after) = (input.values("before"), input.values("after"))
    // A pair of which one number is not known counts in neither year.
    let known = (0..<min(places.count, activities.count)).filter { before[$0] != nil && after[$0] != nil }
    func table(_ values: KernelValues) -> CrossTable {
      CrossTable(
        known.map { places[$0] }, known.map { activities[$0] },
        KernelValues(known.map { values.values[$0] }, known.map { values.states[$0] }))
    }
    let (first, last) = (table(before), table(after))
    var output = KernelOutput(columns: (0..<6).map { _ in KernelValues([]) }, texts: [[]])
    let left = places.count - known.count
    if left > 0 { output.notes.append("\(left) rows without a number in one of the years are left out") }
    guard (first.matrix.elements + last.matrix.elements).allSatisfy({ $0 >= 0 }) else {
      output.notes.append("missing: a number is below 0, which has no rate of growth")
      return output
    }
    let fresh = zip(first.matrix.elements, last.matrix.elements).count { $0 == 0 && $1 > 0 }
    if fresh > 0 { output.notes.append("\(fresh) pairs that are new have no rate of growth and are left out") }
    do {
      let found = try RegressionShiftShare(before: first.matrix, after: last.matrix)
      if let fit = found.rSquared {
        output.notes.append(
          "activity and place explain \(shown(100 * fit))% of the variance of growth; \(found.degreesOfFreedom) degrees of freedom"
        )
      }
      for (place, name) in first.rows.enumerated() {
        output.texts[0].append(name)
        let effect = found.places[place]
        let numbers = [
          found.growth[place], effect.map { _ in found.national }, found.mix[place], effect?.value, effect?.error,
          effect?.p,
        ]
        for (column, number) in numbers.enumerated() { output.columns[column].append(number) }
      }
    } catch {
      output.notes.append(
        error as? RegressionShiftShare.Failure == .disconnected
          ? "missing: places and activities fall into groups that have nothing in common"
          : "missing: there are fewer than two places or activities with a number above 0 before")
    }
    return output
  }
]
