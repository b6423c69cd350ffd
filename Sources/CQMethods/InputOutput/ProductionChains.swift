/// Where industries stand in chains of production, and which links matter.
package enum ProductionChains {
  /// How many steps the output of each industry is from final use, on average: 1 where all goes there at once.
  ///
  /// `U = (I − B)⁻¹ 1`, B the output coefficients
  ///
  /// - Source: Antràs, Chor, Fally and Hillberry (2012), *American Economic Review* 102(3): 412–416.
  package static func upstreamness(ghosh: Matrix) -> [Double] {
    (0..<ghosh.rowCount).map { row in (0..<ghosh.columnCount).reduce(0) { $0 + ghosh[row, $1] } }
  }

  /// How many steps of production lie behind each industry's output, on average: the column sums of L, 1 for one that buys nothing.
  ///
  /// - Source: Antràs and Chor (2013), *Econometrica* 81(6): 2127–2204; Miller and Temurshoev (2017), *International Regional Science
  ///   Review* 40(5): 443–475.
  package static func downstreamness(leontief: Matrix) -> [Double] {
    (0..<leontief.columnCount).map { column in (0..<leontief.rowCount).reduce(0) { $0 + leontief[$1, column] } }
  }

  /// Average propagation lengths: through how many rounds a demand pull from the column's industry reaches the row's, on average.
  ///
  /// `Σ_k k [A^k]_ij / Σ_k [A^k]_ij = [L (L − I)]_ij / (L − I)_ij`
  ///
  /// - Returns: NaN where nothing is ever delivered.
  /// - Complexity: O(size³).
  /// - Source: Dietzenbacher, Romero and Bosma (2005), *Estudios de Economía Aplicada* 23(2): 405–422.
  package static func propagationLengths(leontief: Matrix) -> Matrix {
    var rounds = leontief
    for index in 0..<leontief.rowCount { rounds[index, index] -= 1 }
    var result = leontief.multiplied(by: rounds)
    for index in result.elements.indices {
      let whole = rounds.elements[index]
      result.elements[index] = whole > 1e-14 ? result.elements[index] / whole : .nan
    }
    return result
  }

  /// Field of influence: how much all of the Leontief inverse changes with one input coefficient, relative to the mean coefficient.
  ///
  /// `S_ij = √(Σ_k l_ki² Σ_m l_jm²)` for a small change of a_ij, since `∂L = L[:, i] L[j, :]`; divided by its mean
  ///
  /// - Source: Sonis and Hewings (1989), in Miller, Polenske and Rose (eds), *Frontiers of Input–Output Analysis*.
  package static func fieldOfInfluence(leontief: Matrix) -> Matrix {
    let size = leontief.rowCount
    let columns = (0..<size).map { column in
      (0..<size).reduce(0) { $0 + leontief[$1, column] * leontief[$1, column] }
    }
    let rows = (0..<size).map { row in (0..<size).reduce(0) { $0 + leontief[row, $1] * leontief[row, $1] } }
    var result = Matrix(rowCount: size, columnCount: size)
    for one in 0..<size { for other in 0..<size { result[one, other] = (columns[one] * rows[other]).squareRoot() } }
    let mean = result.elements.reduce(0, +) / Double(max(1, result.elements.count))
    if mean > 0 { for index in result.elements.indices { result.elements[index] /= mean } }
    return result
  }

  /// Multiplier product matrix: the product of forward and backward multipliers of each pair, in units of the whole inverse.
  ///
  /// `m_ij = L_i. L_.j / Σ Σ L`: what the inverse would be if nothing but its row and column sums were known
  ///
  /// - Source: Sonis, Hewings and Guo (2000), *Economic Systems Research* 12(3): 401–412.
  package static func multiplierProducts(leontief: Matrix) -> Matrix {
    let (rows, columns) = (leontief.rowSums, leontief.columnSums)
    let total = rows.reduce(0, +)
    return Matrix(rows: rows.map { row in columns.map { total > 0 ? row * $0 / total : .nan } })
  }

  /// What of the change of output is due to other techniques of production, and what to other final demand.
  ///
  /// `Δx = ½ ΔL (f₀ + f₁) + ½ (L₀ + L₁) Δf`, the mean of the two ways to weigh the parts
  ///
  /// - Source: Dietzenbacher and Los (1998), *Economic Systems Research* 10(4): 307–324.
  package static func decomposition(
    before: (leontief: Matrix, demand: [Double]), after: (leontief: Matrix, demand: [Double])
  ) -> (technology: [Double], demand: [Double]) {
    let sums = zip(before.demand, after.demand).map { ($0 + $1) / 2 }
    let changes = zip(before.demand, after.demand).map { ($1 - $0) / 2 }
    let technology = zip(after.leontief.multiplied(by: sums), before.leontief.multiplied(by: sums)).map { $0 - $1 }
    let demand = zip(after.leontief.multiplied(by: changes), before.leontief.multiplied(by: changes)).map { $0 + $1 }
    return (technology, demand)
  }

  /// The part of imports, direct and through domestic suppliers, in final demand for each industry: vertical specialisation.
  ///
  /// `i'A_M (I − A_D)⁻¹`
  ///
  /// - Parameters:
  ///   - imported: Imported inputs per unit of output.
  ///   - leontief: Of domestic inputs.
  /// - Source: Hummels, Ishii and Yi (2001), *Journal of International Economics* 54(1): 75–96.
  package static func importContent(imported: Matrix, leontief: Matrix) -> [Double] {
    leontief.leftMultiplied(by: imported.columnSums)
  }
}
