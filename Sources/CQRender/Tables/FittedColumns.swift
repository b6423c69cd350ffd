/// The columns that fit a width, with the width of each; the others by name.
///
/// Free texts go first, then truths, then numbers: of different numbers the last, of a series (years across the top) those
/// in the middle, where a column of `…` stands for them. Places, activities and years of the rows stay.
struct FittedColumns {
  private(set) var shown: [(column: TextColumn, width: Int)] = []
  private(set) var dropped: [String] = []

  /// Between two columns.
  static let gap = 2
  /// So many numbers of one kind side by side are a series.
  private static let leastSeries = 5

  var totalWidth: Int {
    shown.reduce(0) { $0 + $1.width } + max(0, shown.count - 1) * Self.gap
  }

  init(_ columns: [TextColumn], width: Int?) {
    shown = columns.map { ($0, $0.naturalWidth) }
    guard let width, totalWidth > width else { return }
    shown = columns.map { ($0, $0.leastWidth) }
    dropColumns(downTo: width)
    widen(by: width - totalWidth)
    if let only = shown.first, shown.count == 1, only.column.canShrink, totalWidth > width {
      shown[0].width = max(1, only.width - (totalWidth - width))
    }
  }

  private mutating func dropColumns(downTo width: Int) {
    let names = shown.map(\.column.name)
    var kept = Array(shown.indices)
    var gapAt: Int?
    func needed(_ kept: [Int]) -> Int {
      let columns = kept.reduce(0) { $0 + shown[$1].width } + max(0, kept.count - 1) * Self.gap
      return columns + (gapAt == nil ? 0 : 1 + Self.gap)
    }
    while kept.count > 1, needed(kept) > width {
      // The first column names the rows, whatever it holds.
      let role = kept.dropFirst().map { shown[$0].column.role }.max() ?? .key
      let candidates = kept.dropFirst().filter { shown[$0].column.role == role }
      guard let last = candidates.last else { break }
      let isSeries =
        role == .number && (gapAt != nil || candidates.count >= Self.leastSeries)
        && Set(candidates.map { shown[$0].column.quantity }).count == 1
      if isSeries, candidates.count > 2 {
        // The latest years say more than the first ones.
        let middle = candidates[(candidates.count - 1) / 2]
        gapAt = kept.firstIndex(of: middle)
        kept.removeAll { $0 == middle }
      } else {
        kept.removeAll { $0 == last }
      }
    }
    let left = Set(kept)
    dropped = names.indices.filter { !left.contains($0) }.map { names[$0] }
    let rowCount = shown.first?.column.cells.count ?? 0
    var fitted = kept.map { shown[$0] }
    if let gapAt, gapAt < fitted.count {
      let marks = TextColumn(name: "…", texts: Array(repeating: "…", count: rowCount), role: .number)
      fitted.insert((marks, 1), at: gapAt)
    }
    shown = fitted
  }

  /// Gives the room that is left to the shortened names, one display column at a time, the narrowest first.
  private mutating func widen(by room: Int) {
    for _ in 0..<max(0, room) {
      let candidates = shown.indices.filter { shown[$0].width < shown[$0].column.naturalWidth }
      guard let narrowest = candidates.min(by: { shown[$0].width < shown[$1].width }) else { return }
      shown[narrowest].width += 1
    }
  }
}
