/// A half-open range of UTF-8 offsets in one source text.
///
/// Lines, columns and display widths exist only in the renderer.
public struct TextSpan: Sendable, Hashable {
  public var start: Int
  public var end: Int

  /// - Precondition: `start <= end`.
  public init(_ start: Int, _ end: Int) {
    precondition(start <= end, "a span ends before it starts")
    self.start = start
    self.end = end
  }

  public var length: Int { end - start }
  public var isEmpty: Bool { start == end }

  /// The smallest span that covers both.
  public func union(_ other: TextSpan) -> TextSpan {
    TextSpan(min(start, other.start), max(end, other.end))
  }
}
