import CQRender
import CQSource
import Testing

/// A password that was typed into an address is in no rendering of what is wrong with it.
@Suite struct SecretTests {
  private let report: Diagnostics = {
    let address = "postgresql://ann:hunter2@db.example/stats?table=jobs"
    let source = SourceText(name: "jobs.cq", text: "let mine = dataset(\"\(address)\", county:fips)\n")
    let span = TextSpan(19, 19 + address.utf8.count + 2)
    return Diagnostics(
      source: source,
      [
        Diagnostic(
          "E0808", "can't open `\(address)`", at: span, label: "\(address) is this", helps: ["not \(address)"],
          notes: ["\(address) again"], fixes: [.init(span: span, replacement: "\"\(address)\"")])
      ])
  }()

  @Test func inText() {
    let text = DiagnosticRenderer().text(report.all[0], in: report.source)
    #expect(!text.contains("hunter2"))
    #expect(
      text.contains("1 │ let mine = dataset(\"postgresql://ann:*******@db.example/stats?table=jobs\", county:fips)"))
    #expect(text.contains("  │                    ^^^^^^^"))
  }

  @Test func inJSON() { #expect(!renderJSON([report]).contains("hunter2")) }

  @Test func inSARIF() { #expect(!renderSARIF([report], version: "1").contains("hunter2")) }
}
