/// Parses blocks of separated values into columns, one block after the other with the same memory.
///
/// One loop over the bytes: digits become numbers as they pass, texts are hashed while their end is looked for, eight
/// bytes at a time; nothing is made of a field that is not kept.
final class CSVBlockParser {
  enum Kind: UInt8 { case skipped, number, text }

  /// Where the values of a column go.
  struct Sink: BitwiseCopyable {
    var kind: Kind
    var isDecimal = false
    var hasStates = false
    var oddRow = -1
    var oddCount = 0
    var markCount = 0
    var signedCount = 0
    var integers = Scratch<Int64>(capacity: 1)
    var decimals = Scratch<Double>(capacity: 1)
    var states = Scratch<UInt8>(capacity: 1)
    var codes = Scratch<UInt32>(capacity: 1)
    var dictionary = TextDictionary()
    // The text before this one, which the next is often like.
    var lastStart = 0
    var lastLength = -1
    var lastCode: UInt32 = 0
    var lastHash: UInt64 = 0

    init(_ kind: Kind) { self.kind = kind }

    func free() {
      integers.free()
      decimals.free()
      states.free()
      codes.free()
      dictionary.free()
    }
  }

  let columnCount: Int
  private let separator: UInt8
  private let point: UInt8
  private let numbers: NumberText
  /// The bytes of the names: a row that says the same repeats them.
  private let header: [UInt8]
  private let headerWord: UInt64
  private let headerMask: UInt64
  private let isStopped: @Sendable () -> Bool
  let sinks: Scratch<Sink>
  private let powers: Scratch<Double>
  private var unquoted = Scratch<UInt8>(capacity: 256)
  private var rowCapacity = 0
  private var blockEnd = 0
  private(set) var result = CSVBlockResult()

  /// - Parameter isStopped: Asked every few thousand rows; what a block has come to is of no use then.
  init(
    kinds: [Kind], dialect: CSVDialect, numbers: NumberText, header: [UInt8] = [],
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.isStopped = isStopped
    self.header = header
    headerMask = header.count < 8 ? 1 << UInt64(8 * header.count) &- 1 : .max
    // Nothing that is masked by 0 is 1.
    headerWord = header.isEmpty ? 1 : header.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    columnCount = kinds.count
    separator = dialect.separator
    point = dialect.hasDecimalComma ? 0x2C : 0x2E
    self.numbers = numbers
    sinks = Scratch(capacity: kinds.count)
    for (column, kind) in kinds.enumerated() { sinks[column] = Sink(kind) }
    powers = Scratch(capacity: 23)
    var power = 1.0
    for exponent in 0...22 {
      powers[exponent] = power
      power *= 10
    }
  }

  deinit {
    for column in 0..<columnCount { sinks[column].free() }
    sinks.free()
    powers.free()
    unquoted.free()
  }

  // MARK: - Rows

