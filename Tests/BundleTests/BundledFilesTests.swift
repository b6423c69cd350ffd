import CQBundledData
import CQColumns
import Testing

struct BundledFilesTests {
  @Test func everyFileOpens() throws {
    #expect(BundledFiles.all.map(\.name) == BundledFiles.all.map(\.name).sorted())
    for (name, region) in BundledFiles.all {
      let table = try ArrowReader.open(region, name: name)
      #expect(table.rowCount > 0)
      #expect(table.metadata("cq.format") == "1", "\(name)")
      #expect(unsafe Int(bitPattern: region.bytes.baseAddress) % 64 == 0, "\(name)")
    }
  }
}
