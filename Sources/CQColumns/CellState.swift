/// What a number knows about itself (LANGUAGE reference, "What a number knows about itself").
///
/// The raw values are the bytes of the state columns in the bundled files, ordered so that the state of a result is
/// the maximum of the states of its operands: missing beats withheld beats estimated beats known.
public enum CellState: UInt8, Sendable, CaseIterable, Comparable, BitwiseCopyable {
  /// Published, or determined exactly by what is published.
  case known = 0
  /// A part of it was withheld; the estimate is consistent with every published total.
  case estimated = 1
  /// Exists but suppressed, and the dataset carries no estimate for it.
  case withheld = 2
  /// Not published, not collected, not applicable, or a division by zero.
  case missing = 3

  public static func < (lhs: CellState, rhs: CellState) -> Bool { lhs.rawValue < rhs.rawValue }

  /// Whether there is a number to compute with.
  public var hasValue: Bool { self <= .estimated }

  public var name: String {
    switch self {
    case .known: "known"
    case .estimated: "estimated"
    case .withheld: "withheld"
    case .missing: "missing"
    }
  }
}
