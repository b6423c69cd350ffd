import CQCatalog
import CQColumns
import CQSyntax
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// Verbs that change what a row is, or bring in another table.
struct ReshapeTests: RowTableSuite {
  private let number = ValueType.number(.ratio)

  private func other(_ names: [String], _ columns: [TableColumn.Values]) -> Table {
    let members = names.map { name in
      TableMember(code: Self.places.firstIndex(of: name).map { "0\($0)" } ?? name, name: name)
    }
    let places = TableColumn.Values.members(codes: members.indices.map { Int32($0) }, members: members)
    return Table(columns: ([places] + columns).enumerated().map { TableColumn(name: "column \($0)", values: $1) })
  }

  private func numbers(_ text: String) -> TableColumn.Values {
    let vector = Self.vector(text)
    return .numbers(vector.values, states: vector.states, quantity: .ratio)
  }

  private func visible(_ types: [ValueType]) -> [VisibleColumn] {
    types.enumerated().map { VisibleColumn(name: "column \($0)", column: $0, type: $1) }
  }

  // MARK: - append

  @Test func rowsAreAppended() throws {
    let types: [ValueType] = [.member(.state), number]
    let appended = try table(
      ["1 W"], [.append(try Self.plan(types: types, rowCount: 2), mine: visible(types))],
      other: other(["Zürich", "Oslo"], [numbers("– 5~")]))
    #expect(names(appended) == ["Oslo", "Ávila", "Zürich", "Oslo"])
    #expect(text(appended, 1) == "1 W – 5~")
  }

  /// Oslo of both tables is one place.
  @Test func placesOfBothTablesAreTheSame() throws {
    let types: [ValueType] = [.member(.state), number]
    let total = Formula(
      inputs: [.rowAggregate(RowAggregate(aggregate: .sum, formula: Self.column(1), groups: [0]))],
      instructions: [.load(0)], depth: 1)
    let summed = try table(
      ["1 2"],
      [
        .append(try Self.plan(types: types, rowCount: 2), mine: visible(types)), .derive(total, number),
        .collapse(groups: [0]),
      ], added: [number], other: other(["Ulm", "Oslo"], [numbers("4 5")]))
    #expect(names(summed) == ["Oslo", "Ávila", "Ulm"])
    #expect(text(summed, 2) == "6 2 4")
  }

  @Test(arguments: [
    (TableColumn.Values.truths([true, false]), "true false true false"),
    (.texts(["true", "–"]), "true false true –"),
  ])
  func truthsAreAppended(values: TableColumn.Values, expected: String) throws {
    let types: [ValueType] = [.member(.state), number, .truth]
    let isLarge = QueryPlan.Stage.derive(Self.formula(1, .compare(.greater), 2), .truth)
    let appended = try table(
      ["3 1"], [isLarge, .append(try Self.plan(types: types, rowCount: 2), mine: visible(types))], added: [.truth],
      other: other(["Ulm", "Bern"], [numbers("4 5"), values]))
    #expect(text(appended, 2) == expected)
  }

  // MARK: - join

  private func joined(
    _ columns: [TableColumn.Values], _ types: [ValueType], keep: JoinKeep = .left, then stages: [QueryPlan.Stage] = []
  ) throws -> Table {
    let plan = try Self.plan(types: [.member(.state)] + types, rowCount: 2)
    let join = QueryPlan.Stage.join(
      plan, on: [(mine: 0, theirs: 0)], added: Array(1...columns.count), keep: keep)
    return try table(
      ["1 2 3"], [join] + stages, added: types, other: other(["avalon", "Oslo", "Ulm"], columns))
  }

  @Test func partnersAreFoundByName() throws {
    let left = try joined([numbers("7~ W 9")], [number])
    #expect(names(left) == ["Oslo", "Ávila", "avalon"] && text(left, 2) == "W – 7~")
    #expect(notes(left) == ["N0506: 1 row has no partner in the joined table"])
    let matched = try joined([numbers("7 8 9")], [number], keep: .matched)
    #expect(names(matched) == ["Oslo", "avalon"] && text(matched, 2) == "8 7")
  }

