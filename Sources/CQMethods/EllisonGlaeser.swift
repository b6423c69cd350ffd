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
    columns: [.init(), .init("raw"), .init("plants"), .init("z")]
  ) { input in
    guard let plants = input.values("plants")[0],
      let found = EllisonGlaeser(
        industry: input.values("of").values, reference: input.values("ref").values, plants: min(1, plants))
    else { return KernelOutput([nil, nil, nil, nil]) }
    return KernelOutput([found.gamma, found.raw, found.plants, found.z])
  },
  Kernel(
    "ellison_glaeser_plants", .table, operands: [.init("industry", .text), .init("place", .text), .init("size")],
    columns: [
      .init("", .members(of: "industry")), .init("ellison_glaeser"), .init("raw"), .init("plants"), .init("z"),
      .init("count", .count),
    ]
  ) { input in
    let (industries, places, sizes) = (input.texts["industry"] ?? [], input.texts["place"] ?? [], input.values("size"))
    let table = CrossTable(industries, places, sizes)
    let reference = table.columns.indices.map { column in
      table.rows.indices.reduce(0) { $0 + table.matrix[$1, column] }
    }
    var plants: [String: [Double]] = [:]
    for (row, industry) in industries.enumerated() {
      if let size = sizes[row], size > 0 { plants[industry, default: []].append(size) }
    }
    var rows: [[Double?]] = []
    for (row, industry) in table.rows.enumerated() {
      let sizes = plants[industry] ?? []
      let total = sizes.reduce(0, +)
      let squares = sizes.map { ($0 / total) * ($0 / total) }
      let found = EllisonGlaeser(
        industry: table.columns.indices.map { table.matrix[row, $0] }, reference: reference,
        plants: squares.reduce(0, +), fourthPowers: squares.reduce(0) { $0 + $1 * $1 })
      rows.append([found?.gamma, found?.raw, found?.plants, found?.z, Double(sizes.count)])
    }
    return KernelOutput(
      columns: (0..<5).map { column in KernelOutput.column(rows.map { $0[column] }) }, texts: [table.rows],
      notes: table.notes)
  },
]
