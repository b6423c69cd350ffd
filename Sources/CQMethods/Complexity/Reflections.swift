/// The method of reflections: means of means of diversity and ubiquity.
///
/// `k_c,N = (1 / k_c,0) Σ_p M_cp k_p,N-1` and the same for activities, from `k_c,0` the diversity and `k_p,0` the ubiquity.
/// Places are read at the last even order, activities at the last odd one. With growing order both approach the eigenvector
/// index, and their spread approaches nothing, so that beyond 40 orders or so standard scores are rounding noise.
///
/// - Source: Hidalgo and Hausmann (2009), PNAS 106(26).
package struct Reflections: Sendable {
  /// Not a number for places without activities.
  package let places: [Double]
  package let activities: [Double]
  /// The orders that were read.
  package let orders: (place: Int, activity: Int)

  /// - Parameter iterations: Orders computed, the first included: 20 gives orders 0 to 19.
  package init(_ presence: PresenceMatrix, iterations: Int = 20) {
    let byActivity = presence.transposed
    var places = presence.diversity.map { $0 > 0 ? Double($0) : .nan }
    var activities = byActivity.diversity.map { $0 > 0 ? Double($0) : .nan }
    var last = (places: places, activities: activities)
    var orders = (place: 0, activity: 0)
    for order in 1..<max(iterations, 2) {
      (places, activities) = (presence.means(of: activities), byActivity.means(of: places))
      if order.isMultiple(of: 2) {
        (last.places, orders.place) = (places, order)
      } else {
        (last.activities, orders.activity) = (activities, order)
      }
    }
    self.places = last.places
    self.activities = last.activities
    self.orders = orders
  }
}
