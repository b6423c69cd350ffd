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
  /// Another result stands before this one in the same output.
  package var isContinuation = false

  package init(width: Int? = nil, rowLimit: Int? = nil, isColored: Bool = false) {
    self.width = width
    self.rowLimit = rowLimit
    self.isColored = isColored
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
  case .html: options.isContinuation ? HTMLPage(table).section : HTMLPage(table).text
  case .tex: TeXTable(table).text
  case .svg: svgPicture(table.drawable) ?? ""
  case .vegaLite: VegaLite(table.drawable).text
  }
}

/// The result as the bytes of a file.
package func render(_ table: Table, as format: BinaryFormat) -> [UInt8] {
  switch format {
  case .arrow: ArrowExport(table).bytes
  case .xlsx: Workbook(table).bytes
  }
}
