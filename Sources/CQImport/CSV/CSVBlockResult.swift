/// What one block of a file has come to; lines and rows count from its start.
struct CSVBlockResult: Sendable {
  struct BadRow: Sendable {
    var line: Int
    /// How many fields it has; nil for a quote in the middle of a field.
    var fieldCount: Int?
  }

  var index = 0
  /// 0-based line of the file in which the block starts; set when the blocks before are known.
  var firstLine = 0
  var rowCount = 0
  /// Line feeds that were passed.
  var lineCount = 0
  var breaks: [LineBreak] = []
  var badRows: [BadRow] = []
  var badRowCount = 0
  /// Lines that repeat the names of the columns.
  var repeatedNames: [Int] = []
  /// A number with a decimal comma where the file should have none.
  var hasDecimalComma = false
  /// The line with a NUL byte.
  var nulLine: Int?
  /// Where in the block a record starts whose quoted field goes beyond its end.
  var openRecord: Int?
  var openLine = 0
  var columns: [ColumnPart] = []

  static let namedBadRows = 8

  var byteCount: Int { columns.reduce(0) { $0 + $1.values.byteCount + ($1.states?.count ?? 0) } }
}

struct LineBreak: Sendable {
  var row: Int
  var line: Int
}

/// A value with where it stands.
struct FileTablePlace: Sendable {
  var line: Int
  var text: String
}
