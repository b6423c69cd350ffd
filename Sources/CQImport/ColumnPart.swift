import CQColumns

/// What some rows of a file have come to in one column; lines count from the start of their block.
///
/// Files are read by parts on several threads, and the parts are put together in their order.
struct ColumnPart: Sendable {
  enum Values: Sendable {
    /// The column was not asked for.
    case none
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float64([Double])
    case texts(codes: Codes, bytes: [UInt8], entries: [TextDictionary.Entry])

    var byteCount: Int {
      switch self {
      case .none: 0
      case .int16(let values): values.count * 2
      case .int32(let values): values.count * 4
      case .int64(let values): values.count * 8
      case .float64(let values): values.count * 8
      case .texts(let codes, let bytes, let entries): codes.byteCount + bytes.count + entries.count * 24
      }
    }
  }

  /// The number of each row's text, as narrow as there are texts: parts lie in memory until the whole file is read.
  enum Codes: Sendable {
    case bits8([UInt8])
    case bits16([UInt16])
    case bits32([UInt32])

    /// - Parameter code: The number of a row's text, below `textCount`.
    @inline(__always) init(rowCount: Int, textCount: Int, code: (_ row: Int) -> UInt32) {
      if textCount <= 1 << 8 {
        self = .bits8([UInt8](count: rowCount) { UInt8(truncatingIfNeeded: code($0)) })
      } else if textCount <= 1 << 16 {
        self = .bits16([UInt16](count: rowCount) { UInt16(truncatingIfNeeded: code($0)) })
      } else {
        self = .bits32([UInt32](count: rowCount, each: code))
      }
    }

    var count: Int {
      switch self {
      case .bits8(let codes): codes.count
      case .bits16(let codes): codes.count
      case .bits32(let codes): codes.count
      }
    }

    var byteCount: Int {
      switch self {
      case .bits8(let codes): codes.count
      case .bits16(let codes): codes.count * 2
      case .bits32(let codes): codes.count * 4
      }
    }

    /// The first row of a text.
    func firstRow(of number: Int) -> Int? {
      switch self {
      case .bits8(let codes): codes.firstIndex { Int($0) == number }
      case .bits16(let codes): codes.firstIndex { Int($0) == number }
      case .bits32(let codes): codes.firstIndex { Int($0) == number }
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
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float64(let values): values.count
    case .texts(let codes, _, _): codes.count
    }
  }
}
