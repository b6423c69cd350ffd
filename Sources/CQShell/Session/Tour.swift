/// `??`: ten steps that run where they stand.
@MainActor struct Tour {
  let session: InteractiveSession

  struct Step {
    var text: String
    var entry: String
  }

  static let steps: [Step] = [
    Step(
      text: "Ask for a measure and say what becomes the rows. `by:` fills a blank of the question.",
      entry: "employment(by:state) | first 5"),
    Step(
      text: "A table is passed on with `|`. Verbs such as `top`, `where` and `sort` stand behind it.",
      entry: "employment(by:state) | top 5"),
    Step(
      text: "An indicator is asked for like a measure. A location quotient of 2 means twice the share of the country.",
      entry: "lq(cluster:\"Aerospace\", by:state) | top 5"),
    Step(
      text: "A line that begins with `|` goes on from the last result; `_` is that result by name.",
      entry: "| where lq >= 2"),
    Step(
      text: "Turn the question around: all clusters of one place. `in:` is where the rows are taken from.",
      entry: "lq(by:cluster, in:\"Ohio\", cluster:traded) | top 5"),
    Step(
      text: "Years: `year:2003..2011` is a span, and `year` can become the rows.",
      entry: "growth(by:cluster, in:\"Texas\", year:2003..2011) | top 5"),
    Step(
      text: "Several measures side by side, and a column of your own.",
      entry:
        "table(employment, avg_wage, by:state, cluster:\"Automotive\") | top 5 | derive bill = employment * avg_wage"),
    Step(
      text: "A picture: the same table drawn. `| save \"lq.svg\"` keeps it, `:open` shows it in the browser.",
      entry: "lq(cluster:\"Automotive\", by:state) | top 8 | chart bar"),
    Step(
      text: "The same questions work in Mexico and Canada: say `in:`, or `:set in \"Mexico\"` for the whole session.",
      entry: "employment(by:state, in:\"Canada\") | top 3"),
    Step(
      text: "Give a question a name, and use it again. `:save ohio.cq` keeps all of this as a script.",
      entry: "let strong = lq(by:cluster, in:\"Ohio\", cluster:traded) | where lq >= 1.2\nstrong | first 3"),
  ]

  private static let prompt = "Enter goes on, q ends, or try something yourself> "

  func run() {
    for (index, step) in Self.steps.enumerated() {
      session.show("\(index + 1)/\(Self.steps.count)  \(step.text)")
      session.runShown(step.entry)
      guard index < Self.steps.count - 1 else { break }
      if session.reader.isInteractive, !waitForEnter() { return }
    }
    session.show("That is all. `?` lists what there is, Tab completes, `?lq` explains a word.")
  }

  /// Whether the tour goes on; what is typed instead of Enter runs.
  private func waitForEnter() -> Bool {
    while true {
      session.output.flush()
      guard case .line(let line) = session.reader.readLine(prompt: Self.prompt) else { return false }
      switch line.trimmed {
      case "": return true
      case "q", "quit", ":q", ":quit", "exit": return false
      default: session.runTyped(line)
      }
      if session.isOver { return false }
    }
  }
}
