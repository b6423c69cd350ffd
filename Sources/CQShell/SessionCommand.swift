import CQRender

/// The lines of a session that are not queries: `:quit`, `?lq`.
@MainActor struct SessionCommand {
  let names: [String]
  let argument: String
  let summary: String
  let run: @MainActor (_ session: InteractiveSession, _ argument: String) -> Void

  /// Runs a line that begins with `:` or `?`.
  static func run(_ line: String, in session: InteractiveSession) {
    let text = line.dropFirst().trimmed
    if line.hasPrefix("?") {
      answer(text, in: session)
      return
    }
    let name = String(text.prefix { !$0.isWhitespace })
    guard let command = all.first(where: { $0.names.contains(name) }) else {
      let near = Suggestion.closest(to: name, among: all.flatMap(\.names))
      session.complain(
        "there is no command `:\(name)`", help: near.map { "did you mean `:\($0)`?" } ?? "`:help` lists the commands")
      return
    }
    command.run(session, text.dropFirst(name.count).trimmed)
  }

  /// What people type who don't know about the colon.
  static func bareWord(_ line: String) -> String? {
    switch line.trimmed {
    case "quit", "exit", "quit()", "exit()": ":quit"
    case "help", "help()": ":help"
    default: nil
    }
  }

  private static let all: [SessionCommand] = [
    SessionCommand(names: ["help", "h"], argument: "[NAME]", summary: "this list; `:help lq` is `?lq`") {
      if $1.isEmpty { $0.show(overview) } else { answer($1, in: $0) }
    },
    SessionCommand(names: ["fix"], argument: "[N]", summary: "apply the fix that the last error offers") {
      session, text in
      if let number = text.isEmpty ? 1 : Int(text) {
        session.applyFix(number)
      } else {
        session.complain("`:fix` must be followed by a number, not `\(text)`")
      }
    },
    SessionCommand(names: ["explain"], argument: "[CODE]", summary: "the page about a code, or about the last error") {
      session, text in
      if text.isEmpty, session.lastCode == nil {
        session.complain("there is no error to explain", help: "`:explain E0301` explains a code")
        return
      }
      do throws(UsageError) {
        let codes = text.isEmpty ? [session.lastCode ?? ""] : text.split(separator: " ").map(String.init)
        session.show(try Explanation.text(of: codes))
      } catch {
        session.complain(error.message, help: error.help)
      }
    },
    SessionCommand(names: ["fmt"], argument: "", summary: "the last entry in the usual layout") { session, _ in
      session.showFormatted()
    },
    SessionCommand(names: ["def"], argument: "NAME", summary: "the definition of an indicator or a verb") {
      session, name in
      session.answer(
        session.interpreter.definition(of: name), else: "nothing is defined as `\(name)`", help: "for example `:def lq`"
      )
    },
    SessionCommand(names: ["source"], argument: "NAME", summary: "where a measure or a dataset comes from") {
      session, name in
      session.answer(
        session.interpreter.provenance(of: name), else: "there is no measure and no dataset `\(name)`",
        help: "for example `:source employment`")
    },
    SessionCommand(names: ["members"], argument: "LEVEL [TEXT]", summary: "members of a level, by words of their names")
    {
      session, text in
      let level = String(text.prefix { !$0.isWhitespace })
      session.answer(
        session.interpreter.members(of: level, matching: text.dropFirst(level.count).trimmed),
        else: "there is no level `\(level)`", help: "for example `:members cluster aero`")
    },
    SessionCommand(
      names: ["years"], argument: "MEASURE [in:\"COUNTRY\"]", summary: "where and when there are numbers of a measure"
    ) { session, text in
      let measure = String(text.prefix { !$0.isWhitespace })
      let rest = text.dropFirst(measure.count).trimmed
      let country = rest.hasPrefix("in:") ? rest.dropFirst(3).filter { $0 != "\"" } : rest.filter { $0 != "\"" }
      let place = country.isEmpty ? "" : " in \(country)"
      session.answer(
        session.interpreter.availability(of: measure, in: country),
        else: "there are no numbers of `\(measure)`\(place)", help: "for example `:years employment in:\"Mexico\"`")
    },
    SessionCommand(names: ["format", "mode"], argument: "FORMAT", summary: formats + ": how results are printed") {
      session, text in
      if let format = OutputFormat(rawValue: text.lowercased()) {
        session.printer.format = format
      } else if text.isEmpty {
        session.show("format \(session.printer.format.rawValue); there are \(formats)")
      } else {
        session.complain("`:format` must be one of \(formats), not `\(text)`")
      }
    },
    SessionCommand(names: ["rows"], argument: "N", summary: "rows of a table shown, or `all`") { session, text in
      if text == "all" {
        session.printer.options.rowLimit = nil
      } else if let count = Int(text), count > 0 {
        session.printer.options.rowLimit = count
      } else {
        session.complain("`:rows` must be a number above 0 or `all`, not `\(text)`")
      }
    },
    SessionCommand(names: ["width"], argument: "N", summary: "columns a table may take, or `auto`") { session, text in
      if text == "auto" {
        session.followsWindow = true
      } else if let width = Int(text), width > 0 {
        session.followsWindow = false
        session.printer.options.width = width
      } else {
        session.complain("`:width` must be a number above 0 or `auto`, not `\(text)`")
      }
    },
    SessionCommand(names: ["quit", "q", "exit"], argument: "", summary: "end the session; so does Ctrl-D") {
      session, _ in
      session.isOver = true
    },
  ]

  private static let formats = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")

  private static func answer(_ topic: String, in session: InteractiveSession) {
    if let text = session.interpreter.help(about: topic) {
      session.show(text)
    } else {
      session.complain("there is no help about `\(topic)`", help: "`:help` shows where to begin")
    }
  }

  private static var overview: String {
    let rows = all.map { command in
      (":" + command.names[0] + (command.argument.isEmpty ? "" : " " + command.argument), command.summary)
    }
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    let lines = rows.map { "  " + $0 + String(repeating: " ", count: width - $0.count) + $1 }
    return """
      Ask for a measure, say what becomes the rows, and pass the table on:

        employment(by:state)
        lq(cluster:"Aerospace", by:state) | top 5
        | where lq >= 1.2              goes on from the last result

      ?      lists the indicators, measures, verbs and datasets
      ?lq    explains one of them

      \(lines.joined(separator: "\n"))

      Ctrl-C drops a line or stops a query, the arrow keys bring back earlier lines.
      """
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = self[...].drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
