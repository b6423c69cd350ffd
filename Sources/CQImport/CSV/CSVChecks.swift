import CQColumns

/// What makes a file of separated values unusable, found after all of it was read: the first mistake by its line.
struct CSVChecks {
  let header: CSVHeader
  let options: ImportOptions

  func check(_ blocks: [CSVBlockResult]) throws(ImportError) {
    if header.endsWithSeparator {
      let filled = blocks.contains { block in
        guard let last = block.columns.last else { return false }
        return last.numberCount + last.markCount + last.oddCount > 0 || last.values.isTexts
      }
      if filled { throw CSVHeader.nameless(header.names.count - 1, line: header.lineCount, skipping: nil) }
    }
    for block in blocks {
      let first = block.firstLine
      var errors: [ImportError] = []
      if let nul = block.nulLine { errors.append(CSVHeader.nul(line: first + nul + 1)) }
      if !options.skipsBadRows, let bad = block.badRows.first {
        errors.append(
          badRow(
            bad, first, total: blocks.reduce(0) { $0 + $1.badRowCount }, isAtEnd: isAtEnd(bad, blocks),
            isTitle: isTitle(bad, blocks)))
      }
      for (name, column) in zip(header.names, block.columns) {
        guard let place = column.tooLarge else { continue }
        errors.append(
          ImportError(
            line: first + place.line + 1, "`\(place.text)` in column `\(name)` is too large for a number",
            remedy: "mend it, or read codes as texts: `text:[\(name)]`"))
      }
      if let earliest = errors.min(by: { ($0.line ?? 0) < ($1.line ?? 0) }) { throw earliest }
    }
  }

  private func isAtEnd(_ bad: CSVBlockResult.BadRow, _ blocks: [CSVBlockResult]) -> Bool {
    guard let last = blocks.last(where: { $0.lineCount > 0 }), blocks.reduce(0, { $0 + $1.badRowCount }) == 1 else {
      return false
    }
    return bad.line + 1 == last.lineCount && (bad.fieldCount ?? .max) < header.names.count
  }

  /// Most rows have more fields than the first line: it is no line of names, but a title.
  private func isTitle(_ bad: CSVBlockResult.BadRow, _ blocks: [CSVBlockResult]) -> Bool {
    let (rows, badRows) = blocks.reduce((0, 0)) { ($0.0 + $1.rowCount, $0.1 + $1.badRowCount) }
    return (badRows > rows || header.names.count == 1) && bad.fieldCount ?? 0 > header.names.count
  }

  private func badRow(
    _ bad: CSVBlockResult.BadRow, _ firstLine: Int, total: Int, isAtEnd: Bool, isTitle: Bool
  ) -> ImportError {
    let line = firstLine + bad.line + 1
    guard let count = bad.fieldCount else {
      return ImportError(
        line: line, "a quote in the middle of a field must be doubled",
        remedy: "write \"\" for a quote in a quoted field, or leave such rows out with `bad_rows:skip`")
    }
    let fields = count == 1 ? "1 field" : "\(count) fields"
    let names = header.names.count == 1 ? "1 column" : "\(header.names.count) columns"
    let others =
      total > 2
      ? "; so have \(total - 1) more rows another number of them"
      : total == 2 ? "; so has one more row another number of them" : ""
    let end = isAtEnd ? "; it is the last one, so the file was probably cut short" : ""
    return ImportError(
      line: line, "it has \(fields), and the first line names \(names)\(others)\(end)",
      remedy: isTitle
        ? "if line \(line) has the names, skip those above it: `skip_lines:\(line - 1)`"
        : "mend it, or leave such rows out with `bad_rows:skip`")
  }
}
