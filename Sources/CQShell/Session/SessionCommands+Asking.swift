import CQRender
import ClusterQuery

// Commands that answer a question: help, definitions, the catalogue, the plan of a query.

extension SessionCommand {
  static let asking: [SessionCommand] = [
    SessionCommand(
      "help", "h", argument: "[NAME]", summary: "this list; more about a command, or about a word as `?` does",
      details: "for example :help members, :help lq", completes: .topic
    ) { session, name in
      if name.isEmpty {
        session.show(overview)
      } else if let command = named(name.hasPrefix(":") ? String(name.dropFirst()) : name) {
        session.show(command.help)
      } else {
        session.showHelp(about: name)
      }
    },
    SessionCommand(
      "def", argument: "NAME", summary: "the definition of an indicator or a verb",
      details: "for example :def lq\nWhat it prints can be pasted, changed, and used under another name.",
      completes: .definition
    ) { session, name in
      if name.isEmpty { return session.complain("`:def` needs a name", help: "for example `:def lq`") }
      session.answer(
        session.interpreter.definition(of: name), else: "nothing is defined as `\(name)`",
        help: session.interpreter.provenance(of: name) != nil
          ? "it comes with the data: `:source \(name)`"
          : near(name, .definition, session).map { "did you mean `:def \($0)`?" } ?? "for example `:def lq`")
    },
    SessionCommand(
      "source", argument: "NAME", summary: "where a measure or a dataset comes from",
      details: "for example :source employment, :source us_qcew_state", completes: .measure
    ) { session, name in
      session.answer(
        session.interpreter.provenance(of: name), else: "there is no measure and no dataset `\(name)`",
        help: computed(name, session) ?? near(name, .measure, session).map { "did you mean `:source \($0)`?" }
          ?? "for example `:source employment`")
    },
    SessionCommand(
      "members", argument: "LEVEL [TEXT]", summary: "members of a level, by words of their names",
      details: "for example :members cluster aero, :members state new", completes: .level
    ) { session, text in
      let level = String(text.prefix { !$0.isWhitespace })
      session.answer(
        session.interpreter.members(of: level, matching: text.dropFirst(level.count).trimmed),
        else: level.isEmpty ? "`:members` needs a level" : "there is no level `\(level)`",
        help: near(level, .level, session).map { "did you mean `:members \($0)`?" }
          ?? "for example `:members cluster aero`")
    },
    SessionCommand(
      "years", argument: "MEASURE [in:\"COUNTRY\"]", summary: "where and when there are numbers of a measure",
      details: "for example :years employment in:\"Mexico\"", completes: .measure
    ) { session, text in
      let measure = String(text.prefix { !$0.isWhitespace })
      let rest = text.dropFirst(measure.count).trimmed
      let country = (rest.hasPrefix("in:") ? rest.dropFirst(3).trimmed : rest).unquoted
      let place = country.isEmpty ? "" : " in \(country)"
      session.answer(
        session.interpreter.availability(of: measure, in: country),
        else: measure.isEmpty ? "`:years` needs a measure" : "there are no numbers of `\(measure)`\(place)",
        help: computed(measure, session) ?? near(measure, .measure, session).map { "did you mean `:years \($0)`?" }
          ?? "for example `:years employment in:\"Mexico\"`")
    },
    SessionCommand(
      "datasets", argument: "[TEXT]", summary: "the datasets, or those with some words",
      details: "for example :datasets, :datasets census mexico\n?NAME explains one; `datasets` is a table of them.",
      completes: .dataset
    ) { session, text in
      session.answer(
        session.interpreter.datasets(matching: text), else: "no dataset has `\(text)` in its name, title or measures",
        help: "`:datasets` lists all")
    },
    SessionCommand(
      "plan", argument: "[QUERY]", summary: "how the last query, or another one, is answered",
      details: "for example :plan lq(by:state)"
    ) { session, text in
      guard let program = text.isEmpty ? session.lastEntry : Program(name: "<cq>", text: text) else {
        session.complain("there is no query to explain", help: "for example `:plan lq(by:state)`")
        return
      }
      do throws(ExecutionFailure) {
        session.answer(
          try session.interpreter.plan(of: program), else: "that text has no query",
          help: "for example `:plan lq(by:state)`")
      } catch {
        session.output.flush()
        session.reporter.report(error)
      }
    },
    SessionCommand(
      "sql", argument: "[QUERY]", summary: "the SQL that an engine is asked for the last query, or for another one",
      details:
        "for example :sql lq(by:state, data:mine)\nafter let mine = dataset(\"postgresql://host/db?table=jobs\", …)"
    ) { session, text in
      guard let program = text.isEmpty ? session.lastEntry : Program(name: "<cq>", text: text) else {
        session.complain(
          "there is no SQL to show: there has been no query", help: "ask one of a dataset in an engine first")
        return
      }
      do throws(ExecutionFailure) {
        let statements = try session.interpreter.statements(of: program)
        if statements.isEmpty {
          session.complain(
            "this query is not answered by an SQL engine, so there is no SQL to show",
            help: "cq answers from columns in memory; `:plan` shows how, and `:save` keeps the query itself")
        } else {
          // Not wrapped: it is to be copied.
          session.output.write(statements.map { $0 + ";\n" }.joined(separator: "\n"))
        }
      } catch {
        session.output.flush()
        session.reporter.report(error)
      }
    },
  ]

  /// The word of its kind that a mistyped one resembles.
  static func near(_ word: String, _ kind: Argument, _ session: InteractiveSession) -> String? {
    guard !word.isEmpty else { return nil }
    let completion = CommandCompletion(interpreter: session.interpreter)
    return Suggestion.closest(to: word, among: completion.words(kind, beginning: "").map(\.text))
  }
}

extension SessionCommand {
  /// What to ask where `name` is an indicator and not in the data.
  fileprivate static func computed(_ name: String, _ session: InteractiveSession) -> String? {
    session.interpreter.definition(of: name) == nil ? nil : "it is computed: `:def \(name)` shows from what"
  }
}
