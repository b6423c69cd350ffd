import Foundation
import Testing
import bundle

struct OutputTests {
  @Test func outputIsAsCommitted() throws {
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      let files = try FixtureFolder.build()
      try OutputFolder(path: FixtureFolder.expected.appendingPathComponent("data").path).write(files)
      Issue.record("wrote Fixtures/expected: run the tests again without UPDATE_SNAPSHOTS")
    }
    let folder = try FixtureFolder.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = folder.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    // What an earlier version of the tool wrote must go, or it would be embedded no more but stay in the folder.
    try Data("old".utf8).write(to: data.appendingPathComponent("dropped.arrow"))
    try OutputFolder(path: data.path).write(FixtureFolder.build())
    #expect(try contents(of: folder) == contents(of: FixtureFolder.expected))
  }

  private func contents(of folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      files[name] = try? Data(contentsOf: folder.appendingPathComponent(name))
    }
    return files
  }

  /// A file that is in the folder but not in the source would silently be left out of the binary.
  @Test func everyFileOfTheFolderIsEmbedded() throws {
    let target = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/CBundledData").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: target.appendingPathComponent("data").path)
    let source = try String(contentsOf: target.appendingPathComponent("bundled_data.c"), encoding: .utf8)
    #expect(source == EmbeddingSource.text(fileNames: names, folder: "data"))
  }
}
