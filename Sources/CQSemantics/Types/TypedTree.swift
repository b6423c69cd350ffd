package import CQCatalog
package import CQColumns
import CQMethods
package import CQSource
package import CQSyntax

/// What kind of value an expression has; decides what may be done with it.
package enum ValueType: Sendable, Hashable {
  case number(Quantity)
  case text
  case truth
  case period
  case member(Level)

  /// Whether its values are names, which are the same or not.
  package var holdsNames: Bool {
    switch self {
    case .text, .member: true
    case .number, .truth, .period: false
    }
  }
}

/// An expression whose names are resolved and whose definitions are inlined.
package struct TypedExpression: Sendable {
  package indirect enum Kind: Sendable {
    case number(Double)
    case text(String)
    case truth(Bool)
    /// `missing` and `withheld` written out.
    case absent(CellState)
    case cell(Cell)
    /// Number of years between the first and the last year of the table's range.
    case yearCount
    /// A column of the row table by its number.
    case column(Int)
    case arithmetic(BinaryOperator, TypedExpression, TypedExpression)
    case negate(TypedExpression)
    case compare(BinaryOperator, TypedExpression, TypedExpression)
    case both(TypedExpression, TypedExpression)
    case either(TypedExpression, TypedExpression)
    case not(TypedExpression)
    case isState(TypedExpression, CellState)
    /// Whether the member in column `column` is one of `members`.
    case isMember(column: Int, members: [Member])
    case isText(TypedExpression, [String])
    case conditional(TypedExpression, TypedExpression, TypedExpression)
    /// `x ?? 0`: a note says that cells were filled in.
    case coalesce(TypedExpression, TypedExpression)
    case function(ScalarFunction, [TypedExpression])
    /// `sum(x, over:cluster)`: `x` at every member of `level` within the row, combined.
    case over(Aggregate, TypedExpression, level: Level)
    /// One column of `columns(…, over:level)`: a member that is withheld in any column is left out of all.
    case listwise(ListwiseColumns, index: Int)
    /// A column of what a kernel gives for a sample around the row.
    case kernel(KernelCall, column: Int)
    /// A column of what a kernel gives for the rows of the table as they stand at that stage.
    case kernelOfRows(KernelCall, column: Int, groupedBy: [Int])
    /// An aggregate over the rows of the table as they stand at that stage.
    case ofRows(Aggregate, TypedExpression, groupedBy: [Int])
    /// `traded`, `local`: whether the row's cluster (or that of its subcluster) is of this kind.
    case activityKind(String)
    /// One end of the interval that what is published leaves for a measure.
    case bounds(TypedExpression, isHigh: Bool)
    /// `estimate(x)`: where `x` has no number, the middle of its bounds.
    case midpoint(TypedExpression)
    /// Units of a row's own money per unit of the currency asked for, in the row's country and year.
    case exchangeRate(RateTable)
  }

  package var kind: Kind
  package var type: ValueType
  package var span: TextSpan

  package init(_ kind: Kind, _ type: ValueType, _ span: TextSpan) {
    self.kind = kind
    self.type = type
    self.span = span
  }
}

extension TypedExpression {
  /// Whether a column that is not one of `groups` stands outside every aggregate: it has no one value in a group.
  func hasColumn(outside groups: [Int]) -> Bool {
    switch kind {
    case .column(let column), .isMember(let column, _): !groups.contains(column)
    case .over, .listwise, .ofRows, .bounds, .midpoint, .kernel: false
    case .kernelOfRows(let call, _, _): call.kernel.shape == .map && parts.contains { $0.hasColumn(outside: groups) }
    default: parts.contains { $0.hasColumn(outside: groups) }
    }
  }
}

/// The columns of one `columns(…)` call, evaluated together.
package final class ListwiseColumns: Sendable {
  package let names: [String]
  package let columns: [TypedExpression]
  package let level: Level

  package init(names: [String], columns: [TypedExpression], level: Level) {
    self.names = names
    self.columns = columns
    self.level = level
  }
}

/// Exchange rates of the user's: units of each country's money per unit of one currency.
package final class RateTable: Sendable {
  package struct Key: Sendable, Hashable {
    /// Folded code, empty when the rates are for every country.
    package var country: String
    /// nil when one rate holds for every year.
    package var year: Int?

    package init(country: String, year: Int?) {
      self.country = country
      self.year = year
    }
  }

  /// What a rate is converted to, `USD`.
  package let currency: String
  package let rates: [Key: Double]
  /// Countries whose money is `currency`, by code: their rate is 1.
  package let home: Set<String>
  /// Whose money is converted, where it is not that of the row's country.
  package let country: String?

  package init(currency: String, rates: [Key: Double], home: Set<String>, country: String? = nil) {
    self.currency = currency
    self.rates = rates
    self.home = home
    self.country = country
  }

  /// The rate of a country in a year; nil when the table has none.
  package func rate(country: String, year: Int) -> Double? {
    let country = self.country ?? country
    if home.contains(country) { return 1 }
    for key in [Key(country: country, year: year), Key(country: country, year: nil), Key(country: "", year: year)] {
      if let rate = rates[key] { return rate }
    }
    return rates[Key(country: "", year: nil)]
  }
}

package enum ScalarFunction: String, Sendable, CaseIterable {
  case abs, ln, exp, sqrt, round, min, max, mod

  /// How many values it takes.
  package var arity: ClosedRange<Int> {
    switch self {
    case .abs, .ln, .exp, .sqrt: 1...1
    case .round: 1...2
    case .mod: 2...2
    case .min, .max: 2...16
    }
  }
}

