package import CQSource

/// A word or sign of the source with the blanks and comments around it.
///
/// Leading trivia starts where the trailing trivia of the token before ends, so the tokens of a text cover every byte
/// of it once. Trailing trivia stops before the end of the line.
package struct Token: Sendable {
  package var kind: TokenKind
  /// First token of its line.
  package var startsLine: Bool
  /// A text or a back-ticked name without its closing mark.
  package var isUnterminated: Bool
  package var leadingStart: Int
  package var start: Int
  package var end: Int
  package var trailingEnd: Int

  package var span: TextSpan { TextSpan(start, end) }
  package var leadingTrivia: TextSpan { TextSpan(leadingStart, start) }
  package var trailingTrivia: TextSpan { TextSpan(end, trailingEnd) }
}

/// A piece of the text between tokens.
package struct Trivia: Sendable, Equatable {
  package enum Kind: Sendable { case blank, newline, comment, documentation }

  package var kind: Kind
  package var span: TextSpan

  /// The pieces of a token's leading or trailing trivia. A CRLF is one `newline`.
  package static func pieces(of span: TextSpan, in source: SourceText) -> [Trivia] {
    let bytes = source.utf8
    var pieces: [Trivia] = []
    var position = span.start
    while position < span.end {
      let start = position
      let kind: Kind
      if bytes[position] == UInt8(ascii: "\n") {
        kind = .newline
        position += 1
      } else if isLineEnd(bytes, position) {
        kind = .newline
        position += 2
      } else if isBlank(bytes[position]) {
        kind = .blank
        while position < span.end, isBlank(bytes[position]), !isLineEnd(bytes, position) { position += 1 }
      } else {
        let isDocumentation = bytes[position...].starts(with: "##".utf8)
        kind = isDocumentation ? .documentation : .comment
        while position < span.end, !isLineEnd(bytes, position) { position += 1 }
      }
      pieces.append(Trivia(kind: kind, span: TextSpan(start, position)))
    }
    return pieces
  }

  /// Between tokens, every byte outside ASCII that no comment holds belongs to a no-break space or a byte order mark.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte >= 0x80
  }

  private static func isLineEnd(_ bytes: [UInt8], _ position: Int) -> Bool {
    if bytes[position] == UInt8(ascii: "\n") { return true }
    guard bytes[position] == UInt8(ascii: "\r") else { return false }
    return position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n")
  }
}
