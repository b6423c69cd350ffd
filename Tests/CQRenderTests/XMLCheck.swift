/// Whether a text is well-formed XML, as far as pictures need it: elements close in order, attributes are quoted and occur
/// once, nothing but the five entities and character references.
struct XMLCheck {
  private(set) var problem: String?
  private(set) var elementNames: [String] = []

  init(_ text: String) { check(text) }

  private mutating func check(_ text: String) {
    var open: [String] = []
    var rest = Substring(text)
    var roots = 0
    while let start = rest.firstIndex(of: "<") {
      let before = rest[..<start]
      if open.isEmpty, !before.allSatisfy(\.isWhitespace) { return fail("text outside the root: \(before.prefix(20))") }
      if !Self.hasOnlyEntities(before) { return fail("a bare & in \(before.prefix(40))") }
      guard let end = Self.end(of: rest[start...]) else { return fail("an open tag") }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return fail("\(tag) closes nothing") }
        continue
      }
      let isEmpty = tag.hasSuffix("/")
      let name = String(tag.prefix { !$0.isWhitespace && $0 != "/" })
      elementNames.append(name)
      if let wrong = Self.wrongAttribute(tag.dropFirst(name.count).dropLast(isEmpty ? 1 : 0)) {
        return fail("\(name): \(wrong)")
      }
      if open.isEmpty { roots += 1 }
      if !isEmpty { open.append(name) }
    }
    if !open.isEmpty { return fail("\(open.last ?? "") is never closed") }
    if roots != 1 { return fail("\(roots) roots") }
    if !rest.allSatisfy(\.isWhitespace) { fail("text behind the root") }
  }

  private mutating func fail(_ reason: String) { problem = reason }

  /// The `>` of a tag; one inside quotes is part of a value.
  private static func end(of text: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private static func wrongAttribute(_ text: Substring) -> String? {
    var rest = text.drop(while: \.isWhitespace)
    var seen: Set<String> = []
    while !rest.isEmpty {
      let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
      rest = rest.dropFirst(name.count)
      guard rest.hasPrefix("=\"") else { return "`\(name)` without a quoted value" }
      let value = rest.dropFirst(2).prefix { $0 != "\"" }
      if value.contains("<") || !hasOnlyEntities(value) { return "`\(name)` with markup" }
      if !seen.insert(String(name)).inserted { return "`\(name)` twice" }
      rest = rest.dropFirst(2 + value.count + 1)
      if let next = rest.first, !next.isWhitespace { return "no space behind `\(name)`" }
      rest = rest.drop(while: \.isWhitespace)
    }
    return nil
  }

  private static func hasOnlyEntities(_ text: Substring) -> Bool {
    text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
      ["amp;", "lt;", "gt;", "quot;", "#39;"].contains { part.hasPrefix($0) }
    }
  }
}
