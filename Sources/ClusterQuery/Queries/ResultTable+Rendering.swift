internal import CQRender

/// The forms in which a result can be written.
public enum ResultFormat: String, CaseIterable, Sendable {
  /// For reading: header, aligned columns, source line and notes.
  case table
  /// RFC 4180, with a column of states beside each column that has withheld or estimated cells.
  case csv
  /// One object with header, columns, rows and notes.
  case json
  /// One object per row.
  case jsonl
  /// Tab-separated values.
  case tsv
  /// A pipe table in Markdown.
  case md
  /// A page that needs nothing else; with the picture where the query draws one.
  case html
  /// A LaTeX table.
  case tex
  /// The picture that the query draws, or the bars that suit its table.
  case svg
  /// The same as a Vega-Lite specification.
  case vegaLite
}

extension ResultTable {
  /// The result as text that ends with a line end.
  ///
  /// - Parameter width: Display columns that a table for reading may take; as many as it needs when nil.
  public func render(_ format: ResultFormat, width: Int? = nil) -> String {
    let output: OutputFormat =
      switch format {
      case .table: .table
      case .csv: .csv
      case .json: .json
      case .jsonl: .jsonl
      case .tsv: .tsv
      case .md: .md
      case .html: .html
      case .tex: .tex
      case .svg: .svg
      case .vegaLite: .vegaLite
      }
    return CQRender.render(table, as: output, options: RenderOptions(width: width))
  }
}

extension Diagnostics {
  /// The messages with their source, as `cq` prints them.
  public var rendered: String { DiagnosticRenderer().text(self) }
}
