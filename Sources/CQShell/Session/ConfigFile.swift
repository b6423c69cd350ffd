/// `~/.config/cq/config`: a setting of a session per line, `name = value`, with `#` for comments.
struct ConfigFile {
  /// A line that says nothing that cq knows; the others count all the same.
  struct Mistake: Equatable {
    var line: Int
    var message: String
    var help: String?
  }

  private(set) var options = Options()
  private(set) var mistakes: [Mistake] = []
  /// Names of the settings that the file has.
  private var names: Set<String> = []

  /// - Complexity: O(length of `text`).
  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(UsageError) {
        try read(line)
      } catch {
        mistakes.append(Mistake(line: index + 1, message: error.message, help: error.help))
      }
    }
  }

  private mutating func read(_ line: Substring) throws(UsageError) {
    let text = line.trimmed
    if text.isEmpty || text.hasPrefix("#") { return }
    let name = String(text.prefix { !$0.isWhitespace && $0 != "=" })
    var value = text.dropFirst(name.count).trimmed
    if value.hasPrefix("=") { value = value.dropFirst().trimmed }
    try Setting.change(name, to: value.unquoted, in: &options, label: name)
    names.insert(name)
  }

  /// What the command line says wins over the file.
  func filling(_ given: Options) -> Options {
    var result = given
    result.country = given.country ?? options.country
    result.format = given.format ?? options.format
    result.rowLimit = given.rowLimit ?? options.rowLimit
    result.width = given.width ?? options.width
    if given.color == .auto { result.color = options.color }
    result.pager = options.pager
    result.isTimed = options.isTimed
    result.timeLimit = given.timeLimit ?? options.timeLimit
    result.memoryLimit = given.memoryLimit ?? options.memoryLimit
    result.cellLimit = given.cellLimit ?? options.cellLimit
    result.resultLimit = given.resultLimit ?? options.resultLimit
    return result
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    var text = self[...].drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// Without the quotes around it, straight or curly.
  var unquoted: String {
    guard count > 1, let first, let last, ["\"", "'", "“", "‘"].contains(first), ["\"", "'", "”", "’"].contains(last)
    else { return String(self) }
    return String(dropFirst().dropLast())
  }
}
