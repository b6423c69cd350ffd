import CQColumns

/// A column of a file as its different values, with how many rows have each and where the first stands.
///
/// - Complexity: O(rows) to make.
struct ValueTable {
  var values: [String] = []
  var rowCounts: [Int] = []
  var firstRows: [Int] = []
  /// Number of the value of each row.
  private(set) var codes: [Int32] = []
  /// All rows have the same value, that of the mapping.
  private(set) var isConstant = false

  init(constant: String, rowCount: Int) {
    values = [constant]
    rowCounts = [rowCount]
    firstRows = [0]
    isConstant = true
  }

  init(_ column: FileTable.Column, rowCount: Int) {
    codes.reserveCapacity(rowCount)
    switch column.values {
    case .texts(let dictionary, let texts):
      // A text that differs by spaces around it is another value of the dictionary, and the same to `fold`.
      values = texts
      rowCounts = [Int](repeating: 0, count: texts.count)
      firstRows = [Int](repeating: -1, count: texts.count)
      for row in 0..<rowCount { add(dictionary[row], row) }
    case .numbers:
      var known: [UInt64: Int] = [:]
      var blank = -1
      for row in 0..<rowCount {
        guard column.state(at: row).hasValue, let number = column.number(at: row) else {
          if blank < 0 { blank = new("") }
          add(blank, row)
          continue
        }
        let code: Int
        if let found = known[number.bitPattern] {
          code = found
        } else {
          code = new(column.text(at: row))
          known[number.bitPattern] = code
        }
        add(code, row)
      }
    }
  }

  private mutating func new(_ value: String) -> Int {
    values.append(value)
    rowCounts.append(0)
    firstRows.append(-1)
    return values.count - 1
  }

  private mutating func add(_ code: Int, _ row: Int) {
    codes.append(Int32(truncatingIfNeeded: code))
    rowCounts[code] += 1
    if firstRows[code] < 0 { firstRows[code] = row }
  }

  func code(ofRow row: Int) -> Int { isConstant ? 0 : Int(codes[row]) }

  /// Values that some row has.
  var used: [Int] { values.indices.filter { rowCounts[$0] > 0 } }
}