package enum Aggregate: Sendable, Hashable, CaseIterable {
  case sum, mean, median, min, max, stdev, count, first, last, cumsum, countWithheld
  /// `quantile(x, 0.9)`: the part of the values, from 0 to 1, that lie at or below the result.
  case quantile(Double)

  package static let allCases: [Aggregate] = [
    .sum, .mean, .median, .min, .max, .stdev, .count, .first, .last, .cumsum, .countWithheld, .quantile(0.5),
  ]

  /// How it is written.
  package var name: String {
    switch self {
    case .countWithheld: "count_withheld"
    case .quantile: "quantile"
    default: "\(self)"
    }
  }

  /// Whether it can be taken over the members of a level (`over:`), where members have no order.
  package var worksOver: Bool {
    switch self {
    case .sum, .mean, .median, .min, .max, .stdev, .count, .countWithheld, .quantile: true
    case .first, .last, .cumsum: false
    }
  }

  /// Whether the result is a number of rows or members, whatever is counted.
  package var isCount: Bool { self == .count || self == .countWithheld }
}

/// A column computed for every row of the frame before any stage runs.
package struct SourceColumn: Sendable {
  package var name: String
  package var expression: TypedExpression
}

/// A verb, on columns by number: the frame's levels first, then the source columns, then what stages add.
package enum TypedStage: Sendable {
  case filter(TypedExpression)
  case sort([(key: TypedExpression, isDescending: Bool)])
  case top(Int, by: TypedExpression, largest: Bool)
  case first(Int)
  /// Adds one column.
  case derive(TypedExpression)
  /// Adds a source column, computed before any stage ran, that a later stage needs: its index among the source columns.
  case hidden(Int)
  /// Adds one column: 1 for the largest (of its group); rows without a value have none.
  case rank(TypedExpression, groups: [Int])
  /// Keeps the first row of each group of rows that agree in these columns (all rows are one group for none).
  case collapse(groups: [Int])
  /// Adds one column per value and key: the number in that value's column of the group's row with that key; then
  /// collapses.
  case pivot(key: Int, keys: [PivotKey], values: [Int], groups: [Int])
  /// Replaces the table: one row per row and stacked column; keeps `kept`, adds the column's name and its number.
  case unpivot(kept: [VisibleColumn], stacked: [VisibleColumn])
  /// Replaces the table: one row per measure (and group), one column per member, difference and ratio to the first.
  case compare(key: Int, keys: [PivotKey], measures: [VisibleColumn], groups: [VisibleColumn])
  /// Replaces the table by what a kernel makes of it, in columns of these types.
  case kernel(KernelCall, [ValueType])
  /// Replaces the table: one row per column with counts of states and the range.
  case describe([VisibleColumn])
  /// Adds the rows of another table that has the same columns.
  case append(TypedQuery, mine: [VisibleColumn])
  /// Adds the other columns of another table where the columns `on` agree.
  case join(TypedQuery, on: [(mine: Int, theirs: Int)], added: [Int], keep: JoinKeep)
  case note(String)
  /// Says so when the rows do not add up to the published total, whose column `total` is.
  case compareTotal(name: String, rows: Int, total: Int)
  /// Hands the table, as it stands, to whoever writes files.
  case save(path: String, visible: [VisibleColumn], picture: Picture?)
}

/// A value of a pivoted column, known before the query runs.
package enum PivotKey: Sendable, Hashable {
  case member(Member)
  case year(Int)

  package var name: String {
    switch self {
    case .member(let member): member.name
    case .year(let year): periodText(year)
    }
  }
}

/// Which rows a join keeps.
package enum JoinKeep: String, Sendable, CaseIterable {
  /// All rows of the left table; those without a partner get missing numbers.
  case left
  /// Only rows with a partner.
  case matched
  /// All rows of both tables.
  case all
}

/// A column that the result shows.
package struct VisibleColumn: Sendable {
  package var name: String { didSet { key = fold(name) } }
  package var column: Int
  package var type: ValueType
  /// The folded name.
  private(set) var key: String

  package init(name: String, column: Int, type: ValueType) {
    self.name = name
    self.column = column
    self.type = type
    key = fold(name)
  }
}

extension [VisibleColumn] {
  /// The column that `name` means, in any spelling.
  func position(named name: String) -> Int? {
    let key = fold(name)
    return firstIndex { $0.key == key }
  }

  /// As ``position(named:)``; a column of places or activities answers to every word for its level, so that rows
  /// `by:municipio` have a `county`.
  func position(meantBy name: String) -> Int? {
    if let position = position(named: name) { return position }
    guard let level = Level(word: name) else { return nil }
    return firstIndex { column in
      guard case .member(level) = column.type else { return false }
      return Level(word: column.name) == level
    }
  }

  func column(named name: String) -> VisibleColumn? { position(meantBy: name).map { self[$0] } }
}

/// A table of the catalogue itself, usable by name.
package enum CatalogueTable: Sendable {
  case datasets
  case members(Level)
}

package struct TypedQuery: Sendable {
  package enum Source: Sendable {
    case frame(Frame, [SourceColumn])
    case catalogue(CatalogueTable)
    case imported(ImportedTable)
  }

  package var source: Source
  package var stages: [TypedStage]
  package var visible: [VisibleColumn]
  /// Names of the measures asked for, for the header.
  package var title: [String]
  package var notes: [TableNote]
  /// How the result asks to be drawn.
  package var picture: Picture?
  package var span: TextSpan
  /// Markdown that stands above the result in a document.
  package var prose = ""
}
