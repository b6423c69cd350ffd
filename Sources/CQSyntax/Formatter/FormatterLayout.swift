/// A text with the places where its lines may end.
///
/// The formatter makes one per statement; ``LayoutPrinter`` chooses the line ends.
struct Layout: Sendable {
  indirect enum Content: Sendable {
    case empty
    /// Holds no line end.
    case text(String)
    /// A sign that goes before a comment that waits for the end of its line: `a,  # why`.
    case sign(String)
    case space
    /// Nothing or a space, or a line end where the group around it is broken.
    case line(flat: String)
    case newline
    /// Comments, each on a line of its own.
    case comments([String])
    /// A comment behind what stands on the line.
    case endComment(String)
    case sequence([Layout])
    case indented(Int, Layout)
    /// On one line if it ends before column `limit`.
    case group(Layout, limit: Int)
    case ifBroken(Layout)
    /// What follows a `=`: in the next line if it fits there whole and not behind the sign.
    case nextLine(Layout)
    /// Short items with commas, as many to a line as fit.
    case fill([String])
  }

  let content: Content
  let beginsWithComment: Bool
  let endsWithComment: Bool
  /// Holds a line end that has to be, other than before its first or behind its last word.
  let isBroken: Bool

  private init(_ content: Content, begins: Bool = false, ends: Bool = false, isBroken: Bool = false) {
    self.content = content
    self.beginsWithComment = begins
    self.endsWithComment = ends
    self.isBroken = isBroken
  }

  private var isEmpty: Bool { if case .empty = content { true } else { false } }

  static let empty = Layout(.empty)
  static let space = Layout(.space)
  static let newline = Layout(.newline, isBroken: true)
  /// A line end or a space.
  static let line = Layout(.line(flat: " "))
  /// A line end or nothing.
  static let softLine = Layout(.line(flat: ""))
  static let comma = Layout(.sign(","))

  static func text(_ text: String) -> Layout { Layout(.text(text)) }
  static func comments(_ texts: [String]) -> Layout { texts.isEmpty ? .empty : Layout(.comments(texts), begins: true) }
  static func endComment(_ text: String) -> Layout { Layout(.endComment(text), ends: true) }
  static func ifBroken(_ layout: Layout) -> Layout { Layout(.ifBroken(layout)) }
  static func fill(_ items: [String]) -> Layout { Layout(.fill(items)) }

  static func sequence(_ parts: [Layout]) -> Layout {
    let parts = parts.filter { !$0.isEmpty }
    guard let first = parts.first, let last = parts.last else { return .empty }
    if parts.count == 1 { return first }
    let words = parts.drop { if case .comments = $0.content { true } else { false } }
    let isBroken =
      parts.contains(where: \.isBroken) || words.dropFirst().contains(where: \.beginsWithComment)
      || parts.dropLast().contains(where: \.endsWithComment)
    return Layout(
      .sequence(parts), begins: first.beginsWithComment, ends: last.endsWithComment, isBroken: isBroken)
  }

  static func sequence(_ parts: Layout...) -> Layout { sequence(parts) }

  /// With a space between each two.
  static func words(_ parts: [Layout]) -> Layout {
    sequence(parts.enumerated().flatMap { $0.offset == 0 ? [$0.element] : [.space, $0.element] })
  }

  static func group(_ parts: Layout..., limit: Int = 80) -> Layout {
    wrapping(.sequence(parts)) { .group($0, limit: limit) }
  }

  static func indented(_ width: Int = 2, _ parts: [Layout]) -> Layout {
    wrapping(.sequence(parts)) { .indented(width, $0) }
  }

  static func nextLine(_ layout: Layout) -> Layout { wrapping(layout) { .nextLine($0) } }

  private static func wrapping(_ layout: Layout, _ content: (Layout) -> Content) -> Layout {
    Layout(
      content(layout), begins: layout.beginsWithComment, ends: layout.endsWithComment, isBroken: layout.isBroken)
  }
}
