import CQColumns
import Testing

@testable import CQRender

@Suite struct SVGTests {
  private static func rendered(_ table: Table) -> (text: String, size: (width: Double, height: Double), SVGDocument)? {
    if let panels = ChartPanels(table) { return SVGChart(panels).rendered }
    if let chart = Chart(table) { return SVGChart(chart).rendered }
    return svgMap(table)?.rendered
  }

  @Test(arguments: PictureSamples.names)
  func isWellFormedAndSaysWhatItShows(_ name: String) throws {
    let text = try #require(Self.rendered(PictureSamples.named(name))).text
    #expect(XMLCheck(text).problem == nil)
    #expect(text.contains("<title>"))
    #expect(text.contains("<desc>"))
    #expect(text.contains("Source: U.S. Bureau of Labor Statistics, QCEW 2020 (us_qcew_state)"))
    #expect(text.contains("1.9% is estimated"))
    #expect(text.contains("prefers-color-scheme:dark"))
  }

  @Test(arguments: PictureSamples.names)
  func noTextLeavesTheFrame(_ name: String) throws {
    let (_, size, document) = try #require(Self.rendered(PictureSamples.named(name)))
    #expect(document.textBoxes.count > 5)
    for box in document.textBoxes {
      #expect(box.x >= 0 && box.x + box.width <= size.width, "\(box)")
      #expect(box.y >= 0 && box.y + box.height <= size.height, "\(box)")
    }
  }

  /// Titles, axes, labels and legends: no two of them lie on top of each other.
  @Test(arguments: PictureSamples.names)
  func noTextsOverlap(_ name: String) throws {
    let (_, _, document) = try #require(Self.rendered(PictureSamples.named(name)))
    for (index, one) in document.textBoxes.enumerated() {
      for other in document.textBoxes[(index + 1)...] {
        // The estimated widths are a little generous, and descenders may touch what stands below.
        let apart =
          one.x + one.width <= other.x + 3 || other.x + other.width <= one.x + 3
          || one.y + one.height <= other.y + 3 || other.y + other.height <= one.y + 3
        #expect(apart, "\(one) and \(other)")
      }
    }
  }

  @Test func textFromDataCannotInject() {
    let nasty = "\"><script>alert(1)</script><x y='&\u{0}\u{8}"
    for kind in Picture.Kind.allCases where kind != .map {
      var table = Table(
        columns: [
          TableColumn(name: nasty, values: .texts([nasty, "b", nasty + "c"])),
          numbers("a" + nasty, .count(unit: nasty), [1, 2, 3]),
          numbers("b", .ratio, [3, .estimated(2), 1]),
        ],
        header: TableHeader(title: [nasty], dataset: nasty, source: nasty, base: nasty),
        notes: [TableNote(code: nasty, text: nasty)])
      let isPoints = kind == .scatter || kind == .bubble
      table.picture = Picture(
        kind: kind, x: isPoints ? "b" : nasty, y: kind == .heat ? [nasty] : ["a" + nasty],
        color: kind == .heat ? "b" : nasty, size: kind == .bubble ? "b" : nil, label: nasty, title: nasty)
      let text = render(table, as: .svg)
      let check = XMLCheck(text)
      #expect(check.problem == nil)
      #expect(!check.elementNames.contains("script"))
      #expect(!text.contains("\u{8}"))
      let page = render(table, as: .html)
      // The page's own script, once.
      #expect(page.split(separator: "<script").count == 2)
      #expect(!render(table, as: .md).contains("<script"))
    }
  }

  @Test func textsAreReadable() {
    for paint in [Theme.text, Theme.muted] + Theme.series {
      #expect(Contrast.ratio(paint.light, Theme.background.light) >= 4.5, "\(paint)")
      #expect(Contrast.ratio(paint.dark, Theme.background.dark) >= 4.5, "\(paint)")
    }
    for color in Theme.sequential + Theme.below + Theme.belowQuietly + Theme.above {
      #expect(Contrast.ratio(Contrast.ink(on: color), color) >= 4.5, "\(color)")
    }
    #expect(abs(Contrast.ratio("#000000", "#ffffff") - 21) < 0.01)
    // A published pair: #777777 on white is 4.48.
    #expect(abs(Contrast.ratio("#777777", "#ffffff") - 4.48) < 0.01)
  }

  @Test func classColorsDarkenSteadily() {
    for count in 2...7 {
      let classes = ValueClasses((0..<100).map(Double.init), scheme: .equal, count: count)
      let ratios = Theme.colors(classes).map { Contrast.ratio($0, "#ffffff") }
      #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 < $1 }, "\(count)")
    }
  }

  @Test func numbersAreShort() {
    let cases: [(Double, String)] = [
      (0, "0"), (1, "1"), (-1, "-1"), (1.5, "1.5"), (1.25, "1.25"), (-0.05, "-0.05"), (0.004, "0"), (1e9, "1000000000"),
      (.nan, "0"), (.infinity, "0"),
    ]
    for (value, text) in cases { #expect(SVGDocument.number(value) == text) }
  }

  @Test func mapsMarkWhatIsNotKnown() throws {
    let text = render(PictureSamples.map(), as: .svg)
    #expect(text.contains("fill=\"url(#cq-withheld)\""))
    #expect(text.contains("estimated in part (1)"))
    #expect(text.contains("withheld (1)"))
    #expect(text.contains("not in the table"))
    #expect(text.contains("<title>East: 1.10~</title>"))
    #expect(text.contains("<title>West &amp; &lt;co&gt;: withheld</title>"))
    let missing = render(PictureSamples.map([1, 2, 3, .missing]), as: .svg)
    #expect(missing.contains("missing (1)"))
  }
}
