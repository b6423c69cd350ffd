import CQColumns

@testable import CQRender

/// Small tables that ask for every kind of picture: names that are long, values that are negative, withheld, estimated.
enum PictureSamples {
  static let header = TableHeader(
    title: ["lq", "Aerospace Vehicles and Defense", "by state", "2020", "vs United States"],
    dataset: "us_qcew_state", source: "U.S. Bureau of Labor Statistics, QCEW 2020", base: "United States",
    years: 2020...2020)

  private static let states = [
    ("53", "Washington"), ("20", "Kansas"), ("09", "Connecticut"), ("15", "Hawaii"), ("39", "Ohio"),
    ("11", "District of Columbia & <neighbours>"),
  ]

  private static func table(_ columns: [TableColumn], _ picture: Picture) -> Table {
    var table = Table(columns: columns, header: header, notes: [TableNote(code: "N0502", text: "1.9% is estimated")])
    table.picture = picture
    return table
  }

  static var lq: TableColumn { numbers("lq", .ratio, [5.124, .estimated(4.2), .withheld, 0.004, 1.1, .missing]) }
  static var change: TableColumn {
    numbers("change", .count(unit: "persons"), [80_123, -30_456, .withheld, -1_200, 0, .estimated(12)])
  }

  static let bar = table([members("state", states), lq], Picture(kind: .bar, x: "state", y: ["lq"]))
  static let negativeBars = table([members("state", states), change], Picture(kind: .bar, x: "state", y: ["change"]))
  static let bars = table(
    [
      members("state", states), change,
      numbers("local", .count(unit: "persons"), [1, -20_000, 30_000, .missing, 5, 6]),
    ],
    Picture(kind: .bar, x: "state", y: ["change", "local"], title: "Two columns"))

  /// Three states over nine years, one year withheld and one estimated.
  static func years(_ kind: Picture.Kind) -> Table {
    let names = ["West Virginia", "Wyoming", "Kentucky"]
    let rows = (0..<27).map { ($0 / 9, 2003 + $0 % 9) }
    let places = TableColumn(
      name: "state",
      values: .members(
        codes: rows.map { Int32($0.0) }, members: names.enumerated().map { TableMember(code: "\($0)", name: $1) }))
    let cells = rows.map { row -> Cell in
      if row == (1, 2005) { return .withheld }
      let value = 100 + Double(row.0 * 20) + Double((row.1 - 2003) * (row.0 - 1)) * 4
      return row == (0, 2006) ? .estimated(value) : .known(value)
    }
    return table(
      [places, TableColumn(name: "year", values: .periods(rows.map { Int32($0.1) })), numbers("index", .ratio, cells)],
      Picture(kind: kind, x: "year", y: ["index"], color: "state"))
  }

  static var points: Table {
    table(
      [
        members("state", states), numbers("growth", .percent, [0.05, -0.12, 0.3, .missing, 0.01, -0.4]), lqPoints,
        numbers("employment", .count(unit: "persons"), [80_000, 30_000, 20_000, 5, 9_000, 100]),
        TableColumn(name: "role", values: .texts(["star", "mature", "star", "watch", "emerging", "watch"])),
      ], Picture(kind: .scatter, x: "growth", y: ["lq"], label: "state"))
  }

  private static var lqPoints: TableColumn { numbers("lq", .ratio, [5.1, 4.2, .estimated(2.2), 0.4, 1.1, 0.3]) }

  static var bubbles: Table {
    var table = points
    table.picture = Picture(kind: .bubble, x: "growth", y: ["lq"], color: "role", size: "employment", label: "state")
    return table
  }

  static var heat: Table {
    var table = years(.heat)
    table.picture = Picture(kind: .heat, x: "year", y: ["state"], color: "index")
    return table
  }

  static var box: Table {
    var table = years(.box)
    table.picture = Picture(kind: .box, x: "state", y: ["index"])
    return table
  }

  static let lorenz = table(
    [members("state", states), numbers("employment", .count(unit: "persons"), [1, 2, 3, 10, 40, 100])],
    Picture(kind: .lorenz, y: ["employment"]))

