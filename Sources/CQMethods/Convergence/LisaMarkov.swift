/// How places move between the four kinds of neighbourhood of local Moran statistics from year to year.
///
/// - Source: Rey (2001), *Geographical Analysis* 33(3): 195–214.
package struct LisaMarkov: Sendable {
  /// Classes 0…3 are the quadrants in the order of ``LocalMoran/Quadrant``.
  package let chain: MarkovChain
  /// Transitions if places moved independently of their neighbours: those from a class, times the probability of the place's own
  /// move and that of its neighbours' move.
  package let expected: Matrix
  /// Whether they do: χ² of observed and expected transitions; nil where a class that is never left alone has no transitions.
  package let independence: (chiSquare: Double, p: Double)?

  /// - Parameter histories: For each place its quadrant by year; nil interrupts a history.
  package init(histories: [[LocalMoran.Quadrant?]]) {
    let quadrants = LocalMoran.Quadrant.allCases
    let classes = histories.map { $0.map { $0.flatMap(quadrants.firstIndex) } }
    let chain = MarkovChain(histories: classes, classCount: quadrants.count)
    let ownHigh = quadrants.map { $0 == .highHigh || $0 == .highLow ? 1 : 0 }
    let neighboursHigh = quadrants.map { $0 == .highHigh || $0 == .lowHigh ? 1 : 0 }
    let own = MarkovChain(histories: classes.map { $0.map { $0.map { ownHigh[$0] } } }, classCount: 2)
    let neighbours = MarkovChain(histories: classes.map { $0.map { $0.map { neighboursHigh[$0] } } }, classCount: 2)
    var expected = Matrix(rowCount: quadrants.count, columnCount: quadrants.count)
    var (chiSquare, isDefined) = (0.0, true)
    for from in quadrants.indices {
      let total = quadrants.indices.reduce(0) { $0 + chain.counts[from, $1] }
      for to in quadrants.indices {
        let moves =
          own.transition[ownHigh[from], ownHigh[to]]
          * neighbours.transition[neighboursHigh[from], neighboursHigh[to]]
        expected[from, to] = total * moves
        guard total > 0 else { continue }
        if expected[from, to] > 0 {
          let difference = chain.counts[from, to] - expected[from, to]
          chiSquare += difference * difference / expected[from, to]
        } else if chain.counts[from, to] > 0 {
          isDefined = false
        }
      }
      if total == 0 { isDefined = false }
    }
    self.chain = chain
    self.expected = expected
    // 4 × 3 free probabilities, of which independence leaves 2 + 2.
    independence = isDefined ? Distribution.chiSquareUpperTail(chiSquare, degrees: 8).map { (chiSquare, $0) } : nil
  }
}

/// The verb `lisa_markov`: a long table of places, years and values, with neighbours from the outlines of the places.
let lisaMarkovKernels: [Kernel] = [
  Kernel(
    "lisa_markov", .table, operands: MarkovPanel.operands, options: Neighbourhood.options,
    columns: [
      .init("from", .text), .init("to", .text), .init("transitions", .count), .init("expected"),
      .init("probability", .percent),
    ], dropsGaps: false
  ) { input in
    let panel = Panel(input)
    var sample = input
    var seen: Set<KernelMember> = []
    sample.rows = input.rows.filter { seen.insert($0).inserted }
    var output = KernelOutput(columns: (0..<3).map { _ in KernelValues([]) }, texts: [[], []], notes: panel.notes)
    guard sample.rows.count == panel.places.count, let neighbourhood = try Neighbourhood.of(sample) else {
      output.notes.append("missing: the rows are no places, so nothing is a neighbour")
      return output
    }
    output.notes += neighbourhood.notes
    var histories = panel.values.map { $0.map { _ in LocalMoran.Quadrant?.none } }
    for year in panel.years.indices {
      try input.checkpoint()
      let places = panel.places.indices.filter { panel.values[$0][year] != nil }
      let local = try LocalMoran(
        places.compactMap { panel.values[$0][year] },
        weights: neighbourhood.weights.restricted(to: places).transformed(.row), permutations: 0,
        checkpoint: input.checkpoint)
      guard let local else { continue }
      for (index, place) in places.enumerated() { histories[place][year] = local.quadrant[index] }
    }
    let gaps = histories.joined().count { $0 == nil }
    if gaps > 0 {
      output.notes.append("\(gaps) values are missing or without a neighbour: their transitions are left out")
    }
    let found = LisaMarkov(histories: histories)
    if let test = found.independence {
      output.notes.append(
        "do places move independently of their neighbours: χ² = \(shown(test.chiSquare)), p = \(shown(test.p)); 8 degrees of freedom"
      )
    }
    let quadrants = LocalMoran.Quadrant.allCases
    for from in quadrants.indices {
      let parts = found.chain.probabilities(from: from)
      for to in quadrants.indices {
        output.texts[0].append(quadrants[from].rawValue)
        output.texts[1].append(quadrants[to].rawValue)
        output.columns[0].append(found.chain.counts[from, to])
        output.columns[1].append(found.expected[from, to])
        output.columns[2].append(parts?[to])
      }
    }
    return output
  }
]
