import CQRender
import ClusterQuery

/// Prints results one after the other, and remembers whether one was empty.
final class ResultPrinter {
  var format: OutputFormat
  var options: RenderOptions
  private(set) var hasEmptyResult = false

  private let output: Output
  private let reporter: Reporter
  private var resultCount = 0

  init(format: OutputFormat, options: RenderOptions, output: Output, reporter: Reporter) {
    self.format = format
    self.options = options
    self.output = output
    self.reporter = reporter
  }

  func print(_ table: Table) {
    if table.rowCount == 0 { hasEmptyResult = true }
    if resultCount > 0, format == .table || format == .csv { output.write("\n") }
    resultCount += 1
    output.write(render(table, as: format, options: options))
    guard !format.carriesNotes else { return }
    for note in table.notes { reporter.note(note.code, note.text) }
  }

  /// The next result stands on its own, without a blank line before it.
  func startOver() { resultCount = 0 }

  func flush() { output.flush() }
}
