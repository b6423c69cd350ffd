package import CQColumns

/// What a result can be printed as.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table, csv, json, jsonl

  /// Whether the rendering has a place for the notes of a result.
  package var carriesNotes: Bool { self == .table || self == .json }
}

/// How a result is laid out for reading; the exports are the same everywhere and ignore it.
package struct RenderOptions: Sendable {
  /// Display columns a text table may take; as many as it needs when nil.
  package var width: Int?
  /// Rows a text table may take; all when nil.
  package var rowLimit: Int?
  package var isColored: Bool

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
  case .table: TextTable(table, options: options).text
  case .csv: CSVTable(table).text
  case .json: JSONTable(table).document
  case .jsonl: JSONTable(table).lines
  }
}
