import CQRender
import ClusterQuery

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
    case .limit(let code, let message): report(.error, message, code: code)
    case .other(let message, _): report(.error, message)
    case .interrupted: if !isJSON { report(.error, "interrupted") }
    }
  }

  /// A message about no place in a program.
  func report(_ severity: Diagnostic.Severity, _ message: String, help: String? = nil, code: String = "") {
    let helps = help.map { [$0] } ?? []
    if isJSON {
      collect(Diagnostic(code, message, at: TextSpan(0, 0), severity: severity, helps: helps))
    } else {
      output.write(renderer.text(severity: severity, code: code, message, helps: helps))
      output.flush()
    }
  }

  /// A footnote that the chosen format has no place for.
  func note(_ code: String, _ text: String) {
    if isJSON {
      collect(Diagnostic(code, text, at: TextSpan(0, 0), severity: .note))
    } else {
      output.write((code.isEmpty ? "note: " : "note \(code): ") + text.printable + "\n")
      output.flush()
    }
  }

  private func collect(_ diagnostic: Diagnostic) {
    collected.append(Diagnostics(source: SourceText(name: "", text: ""), [diagnostic]))
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
