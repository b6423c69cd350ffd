import CQRender
import ClusterQuery

/// Prints results one after the other, and remembers whether one was empty.
final class ResultPrinter {
  var format: OutputFormat
  var options: RenderOptions
  /// The file of `-o` is no text.
  var binaryFormat: BinaryFormat?
  /// The file of `-o` is a picture that another program makes.
  var rasterFormat: Rasteriser.Format?
  /// Why a result could not be written.
  private(set) var failure: FileError?
  private(set) var hasEmptyResult = false
  /// The result that was printed last.
  private(set) var lastTable: Table?
  /// Takes over a rendered table that is longer than the window; says whether it did.
  var showLong: ((_ text: String) -> Bool)?

  /// Results of a document, which is written when all of them are there; nil where each is printed as it comes.
  private var pages: [Table]?
  private let output: Output
  private let reporter: Reporter
  private var resultCount = 0

  init(format: OutputFormat, options: RenderOptions, output: Output, reporter: Reporter) {
    self.format = format
    self.options = options
    self.output = output
    self.reporter = reporter
  }

  /// From here on results are kept until ``finishDocument()``, where the format is one of documents.
  func beginDocument() { if binaryFormat == nil, format.isDocument { pages = [] } }

  func finishDocument() {
    guard let pages, !pages.isEmpty else { return }
    output.write(render(pages, as: format))
    self.pages = nil
  }

  func print(_ table: Table) {
    if table.rowCount == 0 { hasEmptyResult = true }
    lastTable = table
    if pages != nil {
      pages?.append(table)
      return
    }
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
    if let rasterFormat {
      do throws(Rasteriser.Failure) {
        output.write(try Rasteriser.convert(render(table, as: .svg), to: rasterFormat))
      } catch {
        failure = FileError(plain: "can't draw the picture: \(error.reason)")
      }
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
