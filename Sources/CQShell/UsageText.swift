import CQRender

/// The texts of `--help`, and the version.
enum UsageText {
  static let version = "0.1.0"

  static var help: String {
    """
    cq answers questions about regional economies: one line asks, a table answers.

      cq                          start a session; Ctrl-D ends it
      cq -e 'QUERY'               answer one query
      cq FILE [--name VALUE]      run a script; $name in it becomes VALUE
      cq FILE --help              what values a script takes
      cq - < FILE                 run what standard input holds
      cq check FILE…              find all mistakes, run nothing
      cq test [FOLDER]            run the cases and examples of a folder (.cqt, .cq, .md)
      cq explain CODE…            what an error such as E0301 means
      cq fmt FILE…                rewrite in the usual layout; --check only names what would change,
                                  --official turns aliases into official names
      cq doc FILE…                reference from doc comments; --stdlib for cq's own, --html for a page

    Try these:

      cq -e 'employment(by:state)'
      cq -e 'lq(cluster:"Aerospace", by:state) | top 5'
      cq -e 'growth(by:cluster, in:"Texas", year:2003..2011) | sort growth desc'
      cq -e 'lq(by:cluster, in:"Ohio") | where lq >= 1.2' -o ohio.csv

    In a session, `?lq` explains an indicator and `| top 3` goes on from the last result.

    Options:

    \(optionLines)

    Results go to standard output, errors and warnings to standard error.
    Exit codes: 0 all well, 1 the data do not allow it or `fmt --check` would change a file, 2 wrong usage or a file
    that can't be read or written, 3 the program has mistakes, 4 a limit was reached, 5 no rows (--fail-empty),
    130 interrupted.

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

  private static var optionLines: String {
    let own = [("-h, --help", "this text"), ("--version", "the version")]
    let rows = OptionDescription.all.map { ($0.synopsis, $0.summary) } + own
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { synopsis, summary in
      "  " + synopsis + String(repeating: " ", count: width - synopsis.count + 2) + summary
    }.joined(separator: "\n")
  }
}
