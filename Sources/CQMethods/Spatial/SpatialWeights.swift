/// Who is a neighbour of whom, and how much it counts: a sparse matrix with a row per place.
///
/// A place without neighbours (an island) has an empty row: its spatial lag is missing, and it counts as a place in global
/// statistics with a lag of zero, as in PySAL and in spdep with `zero.policy = TRUE` (whose `adjust.n` leaves it out).
///
/// - Source: Anselin (1988), *Spatial Econometrics*, ch. 3.
package struct SpatialWeights: Equatable, Sendable {
  /// How rows are scaled.
  package enum Transform: String, Sendable, CaseIterable {
    /// As they are: 1 for a neighbour, or a function of the distance.
    case binary = "b"
    /// Every row adds up to 1, so that a lag is a mean.
    case row = "r"
    /// Variance-stabilising: rows divided by √Σw², then scaled so that all add up to the number of places.
    ///
    /// - Source: Tiefelsdorf, Griffith and Boots (1999), *Environment and Planning A* 31: 165–180.
    case variance = "v"
  }

  /// Row `i` is `offsets[i] ..< offsets[i + 1]` of ``neighbours`` and ``values``.
  package let offsets: [Int]
  /// Ascending within a row.
  package let neighbours: [Int]
  package let values: [Double]

  package var count: Int { offsets.count - 1 }

  /// - Parameter rows: For each place its neighbours with their weights. A neighbour named twice counts with its last
  ///   weight; a weight of zero and the place itself (unless `keepsSelf`) are left out.
  package init(rows: [[(neighbour: Int, weight: Double)]], keepsSelf: Bool = false) {
    var (offsets, neighbours, values) = ([0], [Int](), [Double]())
    for (place, row) in rows.enumerated() {
      var last: [Int: Double] = [:]
      for entry in row where keepsSelf || entry.neighbour != place { last[entry.neighbour] = entry.weight }
      for neighbour in last.keys.sorted() {
        guard let weight = last[neighbour], weight != 0 else { continue }
        precondition(rows.indices.contains(neighbour), "a neighbour is one of the places")
        neighbours.append(neighbour)
        values.append(weight)
      }
      offsets.append(neighbours.count)
    }
    self.init(offsets: offsets, neighbours: neighbours, values: values)
  }

  /// All weights 1.
  package init(neighbours rows: [[Int]]) {
    self.init(rows: rows.map { $0.map { ($0, 1) } })
  }

  private init(offsets: [Int], neighbours: [Int], values: [Double]) {
    self.offsets = offsets
    self.neighbours = neighbours
    self.values = values
  }

  package func row(_ place: Int) -> Range<Int> { offsets[place]..<offsets[place + 1] }

  /// Places without a neighbour.
  package var islands: [Int] { (0..<count).filter { row($0).isEmpty } }

  /// The weights among these places, in this order.
  func selecting(_ places: [Int]) -> SpatialWeights {
    let position = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    return SpatialWeights(
      rows: places.map { place in
        row(place).compactMap { entry in position[neighbours[entry]].map { ($0, values[entry]) } }
      }, keepsSelf: true)
  }

  /// Sets of places that are connected with each other, largest first.
  package var components: [[Int]] {
    var links = [[Int]](repeating: [], count: count)
    for place in 0..<count {
      for entry in row(place) {
        links[place].append(neighbours[entry])
        links[neighbours[entry]].append(place)
      }
    }
    var isSeen = [Bool](repeating: false, count: count)
    var found: [[Int]] = []
    for start in 0..<count where !isSeen[start] {
      isSeen[start] = true
      var members = [start]
      var next = 0
      while next < members.count {
        for neighbour in links[members[next]] where !isSeen[neighbour] {
          isSeen[neighbour] = true
          members.append(neighbour)
        }
        next += 1
      }
      found.append(members.sorted())
    }
    return found.sorted { ($0.count, $1[0]) > ($1.count, $0[0]) }
  }

  package func transformed(_ transform: Transform) -> SpatialWeights {
    switch transform {
    case .binary: return self
    case .row: return scaled { row in row.reduce(0, +) }
    case .variance:
      let rows = scaled { row in row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let total = rows.values.reduce(0, +)
      guard total > 0 else { return rows }
      let factor = Double(count) / total
      return SpatialWeights(offsets: offsets, neighbours: neighbours, values: rows.values.map { $0 * factor })
    }
  }

  private func scaled(_ size: (ArraySlice<Double>) -> Double) -> SpatialWeights {
    var values = values
    for place in 0..<count {
      let divisor = size(self.values[row(place)])
      if divisor != 0 { for entry in row(place) { values[entry] /= divisor } }
    }
    return SpatialWeights(offsets: offsets, neighbours: neighbours, values: values)
  }

  /// The weights among `places` alone, renumbered in their order; values as they are (transform afterwards).
  package func restricted(to places: [Int]) -> SpatialWeights {
    var position = [Int](repeating: -1, count: count)
    for (index, place) in places.enumerated() { position[place] = index }
    return SpatialWeights(
      rows: places.map { place in
        row(place).compactMap { entry in
          let neighbour = position[neighbours[entry]]
          return neighbour >= 0 ? (neighbour, values[entry]) : nil
        }
      }, keepsSelf: true)
  }

  /// Places that are reached in exactly `order` steps (or in at most as many, if `isCumulative`), all weights 1.
  package func ofOrder(_ order: Int, isCumulative: Bool = false) -> SpatialWeights {
    var rows: [[Int]] = []
    for start in 0..<count {
      var distance = [start: 0]
      var front = [start]
      for step in 1...max(1, order) {
        var next: [Int] = []
        for place in front {
          for entry in row(place) where distance[neighbours[entry]] == nil {
            distance[neighbours[entry]] = step
            next.append(neighbours[entry])
          }
        }
        front = next
      }
      rows.append(distance.filter { $0.value == order || (isCumulative && $0.value > 0) }.map(\.key))
    }
    return SpatialWeights(neighbours: rows)
  }

  /// Σ_j w_ij y_j for each place; 0 for an island.
  package func lag(_ y: [Double]) -> [Double] {
    precondition(y.count == count, "one value per place")
    return (0..<count).map { place in
      var sum = 0.0
      for entry in row(place) { sum += values[entry] * y[neighbours[entry]] }
      return sum
    }
  }

  /// What the moments of global statistics need.
  ///
  /// `S0 = ΣΣ w_ij`, `S1 = ½ ΣΣ (w_ij + w_ji)²`, `S2 = Σ_i (w_i. + w_.i)²`
  package var sums: (s0: Double, s1: Double, s2: Double) {
    var margins = [Double](repeating: 0, count: count)
    var s0 = 0.0
    for place in 0..<count {
      for entry in row(place) {
        s0 += values[entry]
        margins[place] += values[entry]
        margins[neighbours[entry]] += values[entry]
      }
    }
    var s1 = 0.0
    for pair in pairs { s1 += pair.weight * pair.weight }
    // A pair holds w_ij + w_ji once; the diagonal holds w_ii, which ½ (2 w_ii)² counts double.
    for place in 0..<count {
      for entry in row(place) where neighbours[entry] == place { s1 += 2 * values[entry] * values[entry] }
    }
    return (s0, s1, margins.reduce(0) { $0 + $1 * $1 })
  }

  /// `w_ij + w_ji` of every pair of different places, the first one below the second.
  package var pairs: [(first: Int, second: Int, weight: Double)] {
    let reversed = transposed
    var result: [(first: Int, second: Int, weight: Double)] = []
    result.reserveCapacity(neighbours.count / 2)
    // Both rows are sorted: they are merged.
    for place in 0..<count {
      var (one, other) = (offsets[place], reversed.offsets[place])
      let (end, otherEnd) = (offsets[place + 1], reversed.offsets[place + 1])
      while one < end || other < otherEnd {
        let first = one < end ? neighbours[one] : Int.max
        let second = other < otherEnd ? reversed.neighbours[other] : Int.max
        let neighbour = min(first, second)
        var weight = 0.0
        if first == neighbour {
          weight += values[one]
          one += 1
        }
        if second == neighbour {
          weight += reversed.values[other]
          other += 1
        }
        if neighbour > place { result.append((place, neighbour, weight)) }
      }
    }
    return result
  }

  /// `w_ji` in place of `w_ij`.
  package var transposed: SpatialWeights {
    var starts = [Int](repeating: 0, count: count + 1)
    for neighbour in neighbours { starts[neighbour + 1] += 1 }
    for place in 0..<count { starts[place + 1] += starts[place] }
    var next = starts
    var (sources, weights) = (neighbours, values)
    for place in 0..<count {
      for entry in row(place) {
        let target = next[neighbours[entry]]
        sources[target] = place
        weights[target] = values[entry]
        next[neighbours[entry]] += 1
      }
    }
    return SpatialWeights(offsets: starts, neighbours: sources, values: weights)
  }
}
