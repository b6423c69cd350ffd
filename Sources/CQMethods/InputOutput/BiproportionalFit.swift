/// A matrix scaled by rows and columns until its sums are given ones (RAS, iterative proportional fitting).
///
/// - Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11(4); Stone (1961); Bacharach (1970).
package struct BiproportionalFit: Sendable {
  package enum Failure: Error, Equatable {
    /// A number below 0, or none.
    case negative
    /// The row sums and the column sums add up to different totals.
    case differentTotals(rows: Double, columns: Double)
    /// A sum above 0 is asked of a row (or column) in which everything is 0.
    case emptyRow(Int), emptyColumn(Int)
    /// The zeros of the matrix leave no solution, or an extremely slow one.
    case notConverged(largestDifference: Double)
  }

  package let matrix: Matrix
  package let iterationCount: Int

  /// - Parameters:
  ///   - tolerance: Of the sums, as a part of the total.
  package init(
    _ start: Matrix, rowSums: [Double], columnSums: [Double], tolerance: Double = 1e-12, iterations: Int = 10_000
  ) throws(Failure) {
    precondition(rowSums.count == start.rowCount && columnSums.count == start.columnCount, "a sum for each")
    guard (start.elements + rowSums + columnSums).allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw .negative }
    let total = rowSums.reduce(0, +)
    let columnTotal = columnSums.reduce(0, +)
    guard abs(total - columnTotal) <= 1e-9 * max(total, columnTotal) else {
      throw .differentTotals(rows: total, columns: columnTotal)
    }
    if let row = zip(start.rowSums, rowSums).enumerated().first(where: { $0.element.0 == 0 && $0.element.1 > 0 }) {
      throw .emptyRow(row.offset)
    }
    if let column = zip(start.columnSums, columnSums).enumerated().first(where: {
      $0.element.0 == 0 && $0.element.1 > 0
    }) {
      throw .emptyColumn(column.offset)
    }
    var matrix = start
    var largest = Double.infinity
    var step = 0
    while step < iterations, largest > tolerance * total {
      let sums = matrix.rowSums
      for row in 0..<matrix.rowCount where sums[row] != 0 {
        let factor = rowSums[row] / sums[row]
        for column in 0..<matrix.columnCount { matrix[row, column] *= factor }
      }
      let columns = matrix.columnSums
      for column in 0..<matrix.columnCount where columns[column] != 0 {
        let factor = columnSums[column] / columns[column]
        for row in 0..<matrix.rowCount { matrix[row, column] *= factor }
      }
      largest = max(
        zip(matrix.rowSums, rowSums).reduce(0) { max($0, abs($1.0 - $1.1)) },
        zip(matrix.columnSums, columnSums).reduce(0) { max($0, abs($1.0 - $1.1)) })
      step += 1
    }
    guard largest <= tolerance * total else { throw .notConverged(largestDifference: largest) }
    self.matrix = matrix
    iterationCount = step
  }
}
