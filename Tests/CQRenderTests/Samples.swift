import CQColumns

/// Columns for the tests, written as short as they read.
func members(_ name: String, _ rows: [(code: String, name: String)]) -> TableColumn {
  let members = rows.map { TableMember(code: $0.code, name: $0.name) }
  return TableColumn(name: name, values: .members(codes: members.indices.map(Int32.init), members: members))
}

enum Cell: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  case known(Double), estimated(Double), withheld, missing

  init(floatLiteral value: Double) { self = .known(value) }
  init(integerLiteral value: Int) { self = .known(Double(value)) }

  var number: Double {
    switch self {
    case .known(let number), .estimated(let number): number
    case .withheld, .missing: 0
    }
  }

  var state: CellState {
    switch self {
    case .known: .known
    case .estimated: .estimated
    case .withheld: .withheld
    case .missing: .missing
    }
  }
}

func numbers(_ name: String, _ quantity: Quantity, _ cells: [Cell]) -> TableColumn {
  TableColumn(name: name, values: .numbers(cells.map(\.number), states: cells.map(\.state), quantity: quantity))
}

let aerospace = Table(
  columns: [
    members(
      "state",
      [("53", "Washington"), ("20", "Kansas"), ("09", "Connecticut"), ("MX-22", "Querétaro"), ("15", "Hawaii")]),
    numbers("lq", .ratio, [5.124, .estimated(4.2), .withheld, 12.5, 0.004]),
    numbers("employment", .count(unit: "persons"), [80_123, .estimated(30_456), .withheld, 1_200, 0]),
    numbers("growth", .percent, [0.05, -0.123, .missing, .estimated(0), 1.5]),
    numbers("avg_wage", .money(currency: "USD"), [112_345, 98_000.4, .missing, .missing, .estimated(45_300)]),
  ],
  header: TableHeader(
    title: ["lq", "Aerospace Vehicles and Defense", "by state", "2020", "vs United States"],
    dataset: "us_qcew_state", source: "U.S. Bureau of Labor Statistics, QCEW 2020", base: "United States",
    years: 2020...2020),
  notes: [
    TableNote(code: "N0502", text: "1.9% of the employment behind these rows is estimated"),
    TableNote(code: "", text: "traded clusters only"),
  ])
