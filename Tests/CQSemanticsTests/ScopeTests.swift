import BundledElaboration
import CQCatalog
import CQSemantics
import CQSource
import Testing

/// What a name means where: definitions, bindings, parameters, columns.
@Suite struct ScopeTests {
  /// Every cell of the one column of a query, in the order of the formula.
  private func cells(_ text: String) throws -> [Cell] {
    let query = try Bundled.query(text)
    guard case .frame(_, let columns) = query.source else { return [] }
    var found: [Cell] = []
    func visit(_ expression: TypedExpression) {
      switch expression.kind {
      case .cell(let cell): found.append(cell)
      case .arithmetic(_, let lhs, let rhs), .compare(_, let lhs, let rhs), .coalesce(let lhs, let rhs):
        visit(lhs)
        visit(rhs)
      case .over(_, let inner, _), .negate(let inner): visit(inner)
      case .function(_, let operands): operands.forEach(visit)
      case .conditional(let test, let then, let otherwise): [test, then, otherwise].forEach(visit)
      default: break
      }
    }
    columns.forEach { visit($0.expression) }
    return found
  }

  /// The base area of a query without `vs:`.
  static let base = RegionCoordinate.base(.countryOfRow)

  @Test func measuresArePassedUnevaluatedAndEvaluatedAtTheCalleesCoordinates() throws {
    let found = try cells("lq(by:cluster, in:\"Ohio\", of:payroll)")
    #expect(found.map(\.measure) == ["payroll", "payroll", "payroll", "payroll"])
    #expect(found.map(\.region) == [.row, .row, Self.base, Self.base])
    #expect(found.map(\.activity) == [.row, .set(.all), .row, .set(.all)])
  }

  @Test func aPassedMeasureIsAWholeExpression() throws {
    let found = try cells("def there(of = employment) = of(region:base)\nthere(of:payroll / employment, by:state)")
    #expect(found.map(\.measure) == ["payroll", "employment"])
    #expect(found.map(\.region) == [Self.base, Self.base])
  }

  @Test func coordinatesNest() throws {
    let found = try cells(
      "def last(of = employment) = of(year:end)\nlast(of:share(of:payroll), by:state, year:2008..2011)")
    #expect(found.map(\.period) == [.rangeEnd, .rangeEnd])
    #expect(found.map(\.activity) == [.row, .set(.all)])
  }

  @Test func innerRangesAreTheirOwn() throws {
    let found = try cells("growth(by:state, year:2008..2011)")
    #expect(found.map(\.period) == [.rangeEnd, .rangeStart])
    let inner = try cells("table(g = growth(year:2003..2007), by:state, year:2011)")
    #expect(inner.map(\.period) == [.fixed(2007), .fixed(2003)])
  }

  @Test func amongReachesTheSharesInside() throws {
    let found = try cells("lq(by:state, cluster:1, among:traded)")
    #expect(found.map(\.activity) == [.row, .set(ActivitySet([.traded])), .row, .set(ActivitySet([.traded]))])
  }

  @Test func aDefinitionSeesOnlyWhatStandsAbove() {
    #expect(Bundled.codes("def a(of = employment) = b(of)\ndef b(of = employment) = of\nb(by:state)") == ["E0201"])
    #expect(Bundled.codes("def b(of = employment) = of\ndef a(of = employment) = b(of)\na(by:state)") == [])
  }

  @Test func aDefinitionKeepsTheMeaningOfItsPlace() throws {
    let text = """
      def one = employment
      def two = one
      def one = payroll
      two(by:state)
      """
    #expect(try cells(text).map(\.measure) == ["employment"])
  }

  @Test func aRedefinitionMayUseTheOneBefore() throws {
    #expect(try cells("def lq(of = employment) = lq(of) * 2\nlq(by:state, cluster:1)").count == 4)
  }

  @Test(arguments: [
    "def f(of = employment) = of + «f»(of)", "def f(x) = «f»(x)", "def f = «f»",
    "def f(x, y = 2) = if x > y then «f»(x, y:y) else 0",
  ])
  func nothingUsesItself(_ marked: String) {
    _ = Bundled.expect("E0212", marked)
  }

  @Test func parametersHideWhatIsOutside() throws {
    #expect(try cells("def f(employment = payroll) = employment * 2\nf(by:state)").map(\.measure) == ["payroll"])
  }

  @Test func columnsHideMeasuresInRowExpressions() throws {
    let query = try Bundled.query("employment(by:state) | rename lq = employment | where lq > 5")
    guard case .frame(_, let columns) = query.source else {
      Issue.record("a measure gives a frame")
      return
    }
    #expect(columns.count == 1, "the condition must use the column, not the indicator")
    let asked = try Bundled.query("employment(by:state) | rename lq = employment | where lq() > 5")
    guard case .frame(_, let evaluated) = asked.source else { return }
    #expect(evaluated.count > 1, "`lq()` is the indicator")
  }

  @Test func bindingsKeepTheMeaningOfTheirPlace() throws {
    let query = try Bundled.query("let place = \"Ohio\"\nlet area = place\nlet place = \"Iowa\"\nemployment(in:area)")
    guard case .frame(let frame, _) = query.source else { return }
    #expect(frame.area.members.map(\.name) == ["Ohio"])
  }

  @Test func ownVerbsSeeColumnsAndParameters() throws {
    let text = """
      def above(least = 1, by_column = lq) =
        | where by_column >= least
        | top 2, by:by_column
      lq(by:state, cluster:1) | above 2
      """
    #expect(try Bundled.query(text).stages.count == 2)
    _ = Bundled.expect("E0202", "def v(n = 3) = | top n\nlq(by:state) | v 2, «m»:3")
    _ = Bundled.expect("E0210", "def v(n = 3) = | top n\nlq(by:state) | v 2, «3»")
    _ = Bundled.expect("E0208", "def v(n) = | top n\nlq(by:state) | «v»")
    _ = Bundled.expect("E0211", "def v(n = 3) = | top n\n«v(by:state)»")
  }

  @Test func oneMistakeIsOneMessageHoweverOftenItIsUsed() {
    #expect(Bundled.codes("let x = lq(by:sate)\nx | top 3\nx | top 2 | sort state") == ["E0310"])
    #expect(Bundled.codes("def f(of = employment) = of + 5%\nf(by:state)\nf(by:cluster)") == ["E0231"])
    #expect(Bundled.codes("lq(state)") == ["E0205"])
  }

  @Test func missingParametersOfTheCaller() {
    #expect(Bundled.codes("lq(by:state, cluster:$c)") == ["E0701"])
    #expect(Bundled.codes("lq(by:state, cluster:$c ?? \"Aerospace\")") == [])
    #expect(Bundled.codes("lq(by:state, cluster:$c)", parameters: nil) == [])
    #expect(Bundled.codes("lq(by:state) | where lq > $least | top $n", parameters: nil) == [])
  }
}
