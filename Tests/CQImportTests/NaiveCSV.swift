/// The same numbers on every machine: xorshift.
struct SmallRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Texts of tables with all that makes reading hard.
enum RandomCSV {
  static func text(_ random: inout SmallRandom) -> (bytes: [UInt8], separator: UInt8) {
    let separator: UInt8 = [0x2C, 0x3B, 0x09].randomElement(using: &random) ?? 0x2C
    let columnCount = Int.random(in: 1...6, using: &random)
    let kinds = (0..<columnCount).map { _ in Int.random(in: 0..<6, using: &random) }
    let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
    var text = (0..<columnCount).map { "c\($0)" }.joined(separator: String(UnicodeScalar(separator))) + lineEnd
    let rowCount = Int.random(in: 0...120, using: &random)
    for row in 0..<rowCount {
      let fields = kinds.map { field($0, separator, &random) }
      // A row of one blank field would be a blank line.
      text +=
        (columnCount == 1 && fields[0].isEmpty ? "\"\"" : fields.joined(separator: String(UnicodeScalar(separator))))
      if row + 1 < rowCount || Bool.random(using: &random) { text += lineEnd }
    }
    return (Array(text.utf8), separator)
  }

  private static func field(_ kind: Int, _ separator: UInt8, _ random: inout SmallRandom) -> String {
    let mark = String(UnicodeScalar(separator))
    switch kind {
    case 0: return "\(Int.random(in: -99...99_999, using: &random))"
    case 1: return "\(Double(Int.random(in: -9_999_999...9_999_999, using: &random)) / 1000)"
    case 2:
      return ["", "D", "(D)", "NA", "12", "3.5", "1e3", "-7"].randomElement(using: &random) ?? ""
    case 3: return ["Ohio", "Nuevo León", "", "México", "a b", "New York"].randomElement(using: &random) ?? ""
    case 4:
      return ["\"a\(mark)b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "plain", "\"\"", "it's"].randomElement(
        using: &random) ?? ""
    default: return ["06037", "39035", "01001", "48201"].randomElement(using: &random) ?? ""
    }
  }
}

/// Reads a table byte by byte with a string for each field.
enum NaiveCSV {
  enum Column: Equatable {
    case numbers([Double?])
    case texts([String])
  }

  static func read(_ bytes: [UInt8], separator: UInt8) -> (names: [String], columns: [Column]) {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var index = 0
    func text() -> String { String(decoding: field, as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte == 0x22 {
          if index < bytes.count, bytes[index] == 0x22 {
            field.append(byte)
            index += 1
          } else {
            isQuoted = false
          }
        } else {
          field.append(byte)
        }
      } else if byte == 0x22, field.isEmpty, !wasQuoted {
        isQuoted = true
        wasQuoted = true
      } else if byte == separator || byte == 0x0A {
        if byte == 0x0A, field.last == 0x0D { field.removeLast() }
        if byte == 0x0A, record.isEmpty, field.isEmpty, !wasQuoted { continue }
        record.append(text())
        (field, wasQuoted) = ([], false)
        if byte == 0x0A {
          records.append(record)
          record = []
        }
      } else {
        field.append(byte)
      }
    }
    if !record.isEmpty || !field.isEmpty || wasQuoted {
      record.append(text())
      records.append(record)
    }
    let names = records.first ?? []
    let rows = records.dropFirst()
    return (names, names.indices.map { column in self.column(rows.map { $0[column] }) })
  }

  private static func column(_ values: [String]) -> Column {
    let marks = ["", "D", "(D)", "NA"]
    let numbers = values.map { marks.contains($0) ? nil : Double($0) }
    let isCode = values.contains { $0.count > 1 && $0.hasPrefix("0") && !$0.contains(".") }
    let areNumbers = !isCode && zip(values, numbers).allSatisfy { marks.contains($0) || $1 != nil }
    let hasOnlyMarks = numbers.allSatisfy { $0 == nil } && values.contains { !$0.isEmpty }
    return areNumbers && !hasOnlyMarks ? .numbers(numbers) : .texts(values)
  }
}