  /// - Parameter start: Where the first record starts: behind the names in the first block.
  func parse(_ block: TextBlock, from start: Int) -> CSVBlockResult {
    begin(block)
    let bytes = block.bytes
    let end = block.count
    let (separator, columnCount) = (self.separator, self.columnCount)
    var position = start
    var (row, line) = (0, 0)
    var expectedLine = 0
    var capacity = rowCapacity
    records: while position < end {
      let first = bytes[position]
      if first == 0x0A || (first == 0x0D && bytes[position + 1] == 0x0A) {
        position += first == 0x0A ? 1 : 2
        line += 1
        continue
      }
      if row == capacity {
        reserveRows(row + 1)
        capacity = rowCapacity
      }
      if row & 0xFFF == 0xFFF, isStopped() { break }
      if bytes.word(at: position) & headerMask == headerWord, let next = endOfNames(block, position) {
        result.repeatedNames.append(line)
        line += block.lineFeeds(from: position, to: next)
        position = next
        continue
      }
      let recordStart = position
      let recordLine = line
      var column = 0
      while true {
        switch fields(of: column, row, bytes, &position, &line, end) {
        case .good: break
        case .open:
          result.openRecord = recordStart
          result.openLine = recordLine
          line = recordLine
          break records
        case .badQuote:
          position = block.position(of: 0x0A, from: position) ?? end
          note(badRow: recordLine, fieldCount: nil, row)
          position += 1
          line += 1
          continue records
        }
        if bytes[position] == separator {
          position += 1
          column += 1
          if column < columnCount { continue }
          // A separator at the end of a line, as the names have it or not.
          if bytes[position] == 0x0A || (bytes[position] == 0x0D && bytes[position + 1] == 0x0A) {
            column -= 1
            break
          }
          let count = columnCount + otherFields(block, &position, end)
          note(badRow: recordLine, fieldCount: count, row)
          position += 1
          line += 1
          continue records
        }
        break
      }
      if bytes[position] == 0x0D { position += 1 }
      position += 1
      line += 1
      if column + 1 < columnCount {
        note(badRow: recordLine, fieldCount: column + 1, row)
        continue
      }
      if recordLine != expectedLine || row == 0 { result.breaks.append(LineBreak(row: row, line: recordLine)) }
      expectedLine = recordLine + 1
      row += 1
    }
    result.rowCount = row
    result.lineCount = line
    result.columns = (0..<columnCount).map { finished($0, row) }
    return result
  }

  /// Behind the line at `start`, if it repeats the names.
  private func endOfNames(_ block: TextBlock, _ start: Int) -> Int? {
    var end = start + header.count
    guard end <= block.count, block.bytes(from: start, to: end) == header else { return nil }
    if block.bytes[end] == 0x0D { end += 1 }
    return block.bytes[end] == 0x0A ? end + 1 : nil
  }

  private func begin(_ block: TextBlock) {
    result = CSVBlockResult()
    result.index = block.index
    blockEnd = block.count
    if let nul = block.position(of: 0) { result.nulLine = block.lineFeeds(to: nul) }
    for column in 0..<columnCount {
      sinks[column].isDecimal = false
      sinks[column].hasStates = false
      sinks[column].oddRow = -1
      sinks[column].oddCount = 0
      sinks[column].markCount = 0
      sinks[column].signedCount = 0
      sinks[column].lastLength = -1
      if sinks[column].kind == .text { sinks[column].dictionary.removeAll() }
      if sinks[column].kind == .number { sinks[column].states.fill(0, count: rowCapacity) }
    }
  }

  private func reserveRows(_ count: Int) {
    let kept = rowCapacity
    rowCapacity = max(count, rowCapacity * 2, 1024)
    for column in 0..<columnCount {
      switch sinks[column].kind {
      case .skipped: break
      case .text: sinks[column].codes.reserve(rowCapacity, keeping: kept)
      case .number:
        sinks[column].integers.reserve(rowCapacity, keeping: kept)
        sinks[column].decimals.reserve(rowCapacity, keeping: kept)
        sinks[column].states.reserve(rowCapacity, keeping: kept)
        for row in kept..<rowCapacity { sinks[column].states[row] = 0 }
      }
    }
  }

  /// A row that is left out takes back what it has said of its columns.
  private func note(badRow line: Int, fieldCount: Int?, _ row: Int) {
    result.badRowCount += 1
    if result.badRows.count < CSVBlockResult.namedBadRows {
      result.badRows.append(CSVBlockResult.BadRow(line: line, fieldCount: fieldCount))
    }
    for column in 0..<columnCount where sinks[column].kind == .number {
      sinks[column].states[row] = 0
      if sinks[column].oddRow == row { sinks[column].oddRow = -1 }
    }
    odd.removeAll { $0.row == row }
    tooLarge.removeAll { $0.row == row }
    for place in signed where place.row == row { sinks[place.column].signedCount = 0 }
    signed.removeAll { $0.row == row }
  }

