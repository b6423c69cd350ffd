/// Why bytes were not accepted as an Arrow IPC file, or a file could not be read.
package struct ArrowError: Error, Equatable, CustomStringConvertible {
  /// The name the file was opened under.
  package let fileName: String
  /// What was expected and what was found; lower case, no full stop.
  package let reason: String

  package init(fileName: String, reason: String) {
    self.fileName = fileName
    self.reason = reason
  }

  package var description: String { "can't read `\(fileName)`: \(reason)" }
}
