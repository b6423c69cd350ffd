/// How well groups of industries hold together, compared with how near they are to other groups.
///
/// For one matrix of relatedness: WCR is the mean over pairs within a cluster (or of an industry with the others of its cluster),
/// BCR the mean over pairs with one other cluster. A cluster (industry) passes where WCR exceeds the mean, or the 95th percentile, of its
/// BCR with all other clusters. A cluster of one industry has no WCR and does not pass.
///
/// - Source: Delgado, Porter and Stern (2016), *Journal of Economic Geography* 16(1): 1–38, section 4.
package struct ClusterValidation: Sendable {
  package struct Score: Sendable, Equatable {
    package var within: Double?
    /// Mean of the relatedness with each other cluster.
    package var between: Double?
    /// 95th percentile of it (type 7).
    package var high: Double?

    package var passesMean: Bool { within.flatMap { within in between.map { within > $0 } } ?? false }
    package var passesHigh: Bool { within.flatMap { within in high.map { within > $0 } } ?? false }
  }

  package let clusters: [Score]
  package let industries: [Score]

  /// - Parameters:
  ///   - relatedness: Symmetric; its diagonal is not read.
  ///   - groups: The cluster of each industry, from 0.
  /// - Complexity: O(industries²).
  package init(_ relatedness: Matrix, groups: [Int]) {
    precondition(groups.count == relatedness.rowCount, "a group for each industry")
    let groupCount = (groups.max() ?? -1) + 1
    var sizes = [Double](repeating: 0, count: groupCount)
    for group in groups { sizes[group] += 1 }
    // Of each industry with each cluster.
    var sums = Matrix(rowCount: groups.count, columnCount: groupCount)
    for one in groups.indices {
      for other in groups.indices where other != one { sums[one, groups[other]] += relatedness[one, other] }
    }
    func score(_ within: Double?, _ between: [Double]) -> Score {
      Score(
        within: within, between: between.isEmpty ? nil : between.reduce(0, +) / Double(between.count),
        high: Across.quantile(between, 0.95))
    }
    industries = groups.indices.map { industry in
      let own = groups[industry]
      return score(
        sizes[own] > 1 ? sums[industry, own] / (sizes[own] - 1) : nil,
        (0..<groupCount).compactMap { $0 != own && sizes[$0] > 0 ? sums[industry, $0] / sizes[$0] : nil })
    }
    var joint = Matrix(rowCount: groupCount, columnCount: groupCount)
    for industry in groups.indices {
      for other in 0..<groupCount { joint[groups[industry], other] += sums[industry, other] }
    }
    clusters = (0..<groupCount).map { own in
      score(
        sizes[own] > 1 ? joint[own, own] / (sizes[own] * (sizes[own] - 1)) : nil,
        (0..<groupCount).compactMap { $0 != own && sizes[$0] > 0 ? joint[own, $0] / (sizes[own] * sizes[$0]) : nil })
    }
  }

  /// Parts of the clusters and of the industries that pass, by the mean and by the 95th percentile.
  package struct Parts: Sendable, Equatable {
    package var clustersMean: Double
    package var clustersHigh: Double
    package var industriesMean: Double
    package var industriesHigh: Double

    /// The mean of the four.
    package var score: Double { (clustersMean + clustersHigh + industriesMean + industriesHigh) / 4 }
  }

  package var parts: Parts {
    func part(_ scores: [Score], _ passes: (Score) -> Bool) -> Double {
      scores.isEmpty ? 0 : Double(scores.count(where: passes)) / Double(scores.count)
    }
    return Parts(
      clustersMean: part(clusters, \.passesMean), clustersHigh: part(clusters, \.passesHigh),
      industriesMean: part(industries, \.passesMean), industriesHigh: part(industries, \.passesHigh))
  }

  /// The mean of the parts over several matrices.
  package static func parts(_ matrices: [Matrix], groups: [Int]) -> Parts? {
    let all = matrices.map { ClusterValidation($0, groups: groups).parts }
    guard !all.isEmpty else { return nil }
    func mean(_ value: (Parts) -> Double) -> Double { all.reduce(0) { $0 + value($1) } / Double(all.count) }
    return Parts(
      clustersMean: mean(\.clustersMean), clustersHigh: mean(\.clustersHigh), industriesMean: mean(\.industriesMean),
      industriesHigh: mean(\.industriesHigh))
  }
}
