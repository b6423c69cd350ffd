import CQCatalog
import CQColumns

/// `index.arrow`: what the catalogue must know of each file before it opens it, so that a query opens only what it needs.
package enum IndexFile {
  /// `files` with their index, which is made from their own metadata.
  package static func completing(_ files: [BundleFile]) throws -> [BundleFile] {
    let files = files.filter { $0.name != CatalogIndex.fileName }
    let index = try CatalogIndex(
      scanning: CatalogFiles(files.map { (name: $0.name, region: .copying($0.bytes)) }))
    return files + [
      BundleFile(name: CatalogIndex.fileName, rowCount: index.entries.count, bytes: index.bytes())
    ]
  }
}
