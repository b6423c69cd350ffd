internal import CVectorLoops

extension PresenceMatrix {
  /// For each pair of rows, how many columns both have; the diagonal is the diversity. Row by row.
  ///
  /// - Complexity: present pairs × rows additions of bytes, 16 to 64 at once.
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
  /// Presence is laid out as bytes, column after column, and the bytes of a row's columns are added up: as many at once as a
  /// register holds, in an accumulator that stays in the nearest cache.
  func forEachCoOccurrence(_ body: (_ row: Int, _ shared: UnsafePointer<Int32>) -> Void) {
    let size = rowCount
    var bytes = [UInt8](repeating: 0, count: columnCount * size)
    for row in 0..<size {
      for column in columns(of: row) { bytes[Int(column) * size + row] = 1 }
    }
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe columns.withUnsafeBufferPointer { columns in
        guard let columnsOfBytes = source.baseAddress, let indices = columns.baseAddress else {
          return unsafe forEachEmptyRow(body)
        }
        Parallel.forEachBlock(of: size, grain: 32, work: columns.count * size / 8) { rows in
          unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: size) { counts in
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { space in
              // SAFETY: columns are below `columnCount`, row starts positions in `columns`; `counts` and `space` hold `size` elements.
              guard let counts = counts.baseAddress else { return }
              for row in rows {
                unsafe counts.initialize(repeating: 0, count: size)
                unsafe cq_count_rows(
                  VectorLoops.width, columnsOfBytes, size, indices + rowStarts[row],
                  rowStarts[row + 1] - rowStarts[row], counts, size, space.baseAddress)
                unsafe body(row, counts)
              }
            }
          }
        }
      }
    }
  }

  private func forEachEmptyRow(_ body: (_ row: Int, _ shared: UnsafePointer<Int32>) -> Void) {
    let none = [Int32](repeating: 0, count: rowCount)
    unsafe none.withUnsafeBufferPointer { none in
      guard let none = none.baseAddress else { return }
      for row in 0..<rowCount { unsafe body(row, none) }
    }
  }
}
