/// What the numbers of a column measure: decides how they print and which of them may be added or compared.
public enum Quantity: Sendable, Hashable {
  /// Persons, establishments and other things that are counted; prints `12,345`.
  case count(unit: String)
  /// A plain number such as a location quotient; prints `1.23`.
  case ratio
  /// Numbers of different kinds in one column, such as the measures that `compare` puts below each other.
  case mixed
  /// Stored as a fraction (0.05), prints `5.0%`.
  case percent
  /// Currency units (not thousands), per worker or not; prints `45,300`.
  case money(currency: String)

  public var unitName: String {
    switch self {
    case .count(let unit): unit
    case .ratio, .mixed: ""
    case .percent: "%"
    case .money(let currency): currency
    }
  }
}
