import Glibc

enum Files {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// `$XDG_STATE_HOME/cq/history`, by default below `~/.local/state`; nil without a home.
  static var historyPath: String? {
    if let state = Terminal.environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/cq/history" }
    return Terminal.environment("HOME").map { $0 + "/.local/state/cq/history" }
  }

  /// Makes the folders that `path` lies in, readable by nobody else; whether they are there.
  static func makeFolders(of path: String) -> Bool {
    guard let end = path.lastIndex(of: "/"), end > path.startIndex else { return true }
    let folder = String(path[..<end])
    if exists(folder) { return true }
    return makeFolders(of: folder) && (unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST)
  }
}
