import CQColumns
import Foundation
import Testing

struct ArrowGoldenTests {
  /// The bytes that other readers were tried on (Tests/python); a change must be tried on them again.
  @Test func bytesAreAsCommitted() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/golden.arrow")
    let bytes = Data(sampleBytes(rowCount: 3))
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try bytes.write(to: file)
      Issue.record("wrote golden.arrow: run the tests again without UPDATE_SNAPSHOTS")
    }
    #expect(try Data(contentsOf: file) == bytes)
  }
}
