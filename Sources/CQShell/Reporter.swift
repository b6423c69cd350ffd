import CQRender
import CQSource

/// Says on standard error what went wrong, as text or as one JSON array at the end.
final class Reporter {
  /// In a session `:fix` is on offer.
  var offersFixes = false

  private let output: Output
  private let isJSON: Bool
  private let isColored: Bool
  private let width: Int?
  private var collected: [Diagnostics] = []

  init(output: Output, isJSON: Bool, isColored: Bool, width: Int?) {
    self.output = output
    self.isJSON = isJSON
    self.isColored = isColored
    self.width = width
  }

  func report(_ diagnostics: Diagnostics) {
    if isJSON {
      collected.append(diagnostics)
    } else {
      output.write(renderer.text(diagnostics))
      output.flush()
    }
  }

  func report(_ failure: ExecutionFailure) {
    switch failure {
    case .diagnostics(let diagnostics): report(diagnostics)
    case .limit(let message), .other(let message): report(.error, message)
    case .interrupted: if !isJSON { report(.error, "interrupted") }
    }
  }

  /// A message about no place in a program.
  func report(_ severity: Diagnostic.Severity, _ message: String, help: String? = nil) {
    if isJSON {
      let helps = help.map { [$0] } ?? []
      let diagnostic = Diagnostic("", message, at: TextSpan(0, 0), severity: severity, helps: helps)
      collected.append(Diagnostics(source: SourceText(name: "", text: ""), [diagnostic]))
    } else {
      output.write(renderer.text(severity: severity, message, helps: help.map { [$0] } ?? []))
      output.flush()
    }
  }

  /// A footnote that the chosen format has no place for.
  func note(_ code: String, _ text: String) {
    if isJSON {
      let diagnostic = Diagnostic(code, text, at: TextSpan(0, 0), severity: .note)
      collected.append(Diagnostics(source: SourceText(name: "", text: ""), [diagnostic]))
    } else {
      output.write((code.isEmpty ? "note: " : "note \(code): ") + text.printable + "\n")
      output.flush()
    }
  }

  /// Writes what was collected for JSON.
  func finish() {
    if isJSON { output.write(renderJSON(collected)) }
    collected = []
    output.flush()
  }

  private var renderer: DiagnosticRenderer {
    DiagnosticRenderer(width: width, isColored: isColored, offersFixes: offersFixes)
  }
}
