import CQColumns

/// Geographic concentration of an industry beyond what few large plants would give by chance.
package struct EllisonGlaeser: Sendable, Equatable {
  /// `γ = (G - (1 - Σx²) H) / ((1 - Σx²) (1 - H))`; nil where one plant is the whole industry, or one place the whole area.
  package var gamma: Double?
  /// Raw concentration `G = Σ_j (c_j - x_j)²`.
  package var raw: Double
  /// Herfindahl index of the plants' sizes, `H = Σ_k z_k²`.
  package var plants: Double
  /// `(G - (1 - Σx²) H) / √Var(G)`, under the hypothesis that plants choose their places by chance alone.
  package var z: Double?

  /// - Parameters:
  ///   - industry: Amounts of the industry by place, any unit, 0 and above.
  ///   - reference: Amounts of all activities by place, in the same order.
  ///   - plants: `Σ_k z_k²` over the shares of the industry's plants: 1/n for n plants of one size.
  ///   - fourthPowers: `Σ_k z_k⁴`; nil takes plants of one size, for which it is H³.
  /// - Returns: nil where the industry or the reference has no total, or a number is negative.
  /// - Complexity: O(places).
  /// - Source: Ellison and Glaeser (1997), Journal of Political Economy 105(5): 889–927, equations 5 to 8.
  package init?(industry: [Double], reference: [Double], plants: Double, fourthPowers: Double? = nil) {
    let (total, all) = (industry.reduce(0, +), reference.reduce(0, +))
    guard total > 0, all > 0, industry.count == reference.count, !(industry + reference).contains(where: { $0 < 0 }),
      plants > 0, plants <= 1 + 1e-12
    else { return nil }
    let shares = reference.map { $0 / all }
    raw = zip(industry, shares).reduce(0) { sum, pair in
      let gap = pair.0 / total - pair.1
      return sum + gap * gap
    }
    self.plants = plants
    let squares = shares.reduce(0) { $0 + $1 * $1 }
    let cubes = shares.reduce(0) { $0 + $1 * $1 * $1 }
    let spread = 1 - squares
    let expected = spread * plants
    let free = spread * (1 - plants)
    gamma = free > 1e-15 ? (raw - expected) / free : nil
    let fourth = fourthPowers ?? plants * plants * plants
    let variance =
      2
      * (plants * plants * (squares - 2 * cubes + squares * squares)
        - fourth * (squares - 4 * cubes + 3 * squares * squares))
    z = variance > 1e-30 ? (raw - expected) / variance.squareRoot() : nil
  }
}

/// Kernels of concentration in space.
let concentrationKernels: [Kernel] = [
  Kernel(
    "ellison_glaeser", .vector, operands: [.init("of"), .init("ref"), .init("plants")],
    columns: [.init(), .init("raw"), .init("plants"), .init("z")], dropsGaps: false
  ) { input in
    let (industry, reference, sizes) = (input.values("of"), input.values("ref"), input.values("plants"))
    if (industry.states + reference.states).contains(.withheld) {
      return KernelOutput(columns: (0..<4).map { _ in KernelValues([0], [.withheld]) })
    }
    // A place without the industry counts with 0: it is one where the industry could have been.
    let places = reference.values.indices.filter { reference[$0] != nil }
    guard let plants = sizes.states.indices.lazy.compactMap({ sizes[$0] }).first,
      let found = EllisonGlaeser(
        industry: places.map { industry[$0] ?? 0 }, reference: places.map { reference.values[$0] },
        plants: min(1, plants))
    else { return KernelOutput([nil, nil, nil, nil]) }
    return KernelOutput([found.gamma, found.raw, found.plants, found.z])
  },
  Kernel(
    "ellison_glaeser_plants", .table,
    operands: [.init("industry", .text), .init("place", .text), .init("size"), .init("total", isOptional: true)],
    columns: [
      .init("", .members(of: "industry")), .init("ellison_glaeser"), .init("raw"), .init("plants"), .init("z"),
      .init("count", .count),
    ]
  ) { input in
    let list = PlantList(input)
    let rows = list.industries.indices.map { row -> [Double?] in
      let found = EllisonGlaeser(
        industry: list.amounts(row), reference: list.reference, plants: list.squares[row],
        fourthPowers: list.fourthPowers[row])
      return [found?.gamma, found?.raw, found?.plants, found?.z, Double(list.counts[row])]
    }
    return KernelOutput(
      columns: (0..<5).map { column in KernelOutput.column(rows.map { $0[column] }) }, texts: [list.industries],
      notes: list.notes)
  },
  Kernel(
    "maurel_sedillot_plants", .table,
    operands: [.init("industry", .text), .init("place", .text), .init("size"), .init("total", isOptional: true)],
    columns: [.init("", .members(of: "industry")), .init("maurel_sedillot"), .init("plants"), .init("count", .count)]
  ) { input in
    let list = PlantList(input)
    let rows = list.industries.indices.map { row -> [Double?] in
      let index = maurelSedillot(industry: list.amounts(row), reference: list.reference, plants: list.squares[row])
      return [index, list.squares[row], Double(list.counts[row])]
    }
    return KernelOutput(
      columns: (0..<3).map { column in KernelOutput.column(rows.map { $0[column] }) }, texts: [list.industries],
      notes: list.notes)
  },
]

