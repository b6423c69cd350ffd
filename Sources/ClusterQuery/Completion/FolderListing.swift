internal import Glibc

/// Files and folders by the beginning of their paths, for completion.
package enum FolderListing {
  package struct Entry: Sendable, Equatable {
    /// As typed, up to the last `/`, and then the name; a folder ends in `/`.
    package var path: String
    package var isFolder: Bool
  }

  /// Sorted; hidden ones only where a point was typed. `~/` is the home folder.
  ///
  /// - Parameter endings: Of files; any for none.
  package static func entries(beginningWith typed: String, endings: [String] = []) -> [Entry] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let beginning = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    guard let handle = unsafe opendir(folder.isEmpty ? "." : expanded(folder)) else { return [] }
    defer { unsafe closedir(handle) }
    var found: [Entry] = []
    while let entry = unsafe readdir(handle) {
      // SAFETY: `d_name` ends in a zero byte.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard name.hasPrefix(beginning), name != ".", name != "..", beginning.hasPrefix(".") || !name.hasPrefix(".")
      else { continue }
      var information = stat()
      let isFolder =
        unsafe stat(expanded(folder) + name, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
      guard isFolder || endings.isEmpty || endings.contains(where: { name.hasSuffix($0) }) else { continue }
      found.append(Entry(path: folder + name + (isFolder ? "/" : ""), isFolder: isFolder))
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func expanded(_ folder: String) -> String {
    guard folder.hasPrefix("~/"), let home = unsafe getenv("HOME") else { return folder }
    return unsafe String(cString: home) + folder.dropFirst()
  }
}
