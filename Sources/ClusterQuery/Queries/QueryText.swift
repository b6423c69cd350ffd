internal import CQSemantics

/// The text of a query in which interpolated values are *bound*: `"lq(by:cluster, county:\(name))"` passes `name` as a
/// value, so that no text from outside is ever read as part of the language.
public struct QueryText: ExpressibleByStringInterpolation, Sendable {
  let text: String
  let parameters: [String: HostValue]

  /// A text without bound values, for example one that was read from a file.
  public init(_ text: String) {
    self.text = text
    parameters = [:]
  }

  public init(stringLiteral value: String) { self.init(value) }

  public init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    parameters = stringInterpolation.parameters
  }

  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""
    var parameters: [String: HostValue] = [:]

    public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    public mutating func appendLiteral(_ literal: String) { text += literal }

    /// A name or code of a member.
    public mutating func appendInterpolation(_ value: String) { bind(.text(value)) }

    /// Several members.
    public mutating func appendInterpolation(_ value: [String]) { bind(.list(value)) }

    public mutating func appendInterpolation(_ value: Int) { bind(.number(Double(value))) }

    public mutating func appendInterpolation(_ value: Double) { bind(.number(value)) }

    private mutating func bind(_ value: HostValue) {
      let name = "bound_\(parameters.count + 1)"
      parameters[name] = value
      text += "$" + name
    }
  }
}
