import CQCatalog
import CQColumns
import Testing
import bundle

/// The index of the files that the tool makes.
struct IndexFileTests {
  @Test func everyFileIsListedOnce() throws {
    let files = try IndexFile.completing(FixtureFolder.build())
    let list = files.map { (name: $0.name, region: ByteRegion.copying($0.bytes)) }
    #expect(files.last?.name == CatalogIndex.fileName)
    let index = try CatalogIndex(of: CatalogFiles(list))
    #expect(index.entries.flatMap(\.files).sorted() == files.dropLast().map(\.name).sorted())
    #expect(try index.entries == CatalogIndex(scanning: CatalogFiles(list)).entries)
    #expect(try IndexFile.completing(files).last?.bytes == files.last?.bytes, "the same bytes again")
  }

  @Test func theCatalogueOpensWithIt() throws {
    let files = try IndexFile.completing(FixtureFolder.build())
    let catalog = try Catalog(files: files.map { (name: $0.name, region: .copying($0.bytes)) })
    for dataset in catalog.datasets {
      #expect(!dataset.measures.isEmpty && !dataset.title.isEmpty, "\(dataset.name)")
      #expect(dataset.measures.map(\.name) == dataset.measureNames, "\(dataset.name)")
      #expect(dataset.measures.flatMap(\.periods).allSatisfy { dataset.periods.contains($0) }, "\(dataset.name)")
    }
    for table in catalog.tables { #expect(table.content.rowCount == table.rowCount, "\(table.name)") }
    for level in Level.allCases { _ = catalog.list(level) }
    #expect(catalog.damage == nil)
  }
}
