import CQCatalog
import CQColumns
import CQSource
import CQSyntax
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// Runs verbs on a table of one column of places and columns of numbers.
protocol RowTableSuite {}

extension RowTableSuite {
  static var places: [String] { ["Oslo", "Ávila", "avalon", "Zürich", "Bern", "Lima", "Quito", "Ulm"] }

  /// `1 2~ W –`: known, estimated, withheld, missing.
  static func vector(_ text: String) -> Vector {
    var vector = Vector(repeating: .known, count: 0)
    for word in text.split(separator: " ") {
      let state: CellState =
        word == "W" ? .withheld : word == "–" ? .missing : word.hasSuffix("~") ? .estimated : .known
      vector.values.append(Double(word.filter { $0 != "~" }) ?? 0)
      vector.states.append(state)
    }
    return vector
  }

  func table(
    _ columns: [String], _ stages: [QueryPlan.Stage] = [], added: [ValueType] = [], texts: [String] = [],
    limits: Limits = Limits(), other: Table = Table(columns: [])
  ) throws -> Table {
    let vectors = columns.map(Self.vector)
    let count = vectors[0].count
    let number = ValueType.number(.ratio)
    let plan = try Self.plan(
      types: [.member(.state)] + columns.map { _ in number } + added, rowCount: count, stages: stages, texts: texts)
    guard case .frame(let frame, let sources) = plan.query.source else { throw CancellationError() }
    let rows = try RowTable(
      frame: frame, columns: Array(sources.prefix(columns.count)), vectors: vectors, plan,
      try RandomWorld(seed: 1).catalog(), RunControl(cancellation: Cancellation(), limits: limits),
      runOther: { _ in other })
    return try rows.finished(title: ["test"], notes: [])
  }

  /// A plan whose result shows columns of these types, the first of which are places.
  static func plan(
    types: [ValueType], rowCount: Int, stages: [QueryPlan.Stage] = [], texts: [String] = []
  ) throws -> QueryPlan {
    let members = places.prefix(rowCount).enumerated().map { index, name in
      Member(level: .state, code: "0\(index)", name: name, country: "US")
    }
    let sources = types.dropFirst().indices.map {
      SourceColumn(name: "x\($0)", expression: TypedExpression(.number(0), .number(.ratio), TextSpan(0, 0)))
    }
    let dataset = try #require(try RandomWorld(seed: 1).catalog().datasets.first)
    let frame = Frame(
      levels: [.state], area: RegionSet([]), regions: nil, activities: .all, base: .countryOfRow, policy: .estimate,
      dataset: dataset, years: [2001], range: 2001...2002, spansYears: false)
    let visible = types.enumerated().map { VisibleColumn(name: "column \($0)", column: $0, type: $1) }
    let query = TypedQuery(
      source: .frame(frame, sources), stages: [], visible: visible, title: [], notes: [], span: TextSpan(0, 0))
    let grid = Grid(
      region: RegionAxis(levels: [.state], constraints: [], entries: members.map { [$0] }),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[]]), years: [2001])
    return QueryPlan(
      query: query, grids: [grid], requests: [], reductions: [], bounds: [], formulas: [], stages: stages, texts: texts,
      rowRequests: [], baseRequests: [])
  }

  static func column(_ index: Int) -> Formula {
    Formula(inputs: [.column(index)], instructions: [.load(0)], depth: 1)
  }

  /// `column operator number`
  static func formula(_ index: Int, _ instruction: Formula.Instruction, _ number: Double) -> Formula {
    Formula(inputs: [.column(index)], instructions: [.load(0), .constant(number, .known), instruction], depth: 2)
  }

  func names(_ table: Table) -> [String] {
    guard case .members(let codes, let members) = table.columns[0].values else { return [] }
    return codes.map { members[Int($0)].name }
  }

  func text(_ table: Table, _ column: Int) -> String {
    switch table.columns[column].values {
    case .numbers(let values, let states, _):
      zip(values, states).map { value, state in
        let mark = state == .known ? "" : "~"
        return state == .withheld ? "W" : state == .missing ? "–" : "\(Int(value))\(mark)"
      }.joined(separator: " ")
    case .texts(let texts): texts.joined(separator: " ")
    case .periods(let years): years.map { "year \($0)" }.joined(separator: " ")
    case .members, .truths: ""
    }
  }

  func notes(_ table: Table) -> [String] { table.notes.map { "\($0.code): \($0.text)" } }

  /// `derive size = if x > 2 then "large" else "small"`
  static var size: QueryPlan.Stage {
    .derive(
      Formula(
        inputs: [.column(1)],
        instructions: [
          .load(0), .constant(2, .known), .compare(.greater), .constant(0, .known), .constant(1, .known), .select,
        ], depth: 3), .text)
  }
}

extension Formula {
  init(inputs: [Input], instructions: [Instruction], depth: Int) {
    self.init()
    self.inputs = inputs
    self.instructions = instructions
    self.depth = depth
  }
}
