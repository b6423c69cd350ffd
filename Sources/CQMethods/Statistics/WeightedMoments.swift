/// Mean and spread of numbers, with weights where there are any.
package struct WeightedMoments: Sendable {
  package let count: Int
  package let mean: Double
  /// Σ w (x − mean)² / Σ w.
  package let variance: Double

  /// - Returns: nil without values or with weights that do not add up to more than 0.
  package init?(_ values: [Double], weights: [Double]? = nil) {
    precondition(weights.map { $0.count == values.count } ?? true, "one weight per value")
    let total = weights?.reduce(0, +) ?? Double(values.count)
    guard !values.isEmpty, total > 0 else { return nil }
    var sum = 0.0
    for index in values.indices { sum += (weights?[index] ?? 1) * values[index] }
    let mean = sum / total
    var squares = 0.0
    for index in values.indices { squares += (weights?[index] ?? 1) * (values[index] - mean) * (values[index] - mean) }
    count = values.count
    self.mean = mean
    variance = squares / total
  }

  /// Σ (x − mean)² / (n − ddof); nil where n is not above `ddof`. Of values without weights.
  package func variance(ddof: Int) -> Double? {
    count > ddof ? variance * Double(count) / Double(count - ddof) : nil
  }
}
