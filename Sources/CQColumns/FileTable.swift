/// The rows of a user's file as typed columns, whatever the format of the file.
///
/// Immutable and shared: columns of numbers and codes lie in one buffer each, in place where the file allows it.
package struct FileTable: Sendable {
  package struct Column: Sendable {
    package var name: String
    package var values: Values
    /// Raw values of ``CellState``, one per row; nil when every value is known.
    package var states: ColumnBuffer<UInt8>?
    /// Why a column in which most values are numbers is one of texts: the first value that is none, and its line.
    package var oddity: Oddity?

    package init(name: String, values: Values, states: ColumnBuffer<UInt8>? = nil, oddity: Oddity? = nil) {
      self.name = name
      self.values = values
      self.states = states
      self.oddity = oddity
    }
  }

  package struct Oddity: Sendable, Equatable {
    /// 1-based; 0 where the file has no lines.
    package var line: Int
    package var text: String

    package init(line: Int, text: String) {
      self.line = line
      self.text = text
    }
  }

  package enum Values: Sendable {
    case numbers(NumberValues)
    /// Codes are indexes of `values`, which all differ; a blank text is a missing one.
    case texts(codes: DictionaryCodes, values: [String])
  }

  package var columns: [Column]
  package var rowCount: Int
  /// Where the rows stand in a file of lines; nil for other formats.
  package var lines: LineMap?
  /// What the reader found out: `CSV, separated by semicolons, decimal comma`.
  package var format: String
  /// What was left out or read in another way than it stands, each a sentence of its own.
  package var notes: [String]

  package init(
    columns: [Column], rowCount: Int, lines: LineMap? = nil, format: String = "", notes: [String] = []
  ) {
    self.columns = columns
    self.rowCount = rowCount
    self.lines = lines
    self.format = format
    self.notes = notes
  }

  /// `line 17`, or `row 16` where the file has no lines.
  package func place(ofRow row: Int) -> String {
    lines.map { "line \($0.line(ofRow: row))" } ?? "row \(row + 1)"
  }

  package func column(named name: String) -> Column? { columns.first { $0.name == name } }
}

extension FileTable.Column {
  package var isNumeric: Bool {
    if case .numbers = values { return true }
    return false
  }

  package func state(at row: Int) -> CellState {
    states.flatMap { CellState(rawValue: $0[row]) } ?? .known
  }

  /// The number of a row; nil in a column of texts. Meaningless where the state has no value.
  package func number(at row: Int) -> Double? {
    guard case .numbers(let numbers) = values else { return nil }
    return switch numbers {
    case .int32(let values): Double(values[row])
    case .int64(let values): Double(values[row])
    case .float64(let values): values[row]
    }
  }

  /// What stands in a row, for messages and for members: whole numbers without a point.
  package func text(at row: Int) -> String {
    if !state(at: row).hasValue { return "" }
    switch values {
    case .texts(let codes, let values): return values[codes[row]]
    case .numbers(.int32(let values)): return "\(values[row])"
    case .numbers(.int64(let values)): return "\(values[row])"
    case .numbers(.float64(let values)): return Int64(exactly: values[row]).map { "\($0)" } ?? "\(values[row])"
    }
  }
}

extension FileTable.Column {
  /// The values of these rows, in that order; some of them where it was stopped.
  package func gathered(_ rows: [Int], threads: Int, isStopped: @Sendable () -> Bool) -> FileTable.Column {
    func gathered<Element>(_ values: ColumnBuffer<Element>) -> ColumnBuffer<Element> {
      unsafe ColumnBuffer(count: rows.count, threads: threads) { range, elements in
        if isStopped() { return }
        for index in range { unsafe elements[index] = values[rows[index]] }
      }
    }
    var column = self
    column.states = states.map { gathered($0) }
    switch values {
    case .numbers(.int32(let values)): column.values = .numbers(.int32(gathered(values)))
    case .numbers(.int64(let values)): column.values = .numbers(.int64(gathered(values)))
    case .numbers(.float64(let values)): column.values = .numbers(.float64(gathered(values)))
    case .texts(.bits8(let codes), let values): column.values = .texts(codes: .bits8(gathered(codes)), values: values)
    case .texts(.bits16(let codes), let values): column.values = .texts(codes: .bits16(gathered(codes)), values: values)
    case .texts(.bits32(let codes), let values): column.values = .texts(codes: .bits32(gathered(codes)), values: values)
    }
    return column
  }

