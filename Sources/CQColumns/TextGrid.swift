/// Rows and columns of text, as a file holds them.
package struct TextGrid: Sendable, Equatable {
  package var names: [String]
  /// Each as long as `names`.
  package var rows: [[String]]
  /// 1-based line of the file where each row starts.
  package var lines: [Int]

  package init(names: [String], rows: [[String]], lines: [Int]) {
    self.names = names
    self.rows = rows
    self.lines = lines
  }
}
