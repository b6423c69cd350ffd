import CQColumns
import Foundation
import Testing

@testable import CQRender

/// Every kind of picture as a terminal shows it, at 60 and at 40 columns, held against recorded texts that were looked at.
@Suite struct TerminalPictureTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")

  @Test(arguments: PictureSamples.names, [60, 40])
  func looksAsRecorded(_ name: String, _ width: Int) throws {
    let text = render(PictureSamples.named(name), as: .table, options: RenderOptions(width: width))
    let file = Self.folder.appending(path: "\(name)-\(width).txt")
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
      let recorded = try? String(contentsOf: file, encoding: .utf8)
      if recorded == text { return }
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.lastPathComponent): look at it, then run again without UPDATE_SNAPSHOTS")
      return
    }
    #expect(text == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test(arguments: PictureSamples.names, [24, 40, 60, 80, 132])
  func staysInside(_ name: String, _ width: Int) {
    let text = render(PictureSamples.named(name), as: .table, options: RenderOptions(width: width))
    for line in text.split(separator: "\n") {
      #expect(DisplayWidth.of(line) <= width, "\(line)")
      #expect(line.last != " ", "\(line)|")
    }
  }

  @Test(arguments: PictureSamples.names)
  func colorOnlyAddsColor(_ name: String) {
    let table = PictureSamples.named(name)
    let plain = render(table, as: .table, options: RenderOptions(width: 60))
    #expect(!plain.contains("\u{1B}"))
    let colored = render(table, as: .table, options: RenderOptions(width: 60, isColored: true))
    #expect(colored.contains("\u{1B}[38;5;"))
    // A map in colour has half blocks in place of shades; everything else is the same text.
    if !name.hasPrefix("map") { #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain) }
  }

  @Test func manyBarsArePaged() {
    let rows = (0..<300).map { ("\($0)", "Place \($0)") }
    var table = Table(columns: [
      members("county", rows), numbers("jobs", .count(unit: "persons"), rows.indices.map { .known(Double($0)) }),
    ])
    table.picture = Picture(kind: .bar, x: "county", y: ["jobs"])
    let text = render(table, as: .table, options: RenderOptions(width: 60, rowLimit: 50))
    #expect(text.contains("… 300 bars, showing 50"))
    #expect(!text.contains("Place 50 "))
  }

  @Test func nothingToDrawSaysSo() {
    var table = Table(columns: [members("state", [("1", "A")]), numbers("lq", .ratio, [.withheld])])
    for kind in Picture.Kind.allCases where kind != .map {
      table.picture = Picture(kind: kind, x: "state", y: ["lq"], color: kind == .heat ? "lq" : nil)
      if kind == .scatter || kind == .bubble { table.picture?.x = "lq" }
      if kind == .heat { table.picture?.y = ["state"] }
      let text = render(table, as: .table)
      #expect(text.contains("nothing to draw"), "\(kind)")
      #expect(render(table, as: .svg).contains("Nothing to draw"), "\(kind)")
    }
  }

  /// Tables of random sizes, values, states and names: nothing traps, nothing leaves the frame.
  @Test func randomTables() {
    var source = SeededSource(seed: 7)
    for _ in 0..<60 {
      let count = Int.random(in: 0...40, using: &source)
      let names = (0..<count).map { _ in
        String(
          (0..<Int.random(in: 0...30, using: &source)).map { _ in
            "aé東 W~\u{1B}<&\t".randomElement(using: &source) ?? "x"
          })
      }
      func cells() -> [Cell] {
        (0..<count).map { _ in
          let magnitudes: [Double] = [0, 1e-12, 0.3, 5, 1e4, 1e9, 1e200]
          let magnitude = magnitudes.randomElement(using: &source) ?? 1
          let value = Double.random(in: -1...1, using: &source) * magnitude
          let cells: [Cell] = [.known(value), .estimated(value), .withheld, .missing, .known(0)]
          return cells.randomElement(using: &source) ?? .missing
        }
      }
      var table = Table(columns: [
        TableColumn(name: "name", values: .texts(TableTexts(names))),
        TableColumn(
          name: "year", values: .periods((0..<count).map { _ in Int32.random(in: 1998...2005, using: &source) })),
        numbers("a", .ratio, cells()), numbers("b", .percent, cells()), numbers("c", .count(unit: "persons"), cells()),
      ])
      for kind in Picture.Kind.allCases where kind != .map {
        let isPoints = kind == .scatter || kind == .bubble
        table.picture = Picture(
          kind: kind, x: isPoints ? "a" : Bool.random(using: &source) ? "name" : "year",
          y: kind == .heat ? ["name"] : ["b"], color: kind == .heat ? "c" : Bool.random(using: &source) ? "name" : nil,
          size: kind == .bubble ? "c" : nil, label: isPoints ? "name" : nil)
        let width = Int.random(in: 24...120, using: &source)
        let text = render(table, as: .table, options: RenderOptions(width: width))
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width, "\(kind) \(line)") }
        let svg = render(table, as: .svg)
        #expect(XMLCheck(svg).problem == nil)
        #expect(VegaLite(table).text.hasPrefix("{"))
      }
    }
  }
}

/// Random numbers that are the same in every run.
struct SeededSource: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    // SplitMix64 (Steele, Lea and Flood 2014).
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
