#if canImport(Glibc)
  import Glibc
#endif

/// How attraction falls with distance.
package enum DistanceDecay: Sendable, Equatable {
  /// `d^λ`, λ negative.
  case power(Double)
  /// `e^(λ d)`, λ negative.
  case exponential(Double)
  /// `1 / (1 + e^(−λ (d − m)))`, λ negative: hardly less until about m, where it is a half.
  case logistic(Double, middle: Double)

  /// nil where it is infinite: at distance 0 under a negative power.
  package func factor(_ distance: Double) -> Double? {
    switch self {
    case .power(let exponent):
      distance > 0 ? pow(distance, exponent) : exponent < 0 ? nil : exponent == 0 ? 1 : 0
    case .exponential(let rate): exp(rate * distance)
    case .logistic(let rate, let middle): 1 / (1 + exp(-rate * (distance - middle)))
    }
  }
}

/// Who goes where, and what is within reach.
package enum TradeAreas {
  /// Huff's model: the part of the customers of each origin that goes to each destination.
  ///
  /// `p_ij = S_j^γ f(d_ij) / Σ_k S_k^γ f(d_ik)`
  ///
  /// - Parameters:
  ///   - attraction: One per destination, not negative.
  ///   - distances: Origins × destinations, not negative.
  ///   - leastDistance: Shorter distances count as this one: a negative power has no value at 0.
  /// - Returns: One list per origin, nil where nothing attracts or a distance of 0 leaves it undefined.
  /// - Source: Huff (1962), *Determination of Intra-Urban Retail Trade Areas*; Huff (1964), *Journal of Marketing* 28(3): 34–38.
  package static func huff(
    attraction: [Double], distances: Matrix, exponent: Double = 1, decay: DistanceDecay = .power(-2),
    leastDistance: Double = 0
  ) -> [[Double]?] {
    precondition(distances.columnCount == attraction.count, "a distance to each destination")
    return (0..<distances.rowCount).map { origin in
      var utilities: [Double] = []
      for destination in attraction.indices {
        guard let factor = decay.factor(max(leastDistance, distances[origin, destination])) else { return nil }
        utilities.append(pow(attraction[destination], exponent) * factor)
      }
      let total = utilities.reduce(0, +)
      return total > 0 && total.isFinite ? utilities.map { $0 / total } : nil
    }
  }

  /// Potential, or accessibility: what is within reach of each origin, the nearer the more it counts.
  ///
  /// `A_i = Σ_j M_j^γ f(d_ij)`; with γ = 1 and `d⁻¹` Harris's market potential
  ///
  /// - Parameter leastDistance: As for ``huff(attraction:distances:exponent:decay:leastDistance:)``.
  /// - Returns: nil where a distance of 0 leaves it undefined.
  /// - Source: Hansen (1959), *J. Am. Inst. Planners* 25(2): 73–76; Harris (1954), *Annals AAG* 44: 315–348.
  package static func potential(
    masses: [Double], distances: Matrix, exponent: Double = 1, decay: DistanceDecay = .power(-1),
    leastDistance: Double = 0
  ) -> [Double?] {
    precondition(distances.columnCount == masses.count, "a distance to each mass")
    return (0..<distances.rowCount).map { origin in
      var sum = 0.0
      for place in masses.indices where masses[place] != 0 {
        guard let factor = decay.factor(max(leastDistance, distances[origin, place])) else { return nil }
        sum += pow(masses[place], exponent) * factor
      }
      return sum.isFinite ? sum : nil
    }
  }

  /// Reilly's law: sales to A over sales to B in a place between them.
  ///
  /// `(P_a / P_b)^γ (D_b / D_a)^λ`
  ///
  /// - Source: Reilly (1931), *The Law of Retail Gravitation*.
  package static func reilly(
    sizeA: Double, sizeB: Double, distanceA: Double, distanceB: Double, exponent: Double = 1, decay: Double = 2
  ) -> Double? {
    guard sizeA >= 0, sizeB > 0, distanceA > 0, distanceB >= 0 else { return nil }
    let ratio = pow(sizeA / sizeB, exponent) * pow(distanceB / distanceA, decay)
    return ratio.isFinite ? ratio : nil
  }

  /// Converse's breaking point: how far from A the trade areas of A and B meet.
  ///
  /// `D_ab / (1 + √(P_b / P_a))`
  ///
  /// - Source: Converse (1949), *Journal of Marketing* 14: 379–384.
  package static func breakingPoint(sizeA: Double, sizeB: Double, distance: Double) -> Double? {
    guard sizeA > 0, sizeB >= 0, distance >= 0 else { return nil }
    return distance / (1 + (sizeB / sizeA).squareRoot())
  }
}
