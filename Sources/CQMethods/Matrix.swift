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

  package var transposed: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }
}
