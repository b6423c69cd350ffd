import CQCatalog
import CQColumns
import CQSyntax

/// Why two kinds of values can't be combined; the elaborator turns it into a message with places.
enum KindClash: Error {
  case percentAddedToNumber
  case currencies(String, String)
  case units(String, String)
  case notANumber(ValueType)
}

extension ValueType {
  /// The kind of `lhs operator rhs`.
  ///
  /// - Parameters:
  ///   - constantOne: One side is the literal 1 (as in `1 + growth`), which may be combined with a percent.
  ///   - plain: One side is a literal number, which takes the unit of the other.
  static func arithmetic(
    _ operation: BinaryOperator, _ lhs: ValueType, _ rhs: ValueType, constantOne: Bool, plain: Bool
  ) throws(KindClash) -> ValueType {
    let left = try lhs.quantity()
    let right = try rhs.quantity()
    switch operation {
    case .add, .subtract: return .number(try sum(left, right, constantOne: constantOne, plain: plain))
    case .multiply: return .number(product(left, right))
    case .divide: return .number(ratio(left, right))
    default: return .number(.ratio)
    }
  }

  private func quantity() throws(KindClash) -> Quantity {
    switch self {
    case .number(let quantity): return quantity
    case .period: return .ratio
    default: throw .notANumber(self)
    }
  }

  private static func sum(
    _ left: Quantity, _ right: Quantity, constantOne: Bool, plain: Bool
  ) throws(KindClash) -> Quantity {
    if left == right { return left }
    switch (left, right) {
    case (.percent, _), (_, .percent):
      if constantOne { return .ratio }
      throw .percentAddedToNumber
    case (.money(let one), .money(let other)): throw .currencies(one, other)
    case (.ratio, let other), (let other, .ratio): return other
    case (.count(let one), .count(let other)) where plain || one.isEmpty || other.isEmpty:
      return .count(unit: one.isEmpty ? other : one)
    default: throw .units(left.unitName, right.unitName)
    }
  }

  private static func product(_ left: Quantity, _ right: Quantity) -> Quantity {
    switch (left, right) {
    case (.percent, .percent): .percent
    case (.ratio, let other), (let other, .ratio), (.percent, let other), (let other, .percent): other
    case (.money(let currency), .count), (.count, .money(let currency)): .money(currency: currency)
    default: .ratio
    }
  }

  private static func ratio(_ left: Quantity, _ right: Quantity) -> Quantity {
    switch (left, right) {
    case (.money(let currency), .count): .money(currency: currency)
    case (let other, .ratio): other
    case (.count, .percent), (.money, .percent): left
    default: .ratio
    }
  }

  /// For messages: `a number`, `text`, `a cluster`.
  var phrase: String {
    switch self {
    case .number(.percent): "a percent"
    case .number(.money): "money"
    case .number: "a number"
    case .text: "text"
    case .truth: "true or false"
    case .period: "a period"
    case .member(let level): "a \(level.singular)"
    }
  }
}
