import ClusterQuery
import Foundation
import Testing

/// What `save` leaves on the disk, and what it never destroys.
@Suite struct SavedFilesTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "cq-saved-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func run(_ text: String, mode: Session.Mode = .trusted) throws {
    try Session(engine: try Bundled.engine.get(), mode: mode).execute(text) { _ in }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? [] }

  @Test func onePageForAllThatIsSavedInIt() throws {
    try run(
      """
      ## # The states
      ## Of {place} and others.

      let place = "Ohio"

      ## ## First
      lq(cluster:"Aerospace", by:state) | top 3 | chart bar | save "\(folder)/page.html"
      ## ## Second
      employment(by:state, state:place, year:2020) | save "\(folder)/page.html" | save "\(folder)/page.md"
      """)
    let page = try text("page.html")
    #expect(page.contains("<h1>The states</h1>"))
    #expect(page.contains("<p>Of Ohio and others.</p>"))
    #expect(page.components(separatedBy: "<section>").count == 3)
    #expect(page.components(separatedBy: "<!DOCTYPE").count == 2)
    #expect(page.contains("4,419,189"))
    #expect(try text("page.md").hasPrefix("## Second\n"))
    #expect(names == ["page.html", "page.md"])
  }

  @Test func documentationOfANameIsNoProse() throws {
    try run(
      """
      ## What this is for.
      let place = "Ohio"
      employment(by:state, state:place) | save "\(folder)/page.html"
      """)
    #expect(!(try text("page.html").contains("What this is for")))
  }

  @Test func aFailureKeepsTheOlderFile() throws {
    let path = folder + "/old.html"
    try "the older page".write(toFile: path, atomically: true, encoding: .utf8)
    // The second query is beyond its limit: the page is not begun.
    #expect(throws: (any Error).self) {
      try Session(engine: try Bundled.engine.get()).execute(
        "employment(by:state) | save \"\(path)\"\nemployment(by:[state, cluster, year], year:2003..2011)",
        limits: Limits(cells: 2_000)
      ) { _ in }
    }
    #expect(try text("old.html") == "the older page")
    #expect(names == ["old.html"])
  }

  @Test(arguments: ["csv", "html", "xlsx", "arrow", "svg", "json"])
  func aFullDiskKeepsTheOlderFile(_ ending: String) throws {
    // A folder that can't be written to stands for every reason to fail before the rename.
    let path = folder + "/locked/old." + ending
    try FileManager.default.createDirectory(atPath: folder + "/locked", withIntermediateDirectories: true)
    try "older".write(toFile: path, atomically: true, encoding: .utf8)
    // Also for root, whom no permission stops: the name of the temporary file is taken by a folder.
    let part = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
    try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
    #expect(throws: EngineError.self) {
      try run("lq(cluster:\"Aerospace\", by:state) | top 3 | chart bar | save \"\(path)\"")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "older")
  }

  @Test func aFileThatFillsUpIsReported() throws {
    // `/dev/full` takes nothing; its folder keeps no part file either.
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/full.csv.\(ProcessInfo.processInfo.processIdentifier).part", withDestinationPath: "/dev/full")
    try "older".write(toFile: folder + "/full.csv", atomically: true, encoding: .utf8)
    #expect(throws: EngineError.self) { try run("employment(by:state) | save \"\(folder)/full.csv\"") }
    #expect(try text("full.csv") == "older")
  }

  @Test func picturesOfPixelsNeedAProgram() throws {
    let isPresent = ["/usr/bin/rsvg-convert", "/usr/local/bin/rsvg-convert", "/opt/homebrew/bin/rsvg-convert"].contains
    {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    let query =
      "lq(cluster:\"Aerospace\", by:state) | top 3 | chart bar | save \"\(folder)/x.png\" | save \"\(folder)/x.pdf\""
    guard isPresent else {
      #expect(throws: Diagnostics.self) { try run(query) }
      return
    }
    try run(query)
    let png = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/x.png")))
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    // Two pixels for each of the picture's 800.
    #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == 1_600)
    #expect(png.count > 20_000)
    let pdf = try Data(contentsOf: URL(fileURLWithPath: folder + "/x.pdf"))
    #expect(pdf.starts(with: Data("%PDF".utf8)))
  }

  @Test func restrictedTextWritesNoPicture() throws {
    for ending in ["png", "pdf", "svg", "html"] {
      #expect(throws: Diagnostics.self) {
        try run("lq(cluster:\"Aerospace\", by:state) | chart bar | save \"\(folder)/x.\(ending)\"", mode: .restricted)
      }
    }
    #expect(names.isEmpty)
  }

  @Test func readOnlySessionsPassTheTableOn() throws {
    try run("employment(by:state) | save \"\(folder)/x.html\"", mode: .readOnly)
    #expect(names.isEmpty)
  }
}
