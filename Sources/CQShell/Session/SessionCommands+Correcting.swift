import CQRender

// Commands about mistakes and about entries that are there already.

extension SessionCommand {
  static let correcting: [SessionCommand] = [
    SessionCommand(
      "fix", argument: "[N]", summary: "apply the fix that the last error offers, and run again",
      details: "`:fix 2` takes the second where several are offered."
    ) { session, text in
      if let number = text.isEmpty ? 1 : Int(text) {
        session.applyFix(number)
      } else {
        session.complain("`:fix` must be followed by a number, not `\(text)`")
      }
    },
    SessionCommand(
      "explain", argument: "[CODE]", summary: "the page about a code, or about the last error",
      details: "for example :explain E0301", completes: .code
    ) { session, text in
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
    SessionCommand("fmt", summary: "the last entry in the usual layout") { session, _ in session.showFormatted() },
    SessionCommand(
      "edit", argument: "[N]", summary: "the last entry, or number N of `:history`, in your editor, then run",
      details: "The editor is $VISUAL or $EDITOR. An empty file runs nothing."
    ) { session, text in session.edit(text) },
    SessionCommand(
      "history", argument: "[TEXT]", summary: "earlier entries, or those that have a text; `:history 50` the last 50",
      details: "The arrow keys walk through them, Ctrl-R searches, `:edit N` changes one."
    ) { session, text in session.showHistory(text) },
  ]
}

extension InteractiveSession {
  fileprivate func showHistory(_ text: String) {
    let history = reader.history
    let count = Int(text) ?? 20
    let needle = text.lowercased()
    let numbered = history.enumerated().filter { _, entry in
      Int(text) != nil || text.isEmpty || (entry.lowercased().contains(needle) && !entry.hasPrefix(":history"))
    }
    if numbered.isEmpty {
      complain(history.isEmpty ? "there are no earlier entries" : "no earlier entry has `\(text)`")
      return
    }
    let shown = numbered.suffix(Int(text) == nil && !text.isEmpty ? 200 : count)
    let width = "\(history.count)".count
    let lines = shown.map { index, entry in
      let number = "\(index + 1)"
      let margin = String(repeating: " ", count: width - number.count) + number + "  "
      return margin + entry.split(separator: "\n").joined(separator: "\n" + String(repeating: " ", count: width + 2))
    }
    show(lines.joined(separator: "\n"))
  }

  fileprivate func edit(_ number: String) {
    var text = lastEntry?.text ?? ""
    if !number.isEmpty {
      guard let index = Int(number), reader.history.indices.contains(index - 1) else {
        complain("there is no entry \(number)", help: "`:history` shows the entries with their numbers")
        return
      }
      text = reader.history[index - 1]
    }
    guard reader.isInteractive else {
      complain("`:edit` needs a terminal")
      return
    }
    do throws(FileError) {
      let changed = try Editor.edited(text).trimmed
      if changed.isEmpty {
        complain("the file is empty: nothing runs")
      } else {
        runShown(changed)
      }
    } catch {
      complain(error.message, help: "set $EDITOR to the editor of your choice")
    }
  }
}
