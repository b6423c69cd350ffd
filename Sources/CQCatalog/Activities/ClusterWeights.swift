/// How the codes of a classification that is coarser than the definitions of clusters are shared among them: an
/// approximation, so what is computed with it is an estimate.
package struct ClusterWeights: Sendable {
  /// The clusters of each code, with the share of the code that belongs to each.
  package let shares: [String: [(cluster: String, weight: Double)]]

  package func shares(of code: String) -> [(cluster: String, weight: Double)] { shares[code] ?? [] }
}