  @Test(arguments: [TableColumn.Values.truths([true, false, true]), .texts(["true", "false", "–"])])
  func truthsOfTheOtherTableAreConditions(truths: TableColumn.Values) throws {
    let holds = Formula(inputs: [.column(2)], instructions: [.load(0)], depth: 1)
    let kept = try joined([truths], [.truth], then: [.filter(holds)])
    #expect(names(kept) == ["avalon"])
    #expect(notes(kept).contains { $0.hasPrefix("N0501: 1 row is missing") }, "Ávila has no partner")
  }

  @Test func textsWithoutAPartnerAreMissing() throws {
    let sorted = try joined([.texts(["b", "a", "c"])], [.text], then: [.sort([(Self.column(2), true)])])
    #expect(text(sorted, 2) == "b a –")
    let nothing = try table(
      ["2 1"],
      [
        .join(
          try Self.plan(types: [.member(.state), .text], rowCount: 2), on: [(mine: 0, theirs: 0)], added: [1],
          keep: .left),
        .sort([(Self.column(2), false)]),
      ], added: [.text], other: other([], [.texts([])]))
    #expect(text(nothing, 2) == "– –")
  }

  /// Numbers match years and each other, however large.
  @Test func numbersAreKeys() throws {
    for (mine, theirs, expected) in [
      ("2019 2020", TableColumn.Values.periods([2020, 2021]), "– 5"), ("0.5 1e30", numbers("1e30 0.5"), "6 5"),
    ] {
      let types: [ValueType] = [.member(.state), number, number]
      let result = try table(
        [mine],
        [
          .join(
            try Self.plan(types: types, rowCount: 2), on: [(mine: 1, theirs: 1)], added: [2], keep: .left)
        ], added: [number], other: other(["x", "y"], [theirs, numbers("5 6")]))
      #expect(text(result, 2) == expected)
    }
  }

  // MARK: - pivot, unpivot, summarize, describe

  @Test func groupsKeepTheirFirstRow() throws {
    let collapsed = try table(["5 7 5 6 7"], [.collapse(groups: [1])])
    #expect(names(collapsed) == ["Oslo", "Ávila", "Zürich"])
    #expect(try table(["5 7 5"], [.collapse(groups: [])]).rowCount == 1, "no group: all rows are one")
    #expect(try table(["–"], [.collapse(groups: [])]).rowCount == 0)
    let unknown = try table(["0 – W 0~ – W", "1 1 1 1 1 1"], [.collapse(groups: [1])])
    #expect(text(unknown, 1) == "0 – W", "unknown numbers are not 0")
  }

  @Test func numbersMoveUnderTheirKey() throws {
    let keys = [PivotKey.year(2019), .year(2020), .year(2021)]
    let wide = try table(
      ["2019 2020 2019 1e20", "1 2~ W 4", "8 8 9 9"],
      [.pivot(key: 1, keys: keys, values: [2], groups: [3])], added: [number, number, number])
    #expect(wide.columns.count == 6, "2021 has no number at all, so its column goes")
    #expect(text(wide, 4) == "1 W" && text(wide, 5) == "2~ –" && names(wide) == ["Oslo", "avalon"])
  }

  @Test func columnsBecomeRows() throws {
    let kept = Array(visible([.member(.state), number, number]).prefix(1))
    let stacked = Array(visible([.member(.state), number, number]).dropFirst())
    let stages: [QueryPlan.Stage] = [.sort([(Self.column(1), true)]), .unpivot(kept: kept, stacked: stacked)]
    let long = try table(["1 2", "W 4~"], stages)
    #expect(names(long) == ["Ávila", "Ávila", "Oslo", "Oslo"])
    #expect(text(long, 1) == "column 1 column 2 column 1 column 2" && text(long, 2) == "2 4~ 1 W")
  }

  @Test func columnsAreDescribed() throws {
    let described = try table(
      ["3 2~ W –", "0 0 0 0"], [.describe(visible([.member(.state), number]))],
      added: [number, number, number, number, number])
    #expect(text(described, 0) == "column 0 column 1" && text(described, 1) == "state number")
    let counts = (2...7).map { text(described, $0) }
    #expect(counts == ["4 1", "0 1", "0 1", "0 1", "– 2", "– 3"])
  }
}
