import CQCatalog
import CQColumns
import CQSyntax
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// The verbs on a table of one column of places and columns of numbers.
struct RowTableTests: RowTableSuite {
  // MARK: - Rows

  @Test func rowsThatAreMissingEverywhereDoNotExist() throws {
    #expect(try names(table(["1 – – 4"])) == ["Oslo", "Zürich"])
    #expect(try names(table(["1 – – –", "– 2 – W"])) == ["Oslo", "Ávila", "Zürich"])
    let empty = try table(["– –"])
    #expect(empty.rowCount == 0 && empty.columns.count == 2)
  }

  @Test func tooManyRowsAreRefused() throws {
    #expect(throws: LimitExceeded.rows(needed: 3, limit: 2)) { try table(["1 2 3"], limits: Limits(rows: 2)) }
    #expect(try table(["1 2 3"], [.first(2)], limits: Limits(rows: 2)).rowCount == 2, "what counts is the result")
  }

  // MARK: - sort

  @Test(arguments: [
    (false, "1 2~ 3 W – W", ["Bern", "Zürich", "Oslo", "Ávila", "avalon", "Quito"]),
    (true, "3 2~ 1 W – W", ["Oslo", "Zürich", "Bern", "Ávila", "avalon", "Quito"]),
  ])
  func whatHasNoNumberComesLast(isDescending: Bool, numbers: String, order: [String]) throws {
    let sorted = try table(["3 W – 2~ 1 W W", "0 0 0 0 0 – 0"], [.sort([(Self.column(1), isDescending)])])
    #expect(text(sorted, 1) == numbers + " W")
    #expect(Array(names(sorted).prefix(5)) == Array(order.prefix(5)))
  }

  @Test func sortingKeepsTheOrderOfEquals() throws {
    let sorted = try table(["2 1 2 1 2"], [.sort([(Self.column(1), true)])])
    #expect(names(sorted) == ["Oslo", "avalon", "Bern", "Ávila", "Zürich"])
    let twice = try table(
      ["2 1 2 1 2", "5 6 7 8 6"], [.sort([(Self.column(1), false), (Self.column(2), true)])])
    #expect(text(twice, 1) == "1 1 2 2 2" && text(twice, 2) == "8 6 7 6 5")
  }

  @Test func namesSortByTheirLetters() throws {
    let sorted = try table(["1 1 1 1 1"], [.sort([(Self.column(0), false)])])
    #expect(names(sorted) == ["avalon", "Ávila", "Bern", "Oslo", "Zürich"])
    let backwards = try table(["1 1 1 1 1"], [.sort([(Self.column(0), true)])])
    #expect(names(backwards) == ["Zürich", "Oslo", "Bern", "Ávila", "avalon"])
  }

  @Test(arguments: [(false, "large large small – –"), (true, "small large large – –")])
  func textsThatAreMissingSortLast(isDescending: Bool, expected: String) throws {
    let sorted = try table(
      ["W 5 1 – 4", "1 1 1 1 1"], [Self.size, .sort([(Self.column(3), isDescending)])], added: [.text],
      texts: ["large", "small"])
    #expect(text(sorted, 3) == expected)
  }

  // MARK: - top, first

  @Test func topKeepsTiesAndSaysSo() throws {
    let top = try table(["3 5 3 1 3"], [.top(2, by: Self.column(1), largest: true)])
    #expect(text(top, 1) == "5 3 3 3")
    #expect(names(top) == ["Ávila", "Oslo", "avalon", "Bern"])
    #expect(notes(top) == ["N0505: 4 rows: ties with row 2 are kept"])
    let bottom = try table(["3 5 3 1 3"], [.top(1, by: Self.column(1), largest: false)])
    #expect(text(bottom, 1) == "1" && notes(bottom).isEmpty)
  }

  @Test(arguments: [(0, ""), (1, "5"), (2, "5 4~"), (3, "5 4~ W"), (4, "5 4~ W W"), (9, "5 4~ W W")])
  func topPutsWhatHasNoNumberLast(count: Int, expected: String) throws {
    let top = try table(["W 4~ W 5"], [.top(count, by: Self.column(1), largest: true)])
    #expect(text(top, 1) == expected)
    #expect(notes(top).isEmpty, "rows without a number tie with nothing")
    let bottom = try table(["W 5 W 4~"], [.top(count, by: Self.column(1), largest: false)])
    #expect(text(bottom, 1).split(separator: " ").count == expected.split(separator: " ").count)
    #expect(text(bottom, 1).hasPrefix(count == 0 ? "" : "4~"))
  }

  @Test func topComparesWhatPrintsAlike() throws {
    let top = try table(["-1 -2 0 -0"], [.top(1, by: Self.column(1), largest: true)])
    #expect(top.rowCount == 2, "0 and -0 are a tie")
  }

  @Test(arguments: [0, 1, 3, 9])
  func firstTakesRowsAsTheyStand(count: Int) throws {
    let first = try table(["W 4 1"], [.sort([(Self.column(1), false)]), .first(count)])
    #expect(text(first, 1) == "1 4 W".split(separator: " ").prefix(count).joined(separator: " "))
  }

  // MARK: - where

