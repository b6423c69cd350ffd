import CQColumns

/// A long table of two names and a number, as a matrix: what a verb over plain tables starts from.
package struct CrossTable: Sendable {
  /// Names in the order in which they first appear.
  package var rows: [String]
  package var columns: [String]
  /// Numbers of the same two names are added up; combinations that the table does not have are 0.
  package var matrix: Matrix
  /// Whether the table has the combination, with a number.
  package var isPresent: [Bool]
  /// What was left out.
  package var notes: [String]

  /// - Parameters:
  ///   - sharesNames: Rows and columns are the same things (sellers and buyers): both get all names.
  package init(_ rowNames: [String], _ columnNames: [String], _ values: KernelValues, sharesNames: Bool = false) {
    var rowIndexes = NameIndex()
    var columnIndexes = NameIndex()
    let count = min(rowNames.count, min(columnNames.count, values.count))
    if sharesNames {
      for name in rowNames.prefix(count) { _ = rowIndexes.index(of: name) }
      for name in columnNames.prefix(count) { _ = rowIndexes.index(of: name) }
      columnIndexes = rowIndexes
    } else {
      for name in rowNames.prefix(count) { _ = rowIndexes.index(of: name) }
      for name in columnNames.prefix(count) { _ = columnIndexes.index(of: name) }
    }
    rows = rowIndexes.names
    columns = columnIndexes.names
    matrix = Matrix(rowCount: rows.count, columnCount: columns.count)
    isPresent = [Bool](repeating: false, count: rows.count * columns.count)
    var gaps = 0
    for index in 0..<count {
      guard let value = values[index] else {
        gaps += 1
        continue
      }
      let (row, column) = (rowIndexes.index(of: rowNames[index]), columnIndexes.index(of: columnNames[index]))
      matrix[row, column] += value
      isPresent[row * columns.count + column] = true
    }
    notes = gaps == 0 ? [] : ["\(gaps.counted("row has", "rows have")) no number and count as 0"]
  }

  private struct NameIndex {
    private(set) var names: [String] = []
    private var indexes: [String: Int] = [:]

    mutating func index(of name: String) -> Int {
      if let known = indexes[name] { return known }
      names.append(name)
      indexes[name] = names.count - 1
      return names.count - 1
    }
  }
}
