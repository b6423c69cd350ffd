import Glibc

/// A text in the user's editor.
enum Editor {
  /// What the user makes of `text`.
  ///
  /// - Throws: when there is no editor, or it ends with an error.
  static func edited(_ text: String) throws(FileError) -> String {
    let path = try TemporaryFile.write(text + "\n", ending: ".cq")
    defer { unsafe unlink(path) }
    let usual = ["sensible-editor", "nano", "vi"].first { ChildProcess.path(of: $0) != nil }
    guard let editor = Terminal.environment("VISUAL") ?? Terminal.environment("EDITOR") ?? usual else {
      throw FileError(plain: "there is no editor: $EDITOR is not set")
    }
    let code = ChildProcess.run("\(editor) '\(path)'")
    Interrupts.clear()
    guard code == 0 else { throw FileError(plain: "the editor `\(editor)` failed: nothing runs") }
    return try Input.text(ofFile: path)
  }
}

/// A page in the user's browser.
enum Browser {
  static func writePage(_ html: String) throws(FileError) -> String { try TemporaryFile.write(html, ending: ".html") }

  /// Whether a browser was started.
  static func open(_ path: String) -> Bool {
    if let browser = Terminal.environment("BROWSER") { return ChildProcess.runDetached([browser, path]) }
    let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].contains { Terminal.environment($0) != nil }
    guard let opener = ["xdg-open", "wslview", "open"].first(where: { ChildProcess.path(of: $0) != nil }) else {
      return false
    }
    return (hasDisplay || opener == "open") && ChildProcess.runDetached([opener, path])
  }
}

/// Files that only this user can read.
enum TemporaryFile {
  static func write(_ text: String, ending: String) throws(FileError) -> String {
    let folder = Terminal.environment("TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/cq-XXXXXX\(ending)".utf8CString)
    let descriptor = unsafe mkstemps(&template, Int32(ending.utf8.count))
    guard descriptor >= 0 else { throw FileError("can't make a file in `\(folder)`") }
    defer { close(descriptor) }
    let output = Output(descriptor: descriptor, name: "a file in `\(folder)`")
    output.write(text)
    output.flush()
    if let failure = output.failure { throw failure }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
