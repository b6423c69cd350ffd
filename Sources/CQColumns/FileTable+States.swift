// Columns that say the state of another one, as files have them that this program has saved.

extension FileTable {
  /// `jobs` for `jobs_state`; nil for any other name.
  package static func column(describedBy name: String) -> String? {
    name.utf8.count > 6 && name.hasSuffix("_state") ? String(name.dropLast(6)) : nil
  }

  /// The table with the states of its numbers, where a column beside them says `known`, `estimated`, `withheld` or
  /// `missing` in every row; these columns stay what they are.
  ///
  /// - Complexity: O(rows) for each such column.
  package func takingStates(threads: Int) -> FileTable {
    var table = self
    for described in columns {
      guard let name = Self.column(describedBy: described.name), case .texts(let codes, let words) = described.values,
        let index = columns.firstIndex(where: { $0.name == name }), columns[index].isNumeric, !words.isEmpty
      else { continue }
      let states = words.map { word in CellState.allCases.first { $0.name == word }?.rawValue }
      guard !states.contains(nil) else { continue }
      let own = columns[index].states
      table.columns[index].states = unsafe ColumnBuffer(count: rowCount, threads: threads) { rows, buffer in
        for row in rows { unsafe buffer[row] = max(states[codes[row]] ?? 0, own?[row] ?? 0) }
      }
    }
    return table
  }
}
