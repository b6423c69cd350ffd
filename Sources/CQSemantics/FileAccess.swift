package import CQCatalog
package import CQColumns

/// How the language reaches files; whoever embeds it decides whether it may.
package struct FileAccess: Sendable {
  /// A whole file as text.
  package let text: @Sendable (_ path: String) throws(FileProblem) -> String
  /// A file of rows and columns.
  package let grid: @Sendable (_ path: String) throws(FileProblem) -> TextGrid

  package init(
    text: @escaping @Sendable (_ path: String) throws(FileProblem) -> String,
    grid: @escaping @Sendable (_ path: String) throws(FileProblem) -> TextGrid
  ) {
    self.text = text
    self.grid = grid
  }
}

/// Why a file can't be used, in the user's words.
package struct FileProblem: Error {
  package var message: String

  package init(message: String) { self.message = message }
}

/// A side table of the user's, or a plain table of the catalogue, with its columns typed.
package struct ImportedTable: Sendable {
  package enum Column: Sendable {
    case members([Int32], [Member])
    case numbers([Double], [CellState], unit: String = "")
    case periods([Int32])
    case texts([String])

    func text(at row: Int) -> String {
      switch self {
      case .members(let codes, let members): members[Int(codes[row])].name
      case .numbers(let numbers, _, _): "\(numbers[row])"
      case .periods(let years): "\(years[row])"
      case .texts(let texts): texts[row]
      }
    }
  }

  /// What it is called: the path of a file, the name of a plain table.
  package var path: String
  /// Who says so, for the source line; empty for the user's own.
  package var source: String
  package var names: [String]
  package var columns: [Column]
  package var rowCount: Int

  package init(path: String, source: String = "", names: [String], columns: [Column], rowCount: Int) {
    self.path = path
    self.source = source
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The first combination of values in `keys` that two rows share; nil when every row has its own.
  func repeatedKey(in keys: [Int]) -> String? {
    var seen: Set<[String]> = []
    for row in 0..<rowCount {
      let key = keys.map { columns[$0].text(at: row) }
      if !seen.insert(key.map { fold($0) }).inserted { return key.joined(separator: ", ") }
    }
    return nil
  }
}
