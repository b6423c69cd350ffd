/// A dense matrix of doubles, row by row: element (i, j) is `elements[i * columnCount + j]`.
package struct Matrix: Equatable, Sendable {
  package let rowCount: Int
  package let columnCount: Int
  package var elements: [Double]

  package init(rowCount: Int, columnCount: Int, repeating value: Double = 0) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    elements = [Double](repeating: value, count: rowCount * columnCount)
  }

  /// - Precondition: `rowCount × columnCount` elements, row by row.
  init(rowCount: Int, columnCount: Int, elements: [Double]) {
    precondition(elements.count == rowCount * columnCount, "an element for each row and column")
    (self.rowCount, self.columnCount, self.elements) = (rowCount, columnCount, elements)
  }

  /// - Precondition: every row has as many elements as the first one.
  package init(rows: [[Double]]) {
    rowCount = rows.count
    columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { [columnCount] in $0.count == columnCount }, "rows of different lengths")
    elements = Array(rows.joined())
  }

  package subscript(row: Int, column: Int) -> Double {
    get { elements[row * columnCount + column] }
    set { elements[row * columnCount + column] = newValue }
  }

  /// In tiles, so that neither side jumps through memory for long.
  package var transposed: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    let size = 32
    for firstRow in stride(from: 0, to: rowCount, by: size) {
      for firstColumn in stride(from: 0, to: columnCount, by: size) {
        for row in firstRow..<min(firstRow + size, rowCount) {
          for column in firstColumn..<min(firstColumn + size, columnCount) {
            result.elements[column * rowCount + row] = elements[row * columnCount + column]
          }
        }
      }
    }
    return result
  }

  /// Multiplies each column by its factor.
  ///
  /// - Precondition: one factor per column.
  package mutating func scaleColumns(by factors: [Double]) {
    precondition(factors.count == columnCount, "a factor for each column")
    let (rowCount, columnCount) = (rowCount, columnCount)
    unsafe elements.withUnsafeMutableBufferPointer { buffer in
      unsafe factors.withUnsafeBufferPointer { factors in
        // SAFETY: `buffer` has rowCount × columnCount elements and `factors` columnCount.
        for row in 0..<rowCount {
          for column in 0..<columnCount { unsafe buffer[row * columnCount + column] *= factors[column] }
        }
      }
    }
  }
}
