/// Where the names of the columns probably stand in a file whose first lines are titles.
struct CSVTitle {
  /// Lines above the names; nil where the first line is as good as any.
  let lineCount: Int?

  private static let sampledLines = 40

  /// - Parameters:
  ///   - start: Where the line stands that was taken for the names.
  ///   - firstLine: Lines above it.
  init(_ block: TextBlock, from start: Int, _ firstLine: Int, _ separator: UInt8) {
    var lines: [(filled: Int, all: Int)] = []
    var position = start
    while position < block.count, lines.count < Self.sampledLines {
      let end = block.position(of: 0x0A, from: position) ?? block.count
      lines.append(Self.fields(block.bytes(from: position, to: end), separator))
      position = end + 1
    }
    // The widest lines are rows, and the names are the first of them that has no blank field.
    let width = lines.map(\.all).max() ?? 0
    let names = lines.firstIndex { $0.all == width && $0.filled == width }
    lineCount = names.flatMap { $0 > 0 && width > 1 ? firstLine + $0 : nil }
  }

  private static func fields(_ line: [UInt8], _ separator: UInt8) -> (filled: Int, all: Int) {
    var (filled, all) = (0, 1)
    var (isQuoted, isBlank) = (false, true)
    for byte in line {
      if byte == 0x22 { isQuoted.toggle() }
      if byte == separator, !isQuoted {
        if !isBlank { filled += 1 }
        all += 1
        isBlank = true
      } else if byte > 0x20, byte != 0x22 {
        isBlank = false
      }
    }
    return (isBlank ? filled : filled + 1, all)
  }
}