  private func otherFields(_ block: TextBlock, _ position: inout Int, _ end: Int) -> Int {
    var count = 1
    while position < end, block.bytes[position] != 0x0A {
      if block.bytes[position] == separator { count += 1 }
      position += 1
    }
    return count
  }

  // MARK: - Fields

  private enum Ending { case good, open, badQuote }

  /// Reads one field and leaves `position` at what ends it.
  @inline(__always)
  private func fields(
    of column: Int, _ row: Int, _ bytes: Scratch<UInt8>, _ position: inout Int, _ line: inout Int, _ end: Int
  ) -> Ending {
    if bytes[position] == 0x22 { return quoted(column, row, bytes, &position, &line, end) }
    switch sinks[column].kind {
    case .number:
      if quickNumber(column, row, bytes, &position) { return .good }
      number(column, row, bytes, &position, line)
    case .text: text(column, row, bytes, &position)
    case .skipped: skip(bytes, &position)
    }
    return .good
  }

  /// The usual ways to write a number; false, with nothing changed, for any other.
  @inline(__always)
  private func quickNumber(_ column: Int, _ row: Int, _ bytes: Scratch<UInt8>, _ position: inout Int) -> Bool {
    var next = position
    let isNegative = bytes[next] == 0x2D
    if isNegative { next += 1 }
    let firstDigit = next
    var value: UInt64 = 0
    var digit = bytes[next] &- 0x30
    while digit <= 9 {
      value = value &* 10 &+ UInt64(digit)
      next += 1
      digit = bytes[next] &- 0x30
    }
    let wholeCount = next - firstDigit
    let ending = bytes[next]
    if ending == separator || ending == 0x0A || (ending == 0x0D && bytes[next + 1] == 0x0A) {
      // A leading zero makes a code.
      guard wholeCount > 0, wholeCount <= 18, wholeCount == 1 || bytes[firstDigit] != 0x30 else { return false }
      let number = isNegative ? -Int64(truncatingIfNeeded: value) : Int64(truncatingIfNeeded: value)
      if sinks[column].isDecimal {
        sinks[column].decimals[row] = Double(number)
      } else {
        sinks[column].integers[row] = number
      }
      position = next
      return true
    }
    guard ending == point else { return false }
    next += 1
    let firstFraction = next
    digit = bytes[next] &- 0x30
    while digit <= 9 {
      value = value &* 10 &+ UInt64(digit)
      next += 1
      digit = bytes[next] &- 0x30
    }
    let fractionCount = next - firstFraction
    let last = bytes[next]
    // Both are exact doubles, so their quotient is the nearest one.
    guard fractionCount > 0, wholeCount + fractionCount <= 18, value <= 1 << 53,
      last == separator || last == 0x0A || (last == 0x0D && bytes[next + 1] == 0x0A)
    else { return false }
    if !sinks[column].isDecimal { becomeDecimal(column, row) }
    let number = Double(value) / powers[fractionCount]
    sinks[column].decimals[row] = isNegative ? -number : number
    position = next
    return true
  }

  private func becomeDecimal(_ column: Int, _ row: Int) {
    for earlier in 0..<row { sinks[column].decimals[earlier] = Double(sinks[column].integers[earlier]) }
    sinks[column].isDecimal = true
  }

  /// Marks, blanks, and numbers written in other ways. Kept out of the loop over rows, which is to stay small.
  @inline(never)
  private func number(
    _ column: Int, _ row: Int, _ bytes: Scratch<UInt8>, _ position: inout Int, _ line: Int
  ) {
    let start = position
    skip(bytes, &position)
    if start == position {
      store(.missing, isBlank: true, column, row, line) { [] }
    } else {
      let field = (start..<position).map { bytes[$0] }
      store(numbers.read(field), isBlank: false, column, row, line) { field }
    }
  }

