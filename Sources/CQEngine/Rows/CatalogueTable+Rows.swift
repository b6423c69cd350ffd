import CQCatalog
import CQColumns
import CQSemantics

extension CatalogueTable {
  /// The table as columns of text, and of counts where they are counts.
  func table(in catalog: Catalog) -> ImportedTable {
    let rows = rows(in: catalog)
    let columns = columnNames.indices.map { position -> ImportedTable.Column in
      let texts = rows.map { $0[position] }
      guard columnNames[position] == "rows" else { return .texts(texts) }
      return .numbers(texts.map { Double($0) ?? 0 }, texts.map { _ in .known })
    }
    return ImportedTable(path: "", names: columnNames, columns: columns, rowCount: rows.count)
  }

  /// The texts of each row, in the order of `columnNames`.
  private func rows(in catalog: Catalog) -> [[String]] {
    switch self {
    case .datasets:
      catalog.datasets.map { dataset in
        let levels = (dataset.regionLevels + dataset.activityLevels).map(\.rawValue).joined(separator: " ")
        return [
          dataset.name, "dataset", dataset.country, levels, dataset.span, dataset.measureNames.joined(separator: " "),
          "\(dataset.rowCount)", dataset.title, dataset.source, dataset.licence,
        ]
      }
        + catalog.tables.map { table in
          [
            table.name, "table", table.country, "", "", "", "\(table.rowCount)", table.title, table.source,
            table.licence,
          ]
        }
    case .members(let level):
      catalog.list(level).members.map { member in
        switch level {
        case .cluster: [member.code, member.name, member.kind, member.aliases.joined(separator: "; ")]
        case .subcluster: [member.code, member.name, parentName(member, .cluster, catalog)]
        case let level where level.dimension == .region:
          [member.code, member.name, member.abbreviation, member.country]
        default: [member.code, member.name, member.parent]
        }
      }
    }
  }

  private func parentName(_ member: Member, _ level: Level, _ catalog: Catalog) -> String {
    catalog.list(level).members.first { $0.code == member.parent }?.name ?? member.parent
  }
}
