extension PresenceMatrix {
  /// For each place, the sum of the rows of `rows` that belong to what it has: the product of presence and matrix.
  ///
  /// Goes over strips of columns, so that the strip of all rows stays in the second-level cache while every place adds its own.
  ///
  /// - Precondition: a row for each column of the presence.
  /// - Complexity: present pairs × columns.
  func sums(ofRows rows: Matrix) -> Matrix {
    precondition(rows.rowCount == columnCount, "a row for each activity")
    let width = rows.columnCount
    var result = Matrix(rowCount: rowCount, columnCount: width)
    unsafe result.elements.withUnsafeMutableBufferPointer { buffer in
      unsafe rows.elements.withUnsafeBufferPointer { source in
        // SAFETY: columns of the presence are rows of `rows`; each block writes its own columns only.
        guard let target = buffer.baseAddress, let base = source.baseAddress else { return }
        Parallel.forEachBlock(of: width, grain: 64, work: columns.count * width) { strip in
          for place in 0..<rowCount {
            let sums = unsafe target + place * width + strip.lowerBound
            let start = unsafe base + strip.lowerBound
            let columns = columns(of: place)
            var position = columns.startIndex
            while position + 4 <= columns.endIndex {
              let (a, b) = unsafe (
                start + Int(columns[position]) * width, start + Int(columns[position + 1]) * width
              )
              let (c, d) = unsafe (
                start + Int(columns[position + 2]) * width, start + Int(columns[position + 3]) * width
              )
              for index in 0..<strip.count { unsafe sums[index] += (a[index] + b[index]) + (c[index] + d[index]) }
              position += 4
            }
            while position < columns.endIndex {
              unsafe addScaled(start + Int(columns[position]) * width, by: 1, to: sums, count: strip.count)
              position += 1
            }
          }
        }
      }
    }
    return result
  }
}
