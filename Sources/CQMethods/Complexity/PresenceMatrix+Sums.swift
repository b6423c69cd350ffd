internal import CVectorLoops

extension PresenceMatrix {
  /// For each place, the sum of what each row of `matrix` has in the columns that the place has (presence times the transposed
  /// matrix), and the sum of each row.
  ///
  /// Goes over strips of rows, and in them over a few dozen columns, which stay in the nearest cache while every place adds its own.
  ///
  /// - Precondition: `matrix` has the columns of the presence.
  /// - Complexity: present pairs × rows.
  func sums(ofColumnsOf matrix: Matrix) -> (sums: Matrix, totals: [Double]) {
    precondition(matrix.columnCount == columnCount, "a column for each activity")
    let width = matrix.rowCount
    let starts = starts(every: Int(CQ_NEAR_COLUMNS))
    var totals = [Double](repeating: 0, count: width)
    let elements = unsafe [Double](unsafeUninitializedCapacity: rowCount * width) { buffer, count in
      count = rowCount * width
      unsafe totals.withUnsafeMutableBufferPointer { totals in
        unsafe matrix.elements.withUnsafeBufferPointer { source in
          unsafe columns.withUnsafeBufferPointer { columns in
            unsafe starts.withUnsafeBufferPointer { starts in
              // SAFETY: columns of the presence ascend and are columns of `matrix`; each block writes all of its own columns of the sums
              // and no others.
              guard let target = buffer.baseAddress, let base = source.baseAddress, let totals = totals.baseAddress
              else { return }
              let strip = Int(CQ_STRIP_WIDTH)
              Parallel.forEachBlock(of: width, grain: strip, work: columns.count * width) { block in
                for first in stride(from: block.lowerBound, to: block.upperBound, by: strip) {
                  unsafe cq_sum_columns(
                    VectorLoops.width, base + first * columnCount, min(strip, block.upperBound - first), columnCount,
                    columnCount, columns.baseAddress, starts.baseAddress, rowCount, target + first, width,
                    totals + first)
                }
              }
            }
          }
        }
      }
    }
    return (Matrix(rowCount: rowCount, columnCount: width, elements: elements), totals)
  }

  /// Where the columns of each row begin that are `step`, twice `step`, … and more: all rows for a step after the other, up to where
  /// they end.
  func starts(every step: Int) -> [Int] {
    let partCount = (columnCount + step - 1) / step
    var starts = [Int](repeating: 0, count: (partCount + 1) * rowCount)
    for row in 0..<rowCount {
      var position = rowStarts[row]
      for part in 0...partCount {
        while position < rowStarts[row + 1], Int(columns[position]) < part * step { position += 1 }
        starts[part * rowCount + row] = position
      }
    }
    return starts
  }
}
