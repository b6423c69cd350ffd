import CQColumns

/// The shape of each row over years that stand side by side, as `| pivot year` lays them out: `▁▂▄▇`.
///
/// Each row is scaled from its smallest to its largest number; a year without one is a point.
struct TrendColumn {
  private let lastYear: Int
  private let shapes: [String]

  /// Fewer years have no shape.
  private static let leastYears = 3
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// nil for a table without a column for each of several years.
  init?(_ table: Table, rowCount: Int) {
    var years: [(column: Int, numbers: [Double], states: [CellState])] = []
    for (index, column) in table.columns.enumerated() where Self.isYear(column.name) {
      guard case .numbers(let numbers, let states, _) = column.values else { continue }
      years.append((index, numbers, states))
    }
    guard years.count >= Self.leastYears, let last = years.last,
      !table.columns.contains(where: { $0.name == Self.name })
    else { return nil }
    lastYear = last.column
    shapes = (0..<rowCount).map { row in
      Self.shape(years.map { $0.states[row].hasValue ? $0.numbers[row] : nil })
    }
  }

  func insert(into columns: inout [TextColumn]) {
    columns.insert(TextColumn(name: Self.name, texts: shapes, role: .trend), at: lastYear + 1)
  }

  private static let name = "trend"

  private static func isYear(_ name: String) -> Bool {
    name.utf8.count == 4 && name.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func shape(_ numbers: [Double?]) -> String {
    let known = numbers.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return String(repeating: "·", count: numbers.count) }
    return String(
      numbers.map { number -> Character in
        guard let number else { return "·" }
        guard high > low else { return blocks[3] }
        return blocks[min(blocks.count - 1, Int((number - low) / (high - low) * Double(blocks.count)))]
      })
  }
}
