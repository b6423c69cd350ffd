/// The order of rows by a whole number each.
///
/// - Complexity: O(rows) for a radix sort over the digits in which the numbers differ; nothing is moved where the rows
///   are in order already.
package enum RadixOrder {
  /// The rows in ascending order of their keys, equal ones as they stand; nil where they already are in order.
  ///
  /// - Parameter check: Asked now and then whether to go on.
  package static func ascending<Failure>(
    _ keys: [UInt64], check: () throws(Failure) -> Void
  ) throws(Failure) -> [Int32]? {
    var (all, none): (UInt64, UInt64) = (.max, 0)
    var isSorted = true
    var previous: UInt64 = 0
    for (index, key) in keys.enumerated() {
      if index & 0xFFFF == 0xFFFF { try check() }
      if key < previous { isSorted = false }
      previous = key
      all &= key
      none |= key
    }
    if isSorted { return nil }
    var order = (0..<Int32(clamping: keys.count)).map { $0 }
    var other = order
    let digit = 11
    var shift = 0
    // Digits that all keys share order nothing.
    let differing = all ^ none
    while shift < 64, differing >> UInt64(shift) > 0 {
      defer { shift += digit }
      if differing >> UInt64(shift) & 0x7FF == 0 { continue }
      var starts = [Int](repeating: 0, count: 1 << digit + 1)
      for (index, key) in keys.enumerated() {
        if index & 0xFFFF == 0xFFFF { try check() }
        starts[Int(key >> UInt64(shift) & 0x7FF) + 1] += 1
      }
      for index in 1..<starts.count { starts[index] += starts[index - 1] }
      for (index, row) in order.enumerated() {
        if index & 0xFFFF == 0xFFFF { try check() }
        let bucket = Int(keys[Int(row)] >> UInt64(shift) & 0x7FF)
        other[starts[bucket]] = row
        starts[bucket] += 1
      }
      swap(&order, &other)
    }
    return order
  }
}
