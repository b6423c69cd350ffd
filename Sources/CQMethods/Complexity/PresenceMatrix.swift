/// Which place has which activity, a bit for each pair, with the lists that sparse loops need.
package struct PresenceMatrix: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// 64 columns a word; rows start at multiples of `wordsPerRow`.
  private let words: [UInt64]
  private let wordsPerRow: Int
  /// The columns of row `i`, ascending, are `columns[rowStarts[i]..<rowStarts[i + 1]]`.
  package let rowStarts: [Int]
  package let columns: [Int32]

  /// - Parameter isPresent: Row by row; `rowCount × columnCount` elements.
  package init(rowCount: Int, columnCount: Int, isPresent: [Bool]) {
    precondition(isPresent.count == rowCount * columnCount, "a value for each pair")
    self.rowCount = rowCount
    self.columnCount = columnCount
    wordsPerRow = (columnCount + 63) / 64
    var words = [UInt64](repeating: 0, count: rowCount * wordsPerRow)
    var rowStarts = [0]
    var columns: [Int32] = []
    rowStarts.reserveCapacity(rowCount + 1)
    for row in 0..<rowCount {
      for column in 0..<columnCount where isPresent[row * columnCount + column] {
        words[row * wordsPerRow + column / 64] |= 1 << UInt64(column % 64)
        columns.append(Int32(truncatingIfNeeded: column))
      }
      rowStarts.append(columns.count)
    }
    self.words = words
    self.rowStarts = rowStarts
    self.columns = columns
  }

  /// Present where a number is at least `cut`; a gap (not a number) is absent.
  package init(_ values: Matrix, atLeast cut: Double) {
    self.init(
      rowCount: values.rowCount, columnCount: values.columnCount, isPresent: values.elements.map { $0 >= cut })
  }

  package subscript(row row: Int, column column: Int) -> Bool {
    words[row * wordsPerRow + column / 64] >> UInt64(column % 64) & 1 == 1
  }

  package func columns(of row: Int) -> ArraySlice<Int32> { columns[rowStarts[row]..<rowStarts[row + 1]] }

  /// How many activities each place has.
  package var diversity: [Int] { (0..<rowCount).map { rowStarts[$0 + 1] - rowStarts[$0] } }

  /// How many places have each activity.
  package var ubiquity: [Int] {
    var counts = [Int](repeating: 0, count: columnCount)
    for column in columns { counts[Int(column)] += 1 }
    return counts
  }

  package var transposed: PresenceMatrix {
    var starts = [0] + ubiquity
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
    var next = starts
    var rows = [Int32](repeating: 0, count: columns.count)
    for row in 0..<rowCount {
      for column in columns(of: row) {
        rows[next[Int(column)]] = Int32(truncatingIfNeeded: row)
        next[Int(column)] += 1
      }
    }
    return PresenceMatrix(rowCount: columnCount, columnCount: rowCount, rowStarts: starts, columns: rows)
  }

  /// - Precondition: `columns` ascend within each row.
  private init(rowCount: Int, columnCount: Int, rowStarts: [Int], columns: [Int32]) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    wordsPerRow = (columnCount + 63) / 64
    var words = [UInt64](repeating: 0, count: rowCount * wordsPerRow)
    for row in 0..<rowCount {
      for column in columns[rowStarts[row]..<rowStarts[row + 1]] {
        words[row * wordsPerRow + Int(column) / 64] |= 1 << UInt64(column % 64)
      }
    }
    self.words = words
    self.rowStarts = rowStarts
    self.columns = columns
  }

  /// Some rows and columns, in this order.
  package func selecting(rows: [Int], columns: [Int]) -> PresenceMatrix {
    var isPresent: [Bool] = []
    isPresent.reserveCapacity(rows.count * columns.count)
    for row in rows { for column in columns { isPresent.append(self[row: row, column: column]) } }
    return PresenceMatrix(rowCount: rows.count, columnCount: columns.count, isPresent: isPresent)
  }

  /// Which rows and columns are left when those with too few partners are taken out, again and again.
  ///
  /// - Parameters:
  ///   - minimumDiversity: Columns a row must keep; at least 1.
  ///   - minimumUbiquity: Rows a column must keep; at least 1.
  package func core(minimumDiversity: Int = 1, minimumUbiquity: Int = 1) -> (rows: [Int], columns: [Int]) {
    let byColumn = transposed
    var rowDegrees = diversity
    var columnDegrees = byColumn.diversity
    var hasRow = [Bool](repeating: true, count: rowCount)
    var hasColumn = [Bool](repeating: true, count: columnCount)
    var isChanged = true
    while isChanged {
      isChanged = false
      for row in 0..<rowCount where hasRow[row] && rowDegrees[row] < max(minimumDiversity, 1) {
        hasRow[row] = false
        isChanged = true
        for column in columns(of: row) { columnDegrees[Int(column)] -= 1 }
      }
      for column in 0..<columnCount where hasColumn[column] && columnDegrees[column] < max(minimumUbiquity, 1) {
        hasColumn[column] = false
        isChanged = true
        for row in byColumn.columns(of: column) { rowDegrees[Int(row)] -= 1 }
      }
    }
    return (hasRow.indices.filter { hasRow[$0] }, hasColumn.indices.filter { hasColumn[$0] })
  }

  /// The connected parts of the network of rows and columns, by size (most rows, then most columns, then first row).
  package var components: [(rows: [Int], columns: [Int])] {
    let byColumn = transposed
    var rowLabel = [Int](repeating: -1, count: rowCount)
    var columnLabel = [Int](repeating: -1, count: columnCount)
    var parts: [(rows: [Int], columns: [Int])] = []
    for start in 0..<rowCount where rowLabel[start] < 0 {
      let label = parts.count
      var (rows, columns) = ([start], [Int]())
      rowLabel[start] = label
      var next = 0
      while next < rows.count {
        for column in self.columns(of: rows[next]) where columnLabel[Int(column)] < 0 {
          columnLabel[Int(column)] = label
          columns.append(Int(column))
          for row in byColumn.columns(of: Int(column)) where rowLabel[Int(row)] < 0 {
            rowLabel[Int(row)] = label
            rows.append(Int(row))
          }
        }
        next += 1
      }
      parts.append((rows.sorted(), columns.sorted()))
    }
    return parts.enumerated().sorted {
      ($1.element.rows.count, $1.element.columns.count, $0.offset)
        < ($0.element.rows.count, $0.element.columns.count, $1.offset)
    }.map(\.element)
  }
}
