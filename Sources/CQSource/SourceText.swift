/// One text of the language with its name (a file, `<cq>` for the REPL, `<stdlib/growth.cq>` …) and an index of its lines.
public struct SourceText: Sendable {
  public let name: String
  public let text: String
  /// The bytes that every ``TextSpan`` refers to.
  public let utf8: [UInt8]
  /// UTF-8 offset of the first byte of each line; never empty.
  public let lineStarts: [Int]

  public init(name: String, text: String) {
    self.name = name
    self.text = text
    let bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    self.utf8 = bytes
    self.lineStarts = starts
  }

  /// The text of `span`, clamped to the source.
  public func slice(_ span: TextSpan) -> String {
    let start = min(max(span.start, 0), utf8.count)
    let end = min(max(span.end, start), utf8.count)
    return String(decoding: utf8[start..<end], as: UTF8.self)
  }

  /// Zero-based line that holds `offset`. Complexity: O(log lines).
  public func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The text of a zero-based line without its line end.
  public func line(_ index: Int) -> String {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : utf8.count
    if end > start, utf8[end - 1] == 0x0D { end -= 1 }
    return slice(TextSpan(start, max(start, end)))
  }

  /// 1-based line and column; columns count Unicode scalars, as editors do.
  public func position(at offset: Int) -> (line: Int, column: Int) {
    let clamped = min(max(offset, 0), utf8.count)
    let index = lineIndex(at: clamped)
    let prefix = slice(TextSpan(lineStarts[index], clamped))
    return (index + 1, prefix.unicodeScalars.count + 1)
  }
}