  private func store(
    _ reading: NumberText.Reading, isBlank: Bool, _ column: Int, _ row: Int, _ line: Int, _ field: () -> [UInt8]
  ) {
    var integer: Int64 = 0
    var decimal = 0.0
    switch reading {
    case .integer, .decimal: noteSign(column, row, line, field)
    default: break
    }
    switch reading {
    case .integer(let value):
      integer = value
      decimal = Double(value)
    case .decimal(let value):
      if !sinks[column].isDecimal { becomeDecimal(column, row) }
      decimal = value
    case .withheld, .missing:
      sinks[column].states[row] = reading == .withheld ? 2 : 3
      sinks[column].hasStates = true
      if !isBlank { sinks[column].markCount += 1 }
    case .tooLarge:
      if sinks[column].oddRow < 0 {
        tooLarge.append(Place(column: column, row: row, line: line, text: String(decoding: field(), as: UTF8.self)))
        sinks[column].oddRow = row
      }
    case .code, .text:
      sinks[column].oddCount += 1
      if sinks[column].oddRow < 0 {
        sinks[column].oddRow = row
        let field = field()
        odd.append(Place(column: column, row: row, line: line, text: String(decoding: field, as: UTF8.self)))
        if point == 0x2E, separator != 0x2C, CSVDialect.decimalMark(of: field) == 0x2C { result.hasDecimalComma = true }
      }
    }
    sinks[column].integers[row] = integer
    sinks[column].decimals[row] = decimal
  }

  private func noteSign(_ column: Int, _ row: Int, _ line: Int, _ field: () -> [UInt8]) {
    let field = field()
    guard NumberText.hasSign(field) else { return }
    if sinks[column].signedCount == 0 {
      signed.append(Place(column: column, row: row, line: line, text: String(decoding: field, as: UTF8.self)))
    }
    sinks[column].signedCount += 1
  }

  struct Place {
    var column: Int
    var row: Int
    var line: Int
    var text: String
  }

  var odd: [Place] = []
  var tooLarge: [Place] = []
  var signed: [Place] = []

  @inline(__always)
  private func text(_ column: Int, _ row: Int, _ bytes: Scratch<UInt8>, _ position: inout Int) {
    let start = position
    var hash: UInt64 = 0
    let separators = UInt64(separator) &* 0x0101_0101_0101_0101
    var word = bytes.word(at: position)
    while true {
      let ends = Self.zeroBytes(word ^ separators) | Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      if ends != 0 {
        let bits = ends.trailingZeroBitCount & ~7
        if bits > 0 { hash = TextDictionary.mixed(hash, word & (1 << UInt64(bits) &- 1)) }
        position += bits >> 3
        break
      }
      hash = TextDictionary.mixed(hash, word)
      position += 8
      word = bytes.word(at: position)
    }
    var length = position - start
    if bytes[position] == 0x0A, length > 0, bytes[position - 1] == 0x0D {
      length -= 1
      position -= 1
      hash = TextDictionary.hash(of: bytes, at: start, length: length)
    }
    keep(bytes, start, length, hash, column, row)
  }

  @inline(__always)
  private func keep(
    _ bytes: Scratch<UInt8>, _ start: Int, _ length: Int, _ hash: UInt64, _ column: Int, _ row: Int
  ) {
    if hash == sinks[column].lastHash, length == sinks[column].lastLength,
      isSame(bytes, start, sinks[column].lastStart, length)
    {
      sinks[column].codes[row] = sinks[column].lastCode
      return
    }
    let code = sinks[column].dictionary.number(of: bytes, at: start, length: length, hash: hash)
    sinks[column].codes[row] = code
    sinks[column].lastCode = code
    sinks[column].lastHash = hash
    sinks[column].lastStart = start
    sinks[column].lastLength = length
  }

  @inline(__always)
  private func isSame(_ bytes: Scratch<UInt8>, _ start: Int, _ other: Int, _ length: Int) -> Bool {
    var (mine, theirs, left) = (start, other, length)
    while left >= 8 {
      if bytes.word(at: mine) != bytes.word(at: theirs) { return false }
      (mine, theirs, left) = (mine + 8, theirs + 8, left - 8)
    }
    if left == 0 { return true }
    return (bytes.word(at: mine) ^ bytes.word(at: theirs)) << UInt64(8 * (8 - left)) == 0
  }

