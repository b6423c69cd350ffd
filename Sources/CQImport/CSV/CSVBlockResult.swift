/// What one block of a file has come to; lines and rows count from its start.
struct CSVBlockResult: Sendable {
  enum Values: Sendable {
    /// The column was not asked for.
    case none
    case int32([Int32])
    case int64([Int64])
    case float64([Double])
    case texts(codes: [UInt32], bytes: [UInt8], entries: [TextDictionary.Entry])

    var byteCount: Int {
      switch self {
      case .none: 0
      case .int32(let values): values.count * 4
      case .int64(let values): values.count * 8
      case .float64(let values): values.count * 8
      case .texts(let codes, let bytes, let entries): codes.count * 4 + bytes.count + entries.count * 24
      }
    }
  }

  struct Column: Sendable {
    var values = Values.none
    /// nil when every value is known.
    var states: [UInt8]?
    /// The first value of a column of numbers that is none.
    var odd: FileTablePlace?
    var oddCount = 0
    /// A number that no type holds.
    var tooLarge: FileTablePlace?
    /// Marks for withheld and missing numbers that are not blank.
    var markCount = 0
    var numberCount = 0
    /// A text that is not UTF-8, and whether some text has characters beyond ASCII that are.
    var invalid: FileTablePlace?
    var hasWideCharacters = false
  }

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
  /// A number with a decimal comma where the file should have none.
  var hasDecimalComma = false
  /// The line with a NUL byte.
  var nulLine: Int?
  /// Where in the block a record starts whose quoted field goes beyond its end.
  var openRecord: Int?
  var openLine = 0
  var columns: [Column] = []

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
