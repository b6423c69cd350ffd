package import CQCatalog
package import CQColumns
package import CQSource
package import CQSyntax

/// What kind of value an expression has; decides what may be done with it.
package enum ValueType: Sendable, Hashable {
  case number(Quantity)
  case text
  case truth
  case period
  case member(Level)
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
    case coalesce(TypedExpression, TypedExpression)
    case function(ScalarFunction, [TypedExpression])
    /// `sum(x, over:cluster)`: `x` at every member of `level` within the row, combined.
    case over(Aggregate, TypedExpression, level: Level)
    /// One column of `columns(…, over:level)`: a member that is withheld in any column is left out of all.
    case listwise(ListwiseColumns, index: Int)
    /// An aggregate over the rows of the table as they stand at that stage.
    case ofRows(Aggregate, TypedExpression, groupedBy: [Int])
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
    func any(_ operands: TypedExpression...) -> Bool { operands.contains { $0.hasColumn(outside: groups) } }
    switch kind {
    case .column(let column), .isMember(let column, _): return !groups.contains(column)
    case .number, .text, .truth, .absent, .cell, .yearCount, .over, .listwise, .ofRows: return false
    case .negate(let operand), .not(let operand), .isState(let operand, _), .isText(let operand, _): return any(operand)
    case .arithmetic(_, let lhs, let rhs), .compare(_, let lhs, let rhs), .both(let lhs, let rhs),
      .either(let lhs, let rhs), .coalesce(let lhs, let rhs):
      return any(lhs, rhs)
    case .conditional(let test, let then, let otherwise): return any(test, then, otherwise)
    case .function(_, let operands): return operands.contains { $0.hasColumn(outside: groups) }
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

package enum Aggregate: String, Sendable, CaseIterable {
  case sum, mean, median, min, max, stdev, count, first, last, cumsum
  case countWithheld = "count_withheld"

  /// Whether it can be taken over the members of a level (`over:`), where members have no order.
  package var worksOver: Bool {
    switch self {
    case .sum, .mean, .median, .min, .max, .stdev, .count, .countWithheld: true
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
  /// Adds one column: 1 for the largest; rows without a value have none.
  case rank(TypedExpression)
  /// Keeps the first row of each group of rows that agree in these columns (all rows are one group for none).
  case collapse(groups: [Int])
  /// Adds one column per value of `key`: the number in `value` of the group's row with that key; then collapses.
  case pivot(key: Int, keys: [PivotKey], value: Int, groups: [Int])
  /// Replaces the table: one row per row and stacked column; keeps `kept`, adds the column's name and its number.
  case unpivot(kept: [VisibleColumn], stacked: [VisibleColumn])
  /// Replaces the table: one row per measure (and group), one column per member, difference and ratio to the first.
  case compare(key: Int, keys: [PivotKey], measures: [VisibleColumn], groups: [VisibleColumn])
  /// Replaces the table: one row per column with counts of states and the range.
  case describe([VisibleColumn])
  /// Adds the rows of another table that has the same columns.
  case append(TypedQuery, mine: [VisibleColumn])
  /// Adds the other columns of another table where the columns `on` agree.
  case join(TypedQuery, on: [(mine: Int, theirs: Int)], added: [Int], keep: JoinKeep)
  case note(String)
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

  func column(named name: String) -> VisibleColumn? { position(named: name).map { self[$0] } }
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
}
