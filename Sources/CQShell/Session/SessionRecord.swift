/// The statements of a session that ran without a mistake, for `:save`.
struct SessionRecord {
  private enum Item: Equatable {
    case statements(String)
    case remark(String)
  }

  private var items: [Item] = []
  /// The country that the session looks at where a query does not say.
  private var country: String?

  var isEmpty: Bool { !items.contains { if case .statements = $0 { true } else { false } } }

  mutating func add(_ text: String) { items.append(.statements(text)) }

  /// A script has one country; that it was another one here is said where it changed.
  mutating func noteCountry(_ name: String, isFirst: Bool) {
    if isFirst { country = name } else { items.append(.remark("# From here on the session looked at \(name).")) }
  }

  mutating func clear() { items = [] }

  /// The session as a script that gives the same results.
  ///
  /// - Parameters:
  ///   - path: What the script will be called, for the line that says how it is run.
  ///   - format: Lays a statement out; nil when it can't.
  func script(path: String, defaultCountry: String, format: (String) -> String?) -> String {
    var parts = ["#!/usr/bin/env cq\n# A session of cq."]
    if let country, country != defaultCountry {
      parts[0] += " It looked at \(country): run it with `cq --in \"\(country)\" \(path)`."
    }
    for item in items {
      switch item {
      case .remark(let text): parts.append(text)
      case .statements(let text): parts.append((format(text) ?? text).trimmed)
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
