package import CQColumns

/// What a result can be printed as.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table, csv, tsv, json, jsonl, md, html, tex, svg
  case vegaLite = "vl.json"

  /// Whether the rendering has a place for the notes of a result.
  package var carriesNotes: Bool {
    switch self {
    case .csv, .tsv, .jsonl: false
    case .table, .json, .md, .html, .tex, .svg, .vegaLite: true
    }
  }

  /// Whether a file of this format holds several results with prose between them.
  package var isDocument: Bool { self == .html || self == .md }

  /// The format that a file's name asks for by its ending; nil for a binary one or none.
  package init?(fileName: String) {
    let name = fileName.lowercased()
    if name.hasSuffix(".vl.json") {
      self = .vegaLite
      return
    }
    switch name.split(separator: ".").last {
    case "txt": self = .table
    case "ndjson": self = .jsonl
    case "markdown": self = .md
    case "htm": self = .html
    case let ending?:
      guard name.contains("."), let format = OutputFormat(rawValue: String(ending)), format != .table else {
        return nil
      }
      self = format
    case nil: return nil
    }
  }
}

/// Files that are no text.
package enum BinaryFormat: String, CaseIterable, Sendable {
  case arrow, xlsx

  package init?(fileName: String) {
    guard let ending = fileName.lowercased().split(separator: ".").last, fileName.contains(".") else { return nil }
    self.init(rawValue: String(ending))
  }
}

/// How a result is laid out for reading; the exports are the same everywhere and ignore it.
package struct RenderOptions: Sendable {
  /// Display columns a text table may take; as many as it needs when nil.
  package var width: Int?
  /// Rows a text table may take; all when nil.
  package var rowLimit: Int?
  package var isColored: Bool
  /// Whether a table with a column for each of several years gets one more with the shape of each row.
  package var drawsTrends: Bool
  /// Another result stands before this one in the same output.
  package var isContinuation = false

  package init(width: Int? = nil, rowLimit: Int? = nil, isColored: Bool = false, drawsTrends: Bool = false) {
    self.width = width
    self.rowLimit = rowLimit
    self.isColored = isColored
    self.drawsTrends = drawsTrends
  }
}

/// The result as text that ends with a line end.
package func render(
  _ table: Table, as format: OutputFormat, options: RenderOptions = RenderOptions()
) -> String {
  switch format {
  case .table: terminalPicture(table, options: options) ?? TextTable(table, options: options).text
  case .csv: CSVTable(table).text
  case .tsv: CSVTable(table, separator: .tab).text
  case .json: JSONTable(table).document
  case .jsonl: JSONTable(table).lines
  case .md: MarkdownTable(table).text
  case .html: options.isContinuation ? HTMLPage([table]).sections : HTMLPage([table]).text
  case .tex: TeXTable(table).text
  case .svg: svgPicture(table.drawable) ?? ""
  case .vegaLite: VegaLite(table.drawable).text
  }
}

/// Several results as one text: a page for HTML, and one below the other otherwise.
package func render(_ tables: [Table], as format: OutputFormat) -> String {
  if format == .html { return HTMLPage(tables).text }
  return tables.map { render($0, as: format) }.joined(separator: "\n")
}

/// The picture of the result as SVG, whatever was drawn; nil when it draws none.
package func picture(of table: Table) -> String? { svgPicture(table.drawable) }

/// The result as the bytes of a file.
package func render(_ table: Table, as format: BinaryFormat) -> [UInt8] {
  switch format {
  case .arrow: ArrowExport(table).bytes
  case .xlsx: Workbook(table).bytes
  }
}
