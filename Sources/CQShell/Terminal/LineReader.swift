import ClusterQuery

/// What came of asking for a line.
enum LineEvent: Equatable {
  case line(String)
  /// Ctrl-C: whatever was typed is dropped.
  case interrupted
  case endOfInput
}

/// Where the lines of a session come from.
@MainActor protocol LineReader: AnyObject {
  /// Whether somebody sits there: then there are prompts, and errors are forgiven.
  var isInteractive: Bool { get }

  /// How a line may go on at a cursor, as a UTF-8 offset; asked for by Tab.
  var completion: ((_ line: String, _ cursor: Int) -> Completion)? { get set }

  func readLine(prompt: String) -> LineEvent

  /// Remembers a complete entry, which may have several lines.
  func addHistory(_ entry: String)

  /// Remembered entries, oldest first.
  var history: [String] { get }
}
