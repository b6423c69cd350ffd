import CQRender

/// The texts of `--help`, and the version.
enum UsageText {
  static let version = "0.1.0"

  /// Ways to run cq that are no subcommands.
  static let forms: [(command: String, meaning: String)] = [
    ("cq", "start a session; Ctrl-D ends it"),
    ("cq -e 'QUERY'", "answer one query"),
    ("cq FILE [--name VALUE]", "run a script; $name in it becomes VALUE"),
    ("cq FILE --help", "what values a script takes"),
    ("cq - < FILE", "run what standard input holds"),
  ]

  static let examples: [(command: String, meaning: String)] = [
    ("cq -e 'employment(by:state)'", "jobs in each state"),
    ("cq -e 'lq(cluster:\"Aerospace\", by:state) | top 5'", "where aerospace is concentrated"),
    ("cq -e 'growth(by:cluster, in:\"Texas\", year:2003..2011) | sort growth desc'", "what grew in Texas"),
    ("cq -e 'lq(by:cluster, in:\"Ohio\") | where lq >= 1.2' -o ohio.csv", "Ohio's strengths as a file"),
  ]

  static var help: String {
    let commands = Subcommand.allCases.map { command in
      let operands = command.description.operands
      return ("cq \(command.rawValue)" + (operands.isEmpty ? "" : " \(operands)"), command.description.summary)
    }
    let codes = ExitCode.all.map { ("\($0.rawValue)", $0.meaning) }
    return """
      cq answers questions about regional economies: one line asks, a table answers. Jobs, wages, establishments,
      trade and clusters of the states, metros and counties of the United States, Mexico and Canada are inside.

      Begin with one of these, or with `cq` alone and then `??`, a tour of ten steps:

      \(examples.map { "  # \($0.meaning)\n  \($0.command)" }.joined(separator: "\n"))

      In a session, `?lq` explains an indicator, Tab completes, `:fix` mends a mistake, and `| top 3` goes on from the
      last result.

      Commands:

      \(rows(forms.map { ($0.command, $0.meaning) } + commands))

      `cq COMMAND --help` says more about a command, with examples.

      Options:

      \(rows(optionRows(OptionDescription.all) + [("-h, --help", "this text"), ("--version", "the version")]))

      Results go to standard output, errors and warnings to standard error.

      Exit codes:

      \(rows(codes))

      """
  }

  /// What `cq COMMAND --help` says.
  static func help(of command: Subcommand) -> String {
    let description = command.description
    let options = description.options.map { ($0.name, $0.summary) }
    let shared = description.sharedOptions.compactMap { OptionDescription.named($0) }
    let list = options + optionRows(shared) + [("-h, --help", "this text")]
    let usage =
      "cq \(command.rawValue)" + (description.options.isEmpty ? "" : " [OPTION]…")
      + (description.operands.isEmpty ? "" : " \(description.operands)")
    return """
      \(usage)

      \(DisplayWidth.wrap(sentence(description.summary), to: 100, indent: 0).joined(separator: "\n"))

      \(DisplayWidth.wrap(description.details, to: 100, indent: 0).joined(separator: "\n"))

      Examples:

      \(rows(description.examples.map { ($0.command, $0.meaning) }))

      Options:

      \(rows(list))

      Exit codes:

      \(rows(description.exitCodes.map { ("\($0.rawValue)", $0.meaning) }))

      """
  }

  /// What `cq FILE --help` says.
  static func help(ofScript path: String, title: String?, parameters: [String]) -> String {
    var text = "cq \(path)" + parameters.map { " [--\($0) VALUE]" }.joined() + "\n"
    if let title { text += "\n\(title)\n" }
    text += "\n"
    if parameters.isEmpty {
      text += "This script takes no values of its own; `cq --help` lists the options of cq.\n"
    } else {
      text += "Values this script takes (`cq --help` lists the options of cq itself):\n\n"
      text += parameters.map { "  --\($0) VALUE    is $\($0) in the script\n" }.joined()
    }
    return text
  }

  static func optionRows(_ options: [OptionDescription]) -> [(String, String)] {
    options.map { ($0.synopsis, $0.summary) }
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  /// Two columns; the second begins at the same place in every row, unless the first is very long.
  private static func rows(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).filter { $0 <= widestCommand }.max() ?? 0
    return rows.map { first, second in
      if second.isEmpty { return "  " + first }
      if first.count > width { return "  \(first)\n" + String(repeating: " ", count: width + 4) + second }
      return "  " + first + String(repeating: " ", count: width - first.count + 2) + second
    }.joined(separator: "\n")
  }

  private static let widestCommand = 40
}
