/// Writes layouts, choosing their line ends from left to right: the outermost group that does not fit is broken first.
///
/// Blanks, line ends and comments at the end of a line wait until the next word is written, so that no line ends in
/// blanks and a comma can still go before the comment.
struct LayoutPrinter {
  private enum Mode { case flat, broken }

  private struct Entry {
    var layout: Layout
    var indent: Int
    var mode: Mode
  }

  /// A line that is begun by the next word.
  private enum WaitingLine {
    case indented(Int)
    /// Behind a comment: as deep as the next word stands.
    case open
  }

  static let lineLimit = 80

  private(set) var output = ""
  private var column = 0
  private var stack: [Entry] = []
  private var waitingSpace = false
  private var waitingComment: String?
  private var waitingLine: WaitingLine?
  private var waitingBlankLine = false

  /// `layout` on one line.
  static func flat(_ layout: Layout) -> String {
    var printer = LayoutPrinter()
    printer.run(Entry(layout: layout, indent: 0, mode: .flat))
    return printer.output
  }

  mutating func print(_ layout: Layout) {
    run(Entry(layout: layout, indent: 0, mode: .broken))
  }

  /// Ends the line, and leaves one blank if asked to.
  mutating func endLine(blankLine: Bool = false) {
    guard !output.isEmpty else { return }
    startLine(.indented(0))
    if blankLine { waitingBlankLine = true }
  }

  /// Writes what waits, up to the last line end.
  mutating func finish() {
    writeWaitingComment()
    if !output.isEmpty { output += "\n" }
  }

  // MARK: - Words

  private mutating func write(_ text: String, indent: Int) {
    if let line = waitingLine {
      let indent = if case .indented(let chosen) = line { chosen } else { indent }
      writeWaitingComment()
      output += waitingBlankLine ? "\n\n" : "\n"
      output += String(repeating: " ", count: indent)
      column = indent
    } else if waitingSpace {
      output += " "
      column += 1
    }
    waitingLine = nil
    waitingSpace = false
    waitingBlankLine = false
    output += text
    column += Self.width(text)
  }

  private mutating func writeSign(_ sign: String, indent: Int) {
    guard waitingComment != nil else { return write(sign, indent: indent) }
    output += sign
    column += sign.utf8.count
  }

  private mutating func startLine(_ line: WaitingLine) {
    waitingSpace = false
    if !output.isEmpty { waitingLine = line }
  }

  private mutating func writeComment(_ text: String, indent: Int) {
    startLine(.indented(indent))
    write(text, indent: indent)
    startLine(.open)
  }

  private mutating func writeEndComment(_ text: String, indent: Int) {
    if output.isEmpty || waitingLine != nil { return writeComment(text, indent: indent) }
    waitingComment = text
    startLine(.open)
  }

  private mutating func writeWaitingComment() {
    if let waitingComment { output += "  " + waitingComment }
    waitingComment = nil
  }

