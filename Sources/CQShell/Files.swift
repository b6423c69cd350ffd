import Glibc

enum Files {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// `$XDG_STATE_HOME/cq/history`, by default below `~/.local/state`; nil without a home.
  static var historyPath: String? {
    if let state = Terminal.environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/cq/history" }
    return Terminal.environment("HOME").map { $0 + "/.local/state/cq/history" }
  }

  /// `$XDG_CONFIG_HOME/cq/config`, by default below `~/.config`; nil without a home.
  static var configPath: String? {
    if let folder = Terminal.environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") { return folder + "/cq/config" }
    return Terminal.environment("HOME").map { $0 + "/.config/cq/config" }
  }

  /// `~/x` below the home folder.
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Terminal.environment("HOME") else { return path }
    return home + path.dropFirst()
  }

  /// The paths below `folder` that end in one of `endings`, sorted; nil when `folder` is no folder. Hidden files and
  /// folders are left out, and links to folders, which may go round in circles.
  static func paths(below folder: String, endings: [String]) -> [String]? {
    guard let handle = unsafe opendir(folder) else { return nil }
    var names: [(name: String, mayBeFolder: Bool)] = []
    while let entry = unsafe readdir(handle) {
      // Some file systems do not say.
      let mayBeFolder = unsafe [UInt8(DT_DIR), UInt8(DT_UNKNOWN)].contains(entry.pointee.d_type)
      // SAFETY: `d_name` ends in a zero byte.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append((name, mayBeFolder)) }
    }
    unsafe closedir(handle)
    let prefix = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    return names.sorted { $0.name < $1.name }.flatMap { name, mayBeFolder -> [String] in
      if mayBeFolder, let paths = paths(below: prefix + name, endings: endings) { return paths }
      return endings.contains { name.hasSuffix($0) } ? [prefix + name] : []
    }
  }

  /// Makes the folders that `path` lies in, readable by nobody else; whether they are there.
  static func makeFolders(of path: String) -> Bool {
    guard let end = path.lastIndex(of: "/"), end > path.startIndex else { return true }
    let folder = String(path[..<end])
    if exists(folder) { return true }
    return makeFolders(of: folder) && (unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST)
  }
}
