import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// Exponents of a Huff model found in where people went: how much attraction draws, and how much distance deters.
///
/// `ln(T_ij / T̃_i) = γ ln(S_j / S̃_i) + λ ln(d_ij / d̃_i) + …`, a tilde for the geometric mean over the destinations of an origin: the
/// logarithm of a Huff model without its denominator (multiplicative competitive interaction), by ordinary least squares.
///
/// - Source: Nakanishi and Cooper (1974), *Journal of Marketing Research* 11(3): 303–311; Huff (1964), *Journal of Marketing* 28(3).
package struct HuffFit: Sendable {
  /// One per variable, in the order given.
  package let exponents: [Double]
  package let errors: [Double]
  /// Two-sided, of Student's t.
  package let p: [Double?]
  /// The part of the variance of the centred logarithms that the variables explain.
  package let rSquared: Double
  package let pairCount: Int

  /// - Parameters:
  ///   - origins: A number for each pair; equal numbers are one origin.
  ///   - flows: Above 0.
  ///   - variables: For each variable a number above 0 for each pair.
  /// - Returns: nil with too few pairs, or where a variable does not vary among the destinations of any origin.
  /// - Complexity: O(pairs × variables²).
  package init?(origins: [Int], flows: [Double], variables: [[Double]]) {
    func centred(_ values: [Double]) -> [Double] {
      var (sums, counts) = ([Int: Double](), [Int: Double]())
      for (origin, value) in zip(origins, values) {
        sums[origin, default: 0] += log(value)
        counts[origin, default: 0] += 1
      }
      return zip(origins, values).map { log($1) - (sums[$0] ?? 0) / (counts[$0] ?? 1) }
    }
    let y = centred(flows)
    let columns = variables.map(centred)
    let design = Matrix(rows: y.indices.map { pair in columns.map { $0[pair] } })
    // Centring takes a degree of freedom for each origin.
    let freedom = y.count - variables.count - Set(origins).count
    guard freedom > 0, !variables.isEmpty, let reduced = QR(design) else { return nil }
    exponents = reduced.solve(reduced.applyTransposed(to: y))
    let rest = LeastSquares.residuals(of: y, on: reduced, design).reduce(0) { $0 + $1 * $1 }
    let total = y.reduce(0) { $0 + $1 * $1 }
    guard total > 0 else { return nil }
    rSquared = max(0, 1 - rest / total)
    let variance = rest / Double(freedom)
    errors = reduced.inverseGramDiagonal().map { (variance * $0).squareRoot() }
    p = zip(exponents, errors).map { value, error in
      error > 0 ? Distribution.studentTwoSided(value / error, degrees: Double(freedom)) : nil
    }
    pairCount = y.count
  }
}

/// The verb `huff_fit`.
let huffFitKernels: [Kernel] = [
  Kernel(
    "huff_fit", .table,
    operands: [
      .init("origin", .text), .init("flow"), .init("attraction"), .init("distance"), .init("other", isOptional: true),
    ],
    columns: [.init("term", .text), .init("exponent"), .init("error"), .init("p")], dropsGaps: false
  ) { input in
    let names = ["attraction", "distance", "other"].filter(input.has)
    let origins = input.texts["origin"] ?? []
    let rows = origins.indices.filter { row in (["flow"] + names).allSatisfy { (input.values($0)[row] ?? 0) > 0 } }
    var output = KernelOutput(columns: (0..<3).map { _ in KernelValues([]) }, texts: [[]])
    if rows.count < origins.count {
      output.notes.append("\(origins.count - rows.count) pairs without numbers above 0 are left out")
    }
    var numbers: [String: Int] = [:]
    let groups = rows.map { row -> Int in
      let number = numbers[origins[row], default: numbers.count]
      numbers[origins[row]] = number
      return number
    }
    guard
      let found = HuffFit(
        origins: groups, flows: rows.map { input.values("flow").values[$0] },
        variables: names.map { name in rows.map { input.values(name).values[$0] } })
    else {
      output.notes.append("missing: too few pairs, or something that is the same at all destinations of each origin")
      return output
    }
    output.notes.append(
      "\(found.pairCount) pairs of \(numbers.count) origins; the terms explain \(shown(100 * found.rSquared))% of the variance"
    )
    for (index, name) in names.enumerated() {
      output.texts[0].append(name)
      for (column, number) in [found.exponents[index], found.errors[index], found.p[index]].enumerated() {
        output.columns[column].append(number)
      }
    }
    return output
  }
]