  @inline(__always)
  private func skip(_ bytes: Scratch<UInt8>, _ position: inout Int) {
    let start = position
    let separators = UInt64(separator) &* 0x0101_0101_0101_0101
    while true {
      let word = bytes.word(at: position)
      let ends = Self.zeroBytes(word ^ separators) | Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      if ends != 0 {
        position += ends.trailingZeroBitCount >> 3
        break
      }
      position += 8
    }
    if bytes[position] == 0x0A, position > start, bytes[position - 1] == 0x0D { position -= 1 }
  }

  /// Where the next quote stands, eight bytes at a time; line feeds before it are counted.
  @inline(__always)
  private func endOfQuotes(_ bytes: Scratch<UInt8>, _ start: Int, _ line: inout Int) -> Int {
    var position = start
    while true {
      let word = bytes.word(at: position)
      let quotes = Self.zeroBytes(word ^ 0x2222_2222_2222_2222)
      let feeds = Self.zeroBytesExactly(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      if quotes != 0 {
        let bits = quotes.trailingZeroBitCount & ~7
        line += (feeds & (1 << UInt64(bits) &- 1)).nonzeroBitCount
        return position + bits >> 3
      }
      if feeds != 0 { line += feeds.nonzeroBitCount }
      if position >= blockEnd { return position }
      position += 8
    }
  }

  /// The high bit of each byte that is zero.
  @inline(__always) private static func zeroBytesExactly(_ word: UInt64) -> UInt64 {
    ~(((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | word | 0x7F7F_7F7F_7F7F_7F7F)
  }

  /// The high bit of each byte that is zero; bytes behind the first such one may be wrong.
  @inline(__always) private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  // MARK: - Quotes

  private func quoted(
    _ column: Int, _ row: Int, _ bytes: Scratch<UInt8>, _ position: inout Int, _ line: inout Int, _ end: Int
  ) -> Ending {
    let start = position + 1
    var next = start
    // Behind the last quote that was doubled, and what of the text stands in `unquoted`.
    var partStart = start
    var length = 0
    while true {
      next = endOfQuotes(bytes, next, &line)
      if next >= end { return .open }
      // The closing quote may be the last byte of a block that ends with a line feed: the next byte is known.
      if bytes[next + 1] != 0x22 { break }
      next += 1
      unquoted.reserve(length + next - partStart + TextBlock.padding, keeping: length)
      unquoted.copy(from: bytes, at: partStart, count: next - partStart, to: length)
      length += next - partStart
      next += 1
      partStart = next
    }
    let hasDoubled = length > 0
    if hasDoubled {
      unquoted.reserve(length + next - partStart + TextBlock.padding, keeping: length)
      unquoted.copy(from: bytes, at: partStart, count: next - partStart, to: length)
      length += next - partStart
    }
    let close = next
    next += 1
    guard bytes[next] == separator || bytes[next] == 0x0A || (bytes[next] == 0x0D && bytes[next + 1] == 0x0A) else {
      position = next
      return .badQuote
    }
    position = next
    if sinks[column].kind == .skipped { return .good }
    let source = hasDoubled ? unquoted : bytes
    let from = hasDoubled ? 0 : start
    let count = hasDoubled ? length : close - start
    if sinks[column].kind == .text {
      let hash = TextDictionary.hash(of: source, at: from, length: count)
      if !hasDoubled {
        keep(source, from, count, hash, column, row)
      } else {
        sinks[column].codes[row] = sinks[column].dictionary.number(of: source, at: from, length: count, hash: hash)
        sinks[column].lastLength = -1
      }
    } else {
      let field = (from..<from + count).map { source[$0] }
      store(numbers.read(field), isBlank: field.isEmpty, column, row, line) { field }
    }
    return .good
  }
}
