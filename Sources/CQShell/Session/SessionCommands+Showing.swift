import CQRender
import ClusterQuery

// Commands about how results look: each is a short form of `:set`.

extension SessionCommand {
  static let showing: [SessionCommand] = [
    shortcut("mode", "format", setting: "mode", argument: "FORMAT", details: "for example :mode csv, :mode table"),
    shortcut("rows", setting: "rows", argument: "N", details: "for example :rows 10, :rows all"),
    shortcut(
      "width", setting: "width", argument: "N",
      details: "for example :width 120, :width auto\nColumns that have no room are named below the table."),
    shortcut(
      "pager", setting: "pager", argument: "auto|off",
      details: "auto shows what is longer than the window with $PAGER, else with less, else by itself."),
    shortcut("time", setting: "time", argument: "on|off", details: "for example :time on"),
    SessionCommand(
      "set", argument: "[NAME VALUE]", summary: "what may be set, and how it is; `:set in \"Mexico\"` changes it",
      details: """
        for example :set, :set in "Mexico", :set color never
        The same lines in ~/.config/cq/config (name = value) hold for every session.
        """, completes: .setting
    ) { session, text in
      if text.isEmpty {
        session.showSettings()
        return
      }
      let name = String(text.prefix { !$0.isWhitespace && $0 != "=" })
      var value = text.dropFirst(name.count).trimmed
      if value.hasPrefix("=") { value = value.dropFirst().trimmed }
      session.change(name, to: value.unquoted, label: ":set \(name)")
    },
    SessionCommand(
      "open", summary: "the last result in the browser, as a page with its picture",
      details: "The page is a file; its name is printed, so that it can be opened by hand."
    ) { session, _ in session.openLastResult() },
  ]

  private static func shortcut(
    _ names: String..., setting name: String, argument: String, details: String
  ) -> SessionCommand {
    let setting = Setting.named(name)
    return SessionCommand(
      names: names, argument: argument, summary: (setting?.summary ?? "") + ": " + (setting?.values ?? ""),
      details: details, completes: .words(setting?.words ?? [])
    ) { session, text in
      if text.isEmpty {
        session.show("\(name) is \(setting?.shown(session.options) ?? ""); it may be \(setting?.values ?? "")")
      } else {
        session.change(name, to: text.lowercased(), label: ":\(names[0])")
      }
    }
  }

  private init(
    names: [String], argument: String, summary: String, details: String, completes: Argument,
    run: @escaping @MainActor (_ session: InteractiveSession, _ argument: String) -> Void
  ) {
    self.names = names
    self.argument = argument
    self.summary = summary
    self.details = details
    self.completes = completes
    self.run = run
  }
}

extension InteractiveSession {
  fileprivate func showSettings() {
    let width = (Setting.all.map(\.name.count).max() ?? 0) + 2
    let shown = Setting.all.map { $0.name == "in" ? interpreter.country : $0.shown(options) }
    let valueWidth = (shown.map(\.count).max() ?? 0) + 2
    let lines = zip(Setting.all, shown).map { setting, value in
      setting.name + String(repeating: " ", count: width - setting.name.count) + value
        + String(repeating: " ", count: valueWidth - value.count) + setting.summary
    }
    show(lines.joined(separator: "\n"))
  }

  fileprivate func change(_ name: String, to value: String, label: String) {
    var changed = options
    do {
      try Setting.change(name, to: value, in: &changed, label: label)
      try adopt(changed)
    } catch let error as UsageError {
      complain(error.message, help: error.help)
    } catch let failure as ExecutionFailure {
      output.flush()
      reporter.report(failure)
    } catch {
      complain("\(error)")
    }
  }

  fileprivate func openLastResult() {
    guard let table = printer.lastTable else {
      complain("there is no result to open", help: "for example `lq(by:state) | map lq`, then `:open`")
      return
    }
    do throws(FileError) {
      let path = try Browser.writePage(render(table, as: .html))
      if Browser.open(path) {
        show("opened \(path)")
      } else {
        complain("there is no browser to open a page with", help: "the page is \(path)")
      }
    } catch {
      complain(error.message)
    }
  }
}
