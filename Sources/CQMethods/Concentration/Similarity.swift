import CQColumns

// How alike the mixes of places are.

/// How the mixes of two places are compared.
package enum Similarity: String, Sendable, CaseIterable {
  /// The part of the mix that two places have in common, `Σ_k min(s_ik, s_jk)`: 0 to 1.
  ///
  /// - Source: Finger and Kreinin (1979), Economic Journal 89(356).
  case overlap
  /// The cosine of the angle between the two rows of shares: 0 to 1.
  case cosine
  /// Pearson correlation of the two rows of shares: -1 to 1.
  case correlation

  /// How alike two rows of shares are; nil where the measure is not defined (a row of zeros, or one of equal shares).
  package func of(_ one: ArraySlice<Double>, _ other: ArraySlice<Double>) -> Double? {
    switch self {
    case .overlap: return zip(one, other).reduce(0) { $0 + min($1.0, $1.1) }
    case .cosine: return Self.cosine(Array(one), Array(other))
    case .correlation:
      func centred(_ row: ArraySlice<Double>) -> [Double] {
        let mean = row.reduce(0, +) / Double(max(1, row.count))
        return row.map { $0 - mean }
      }
      return Self.cosine(centred(one), centred(other)).map { min(1, max(-1, $0)) }
    }
  }

  private static func cosine(_ one: [Double], _ other: [Double]) -> Double? {
    let product = zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    let lengths = [one, other].map { row in row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    guard lengths[0] > 0, lengths[1] > 0 else { return nil }
    return product / (lengths[0] * lengths[1])
  }
}

/// Each row of `matrix` as shares of its total; nil for rows without one.
///
/// - Complexity: O(rows × columns).
package func rowShares(_ matrix: Matrix) -> [[Double]?] {
  (0..<matrix.rowCount).map { row in
    let elements = matrix.elements[row * matrix.columnCount..<(row + 1) * matrix.columnCount]
    let total = elements.reduce(0, +)
    return total > 0 ? elements.map { $0 / total } : nil
  }
}

/// Kernels of similarity.
let similarityKernels: [Kernel] = [
  Kernel(
    "similarity", .places, operands: [.init("of")],
    options: [.init("with", .member), .init("method", .text(Similarity.allCases.map(\.rawValue)))], dropsGaps: false
  ) { input in
    let shares = rowShares(input.matrix("of"))
    guard let place = input.position("with", in: input.rows), let wanted = shares[place] else {
      return KernelOutput(
        columns: [KernelOutput.column(input.rows.map { _ in nil })],
        notes: ["the place to compare with is not in the base area, or has no numbers"])
    }
    let method = Similarity(rawValue: input.text("method")) ?? .overlap
    let gaps = input.values("of").states.count { $0 == .withheld }
    let notes = gaps > 0 ? ["\(gaps) withheld numbers count as 0 in the mixes compared"] : []
    return KernelOutput(
      columns: [KernelOutput.column(shares.map { $0.flatMap { method.of($0[...], wanted[...]) } })], notes: notes)
  },
  Kernel(
    "similarities", .table, operands: [.init("row", .text), .init("column", .text), .init("value")],
    options: [.init("method", .text(Similarity.allCases.map(\.rawValue)))],
    columns: [.init("", .members(of: "row")), .init("with", .members(of: "row")), .init("similarity")]
  ) { input in
    let table = CrossTable(input.texts["row"] ?? [], input.texts["column"] ?? [], input.values("value"))
    let shares = rowShares(table.matrix)
    let method = Similarity(rawValue: input.text("method")) ?? .overlap
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: table.notes)
    for row in shares.indices {
      for other in shares.indices where other != row {
        let value = shares[row].flatMap { mine in shares[other].flatMap { method.of(mine[...], $0[...]) } }
        output.texts[0].append(table.rows[row])
        output.texts[1].append(table.rows[other])
        output.columns[0].values.append(value ?? 0)
        output.columns[0].states.append(value == nil ? .missing : .known)
      }
      try input.checkpoint()
    }
    return output
  },
]
