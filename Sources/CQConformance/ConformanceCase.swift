/// One `.cqt` file: a program with everything that must come of it, in sections under `# NAME` lines.
package struct ConformanceCase: Sendable {
  /// The sections of the format, in the order in which they are written.
  package enum Section: String, CaseIterable, Sendable {
    case meta = "META"
    case source = "SOURCE"
    case diagnostics = "DIAGNOSTICS"
    case plan = "PLAN"
    case result = "RESULT"
    case notes = "NOTES"
  }

  package enum Format: String, Sendable { case text, csv }

  /// Why a file can't be used as a case.
  package struct FormatError: Error, CustomStringConvertible {
    package let description: String
  }

  package var sections: [Section: String] = [:]
  /// The line of each section's name, counted from 1.
  package private(set) var lines: [Section: Int] = [:]
  package private(set) var title = ""
  package private(set) var data = "bundled"
  package private(set) var format = Format.text
  package private(set) var parameters: [String: String] = [:]

  package init(_ text: String) throws(FormatError) {
    var current: Section?
    var lines: [Section: [Substring]] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("# "), let section = Section(rawValue: String(line.dropFirst(2))) {
        guard lines[section] == nil else {
          throw FormatError(description: "the section \(section.rawValue) stands twice")
        }
        current = section
        lines[section] = []
        self.lines[section] = index + 1
      } else if let current {
        lines[current, default: []].append(line)
      } else {
        throw FormatError(description: "the first line must be `# META`")
      }
    }
    for (section, lines) in lines { sections[section] = Self.joined(lines) }
    guard sections[.source]?.isEmpty == false else { throw FormatError(description: "there is no SOURCE") }
    try readMeta(sections[.meta] ?? "")
  }

  /// Blank lines at the end of a section separate it from the next.
  private static func joined(_ lines: [Substring]) -> String {
    var lines = lines[...]
    while lines.last == "" { lines.removeLast() }
    return lines.map { $0 + "\n" }.joined()
  }

  private mutating func readMeta(_ text: String) throws(FormatError) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
      guard parts.count == 2 else { throw FormatError(description: "META lines are `key = value`, not `\(line)`") }
      let key = String(parts[0].split(separator: " ").first ?? "")
      let value = String(parts[1])
      switch key {
      case "title": title = value
      case "data": data = value
      case "format":
        guard let format = Format(rawValue: value) else { throw FormatError(description: "`format` is text or csv") }
        self.format = format
      case _ where key.hasPrefix("$"): parameters[String(key.dropFirst())] = value
      default: throw FormatError(description: "META has no key `\(key)`")
      }
    }
    guard !title.isEmpty else {
      throw FormatError(description: "META needs a title that says which rule the case fixes")
    }
  }

  package var source: String { sections[.source] ?? "" }

  /// The file as it is written.
  package var text: String {
    Section.allCases.compactMap { section in
      sections[section].map { "# \(section.rawValue)\n\($0)" }
    }.joined()
  }
}
