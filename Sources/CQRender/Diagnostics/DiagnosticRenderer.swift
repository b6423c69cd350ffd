package import CQSource

/// Prints diagnostics with the source they are about.
package struct DiagnosticRenderer: Sendable {
  /// Display columns available; source lines longer than that are trimmed around the mistake.
  package var width: Int?
  package var isColored: Bool
  /// In the REPL `:fix` applies what a diagnostic offers, and the message says so.
  package var offersFixes: Bool

  package init(width: Int? = nil, isColored: Bool = false, offersFixes: Bool = false) {
    self.width = width
    self.isColored = isColored
    self.offersFixes = offersFixes
  }

  /// All of them, a blank line between two; ends with a line end.
  package func text(_ diagnostics: Diagnostics) -> String {
    diagnostics.all.map { text($0, in: diagnostics.source) }.joined(separator: "\n")
  }

  package func text(_ diagnostic: Diagnostic, in source: SourceText) -> String {
    let excerpt = SourceExcerpt(diagnostic, in: source)
    let margin = String(repeating: " ", count: excerpt.numberWidth)
    var lines = headline(diagnostic.severity, diagnostic.code, diagnostic.message)
    lines.append(style(.blue, margin + " ┌─ ") + place(of: diagnostic, in: source))
    lines.append(style(.blue, margin + " │"))
    lines += excerpt.lines(style: style, primaryPaint: paint(diagnostic.severity), width: width)
    lines += remarks(of: diagnostic, in: source, margin: margin)
    return lines.joined(separator: "\n") + "\n"
  }

  /// A message about no particular place: a file that can't be opened, a misspelt option.
  package func text(
    severity: Diagnostic.Severity, code: String = "", _ message: String, helps: [String] = []
  ) -> String {
    var lines = headline(severity, code, message)
    for help in helps { lines += remark("help", help, margin: "") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var style: TextStyle { TextStyle(isColored: isColored) }

  /// Words that do not fit go on in the next line.
  private func headline(_ severity: Diagnostic.Severity, _ code: String, _ message: String) -> [String] {
    let lead = severity.rawValue + (code.isEmpty ? "" : "[\(code)]")
    let lines = DisplayWidth.wrap("\(lead): \(message.printable)", to: width, indent: 2)
    return lines.enumerated().map { index, line in
      index == 0
        ? style(paint(severity), lead) + style(.bold, String(line.dropFirst(lead.count))) : style(.bold, line)
    }
  }

  private func place(of diagnostic: Diagnostic, in source: SourceText) -> String {
    let position = source.position(at: diagnostic.span.start)
    return "\(source.name.printable):\(position.line):\(position.column)"
  }

  private func remarks(of diagnostic: Diagnostic, in source: SourceText, margin: String) -> [String] {
    var helps = diagnostic.helps
    if offersFixes, let fix = diagnostic.fixes.first {
      if helps.isEmpty {
        helps.append(Self.description(of: fix))
      } else {
        var lines = helps[0].split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[0] += "  (:fix)"
        helps[0] = lines.joined(separator: "\n")
      }
    }
    return helps.flatMap { remark("help", $0, margin: margin) }
      + diagnostic.notes.flatMap { remark("note", $0, margin: margin) }
  }

  private static func description(of fix: Diagnostic.Fix) -> String {
    if fix.replacement.isEmpty { return ":fix takes it out" }
    return fix.span.isEmpty ? ":fix inserts `\(fix.replacement)`" : ":fix writes `\(fix.replacement)` instead"
  }

  /// Further lines of the text stand under its first.
  private func remark(_ kind: String, _ text: String, margin: String) -> [String] {
    let lead = margin + " = " + kind + ": "
    let available = width.map { max($0 - lead.count, 20) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      DisplayWidth.wrap(String($0).printable, to: available, indent: 0)
    }
    return lines.enumerated().map { index, line in
      index == 0
        ? margin + " " + style(.blue, "=") + " " + style(.bold, kind + ":") + " " + line
        : String(repeating: " ", count: lead.count) + line
    }
  }

  private func paint(_ severity: Diagnostic.Severity) -> TextStyle.Paint {
    switch severity {
    case .error: .red
    case .warning: .yellow
    case .note: .cyan
    }
  }
}
