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
  private let damage: DamageLog
  private let opened = Lazy<Content>()

  init(_ entry: IndexEntry, files: CatalogFiles, damage: DamageLog) {
    name = entry.name
    title = entry.title
    source = entry.source
    licence = entry.licence
    country = entry.country
    rowCount = entry.rowCount
    file = entry.files.first ?? ""
    store = files
    self.damage = damage
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
    /// Which of its numbers are missing; nil when all are known.
    package var states: [CellState]?
  }

  /// What the file holds.
  package struct Content: Sendable {
    package var columns: [Column] = []
    package var rowCount = 0
    package var citation = ""
    package var notes: [String] = []
  }

  /// What the file holds, read at the first call; nothing when it is damaged.
  package var content: Content {
    opened.get { damage.attempt(Content()) { () throws(CatalogError) in try read() } }
  }

  private func read() throws(CatalogError) -> Content {
    let table = try store.table(file)
    let metadata = FileMetadata(pairs: table.metadata)
    var columns: [Column] = []
    let stateColumns = Set(table.fields.compactMap { metadata["column.\($0.name).state"] })
    for field in table.fields where !stateColumns.contains(field.name) {
      func entry(_ key: String) -> String? { metadata["column.\(field.name).\(key)"] }
      var column = Column(
        name: field.name, data: field.data, level: entry("level").flatMap { Level(word: $0) },
        country: entry("country") ?? "", unit: entry("unit") ?? "", states: nil)
      if let states = entry("state") {
        let words = try CatalogFile(name: name, table: table).texts(states)
        column.states = words.map { word in CellState.allCases.first { $0.name == word } ?? .missing }
      }
      columns.append(column)
    }
    return Content(
      columns: columns, rowCount: table.rowCount, citation: metadata["citation"] ?? "",
      notes: metadata.values(withPrefix: "note."))
  }
}
