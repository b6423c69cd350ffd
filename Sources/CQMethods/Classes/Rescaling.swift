/// Values made comparable with others by their range or their mean.
package enum Rescaling: String, Sendable, CaseIterable {
  /// `(x − min) / (max − min)`: 0 to 1.
  case minMax = "minmax"
  /// `x / max`.
  case max
  /// `x / mean`.
  case mean

  /// - Returns: nil for all where there is nothing to divide by.
  /// - Complexity: O(n).
  package func of(_ values: [Double]) -> [Double?] {
    let none = [Double?](repeating: nil, count: values.count)
    guard let low = values.min(), let high = values.max(), let mean = WeightedMoments(values)?.mean else { return none }
    switch self {
    case .minMax: return low < high ? values.map { ($0 - low) / (high - low) } : none
    case .max: return high > 0 ? values.map { $0 / high } : none
    case .mean: return mean != 0 ? values.map { $0 / mean } : none
    }
  }
}
