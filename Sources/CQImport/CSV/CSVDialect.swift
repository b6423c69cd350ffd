import CQColumns

/// How one file of separated values is written.
struct CSVDialect: Sendable, Equatable {
  var separator: UInt8
  var hasDecimalComma: Bool

  /// `commas`, for messages.
  var separatorName: String {
    switch separator {
    case 0x2C: "commas"
    case 0x3B: "semicolons"
    case 0x09: "tabs"
    case 0x7C: "bars"
    case 0x20: "spaces"
    default: "`\(String(UnicodeScalar(separator)))`"
    }
  }

  private static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
  private static let sampledRecords = 30

  /// What the first lines of a file are most like; what the options say goes first.
  ///
  /// The separator is the one that stands the same number of times, outside quotes, in the most lines; of several the one
  /// that stands most often. A decimal comma is seen by a number whose last group after a comma has not three digits.
  init(of block: TextBlock, from start: Int, _ options: ImportOptions) {
    let records = Self.records(block, from: start)
    separator = options.separator ?? Self.separator(of: records)
    hasDecimalComma = options.hasDecimalComma ?? Self.hasDecimalComma(records.dropFirst(), separator)
  }

  private static func records(_ block: TextBlock, from start: Int) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var record: [UInt8] = []
    var isQuoted = false
    var position = start
    while position < block.count, records.count < sampledRecords {
      let byte = block.bytes[position]
      position += 1
      if byte == 0x22 { isQuoted.toggle() }
      if byte == 0x0A, !isQuoted {
        if !record.isEmpty { records.append(record) }
        record = []
      } else if byte != 0x0D {
        record.append(byte)
      }
    }
    if !record.isEmpty, position == block.count { records.append(record) }
    return records
  }

  private static func separator(of records: [[UInt8]]) -> UInt8 {
    var best: (separator: UInt8, agreeing: Int, count: Int) = (0x2C, 0, 0)
    for candidate in candidates {
      let counts = records.map { count(of: candidate, in: $0) }
      guard let first = counts.first, first > 0 else { continue }
      let agreeing = counts.count { $0 == first }
      if agreeing > best.agreeing || (agreeing == best.agreeing && first > best.count) {
        best = (candidate, agreeing, first)
      }
    }
    return best.separator
  }

  private static func count(of separator: UInt8, in record: [UInt8]) -> Int {
    var isQuoted = false
    var count = 0
    for byte in record {
      if byte == 0x22 { isQuoted.toggle() }
      if byte == separator, !isQuoted { count += 1 }
    }
    return count
  }

  private static func hasDecimalComma(_ records: ArraySlice<[UInt8]>, _ separator: UInt8) -> Bool {
    var votes = 0
    for record in records {
      for field in record.split(separator: separator, omittingEmptySubsequences: true) {
        switch decimalMark(of: field) {
        case 0x2C where separator != 0x2C: votes += 1
        case 0x2E: votes -= 1
        default: break
        }
      }
    }
    return votes > 0
  }

  /// The comma or point that can only be a decimal one: the last of two different marks, or one that has not three
  /// digits behind it; nil where nothing is certain.
  static func decimalMark(of field: some Collection<UInt8>) -> UInt8? {
    var lastMark: UInt8?
    var marks: Set<UInt8> = []
    var digitsBehind = 0
    var lastCount = 0
    for byte in field where byte != 0x20 && byte != 0x22 && byte != 0x2D && byte != 0x0D {
      if byte &- 0x30 <= 9 {
        digitsBehind += 1
      } else if byte == 0x2C || byte == 0x2E {
        lastCount = byte == lastMark ? lastCount + 1 : 1
        lastMark = byte
        marks.insert(byte)
        digitsBehind = 0
      } else {
        return nil
      }
    }
    guard let lastMark, lastCount == 1, digitsBehind > 0 else { return nil }
    return marks.count == 2 || digitsBehind != 3 ? lastMark : nil
  }
}
