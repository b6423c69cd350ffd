/// Indices of trade by product that need all products or partners of a sample at once.
package enum TradeIndices {
  /// Constant market shares: what changed the exports of a place between two years.
  package struct MarketShareChange: Equatable, Sendable {
    /// World trade grew.
    package let growth: Double
    /// The place exports products that grew more or less than all.
    package let product: Double
    /// The place sells to markets that grew more or less than all of the product.
    package let market: Double
    /// What is left: the place won or lost shares.
    package let competitiveness: Double
    package var total: Double { growth + product + market + competitiveness }
  }

  /// Decomposes the change of one place's exports by product (rows) and market (columns).
  ///
  /// With `g` the growth of all trade, `g_p` that of a product and `g_pm` that of a product in a market:
  /// `Σ x g`, `Σ x (g_p - g)`, `Σ x (g_pm - g_p)`, `Σ (x' - x - x g_pm)`.
  ///
  /// A product (or a product in a market) without trade in the first year has no growth: it takes the growth of what contains
  /// it, so that its change counts as competitiveness.
  ///
  /// - Parameters:
  ///   - before, after: Exports of the place.
  ///   - worldBefore, worldAfter: Exports of all places, this one included.
  /// - Source: Tyszynski (1951); Leamer and Stern (1970), Quantitative International Economics, ch. 7.
  package static func marketShareChange(
    before: Matrix, after: Matrix, worldBefore: Matrix, worldAfter: Matrix
  ) -> MarketShareChange {
    func growth(_ first: Double, _ last: Double, otherwise: Double) -> Double {
      first > 0 ? last / first - 1 : otherwise
    }
    let all = growth(worldBefore.elements.reduce(0, +), worldAfter.elements.reduce(0, +), otherwise: 0)
    let (productsBefore, productsAfter) = (worldBefore.rowSums, worldAfter.rowSums)
    var (product, market, rest) = (0.0, 0.0, 0.0)
    for row in 0..<before.rowCount {
      let byProduct = growth(productsBefore[row], productsAfter[row], otherwise: all)
      for column in 0..<before.columnCount {
        let byMarket = growth(worldBefore[row, column], worldAfter[row, column], otherwise: byProduct)
        let amount = before[row, column]
        product += amount * (byProduct - all)
        market += amount * (byMarket - byProduct)
        rest += after[row, column] - amount - amount * byMarket
      }
    }
    return MarketShareChange(
      growth: before.elements.reduce(0, +) * all, product: product, market: market, competitiveness: rest)
  }

  /// How much more a seller delivers to a buyer than the buyer's part of all other imports lets expect.
  ///
  /// `(x_ij / X_i) / (M_j / (M - M_i))`, with `M_i` what the seller itself buys.
  ///
  /// - Parameters:
  ///   - sellers, buyers: Names of the rows and columns; the same name is the same place.
  /// - Returns: Intensities and export shares; not a number where a seller sells nothing, or to itself.
  /// - Source: Brown (1949); Kojima (1964), Hitotsubashi Journal of Economics 5(1).
  package static func intensities(
    _ trade: Matrix, sellers: [String], buyers: [String]
  ) -> (intensity: Matrix, exportShare: Matrix) {
    let (exports, imports) = (trade.rowSums, trade.columnSums)
    let total = imports.reduce(0, +)
    var (intensity, shares) = (trade, trade)
    for row in 0..<trade.rowCount {
      let own = buyers.firstIndex(of: sellers[row]).map { imports[$0] } ?? 0
      for column in 0..<trade.columnCount {
        let share = exports[row] != 0 && sellers[row] != buyers[column] ? trade[row, column] / exports[row] : .nan
        shares[row, column] = share
        let expected = imports[column] / (total - own)
        intensity[row, column] = expected > 0 ? share / expected : .nan
      }
    }
    return (intensity, shares)
  }

  /// How near a place is to supplying what a market now buys from rivals.
  package enum Tier: String, Sendable, CaseIterable {
    /// It exports the product with a quotient of 1 or more.
    case existing
    /// Its density in the product is above the 75th percentile of its options.
    case near
    case far
  }

  /// - Parameters:
  ///   - advantage, density: One per product; a gap (not a number) is far.
  package static func tiers(advantage: [Double], density: [Double]) -> [Tier] {
    let options = zip(advantage, density).filter { !($0 >= 1) && !$1.isNaN }.map { $1 }
    let cut = quantile(options, 0.75)
    return zip(advantage, density).map { advantage, density in
      if advantage >= 1 { return .existing }
      return density > cut ? .near : .far
    }
  }

  /// The quantile of type 7, as R, numpy and spreadsheets compute it; not a number without values.
  package static func quantile(_ values: [Double], _ level: Double) -> Double {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard let last = sorted.last else { return .nan }
    let position = level * Double(sorted.count - 1)
    let index = Int(position)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}