/// Concentration of an industry by squared shares, less what its plants alone give.
///
/// `((Σc² - Σx²) / (1 - Σx²) - H) / (1 - H)`
///
/// - Parameter plants: Herfindahl index of the plants' sizes.
/// - Returns: nil without a total, for one place, or for one plant.
/// - Source: Maurel and Sédillot (1999), Regional Science and Urban Economics 29(5): 575–604.
package func maurelSedillot(industry: [Double], reference: [Double], plants: Double) -> Double? {
  let (total, all) = (industry.reduce(0, +), reference.reduce(0, +))
  guard total > 0, all > 0, !(industry + reference).contains(where: { $0 < 0 }) else { return nil }
  let own = industry.reduce(0) { $0 + ($1 / total) * ($1 / total) }
  let squares = reference.reduce(0) { $0 + ($1 / all) * ($1 / all) }
  guard 1 - squares > 1e-15, 1 - plants > 1e-15 else { return nil }
  return ((own - squares) / (1 - squares) - plants) / (1 - plants)
}

/// A list of plants by industry and place.
private struct PlantList {
  let industries: [String]
  /// Of all industries together, by place.
  let reference: [Double]
  /// `Σ z²` and `Σ z⁴` of the plants of each industry, and how many there are.
  private(set) var squares: [Double] = []
  private(set) var fourthPowers: [Double] = []
  private(set) var counts: [Int] = []
  let notes: [String]
  private let table: CrossTable

  init(_ input: KernelInput) {
    let (names, sizes) = (input.texts["industry"] ?? [], input.values("size"))
    let table = CrossTable(names, input.texts["place"] ?? [], sizes)
    self.table = table
    industries = table.rows
    notes = table.notes
    let (places, totals) = (input.texts["place"] ?? [], input.values("total"))
    reference = table.columns.enumerated().map { column, place in
      if input.has("total"), let row = places.firstIndex(of: place), let total = totals[row] { return total }
      return table.rows.indices.reduce(0) { $0 + table.matrix[$1, column] }
    }
    var plants: [String: [Double]] = [:]
    for (row, industry) in names.enumerated() {
      if let size = sizes[row], size > 0 { plants[industry, default: []].append(size) }
    }
    for industry in industries {
      let own = plants[industry] ?? []
      let total = own.reduce(0, +)
      let parts = own.map { ($0 / total) * ($0 / total) }
      squares.append(parts.reduce(0, +))
      fourthPowers.append(parts.reduce(0) { $0 + $1 * $1 })
      counts.append(own.count)
    }
  }

  func amounts(_ row: Int) -> [Double] { table.columns.indices.map { table.matrix[row, $0] } }
}
