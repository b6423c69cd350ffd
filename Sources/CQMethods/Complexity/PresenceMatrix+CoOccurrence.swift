extension PresenceMatrix {
  /// For each pair of rows, how many columns both have; the diagonal is the diversity. Row by row.
  ///
  /// - Complexity: present pairs × rows / 16 additions of 16 bytes at once.
  package var coOccurrence: [Int32] {
    let size = rowCount
    return unsafe [Int32](unsafeUninitializedCapacity: size * size) { target, count in
      count = size * size
      // SAFETY: each row is written once, and its own elements only.
      guard let counts = target.baseAddress else { return }
      unsafe forEachCoOccurrence { row, shared in
        unsafe (counts + row * size).initialize(from: shared, count: size)
      }
    }
  }

  /// Calls `body` once for each row, with how many columns it shares with every row, on several threads.
  ///
  /// Presence is laid out as bytes, column after column, and the bytes of a row's columns are added up: sixteen at once, in an
  /// accumulator that stays in the first-level cache. Before a byte can overflow it is carried over to a wider counter.
  func forEachCoOccurrence(_ body: (_ row: Int, _ shared: UnsafePointer<Int32>) -> Void) {
    let size = rowCount
    var bytes = [UInt8](repeating: 0, count: columnCount * size)
    for row in 0..<size {
      for column in columns(of: row) { bytes[Int(column) * size + row] = 1 }
    }
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let columnsOfBytes = source.baseAddress else { return }
      Parallel.forEachBlock(of: size, grain: 32, work: columns.count * size / 8) { rows in
        var sums = [UInt8](repeating: 0, count: size)
        var counts = [Int32](repeating: 0, count: size)
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe counts.withUnsafeMutableBufferPointer { counts in
            // SAFETY: columns are below `columnCount`, elements below `size`.
            guard let sums = sums.baseAddress, let counts = counts.baseAddress else { return }
            for row in rows {
              unsafe counts.update(repeating: 0, count: size)
              var left = columns(of: row)
              while !left.isEmpty {
                unsafe sums.update(repeating: 0, count: size)
                for column in left.prefix(255) {
                  let present = unsafe columnsOfBytes + Int(column) * size
                  for other in 0..<size { unsafe sums[other] &+= present[other] }
                }
                for other in 0..<size { unsafe counts[other] &+= Int32(sums[other]) }
                left = left.dropFirst(255)
              }
              unsafe body(row, counts)
            }
          }
        }
      }
    }
  }
}
