import ClusterQuery

/// What `cq explain` and `:explain` print.
enum Explanation {
  /// The pages of `codes` one after the other; one line for each page that there is when none is named.
  static func text(of codes: [String]) throws(UsageError) -> String {
    if codes.isEmpty { return ErrorPage.all.map { "\($0.code)  \($0.title)\n" }.joined() }
    var pages: [String] = []
    for code in codes {
      guard let page = Engine.explanation(of: code) else {
        let near = Suggestion.closest(to: code.uppercased(), among: ErrorPage.all.map(\.code))
        throw UsageError(
          message: "there is no page about `\(code)`",
          help: near.map { "did you mean \($0)?" } ?? "`cq explain` lists the codes")
      }
      pages.append(text(of: page))
    }
    return pages.joined(separator: "\n")
  }

  static func text(of page: ErrorPage) -> String {
    let (wrong, right) =
      page.severity == .note ? ("with this note", "without it") : ("gives \(page.code)", "as it should be")
    return """
      \(page.code): \(page.title)

      \(page.explanation)

      \(wrong):
      \(indented(page.wrong))

      \(right):
      \(indented(page.right))

      """
  }

  /// Lines too long to read are cut: only what was generated has such.
  private static func indented(_ example: ErrorPage.Example) -> String {
    let lines = example.text.split(separator: "\n").map { line in
      "  " + (line.count > lineLimit ? line.prefix(lineLimit) + "…" : line)
    }
    let options = example.options.isEmpty ? [] : ["  (with `cq \(example.options)`)"]
    return (lines + options).joined(separator: "\n")
  }

  private static let lineLimit = 110
}
