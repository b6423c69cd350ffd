/// What a market buys in all and from a rival, for each activity that makes the products.
struct MarketGap {
  /// One per activity.
  private(set) var total: [Double]
  private(set) var gap: [Double]
  /// What the market buys from the rival in products that no activity makes.
  private(set) var unlinked = 0.0

  /// - Parameters:
  ///   - products: Headings of the Harmonized System, four digits.
  ///   - links: A table with `naics` and `hs6` (or `product`, six digits): each six-digit product counts the same within its heading, and
  ///     is shared equally among its industries. Totals stay what they are.
  ///   - activities: Codes of products, or of industries at any level.
  ///   - isDirect: The activities are products themselves.
  init(
    products: [String], total totals: KernelValues, rival: KernelValues, links: KernelTable?, activities: [String],
    isDirect: Bool
  ) {
    total = [Double](repeating: 0, count: activities.count)
    gap = total
    let shares = isDirect ? Self.direct(activities) : Self.shares(links, activities)
    for (row, product) in products.enumerated() where row < totals.count && row < rival.count {
      let (all, fromRival) = (totals[row] ?? 0, rival[row] ?? 0)
      var placed = 0.0
      for (activity, share) in shares[product] ?? [:] {
        total[activity] += share * all
        gap[activity] += share * fromRival
        placed += share
      }
      unlinked += max(1 - placed, 0) * fromRival
    }
    if unlinked < 1e-9 * gap.reduce(0, +) { unlinked = 0 }
  }

  private static func direct(_ activities: [String]) -> [String: [Int: Double]] {
    Dictionary(activities.enumerated().map { ($1, [$0: 1]) }, uniquingKeysWith: { first, _ in first })
  }

  /// For each heading, which activities make what part of it.
  private static func shares(_ links: KernelTable?, _ activities: [String]) -> [String: [Int: Double]] {
    guard let links, let industries = links.texts["naics"],
      let products = links.texts["hs6"] ?? links.texts["product"]
    else { return [:] }
    var industriesOfProduct: [String: Set<String>] = [:]
    for (industry, product) in zip(industries, products) where product.count >= 4 {
      industriesOfProduct[product, default: []].insert(industry)
    }
    var productCount: [String: Double] = [:]
    for product in industriesOfProduct.keys { productCount[String(product.prefix(4)), default: 0] += 1 }
    var activityOfIndustry: [String: Int?] = [:]
    var shares: [String: [Int: Double]] = [:]
    for (product, makers) in industriesOfProduct.sorted(by: { $0.key < $1.key }) {
      let heading = String(product.prefix(4))
      for maker in makers.sorted() {
        if activityOfIndustry[maker] == nil {
          activityOfIndustry[maker] = activities.firstIndex { KernelInput.holds($0, maker) }
        }
        guard let activity = activityOfIndustry[maker] ?? nil else { continue }
        shares[heading, default: [:]][activity, default: 0] +=
          1 / (productCount[heading] ?? 1) / Double(makers.count)
      }
    }
    return shares
  }
}