  /// Bytes of memory that the column takes: none for what is mapped from a file, and what some of its texts say of all.
  package var byteCount: Int {
    let stateBytes = states?.ownByteCount ?? 0
    return switch values {
    case .numbers(.int32(let values)): stateBytes + values.ownByteCount
    case .numbers(.int64(let values)): stateBytes + values.ownByteCount
    case .numbers(.float64(let values)): stateBytes + values.ownByteCount
    case .texts(.bits8(let codes), let values): stateBytes + codes.ownByteCount + Self.byteCount(of: values)
    case .texts(.bits16(let codes), let values): stateBytes + codes.ownByteCount + Self.byteCount(of: values)
    case .texts(.bits32(let codes), let values): stateBytes + codes.ownByteCount + Self.byteCount(of: values)
    }
  }

  private static func byteCount(of texts: [String]) -> Int {
    let step = texts.count / 1_000 + 1
    let sampled = stride(from: 0, to: texts.count, by: step)
    // Short texts lie in the array; others are objects with a head of 32 bytes.
    let inObjects = sampled.reduce(0) { bytes, index in
      let count = texts[index].utf8.count
      return count > 15 ? bytes + 32 + (count + 16) / 16 * 16 : bytes
    }
    return texts.count * MemoryLayout<String>.stride + inObjects * step
  }
}

extension DictionaryCodes {
  package subscript(row: Int) -> Int {
    switch self {
    case .bits8(let codes): Int(codes[row])
    case .bits16(let codes): Int(codes[row])
    case .bits32(let codes): Int(codes[row])
    }
  }

  /// Codes in the narrowest width that holds `valueCount` values.
  ///
  /// - Parameter fill: Gives the code of each row; called once per row, in order.
  package static func narrowest(
    valueCount: Int, rowCount: Int, code: (_ row: Int) -> UInt32
  ) -> DictionaryCodes {
    if valueCount <= 1 << 8 {
      return .bits8(
        unsafe ColumnBuffer(count: rowCount) { buffer in
          for row in 0..<rowCount { unsafe buffer[row] = UInt8(truncatingIfNeeded: code(row)) }
        })
    }
    if valueCount <= 1 << 16 {
      return .bits16(
        unsafe ColumnBuffer(count: rowCount) { buffer in
          for row in 0..<rowCount { unsafe buffer[row] = UInt16(truncatingIfNeeded: code(row)) }
        })
    }
    return .bits32(
      unsafe ColumnBuffer(count: rowCount) { buffer in
        for row in 0..<rowCount { unsafe buffer[row] = code(row) }
      })
  }
}

/// In which line of a file each row starts: a row follows the one before in the next line, unless a break says otherwise.
package struct LineMap: Sendable, Equatable {
  package struct Break: Sendable, Equatable {
    package var row: Int
    package var line: Int

    package init(row: Int, line: Int) {
      self.row = row
      self.line = line
    }
  }

  /// Ascending in both.
  package private(set) var breaks: [Break] = []

  package init() {}

  /// Says that `row` starts in `line`; rows come in order.
  package mutating func add(row: Int, line: Int) {
    if let last = breaks.last, last.line + (row - last.row) == line { return }
    breaks.append(Break(row: row, line: line))
  }

  /// - Complexity: O(log breaks).
  package func line(ofRow row: Int) -> Int {
    var (low, high) = (0, breaks.count)
    while low < high {
      let middle = (low + high) / 2
      if breaks[middle].row <= row { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return row + 1 }
    return breaks[low - 1].line + (row - breaks[low - 1].row)
  }
}
