import Testing

@testable import CQShell

@Suite struct ProgressLineTests {
  /// A narrow window never shows half of a number: 100% must not look like 10.
  @Test(arguments: [
    (60, "reading jobs.csv.gz, 100% · 2.4 s · Ctrl-C stops"),
    (45, "reading jobs.cs…, 100% · 2.4 s · Ctrl-C stops"),
    (30, "…, 100% · 2.4 s · Ctrl-C stops"),
    (28, "100%"),
    (4, ""),
  ])
  func fits(_ width: Int, _ shown: String) {
    #expect(ProgressLine.fitted("reading jobs.csv.gz, 100%", " · 2.4 s · Ctrl-C stops", width: width) == shown)
  }

  @Test func withoutAShareTheEndIsCut() {
    #expect(ProgressLine.fitted("working on something long", " · 1.0 s", width: 20) == "working on …" + " · 1.0 s")
  }
}
