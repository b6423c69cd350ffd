import CQColumns

// What a block has come to, column by column.

extension CSVBlockParser {
  func finished(_ column: Int, _ rowCount: Int) -> ColumnPart {
    let sink = sinks[column]
    var finished = ColumnPart()
    finished.markCount = sink.markCount
    finished.oddCount = sink.oddCount
    finished.odd = odd.first { $0.column == column }.map { FileTablePlace(line: $0.line, text: $0.text) }
    finished.tooLarge = tooLarge.first { $0.column == column }.map { FileTablePlace(line: $0.line, text: $0.text) }
    finished.signedCount = sink.signedCount
    finished.signed = signed.first { $0.column == column }.map { FileTablePlace(line: $0.line, text: $0.text) }
    if column == columnCount - 1 {
      signed = []
      odd = []
      tooLarge = []
    }
    switch sink.kind {
    case .skipped: break
    case .number:
      if sink.hasStates {
        let states = sink.states.array(count: rowCount)
        finished.states = states
        finished.numberCount = rowCount - states.count { $0 != 0 }
      } else {
        finished.numberCount = rowCount
      }
      finished.numberCount -= sink.oddCount
      if sink.oddRow >= 0 { break }
      finished.values = sink.isDecimal ? .float64(sink.decimals.array(count: rowCount)) : narrowed(sink, rowCount)
    case .text:
      let entries = sink.dictionary.allEntries
      let bytes = sink.dictionary.allBytes
      let codes = ColumnPart.Codes(rowCount: rowCount, textCount: entries.count) { sink.codes[$0] }
      checkCharacters(bytes, entries, codes, &finished)
      finished.values = .texts(codes: codes, bytes: bytes, entries: entries)
    }
    return finished
  }

  private func narrowed(_ sink: Sink, _ rowCount: Int) -> ColumnPart.Values {
    var (low, high): (Int64, Int64) = (0, 0)
    for row in 0..<rowCount {
      let value = sink.integers[row]
      low = min(low, value)
      high = max(high, value)
    }
    if low >= Int64(Int16.min), high <= Int64(Int16.max) {
      return .int16([Int16](count: rowCount) { Int16(truncatingIfNeeded: sink.integers[$0]) })
    }
    if low >= Int64(Int32.min), high <= Int64(Int32.max) {
      return .int32([Int32](count: rowCount) { Int32(truncatingIfNeeded: sink.integers[$0]) })
    }
    return .int64(sink.integers.array(count: rowCount))
  }

  private func checkCharacters(
    _ bytes: [UInt8], _ entries: [TextDictionary.Entry], _ codes: ColumnPart.Codes, _ column: inout ColumnPart
  ) {
    if !bytes.contains(where: { $0 >= 0x80 }) { return }
    for (number, entry) in entries.enumerated() {
      let text = bytes[entry.start..<entry.start + entry.length]
      guard text.contains(where: { $0 >= 0x80 }) else { continue }
      if String(validating: text, as: UTF8.self) != nil {
        column.hasWideCharacters = true
      } else if column.invalid == nil, let row = codes.firstRow(of: number) {
        column.invalid = FileTablePlace(line: line(of: row), text: String(decoding: text, as: UTF8.self))
      }
    }
  }

  private func line(of row: Int) -> Int {
    guard let last = result.breaks.last(where: { $0.row <= row }) else { return row }
    return last.line + row - last.row
  }
}