  @Test func rowsThatCanNotBeComparedAreDroppedAloud() throws {
    let condition = Self.formula(1, .compare(.greaterOrEqual), 2)
    let kept = try table(["1 2~ W – 3 W", "0 0 0 0 0 0"], [.filter(condition)])
    #expect(text(kept, 1) == "2~ 3")
    #expect(
      notes(kept) == [
        "N0501: 2 rows are withheld and could not be compared (keep with: or … is withheld)",
        "N0501: 1 row is missing and could not be compared (keep with: or … is missing)",
      ])
    #expect(try notes(table(["1 2~ 3"], [.filter(condition)])).isEmpty)
  }

  @Test func placesAndTextsAreTested() throws {
    let wanted = Member(level: .state, code: "01", name: "", country: "US")
    let abroad = Member(level: .state, code: "02", name: "", country: "MX")
    let place = Formula(
      inputs: [.memberTest(column: 0, members: [wanted, abroad])], instructions: [.load(0)], depth: 1)
    #expect(try names(table(["1 2 3"], [.filter(place)])) == ["Ávila"])
    let isSmall = Formula(inputs: [.textTest(column: 2, texts: ["SMALL"])], instructions: [.load(0)], depth: 1)
    let small = try table(
      ["1 5 W 2"], [Self.size, .filter(isSmall)], added: [.text], texts: ["large", "small"])
    #expect(text(small, 1) == "1 2" && text(small, 2) == "small small")
    #expect(notes(small).count == 1)
  }

  // MARK: - rank, derive

  @Test(arguments: [
    ("3 5 3 1 3", "2 1 2 5 2"), ("W 5 – 5~ 1", "– 1 – 1 3"), ("7", "1"), ("W W", "– –"), ("1 2 3", "3 2 1"),
  ])
  func equalsShareARankAndTheNextCountsThemAll(numbers: String, ranks: String) throws {
    let all = numbers.split(separator: " ").map { _ in "0" }.joined(separator: " ")
    let ranked = try table([numbers, all], [.rank(Self.column(1), groups: [])], added: [.number(.ratio)])
    #expect(text(ranked, 3) == ranks)
  }

  @Test func ranksAreThoseOfTheRowsThatAreLeft() throws {
    let ranked = try table(
      ["9 1 5 3"], [.filter(Self.formula(1, .compare(.less), 9)), .rank(Self.column(1), groups: [])],
      added: [.number(.ratio)])
    #expect(text(ranked, 1) == "1 5 3" && text(ranked, 2) == "3 1 2")
  }

  @Test func derivedColumnsStayWithTheirRows() throws {
    let derived = try table(
      ["4 1 W 3"],
      [
        .sort([(Self.column(1), false)]), .derive(Self.formula(1, .arithmetic(.multiply), 10), .number(.ratio)),
        .filter(Self.formula(2, .compare(.greater), 10)),
        .derive(Self.formula(2, .arithmetic(.add), 1), .number(.ratio)),
      ], added: [.number(.ratio), .number(.ratio)])
    #expect(text(derived, 1) == "3 4" && text(derived, 2) == "30 40" && text(derived, 3) == "31 41")
    #expect(names(derived) == ["Zürich", "Oslo"])
  }

  @Test func aggregatesAreOfTheRowsThatAreLeft() throws {
    let total = Formula(
      inputs: [.rowAggregate(RowAggregate(aggregate: .sum, formula: Self.column(1), groups: []))],
      instructions: [.load(0)], depth: 1)
    let byGroup = Formula(
      inputs: [.rowAggregate(RowAggregate(aggregate: .max, formula: Self.column(1), groups: [2]))],
      instructions: [.load(0)], depth: 1)
    let result = try table(
      ["1 20 3 4~ 50", "7 8 7 8 8"],
      [
        .filter(Self.formula(1, .compare(.less), 50)), .derive(total, .number(.ratio)),
        .derive(byGroup, .number(.ratio)),
      ], added: [.number(.ratio), .number(.ratio)])
    #expect(text(result, 3) == "28~ 28~ 28~ 28~" && text(result, 4) == "3 20~ 3 20~")
  }

  // MARK: - Periods

  @Test func yearsPrintAsYears() throws {
    let years = try table(["1 2"], [.derive(Self.formula(1, .arithmetic(.add), 2_000), .period)], added: [.period])
    #expect(text(years, 2) == "year 2001 year 2002")
  }

  /// `if x > 1 then year else 1e20`, or a missing year.
  @Test(arguments: [1e20, -1e20, 0.5, 2_147_483_648])
  func whatIsNoYearIsANumber(number: Double) throws {
    let wild = try table(
      ["0 2", "1 1"], [.derive(Self.formula(1, .arithmetic(.add), number), .period)], added: [.period])
    guard case .numbers(let values, _, _) = wild.columns[3].values else {
      Issue.record("\(wild.columns[3].values)")
      return
    }
    #expect(values == [number, number + 2])
    let missing = try table(
      ["1 –", "1 1"], [.derive(Self.formula(1, .arithmetic(.add), 2_000), .period)], added: [.period])
    #expect(text(missing, 3) == "2001 –")
  }
}
