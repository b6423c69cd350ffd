// Inequality of one number among many members.

/// Gini coefficient of `values`, each standing for `weights` units of it.
///
/// Twice the area between the diagonal and the Lorenz curve of the values, sorted by size:
/// `G = 1 - Σ_k (P_k - P_{k-1}) (L_k + L_{k-1})`, with `P` the running share of the weights and `L` that of value × weight.
/// Without weights this is `Σ_k (2k - n - 1) x_(k) / (n Σ x)`.
///
/// - Parameters:
///   - values: Any unit; negative values have no Lorenz curve that stays below the diagonal.
///   - weights: Population; nil counts every value once.
///   - isCorrected: Multiplies by n / (n - 1), so that one holder of everything gives 1 (the small-sample form).
/// - Returns: 0 (all equal) to 1; nil for no values, a negative value or weight, or a total of 0.
/// - Complexity: O(n log n).
/// - Source: Gini (1912); Sen (1973), On Economic Inequality; for weights Lerman and Yitzhaki (1989).
package func gini(_ values: [Double], weights: [Double]? = nil, isCorrected: Bool = false) -> Double? {
  let order = values.indices.sorted { values[$0] < values[$1] }
  guard let first = order.first, values[first] >= 0 else { return nil }
  if let weights, weights.contains(where: { $0 < 0 }) { return nil }
  func weight(_ index: Int) -> Double { weights?[index] ?? 1 }
  let population = order.reduce(0) { $0 + weight($1) }
  let total = order.reduce(0) { $0 + weight($1) * values[$1] }
  guard population > 0, total > 0 else { return nil }
  var below = 0.0
  var twiceArea = 0.0
  for index in order {
    let share = weight(index) * values[index] / total
    twiceArea += weight(index) / population * (below + below + share)
    below += share
  }
  let plain = max(0, 1 - twiceArea)
  guard isCorrected else { return plain }
  let count = Double(values.count)
  return count > 1 ? plain * count / (count - 1) : nil
}

/// Kernels of inequality among members.
let inequalityKernels: [Kernel] = [
  Kernel(
    "gini", .vector, operands: [.init("of"), .init("weight", isOptional: true)],
    options: [.init("corrected", .truth)]
  ) { input in
    let values = input.values("of").values
    let weights = input.has("weight") ? input.values("weight").values : nil
    let notes = values.contains { $0 < 0 } ? ["gini is missing where a value is negative"] : []
    return KernelOutput(gini(values, weights: weights, isCorrected: input.truth("corrected")), notes: notes)
  }
]
