// Columns that say the state of others: as files have them that this program has saved, and as statistical agencies
// publish them.

extension FileTable {
  /// What a column says of the state of others.
  private struct Marks {
    /// The columns that it describes.
    var columns: [String]
    /// Raw values of ``CellState`` for what stands in it; nothing else says anything.
    var states: [String: UInt8]
    /// It describes others only if all of its texts are marks.
    var isComplete = false
  }

  private static let own = Dictionary(uniqueKeysWithValues: CellState.allCases.map { ($0.name, $0.rawValue) })

  /// Numbers that the Quarterly Census of Employment and Wages writes as 0 where it withholds them.
  private static let censusNumbers = [
    "month1_emplvl", "month2_emplvl", "month3_emplvl", "annual_avg_emplvl", "total_qtrly_wages", "taxable_qtrly_wages",
    "qtrly_contributions", "avg_wkly_wage", "total_annual_wages", "taxable_annual_wages", "annual_contributions",
    "annual_avg_wkly_wage", "avg_annual_pay",
  ]

  private static func marks(_ name: String) -> Marks? {
    let withheld = CellState.withheld.rawValue
    let missing = CellState.missing.rawValue
    let estimated = CellState.estimated.rawValue
    switch name {
    // SDMX, code list CL_OBS_STATUS.
    case "OBS_STATUS":
      return Marks(
        columns: ["OBS_VALUE"],
        states: ["Q": withheld, "M": missing, "L": missing, "O": missing, "E": estimated, "I": estimated])
    // Tables of Statistics Canada.
    case "STATUS":
      return Marks(columns: ["VALUE"], states: ["x": withheld, "F": withheld, "..": missing, "...": missing])
    default: break
    }
    if name.hasSuffix("_state"), name.utf8.count > 6 {
      return Marks(columns: [String(name.dropLast(6))], states: own, isComplete: true)
    }
    // County Business Patterns: G, H and J say how much noise there is.
    if name.hasSuffix("_nf"), name.utf8.count > 3 {
      return Marks(columns: [String(name.dropLast(3))], states: ["D": withheld, "S": withheld])
    }
    for prefix in ["", "lq_", "oty_"] where name == prefix + "disclosure_code" {
      return Marks(columns: censusNumbers.map { prefix + $0 }, states: ["N": withheld])
    }
    return nil
  }

  /// The columns whose states a column of this name may say.
  package static func columns(describedBy name: String) -> [String] { marks(name)?.columns ?? [] }

  /// The table with the states of its numbers, where a column beside them says them; these columns stay what they are.
  ///
  /// - Complexity: O(rows) for each column that is described.
  package func takingStates(threads: Int) -> FileTable {
    var table = self
    for describing in columns {
      guard let marks = Self.marks(describing.name), case .texts(let codes, let words) = describing.values,
        !words.isEmpty
      else { continue }
      let states = words.map { marks.states[$0] }
      guard marks.isComplete ? !states.contains(nil) : states.contains(where: { $0 != nil }) else { continue }
      var described: [String] = []
      for name in marks.columns {
        guard let index = table.columns.firstIndex(where: { $0.name == name }), table.columns[index].isNumeric else {
          continue
        }
        let (known, isOwn) = (table.columns[index].states, marks.isComplete)
        table.columns[index].states = unsafe ColumnBuffer(count: rowCount, threads: threads) { rows, buffer in
          for row in rows {
            let (said, own) = (states[codes[row]], known?[row] ?? 0)
            // A field that is left blank because it is withheld is not missing.
            unsafe buffer[row] =
              said == CellState.withheld.rawValue && !isOwn ? CellState.withheld.rawValue : max(said ?? 0, own)
          }
        }
        described.append("`\(name)`")
      }
      if !marks.isComplete, !described.isEmpty {
        table.notes.append(
          "`\(describing.name)` says which numbers of \(described.joined(separator: ", ")) are withheld, estimated or missing"
        )
      }
    }
    return table
  }
}
