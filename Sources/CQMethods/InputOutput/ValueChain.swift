/// Who delivers to a group of industries, and who buys from it.
package struct ValueChain: Sendable {
  /// Deliveries of each industry to the group, those of the group's own industries among them.
  package let deliveries: [Double]
  /// Purchases of each industry from the group.
  package let purchases: [Double]
  /// Deliveries as a part of all that the group buys; not a number where it buys nothing.
  package let supplierShares: [Double]
  package let buyerShares: [Double]

  /// - Parameter weights: Of each industry in the group: 1 inside, 0 outside, a part where a code is shared among clusters.
  package init(flows: Matrix, weights: [Double]) {
    deliveries = flows.multiplied(by: weights)
    purchases = flows.leftMultiplied(by: weights)
    let (bought, sold) = (deliveries.reduce(0, +), purchases.reduce(0, +))
    supplierShares = deliveries.map { bought != 0 ? $0 / bought : .nan }
    buyerShares = purchases.map { sold != 0 ? $0 / sold : .nan }
  }
}
