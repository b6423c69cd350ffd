import CQRender

// Commands that keep a session, take one up, or end it.

extension SessionCommand {
  static let keeping: [SessionCommand] = [
    SessionCommand(
      "save", argument: "FILE.cq", summary: "this session as a script: what ran without a mistake",
      details: "`:save -f FILE.cq` writes over a file. The script gives the same results: `cq FILE.cq`.",
      completes: .file(endings: [".cq"])
    ) { session, path in session.save(path) },
    SessionCommand(
      "load", argument: "FILE.cq", summary: "run a script here; its names stay",
      details: "for example :load examples/demo.cq", completes: .file(endings: [".cq"])
    ) { session, path in
      if path.isEmpty { return session.complain("`:load` needs a file", help: "for example `:load report.cq`") }
      do throws(FileError) {
        let path = Files.expanded(path.unquoted)
        session.execute(try Input.text(ofFile: path), named: path)
      } catch {
        session.complain(error.message)
      }
    },
    SessionCommand("reset", summary: "forget every name and the last result; settings stay") { session, _ in
      session.interpreter.reset()
      session.record.clear()
      session.show("names and the last result are forgotten")
    },
    SessionCommand("quit", "q", "exit", summary: "end the session; so does Ctrl-D") { session, _ in
      session.isOver = true
    },
  ]
}

extension InteractiveSession {
  fileprivate func save(_ argument: String) {
    let overwrites = argument.hasPrefix("-f ")
    var path = Files.expanded((overwrites ? argument.dropFirst(3).trimmed : argument).unquoted)
    if path.isEmpty || path == "-f" {
      complain("`:save` needs a file", help: "for example `:save ohio.cq`")
      return
    }
    let name = path.split(separator: "/").last ?? ""
    if !name.contains(".") { path += ".cq" }
    if !path.hasSuffix(".cq") {
      complain(
        "`:save` keeps the session as a script, which ends in .cq",
        help: "to keep the table: | save \"\(path)\"")
    } else if record.isEmpty {
      complain("nothing has run yet that could be saved")
    } else if Files.exists(path), !overwrites, !savedPaths.contains(path) {
      complain("there is a file `\(path)` already", help: "`:save -f \(path)` writes over it")
    } else {
      write(to: path)
    }
  }

  private func write(to path: String) {
    let script = record.script(path: path, defaultCountry: "United States") { text in
      try? interpreter.format(Program(name: "<cq>", text: text))
    }
    do throws(FileError) {
      let file = try OutputFile(path: path)
      file.output.write(script)
      try file.commit()
      savedPaths.insert(path)
      show("saved \(path)")
    } catch {
      complain(error.message)
    }
  }
}
