/// The texts of a column, each different one stored once: what a row costs does not depend on how long its text is, and
/// millions of them are given back to the system in one piece.
///
/// It reads like an array of texts.
public struct TableTexts: RandomAccessCollection, Sendable {
  /// For each row the position of its text in ``values``.
  public let codes: [Int32]
  /// Texts that rows may have; some may have none, and equal ones may stand in several places.
  public let values: [String]

  /// - Precondition: Every code is a position in `values`.
  public init(codes: [Int32], values: [String]) {
    self.codes = codes
    self.values = values
  }

  /// A text for each row.
  public init(_ texts: some Sequence<String>) {
    values = Array(texts)
    codes = values.indices.map { Int32(truncatingIfNeeded: $0) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { codes.count }

  public subscript(row: Int) -> String { values[Int(codes[row])] }
}

extension TableTexts: ExpressibleByArrayLiteral {
  public init(arrayLiteral texts: String...) { self.init(texts) }
}

extension TableTexts: Equatable {
  /// Whether the rows have the same texts, however they are stored.
  public static func == (one: Self, other: Self) -> Bool { one.elementsEqual(other) }
}
