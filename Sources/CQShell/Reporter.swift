import CQRender
import ClusterQuery

/// Says on standard error what went wrong, as text, or at the end as one JSON array or SARIF log.
final class Reporter {
  /// In a session `:fix` is on offer.
  var offersFixes = false

  private let output: Output
  private let format: Options.DiagnosticsFormat
  var isColored: Bool
  var width: Int?
  private var collected: [Diagnostics] = []

  init(output: Output, format: Options.DiagnosticsFormat, isColored: Bool, width: Int?) {
    self.output = output
    self.format = format
    self.isColored = isColored
    self.width = width
  }

  func report(_ diagnostics: Diagnostics) {
    if isCollecting {
      collected.append(diagnostics)
    } else {
      output.write(renderer.text(diagnostics))
      output.flush()
    }
  }

  func report(_ failure: ExecutionFailure) {
    switch failure {
    case .diagnostics(let diagnostics): report(diagnostics)
    case .limit(let code, let message, let help): report(.error, message, help: help, code: code)
    case .other(let message, _): report(.error, message)
    case .interrupted: if !isCollecting { report(.error, "interrupted") }
    }
  }

  /// A message about no place in a program.
  func report(_ severity: Diagnostic.Severity, _ message: String, help: String? = nil, code: String = "") {
    let helps = help.map { [$0] } ?? []
    if isCollecting {
      collect(Diagnostic(code, message, at: TextSpan(0, 0), severity: severity, helps: helps))
    } else {
      output.write(renderer.text(severity: severity, code: code, message, helps: helps))
      output.flush()
    }
  }

  /// A footnote that the chosen format has no place for.
  func note(_ code: String, _ text: String) {
    if isCollecting {
      collect(Diagnostic(code, text, at: TextSpan(0, 0), severity: .note))
    } else {
      output.write((code.isEmpty ? "note: " : "note \(code): ") + text.printable + "\n")
      output.flush()
    }
  }

  private func collect(_ diagnostic: Diagnostic) {
    collected.append(Diagnostics(source: SourceText(name: "", text: ""), [diagnostic]))
  }

  /// Text goes out at once; the other formats are one document.
  private var isCollecting: Bool { format != .text }

  /// Writes what was collected.
  func finish() {
    switch format {
    case .text: break
    case .json: output.write(renderJSON(collected))
    case .sarif: output.write(renderSARIF(collected, version: UsageText.version))
    }
    collected = []
    output.flush()
  }

  private var renderer: DiagnosticRenderer {
    DiagnosticRenderer(width: width, isColored: isColored, offersFixes: offersFixes)
  }
}
