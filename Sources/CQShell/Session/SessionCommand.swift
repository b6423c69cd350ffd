import CQRender
import ClusterQuery

/// The lines of a session that are not queries: `:quit`, `?lq`.
@MainActor struct SessionCommand {
  /// What may follow the name, for Tab.
  enum Argument {
    case none, code, country, dataset, definition, level, measure, setting, topic
    case file(endings: [String])
    case words([String])
  }

  let names: [String]
  let argument: String
  let summary: String
  /// Examples and what else there is to know, for `:help NAME`.
  let details: String
  let completes: Argument
  let run: @MainActor (_ session: InteractiveSession, _ argument: String) -> Void

  init(
    _ names: String..., argument: String = "", summary: String, details: String = "", completes: Argument = .none,
    run: @escaping @MainActor (_ session: InteractiveSession, _ argument: String) -> Void
  ) {
    self.names = names
    self.argument = argument
    self.summary = summary
    self.details = details
    self.completes = completes
    self.run = run
  }

  // ORDER: as `:help` lists them.
  static let all: [SessionCommand] = asking + correcting + showing + keeping

  static func named(_ name: String) -> SessionCommand? { all.first { $0.names.contains(name) } }

  /// Runs a line that begins with `:` or `?`.
  static func run(_ line: String, in session: InteractiveSession) {
    if line.hasPrefix("?") {
      ask(line.dropFirst().trimmed, in: session)
      return
    }
    let text = line.dropFirst().trimmed
    let name = String(text.prefix { !$0.isWhitespace })
    let begun = all.filter { $0.names[0].hasPrefix(name) }
    guard let command = named(name) ?? (begun.count == 1 ? begun[0] : nil) else {
      if begun.count > 1, !name.isEmpty {
        let names = begun.map { ":" + $0.names[0] }.joined(separator: ", ")
        session.complain("`:\(name)` may be \(names)", help: "write a letter or two more")
        return
      }
      let near = Suggestion.closest(to: name, among: all.flatMap(\.names))
      session.complain(
        "there is no command `:\(name)`", help: near.map { "did you mean `:\($0)`?" } ?? "`:help` lists the commands")
      return
    }
    command.run(session, text.dropFirst(name.count).trimmed)
  }

  /// `?` lists, `?lq` explains, `?1` and `?lq 1` run an example, `??` is the tour.
  private static func ask(_ topic: String, in session: InteractiveSession) {
    if topic == "?" {
      Tour(session: session).run()
    } else if let number = Int(topic) {
      session.runExample(number)
    } else if let gap = topic.lastIndex(of: " "), let number = Int(topic[topic.index(after: gap)...]),
      let page = session.interpreter.help(about: topic[..<gap].trimmed), page.examples.indices.contains(number - 1)
    {
      session.runShown(page.examples[number - 1])
    } else {
      session.showHelp(about: topic)
    }
  }

  /// What people type who don't know about the colon.
  static func bareWord(_ line: String) -> String? {
    switch line.trimmed {
    case "quit", "exit", "quit()", "exit()", "q": ":quit"
    case "help", "help()": ":help"
    case "fix", "explain": ":" + line.trimmed
    default: helpWord(line.trimmed)
    }
  }

  /// `help lq`, `lq?`
  private static func helpWord(_ line: String) -> String? {
    let word =
      line.hasPrefix("help ") ? String(line.dropFirst(5)).trimmed : line.hasSuffix("?") ? String(line.dropLast()) : ""
    let isWord = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isWord ? "?" + word : nil
  }

  // MARK: - Help

  /// `:members LEVEL [TEXT]`
  var synopsis: String { ":" + names[0] + (argument.isEmpty ? "" : " " + argument) }

  var help: String {
    let others = names.count > 1 ? "\nalso " + names.dropFirst().map { ":\($0)" }.joined(separator: ", ") : ""
    return "\(synopsis)   \(summary)\(others)" + (details.isEmpty ? "" : "\n\n\(details)")
  }

  static var overview: String {
    let rows = all.map { ($0.synopsis, $0.summary) }
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    let lines = rows.map { "  " + $0 + String(repeating: " ", count: width - $0.count) + $1 }
    return """
      Ask for a measure, say what becomes the rows, and pass the table on:

        employment(by:state)
        lq(cluster:"Aerospace", by:state) | top 5
        | where lq >= 1.2              goes on from the last result

        ?         lists indicators, measures, verbs and datasets
        ?lq       explains one of them; ?1 then runs its first example
        ?"wage"   looks for a word everywhere
        ??        a tour of ten steps that runs here
        Tab       completes what stands before the cursor, members in quotes too

      \(lines.joined(separator: "\n"))

      :help NAME says more about a command. Ctrl-C drops a line or stops a query, the arrow keys and Ctrl-R bring back \
      earlier entries, and a pasted session loses its prompts.
      """
  }
}
