import Glibc

extension ByteRegion {
  /// The files of a folder whose names end in `.arrow`, mapped, in the order of their names.
  package static func arrowFiles(in folder: String) throws(ArrowError) -> [(name: String, region: ByteRegion)] {
    guard let directory = unsafe opendir(folder) else {
      throw ArrowError(fileName: folder, reason: "it must be a folder that can be read")
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        // SAFETY: readdir ends every name with a zero within the field.
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name.hasSuffix(".arrow") { names.append(name) }
    }
    var files: [(name: String, region: ByteRegion)] = []
    for name in names.sorted() { files.append((name, try mapping(path: "\(folder)/\(name)"))) }
    return files
  }
}
