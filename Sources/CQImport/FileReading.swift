package import CQColumns

/// Reads a file of rows and columns in any format that is known.
package enum FileReading {
  package static func read(
    _ path: String, _ options: ImportOptions, _ control: ImportControl
  ) throws(ImportError) -> FileTable {
    try CSVReader(options, control) { () throws(ImportError) in try FileStream(path: path) }.read()
  }

  /// The facts of a file that `cq import` has made; nil for any other.
  package static func facts(_ path: String) throws(ImportError) -> ArrowTable? {
    nil
  }
}
