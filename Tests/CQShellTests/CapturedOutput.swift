import Glibc

@testable import CQShell

/// An ``Output`` into a temporary file that can be read back.
final class CapturedOutput {
  let output: Output
  private let descriptor: Int32

  init() throws {
    var path = Array("/tmp/cq-test-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&path)
    if descriptor < 0 { throw FileError("can't make a temporary file") }
    unsafe unlink(path)
    output = Output(descriptor: descriptor, name: "test")
  }

  deinit { close(descriptor) }

  var text: String {
    get throws {
      output.flush()
      lseek(descriptor, 0, SEEK_SET)
      return try Input.text(of: descriptor, name: "test")
    }
  }
}

/// A folder for one test, removed with what it holds.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/cq-test-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw FileError("can't make a temporary folder") }
    path = unsafe String(cString: made)
  }

  deinit {
    for name in names { unsafe unlink(path + "/" + name) }
    unsafe rmdir(path)
  }

  var names: [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func write(_ text: String, to name: String) throws {
    let file = try OutputFile(path: path + "/" + name)
    file.output.write(text)
    try file.commit()
  }

  func read(_ name: String) throws -> String { try Input.text(ofFile: path + "/" + name) }
}
