import CQBundledData
import CQColumns
import ClusterQuery
import Testing

/// Charts and maps of the bundled data, from the query to the picture.
@Suite struct PictureTests {
  private func run(_ text: String) throws -> ResultTable {
    var result: ResultTable?
    try Session(engine: try Bundled.engine.get()).execute(text) { result = $0 }
    return try #require(result)
  }

  @Test func chartsTakeTheShapeOfTheTable() throws {
    let bars = try run("lq(cluster:\"Aerospace\", by:state) | top 3 | chart")
    #expect(bars.table.picture?.kind == .bar)
    #expect(bars.table.picture?.x == "state")
    #expect(bars.table.picture?.y == ["lq"])
    let lines = try run(
      "employment(cluster:\"Automotive\", by:[state, year], year:2008..2011, state:[\"Ohio\", \"Iowa\"]) | chart")
    #expect(lines.table.picture?.kind == .line)
    #expect(lines.table.picture?.x == "year")
    #expect(lines.table.picture?.color == "state")
  }

  @Test func verbsThatKeepTheColumnsRedraw() throws {
    let first = try run("lq(cluster:\"Aerospace\", by:state) | chart bar | top 3")
    #expect(first.rowCount == 3)
    #expect(first.table.picture?.kind == .bar)
    let renamed = try run("lq(cluster:\"Aerospace\", by:state) | chart bar | rename quotient = lq")
    #expect(renamed.table.picture?.y == ["quotient"])
    let dropped = try run("table(lq, employment, cluster:\"Aerospace\", by:state) | chart bar, y:lq | drop lq")
    #expect(dropped.table.picture == nil)
    let described = try run("lq(cluster:\"Aerospace\", by:state) | chart bar | describe")
    #expect(described.table.picture == nil)
  }

  @Test func measuresInBlanksBecomeColumns() throws {
    let result = try run("lq(cluster:\"Aerospace\", by:state) | top 3 | chart scatter, x:avg_wage, y:lq")
    #expect(result.columns.map(\.name) == ["state", "lq", "avg_wage"])
    #expect(result.table.picture?.x == "avg_wage")
    #expect(result.table.picture?.label == "state")
  }

  @Test func theTableIsExportedAsEver() throws {
    let plain = try run("lq(cluster:\"Aerospace\", by:state) | top 3")
    let drawn = try run("lq(cluster:\"Aerospace\", by:state) | top 3 | chart bar")
    for format in [ResultFormat.csv, .json, .jsonl, .tsv, .tex, .md] {
      #expect(plain.render(format) == drawn.render(format))
    }
    #expect(drawn.render(.table).contains("█"))
    #expect(drawn.render(.html).contains("<svg"))
  }

  @Test func mapsHaveOutlines() throws {
    let map = try run("lq(cluster:\"Automotive\", by:state) | map lq")
    let geometry = try #require(map.table.picture?.geometry)
    #expect(geometry.shapes.map(\.country) == ["US"])
    #expect(geometry.shapes.first?.shapes.count == 51)
    let svg = map.render(.svg)
    #expect(svg.contains("<title>Michigan: "))
    #expect(svg.contains("LQ · 1 = United States"))
    #expect(svg.utf8.count < 100_000)
    #expect(map.render(.table, width: 80).contains("highest: "))
  }

  /// What each file of outlines must hold: every ring closed, every place with one.
  @Test(arguments: [
    ("state", "US", 51), ("county", "US", 3_000), ("state", "MX", 32), ("county", "MX", 2_400), ("state", "CA", 13),
    ("county", "CA", 290),
  ])
  func outlinesAreWhole(_ level: String, _ country: String, _ least: Int) throws {
    let file = try #require(DataSource.bundled.files.first { $0.name == "geometry.\(level).\(country).arrow" })
    let outlines = try #require(Outlines(try ArrowReader.open(file.region, name: file.name)))
    #expect(outlines.shapes.count >= least)
    for shape in outlines.shapes {
      #expect(!shape.rings.isEmpty, "\(shape.code)")
      for ring in shape.rings {
        let points = ring.flatMap { $0 < 0 ? outlines.arcs[~$0].reversed() : outlines.arcs[$0] }
        let (first, last) = (try #require(points.first), try #require(points.last))
        #expect(abs(first.x - last.x) < 1e-9 && abs(first.y - last.y) < 1e-9, "\(shape.code)")
        #expect(points.allSatisfy { $0.x > -192 && $0.x < -50 && $0.y > 14 && $0.y < 84 }, "\(shape.code)")
      }
    }
  }
}
