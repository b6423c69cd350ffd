package import CQColumns

/// A table of facts that belong to no dataset, such as the cluster organisations of Mexico.
package final class PlainTable: Sendable {
  package let name: String
  package let title: String
  package let source: String
  package let licence: String
  /// Country of its places, empty where there are several or none.
  package let country: String
  package let rowCount: Int
  private let file: String
  private let store: CatalogFiles

  init(_ entry: IndexEntry, files: CatalogFiles) {
    name = entry.name
    title = entry.title
    source = entry.source
    licence = entry.licence
    country = entry.country
    rowCount = entry.rowCount
    file = entry.files.first ?? ""
    store = files
  }

  /// One column with what its values mean.
  package struct Column: Sendable {
    package var name: String
    package var data: ColumnData
    /// Its values are the codes, names or aliases of members of this level.
    package var level: Level?
    /// Of the members, where all are of one country.
    package var country: String
    package var unit: String
  }

  /// What the file holds.
  package struct Content: Sendable {
    package var columns: [Column]
    package var rowCount: Int
    package var citation: String
    package var notes: [String]
  }

  /// - Complexity: Opens the file at each call.
  package func content() throws(CatalogError) -> Content {
    let table = try store.table(file)
    let metadata = FileMetadata(pairs: table.metadata)
    let columns = table.fields.map { field in
      Column(
        name: field.name, data: field.data,
        level: metadata["column.\(field.name).level"].flatMap { Level(word: $0) },
        country: metadata["column.\(field.name).country"] ?? "", unit: metadata["column.\(field.name).unit"] ?? "")
    }
    return Content(
      columns: columns, rowCount: table.rowCount, citation: metadata["citation"] ?? "",
      notes: metadata.values(withPrefix: "note."))
  }
}