  /// A country of four square states and a fifth without a row.
  static func map(_ cells: [Cell] = [0.4, .estimated(1.1), 2.5, .withheld]) -> Table {
    var table = table(
      [
        members("state", [("01", "North"), ("02", "East"), ("03", "South"), ("04", "West & <co>")]),
        numbers("lq", .ratio, cells),
      ],
      Picture(kind: .map, x: "state", color: "lq"))
    table.picture?.level = "state"
    table.picture?.places = ["01", "02", "03", "04"].map { Picture.Place(country: "MX", code: $0) }
    var arcs: [[(x: Double, y: Double)]] = []
    var shapes: [(code: String, rings: [[Int]])] = []
    for (index, code) in ["01", "02", "03", "04", "05"].enumerated() {
      let (x, y) = (-104 + Double(index % 2) * 4, 20 + Double(index / 2) * 3)
      arcs.append([(x, y), (x + 4, y), (x + 4, y + 3), (x, y + 3), (x, y)])
      shapes.append((code, [[index]]))
    }
    table.picture?.geometry = MapGeometry(
      shapes: [Outlines(level: "state", country: "MX", source: "test", arcs: arcs, shapes: shapes)])
    return table
  }

  static var marked: Table {
    table(
      [
        members("state", states), change,
        numbers("expected", .count(unit: "persons"), [60_000, 12_000, 5, 30_000, .withheld, -90_000]),
      ], bar(marker: "expected"))
  }

  private static func bar(marker: String) -> Picture {
    var picture = Picture(kind: .bar, x: "state", y: ["change"])
    picture.marker = marker
    return picture
  }

  static func panels(_ kind: Picture.Kind, x: String, by column: String) -> Table {
    var table = years(kind)
    table.picture = Picture(kind: kind, x: x, y: ["index"])
    table.picture?.panels = column
    return table
  }

  /// Bubbles in the places of ``map(_:)``.
  static var bubbleMap: Table {
    var table = map()
    table.columns.append(numbers("employment", .count(unit: "persons"), [80_000, 2_000, .missing, 500]))
    table.picture?.size = "employment"
    table.picture?.label = "state"
    return table
  }

  static var labelledMap: Table {
    var table = map([0.4, 1.1, 2.5, 0.9])
    table.picture?.label = "state"
    return table
  }

  static var categoryMap: Table {
    var table = map()
    table.columns.append(TableColumn(name: "type", values: .texts(["high-high", "low-low", "ns", "odd & <new>"])))
    table.picture?.color = "type"
    return table
  }

  /// Three organisations in the first place, one in the last.
  static var pointMap: Table {
    var table = map()
    let places = [0, 0, 0, 3].map { table.picture?.places[$0] ?? Picture.Place(country: "", code: "") }
    table.columns = [
      TableColumn(name: "state", values: .texts(["North", "North", "North", "West"])),
      TableColumn(name: "organisation", values: .texts(["A & <b>", "B", "C", "D"])),
      TableColumn(name: "sector", values: .texts(["Food", "ICT", "Food", "Food"])),
    ]
    table.picture?.hasPoints = true
    table.picture?.color = nil
    table.picture?.group = "sector"
    table.picture?.places = places
    return table
  }

  static var mapPanels: Table {
    var table = map()
    let places = (table.picture?.places ?? []) + (table.picture?.places ?? [])
    let names = [("01", "North"), ("02", "East"), ("03", "South"), ("04", "West")]
    table.columns = [
      members("state", names + names), numbers("lq", .ratio, [0.4, 1.2, 2, 0.9, 0.5, 1.4, 3, .withheld]),
      TableColumn(name: "year", values: .periods([2010, 2010, 2010, 2010, 2020, 2020, 2020, 2020])),
    ]
    table.picture?.places = places
    table.picture?.panels = "year"
    return table
  }

  static let all: [(name: String, table: Table)] = [
    ("bar", bar), ("bar-negative", negativeBars), ("bar-two", bars), ("bar-years", years(.bar)), ("line", years(.line)),
    ("area", years(.area)), ("slope", years(.slope)), ("scatter", points), ("bubble", bubbles), ("heat", heat),
    ("box", box), ("lorenz", lorenz), ("map", map()), ("bar-marked", marked),
    ("line-panels", panels(.line, x: "year", by: "state")), ("area-panels", panels(.area, x: "year", by: "state")),
    ("bar-panels", panels(.bar, x: "state", by: "year")), ("box-panels", panels(.box, x: "state", by: "state")),
    ("lorenz-panels", panels(.lorenz, x: "year", by: "state")), ("map-bubbles", bubbleMap),
    ("map-labels", labelledMap), ("map-categories", categoryMap), ("map-points", pointMap), ("map-panels", mapPanels),
  ]
  static let names = all.map(\.name)

  static func named(_ name: String) -> Table { all.first { $0.name == name }?.table ?? bar }
}
