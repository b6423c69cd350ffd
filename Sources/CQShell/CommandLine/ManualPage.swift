/// `cq.1`, made from the same tables as the help.
@MainActor enum ManualPage {
  static var text: String {
    var lines = [
      ".TH CQ 1 \"\" \"cq \(UsageText.version)\" \"User Commands\"", ".SH NAME",
      "cq \\- questions about regional economies: one line asks, a table answers", ".SH SYNOPSIS",
    ]
    for form in UsageText.forms { lines += [".B \(escaped(form.command))", ".br"] }
    for command in Subcommand.allCases {
      lines += [".B cq \(command.rawValue)", escaped(command.description.operands).asText, ".br"].filter { !$0.isEmpty }
    }
    lines += [
      ".SH DESCRIPTION",
      "Employment, establishments, wages, trade and output of the states, metropolitan areas and counties of the United",
      "States, Mexico and Canada, by industry and by cluster, with the indicators of regional economics.",
      "The data are part of the program; no network is needed.", ".PP",
      "Results go to standard output, errors and warnings to standard error.", ".SH COMMANDS",
    ]
    for form in UsageText.forms { lines += item(form.command, form.meaning) }
    for command in Subcommand.allCases { lines += section(of: command) }
    lines.append(".SH OPTIONS")
    for option in OptionDescription.all { lines += item(option.synopsis, option.summary) }
    lines += item("-h, --help", "help, also behind a command or a script") + item("--version", "the version")
    lines += [
      ".SH SESSION", "A line that is no query begins with", ".B :", "or", ".BR ? ;", "Tab completes everything.",
    ]
    lines += item("?", "lists what there is; ?lq explains a word, ?\"wage\" looks everywhere, ?1 runs an example")
    lines += item("??", "a tour of ten steps")
    for command in SessionCommand.all { lines += item(command.synopsis, command.summary) }
    lines.append(".SH FILES")
    lines += item(
      "~/.config/cq/config",
      "settings of a session, one per line: \(Setting.all.map { $0.name }.joined(separator: ", "))")
    lines += item("~/.local/state/cq/history", "the entries of all sessions")
    lines += item("~/.inputrc", "keys of the line editor, as for bash")
    lines.append(".SH ENVIRONMENT")
    lines += item("NO_COLOR", "no colours") + item("PAGER", "shows results that are longer than the window")
    lines += item("VISUAL, EDITOR", "the editor of :edit") + item("BROWSER", "the browser of :open")
    lines += item("XDG_CONFIG_HOME, XDG_STATE_HOME", "where the files above are kept")
    lines.append(".SH EXIT STATUS")
    for code in ExitCode.all { lines += item("\(code.rawValue)", code.meaning) }
    lines.append(".SH EXAMPLES")
    for example in UsageText.examples {
      lines += [".TP", ".B \(escaped(example.command))", escaped(example.meaning).asText]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(of command: Subcommand) -> [String] {
    let description = command.description
    var lines = item(
      "cq \(command.rawValue) \(description.operands)",
      description.summary.prefix(1).uppercased() + description.summary.dropFirst() + ". " + description.details)
    for option in description.options {
      lines += [".RS", ".TP", ".B \(escaped(option.name))", escaped(option.summary).asText, ".RE"]
    }
    return lines
  }

  private static func item(_ term: String, _ text: String) -> [String] {
    [".TP", ".B \(escaped(term))", escaped(text).asText]
  }

  /// Backslashes, hyphens and quotes as troff wants them.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
      .replacing("'", with: "\\(aq").replacing("`", with: "\\(ga").replacing("…", with: "...")
  }
}

extension String {
  /// A line that begins with a point would be a request.
  fileprivate var asText: String { hasPrefix(".") ? "\\&" + self : self }
}
