import CQColumns

/// What some rows of a file have come to in one column; lines count from the start of their block.
///
/// Files are read by parts on several threads, and the parts are put together in their order.
struct ColumnPart: Sendable {
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

  var values = Values.none
  /// nil when every value is known.
  var states: [UInt8]?
  /// The first value of a column of numbers that is none.
  var odd: FileTablePlace?
  var oddCount = 0
  /// Numbers with `%` or a sign of money, and the first of them.
  var signedCount = 0
  var signed: FileTablePlace?
  /// A number that no type holds.
  var tooLarge: FileTablePlace?
  /// Marks for withheld and missing numbers that are not blank.
  var markCount = 0
  var numberCount = 0
  /// A text that is not UTF-8, and whether some text has characters beyond ASCII that are.
  var invalid: FileTablePlace?
  var hasWideCharacters = false
}

extension ColumnPart.Values {
  var isTexts: Bool { if case .texts = self { true } else { false } }

  var rowCount: Int {
    switch self {
    case .none: 0
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float64(let values): values.count
    case .texts(let codes, _, _): codes.count
    }
  }
}
