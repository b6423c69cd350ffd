import CQColumns

/// How near activities of one kind (industries) are to those of another (patents, papers, products): found in the same places.
package enum CrossSpace {
  /// `φ_pq = Σ_c M_cp N_cq / max(k_p, k_q)`.
  ///
  /// - Parameters:
  ///   - one, other: The same places × the activities of each kind.
  /// - Returns: Activities of the one × those of the other; 0 for what no place has.
  /// - Complexity: present pairs of the one × activities of the other.
  /// - Source: Catalán, Navarrete and Figueroa (2022), *Research Policy* 51(7): 104371, for the cross-space.
  package static func proximity(_ one: PresenceMatrix, _ other: PresenceMatrix) -> Matrix {
    precondition(one.rowCount == other.rowCount, "the same places")
    var result = Matrix(rowCount: one.columnCount, columnCount: other.columnCount)
    for place in 0..<one.rowCount {
      for first in one.columns(of: place) {
        for second in other.columns(of: place) { result[Int(first), Int(second)] += 1 }
      }
    }
    let (counts, others) = (one.ubiquity, other.ubiquity)
    for row in 0..<result.rowCount {
      for column in 0..<result.columnCount { result[row, column] /= Double(max(1, counts[row], others[column])) }
    }
    return result
  }

  /// How near each activity of the other kind is to what a place has of the one: `Σ_p M_cp φ_pq / Σ_p φ_pq`.
  ///
  /// - Returns: Places × activities of the other kind; not a number for one that is near to nothing.
  package static func density(_ one: PresenceMatrix, proximity: Matrix) -> Matrix {
    let totals = proximity.columnSums
    var result = Matrix(rowCount: one.rowCount, columnCount: proximity.columnCount)
    for place in 0..<one.rowCount {
      for activity in one.columns(of: place) {
        for column in 0..<proximity.columnCount { result[place, column] += proximity[Int(activity), column] }
      }
      for column in 0..<proximity.columnCount {
        result[place, column] = totals[column] > 0 ? result[place, column] / totals[column] : .nan
      }
    }
    return result
  }
}

let crossSpaceKernels: [Kernel] = [
  Kernel(
    "cross_proximities", .table, operands: CrossSample.operands, options: CrossSample.options,
    columns: [.init("", .members(of: "activity")), .init("with", .members(of: "activity")), .init("proximity")],
    dropsGaps: false
  ) { input in
    let sample = CrossSample(input)
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: sample.notes)
    guard let proximity = sample.proximity else { return output }
    for (row, one) in sample.activities.enumerated() {
      for (column, other) in sample.others.enumerated() {
        output.texts[0].append(one)
        output.texts[1].append(other)
        output.columns[0].append(proximity[row, column])
      }
    }
    return output
  },
  Kernel(
    "cross_density", .table, operands: CrossSample.operands, options: CrossSample.options,
    columns: [
      .init("", .members(of: "place")), .init("", .members(of: "activity")), .init("cross_density"),
      .init("present", .count),
    ], dropsGaps: false
  ) { input in
    let sample = CrossSample(input)
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[], []], notes: sample.notes)
    guard let proximity = sample.proximity else { return output }
    let density = CrossSpace.density(sample.presence, proximity: proximity)
    for (row, place) in sample.places.enumerated() {
      try input.checkpoint()
      for (column, activity) in sample.others.enumerated() {
        output.texts[0].append(place)
        output.texts[1].append(activity)
        output.columns[0].append(density[row, column].isNaN ? nil : density[row, column])
        output.columns[1].append(sample.otherPresence[row: row, column: column] ? 1 : 0)
      }
    }
    if density.elements.contains(where: \.isNaN) {
      output.notes.append("no density: activities that are near to nothing of the other kind")
    }
    return output
  },
]

/// A long table of places, activities of two kinds, and amounts.
private struct CrossSample {
  static let operands: [Kernel.Operand] = [
    .init("place", .text), .init("activity", .text), .init("space", .text), .init("of"),
  ]
  static let options: [Kernel.Option] = [
    .init("from", .text([])), .init("to", .text([])), .init("cut", .number(0...1e9)),
  ]

  let places: [String]
  let activities: [String]
  let others: [String]
  let presence: PresenceMatrix
  let otherPresence: PresenceMatrix
  /// nil where one of the kinds has nothing.
  let proximity: Matrix?
  let notes: [String]

  init(_ input: KernelInput) {
    let spaces = input.texts["space"] ?? []
    let (names, activityNames) = (input.texts["place"] ?? [], input.texts["activity"] ?? [])
    let values = input.values("of")
    let cut = input.number("cut", default: 1)
    var seen: Set<String> = []
    let places = names.filter { seen.insert($0).inserted }
    func presence(_ space: String) -> (PresenceMatrix, [String]) {
      let rows = spaces.indices.filter { spaces[$0] == space && values[$0] != nil }
      // All places, whether they have something of this kind or not.
      let table = CrossTable(
        places + rows.map { names[$0] },
        places.map { _ in activityNames[rows.first ?? 0] } + rows.map { activityNames[$0] },
        KernelValues(places.map { _ in 0 } + rows.map { values.values[$0] }))
      return (PresenceMatrix(table.matrix.revealedAdvantage, atLeast: cut), table.columns)
    }
    let (from, to) = (input.text("from"), input.text("to"))
    self.places = places
    guard spaces.contains(from), spaces.contains(to), !places.isEmpty else {
      self.presence = PresenceMatrix(rowCount: 0, columnCount: 0, isPresent: [])
      otherPresence = self.presence
      (activities, others, proximity) = ([], [], nil)
      let known = Set(spaces).sorted().joined(separator: ", ")
      notes = ["from: and to: name two kinds of `space`, which has: \(known.isEmpty ? "nothing" : known)"]
      return
    }
    (self.presence, activities) = presence(from)
    (otherPresence, others) = presence(to)
    proximity = CrossSpace.proximity(self.presence, otherPresence)
    let gaps = values.states.count { !$0.hasValue }
    notes = gaps > 0 ? ["\(gaps) rows without a number count as absent"] : []
  }
}