  /// Columns, which Unicode calls grapheme clusters.
  private static func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
  }

  // MARK: - Layouts

  private mutating func run(_ entry: Entry) {
    stack.append(entry)
    while let entry = stack.popLast() { step(entry) }
  }

  private mutating func step(_ entry: Entry) {
    func inner(_ layout: Layout, indent: Int = entry.indent, mode: Mode = entry.mode) -> Entry {
      Entry(layout: layout, indent: indent, mode: mode)
    }
    switch entry.layout.content {
    case .empty: break
    case .text(let text): write(text, indent: entry.indent)
    case .sign(let sign): writeSign(sign, indent: entry.indent)
    case .space: waitingSpace = waitingLine == nil
    case .line(let flat):
      if entry.mode == .broken {
        startLine(.indented(entry.indent))
      } else if !flat.isEmpty {
        waitingSpace = waitingLine == nil
      }
    case .newline: startLine(.indented(entry.indent))
    case .comments(let texts): for text in texts { writeComment(text, indent: entry.indent) }
    case .endComment(let text): writeEndComment(text, indent: entry.indent)
    case .sequence(let parts): stack += parts.reversed().map { inner($0) }
    case .indented(let width, let layout): stack.append(inner(layout, indent: entry.indent + width))
    case .group(let layout, let limit):
      let flat = inner(layout, mode: .flat)
      let isFlat = entry.mode == .flat || !layout.isBroken && fits(flat, from: nextColumn(entry.indent), limit: limit)
      stack.append(isFlat ? flat : inner(layout, mode: .broken))
    case .ifBroken(let layout): if entry.mode == .broken { stack.append(inner(layout)) }
    case .nextLine(let layout):
      let canMove = entry.mode == .broken && !layout.isBroken
      let moved = inner(layout, indent: entry.indent + 2, mode: .flat)
      if canMove, !fits(inner(layout, mode: .flat), from: column + 1, limit: Self.lineLimit),
        fits(moved, from: moved.indent, limit: Self.lineLimit)
      {
        startLine(.indented(moved.indent))
        stack.append(moved)
      } else {
        waitingSpace = true
        stack.append(inner(layout))
      }
    case .fill(let items): writeFill(items, indent: entry.indent, isBroken: entry.mode == .broken)
    }
  }

  private mutating func writeFill(_ items: [String], indent: Int, isBroken: Bool) {
    for (index, item) in items.enumerated() {
      if index > 0 {
        write(",", indent: indent)
        waitingSpace = true
        if isBroken, column + 1 + Self.width(item) + 1 > Self.lineLimit { startLine(.indented(indent)) }
      }
      write(item, indent: indent)
    }
  }

  private func nextColumn(_ indent: Int) -> Int {
    switch waitingLine {
    case .indented(let chosen): chosen
    case .open: indent
    case nil: column + (waitingSpace ? 1 : 0)
    }
  }

  /// Whether the line stays within `limit` up to the first place behind `entry` where it may end.
  private func fits(_ entry: Entry, from start: Int, limit: Int) -> Bool {
    var remaining = limit - start
    var isAtStart = true
    // A comment ends the line, but a comma goes before it.
    var isEnded = false
    var pending = [entry]
    var rest = stack.count
    while remaining >= 0 {
      if pending.isEmpty {
        guard rest > 0 else { return true }
        rest -= 1
        pending.append(stack[rest])
      }
      let entry = pending.removeLast()
      func push(_ layout: Layout, mode: Mode = entry.mode) {
        pending.append(Entry(layout: layout, indent: entry.indent, mode: mode))
      }
      switch entry.layout.content {
      case .empty: break
      case .sign(let sign): remaining -= sign.utf8.count
      case .endComment: isEnded = true
      case .text, .space, .line, .comments, .nextLine, .fill: if isEnded { return true }
      default: break
      }
      switch entry.layout.content {
      case .empty, .sign, .endComment: break
      case .text(let text):
        remaining -= Self.width(text)
        isAtStart = false
      case .space: remaining -= isAtStart ? 0 : 1
      case .line(let flat):
        if entry.mode == .broken { return true }
        remaining -= flat.utf8.count
      case .newline: return true
      case .comments:
        guard isAtStart else { return true }
        remaining = limit - entry.indent
      case .sequence(let parts): for part in parts.reversed() { push(part) }
      case .indented(let width, let layout):
        pending.append(Entry(layout: layout, indent: entry.indent + width, mode: entry.mode))
      case .group(let layout, _): push(layout, mode: layout.isBroken ? .broken : entry.mode)
      case .ifBroken(let layout): if entry.mode == .broken { push(layout) }
      case .nextLine(let layout):
        if entry.mode == .broken { return true }
        remaining -= 1
        push(layout)
      case .fill(let items):
        if entry.mode == .broken { return remaining >= Self.width(items.first ?? "") + 1 }
        for item in items { remaining -= Self.width(item) + 2 }
        remaining += 2
      }
    }
    return false
  }
}
