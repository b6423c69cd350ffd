/// The order of rows by a whole number each.
///
/// - Complexity: O(rows) for a radix sort over the digits that the largest number has; nothing is moved where the rows
///   are in order already.
enum RowOrder {
  /// The rows in ascending order of their keys, equal ones as they stand; nil where they already are in order.
  static func ascending(_ keys: [UInt64]) -> [Int32]? {
    var largest: UInt64 = 0
    var isSorted = true
    var previous: UInt64 = 0
    for key in keys {
      if key < previous { isSorted = false }
      previous = key
      largest = max(largest, key)
    }
    if isSorted { return nil }
    var order = (0..<Int32(clamping: keys.count)).map { $0 }
    var other = order
    let digit = 11
    var shift = 0
    while shift < 64, largest >> UInt64(shift) > 0 {
      var starts = [Int](repeating: 0, count: 1 << digit + 1)
      for key in keys { starts[Int(key >> UInt64(shift) & 0x7FF) + 1] += 1 }
      for index in 1..<starts.count { starts[index] += starts[index - 1] }
      for row in order {
        let bucket = Int(keys[Int(row)] >> UInt64(shift) & 0x7FF)
        other[starts[bucket]] = row
        starts[bucket] += 1
      }
      swap(&order, &other)
      shift += digit
    }
    return order
  }
}
