import CQRender
import ClusterQuery

/// Prints results one after the other, and remembers whether one was empty.
final class ResultPrinter {
  var format: OutputFormat
  var options: RenderOptions
  /// The file of `-o` is no text.
  var binaryFormat: BinaryFormat?
  private(set) var hasEmptyResult = false
  /// The result that was printed last.
  private(set) var lastTable: Table?
  /// Takes over a rendered table that is longer than the window; says whether it did.
  var showLong: ((_ text: String) -> Bool)?

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
    lastTable = table
    if resultCount > 0, [.table, .csv, .tsv, .md, .tex].contains(format) { output.write("\n") }
    options.isContinuation = resultCount > 0
    resultCount += 1
    if resultCount > 1, binaryFormat != nil || format == .svg || format == .vegaLite {
      if resultCount == 2 {
        reporter.report(
          .warning, "such a file holds one result, and this program has more: only the first is written",
          help: "write the others from the program: | save \"second.svg\"")
      }
      return
    }
    if let binaryFormat {
      output.write(render(table, as: binaryFormat))
      return
    }
    let text = render(table, as: format, options: options)
    if format != .table || showLong?(text) != true { output.write(text) }
    guard !format.carriesNotes else { return }
    for note in table.notes { reporter.note(note.code, note.text) }
  }

  /// The next result stands on its own, without a blank line before it.
  func startOver() { resultCount = 0 }

  func flush() { output.flush() }
}
