import CQCatalog
import CQColumns

/// The catalogue of the bundled data, straight from its folder.
enum BundledCatalog {
  static let folder = String(
    #filePath.split(separator: "/").dropLast(3).flatMap { "/" + $0 } + "/Sources/CBundledData/data")

  static func open() throws -> Catalog { try Catalog(files: ByteRegion.arrowFiles(in: folder)) }
}
