package import CQCatalog
package import CQColumns
internal import Synchronization

/// How the language reaches files; whoever embeds it decides whether it may.
package struct FileAccess: Sendable {
  /// A whole file as text.
  package let text: @Sendable (_ path: String) throws(FileProblem) -> String
  /// A file of rows and columns, in any format that is known.
  package let table: @Sendable (_ path: String, _ options: ImportOptions) throws(FileProblem) -> FileTable
  /// The facts of a file that `cq import` has made, with their manifest; nil for any other file.
  package let facts: @Sendable (_ path: String) throws(FileProblem) -> ArrowTable?
  /// What tells one state of a file from another: its size, its time, its number.
  package let identity: @Sendable (_ path: String) -> String
  /// Whether to stop: asked while datasets are made.
  package let isStopped: @Sendable () -> Bool
  /// Threads that make datasets, at most.
  package let threads: Int
  package let datasets: DatasetStore
  package let engines: EngineStore
  /// Whether pictures can be written as .png and .pdf here.
  package let hasRasteriser: @Sendable () -> Bool

  package init(
    text: @escaping @Sendable (_ path: String) throws(FileProblem) -> String,
    table: @escaping @Sendable (_ path: String, _ options: ImportOptions) throws(FileProblem) -> FileTable,
    facts: @escaping @Sendable (_ path: String) throws(FileProblem) -> ArrowTable?,
    identity: @escaping @Sendable (_ path: String) -> String,
    isStopped: @escaping @Sendable () -> Bool = { false }, threads: Int = WorkerThreads.usualCount,
    datasets: DatasetStore = DatasetStore(),
    engines: EngineStore = EngineStore(), hasRasteriser: @escaping @Sendable () -> Bool = { false }
  ) {
    self.engines = engines
    self.hasRasteriser = hasRasteriser
    self.text = text
    self.table = table
    self.facts = facts
    self.identity = identity
    self.isStopped = isStopped
    self.threads = threads
    self.datasets = datasets
  }
}

/// Datasets that were made of files, so that a program that names one twice reads it once.
package final class DatasetStore: Sendable {
  /// All that the facts depend on.
  struct Key: Hashable, Sendable {
    var path: String
    var identity: String
    var options: ImportOptions
    var mapping: DatasetMapping
  }

  private let known = Mutex<[Key: (facts: ArrowTable, report: DatasetReport)]>([:])

  package init() {}

  subscript(key: Key) -> (facts: ArrowTable, report: DatasetReport)? {
    get { known.withLock { $0[key] } }
    set { known.withLock { $0[key] = newValue } }
  }
}

/// Why a file can't be used, in the user's words.
package struct FileProblem: Error {
  package var message: String
  /// What to do about it.
  package var remedy: String?

  package init(message: String, remedy: String? = nil) {
    self.message = message
    self.remedy = remedy
  }
}

/// A side table of the user's, or a plain table of the catalogue, with its columns typed.
package struct ImportedTable: Sendable {
  package enum Column: Sendable {
    case members([Int32], [Member])
    case numbers([Double], [CellState], unit: String = "")
    case periods([Int32])
    case texts([String])
    /// A column of a file, in place; whole numbers that are all known may be years.
    case stored(FileTable.Column, isPeriod: Bool)

    func text(at row: Int) -> String {
      switch self {
      case .members(let codes, let members): members[Int(codes[row])].name
      case .numbers(let numbers, _, _): "\(numbers[row])"
      case .periods(let years): "\(years[row])"
      case .texts(let texts): texts[row]
      case .stored(let column, _): column.text(at: row)
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
  /// Makes the table anew when the query runs, where its rows may have changed since the text was checked.
  package var reread: (@Sendable () -> ImportedTable)?

  package init(path: String, source: String = "", names: [String], columns: [Column], rowCount: Int) {
    self.path = path
    self.source = source
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Bytes of memory that its columns take, read from files; none for those that are mapped.
  package var byteCount: Int {
    columns.reduce(0) { total, column in
      if case .stored(let stored, _) = column { total + stored.byteCount } else { total }
    }
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
