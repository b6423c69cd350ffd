import CQRender
import ClusterQuery

/// What Tab shows below the line: how the call is used, then a line for each candidate with what it is.
struct CandidateList {
  private var hint: String?
  private var rows: [(text: String, note: String)] = []
  private var hiddenCount = 0
  private let width: Int

  private static let widestText = 44

  /// - Parameter height: Lines of the window; the list leaves room for the line that is being written.
  init(_ completion: Completion, width: Int, height: Int) {
    self.width = max(20, width - 1)
    hint = completion.hint
    let room = max(3, height - 5)
    let total = completion.candidates.count + completion.omittedCount
    let shown = total <= room ? total : room - 1
    rows = completion.candidates.prefix(shown).map { candidate in
      let mark = candidate.suffix.hasPrefix(":") ? ":" : candidate.suffix.hasPrefix("(") ? "(" : ""
      return (candidate.text + mark, candidate.note.isEmpty ? Self.word(for: candidate.kind) : candidate.note)
    }
    hiddenCount = total - rows.count
  }

  func text(_ paint: TextStyle) -> String {
    var lines: [String] = []
    if let hint {
      lines += DisplayWidth.wrap(hint, to: width, indent: 4).map { paint(.bold, $0) }
    }
    let widest = rows.map { DisplayWidth.of($0.text) }.max() ?? 0
    let textWidth = min(widest, Self.widestText, width * 2 / 3)
    for (text, note) in rows {
      let shown = DisplayWidth.truncate(text, to: textWidth)
      let gap = String(repeating: " ", count: textWidth - DisplayWidth.of(shown) + 2)
      let rest = DisplayWidth.truncate(note.printable, to: width - 2 - textWidth - 2)
      lines.append(rest.isEmpty ? "  " + shown : "  " + shown + gap + paint(.dim, rest))
    }
    if hiddenCount > 0 { lines.append(paint(.dim, "  … \(hiddenCount) more: write a letter or two")) }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func word(for kind: Completion.Kind) -> String {
    switch kind {
    case .file, .folder, .value, .keyword, .code, .level, .slot: ""
    default: kind.rawValue
    }
  }
}
