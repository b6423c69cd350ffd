/// Why a file can't be read, in the user's words: lower case, no full stop.
package struct ImportError: Error, Equatable {
  package enum Kind: Sendable, Equatable {
    case unreadable
    /// The user, or the limit of time, has stopped it.
    case stopped
    /// It would take more memory, or has more rows, than allowed.
    case limit
  }

  /// 1-based; nil where the file has no lines.
  package var line: Int?
  package var reason: String
  /// What to do about it.
  package var remedy: String?
  package var kind: Kind

  package init(line: Int? = nil, _ reason: String, remedy: String? = nil, kind: Kind = .unreadable) {
    self.line = line
    self.reason = reason
    self.remedy = remedy
    self.kind = kind
  }

  /// `line 17: it has 3 fields`.
  package var message: String { line.map { "line \($0): \(reason)" } ?? reason }

  static let stopped = ImportError("it was stopped", kind: .stopped)
}
