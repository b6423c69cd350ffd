import CQColumns
import CQPlan
import CQSemantics
internal import Synchronization

// Rows of a grid that formulas pass over: those that the first verbs may keep.

extension GridEvaluator {
  /// The cells of the rows that the first verbs may keep, of a grid of rows that formulas pass over.
  ///
  /// Cells that rows of the data have are computed one by one. Of the others, of which there are many more, it is enough to know place by
  /// place what formulas may give there (``AbsentRanges``): most often nothing that a verb keeps. What may be kept is computed.
  ///
  /// - Parameter rows: The same plan with the cells that rows of the data have as all that there are.
  /// - Complexity: What the rows of the data take, for each place what surrounds its cells, and a bit for each cell; twice that of each
  ///   cell where something may be kept.
  mutating func selectedCells(_ selection: RowCondition, ofRows rows: inout GridEvaluator) throws -> CellSet {
    var set = try CellSet(spaceCount: plan.grids[0].cellCount, control)
    guard let rowCells = rows.sparse[0] else { return set }
    let own = try rows.computedRows(selection)
    let best = BestNumbers(selection.top?.count ?? 0)
    try control.morsels(rowCells.count) { best.offer(own.keys($0)) }
    let cells = try passingCells(selection)
    let isOpen = try openUnits(selection, bound: best.last, cells)
    func isInOpenUnit(_ element: Int) -> Bool { isOpen[rowCells.numbers[element] / PassingCells.unitCellCount] }
    let areSomeOpen = isOpen.contains(true)
    if areSomeOpen, selection.top != nil {
      best.removeAll()
      try cells.offer(to: best, isOpen)
      try control.morsels(rowCells.count) { best.offer(own.keys($0.filter { !isInOpenUnit($0) })) }
    }
    let last = best.last
    if areSomeOpen { try cells.mark(in: &set, isOpen, last) }
    try control.morsels(rowCells.count) { elements in
      for element in elements where own.isKept(element, last) && !(areSomeOpen && isInOpenUnit(element)) {
        set.insert(rowCells.numbers[element])
      }
    }
    return set
  }

  /// Formulas of a selection over cells that are there one by one.
  private mutating func computedRows(_ selection: RowCondition) throws -> ComputedRows {
    let filters = try selection.filters.map { try evaluate($0, grid: 0) }
    let shown = try selection.shown.map { try evaluate($0, grid: 0) }
    let isKept = try control.elements(sparse[0]?.count ?? 0) { element in
      filters.allSatisfy { !$0.states[element].hasValue || $0.values[element] != 0 }
        && (shown.isEmpty || shown.contains { $0.states[element] != .missing })
    }
    return ComputedRows(
      isKept: isKept, key: try selection.top.map { try evaluate($0.key, grid: 0) },
      isLargest: selection.top?.isLargest ?? true)
  }

  private mutating func passingCells(_ selection: RowCondition) throws -> PassingCells {
    PassingCells(
      filters: try selection.filters.map { try evaluator($0, grid: 0) },
      shown: try selection.shown.map { try evaluator($0, grid: 0) },
      key: try selection.top.map { try evaluator($0.key, grid: 0) }, isLargest: selection.top?.isLargest ?? true,
      cellCount: plan.grids[0].cellCount, control: control)
  }

  /// Units of cells among which some without rows may be kept.
  ///
  /// - Parameter bound: Keys that are less are left out, for certain; nil where that is not known.
  private func openUnits(_ selection: RowCondition, bound: Double?, _ cells: PassingCells) throws -> [Bool] {
    let grid = plan.grids[0]
    let perRegion = grid.activity.groupCount * grid.years.count
    var filters = cells.filters.map { AbsentRanges($0, grid) }
    var shown = cells.shown.map { AbsentRanges($0, grid) }
    var key = cells.key.map { AbsentRanges($0, grid) }
    var isOpen = [Bool](repeating: false, count: cells.unitCount)
    for region in 0..<grid.region.groupCount where perRegion > 0 {
      if region % 64 == 0 { try control.check() }
      if let bound, let range = key?.range(ofRegion: region) {
        if !range.mayHaveValue || (cells.isLargest ? range.high : -range.low) < bound { continue }
      }
      let isLeftOut = filters.indices.contains { index in
        let range = filters[index].range(ofRegion: region)
        return range.low == 0 && range.high == 0 && (range.hasValue || selection.isUnknownWithoutRow[index])
      }
      if isLeftOut || (!shown.isEmpty && shown.indices.allSatisfy { shown[$0].range(ofRegion: region).isSurelyMissing })
      {
        continue
      }
      let units =
        region * perRegion / PassingCells.unitCellCount...((region + 1) * perRegion - 1) / PassingCells.unitCellCount
      for unit in units { isOpen[unit] = true }
    }
    return isOpen
  }
}

/// Rows of the data with what verbs ask of them.
private struct ComputedRows {
  /// A row that all filters keep, or that they will say of that they can't compare it.
  let isKept: [Bool]
  let key: Vector?
  let isLargest: Bool

  /// The keys of the rows among `elements` that are kept, negated for the smallest.
  func keys(_ elements: some Sequence<Int>) -> [Double] {
    guard let key else { return [] }
    var keys: [Double] = []
    for element in elements where isKept[element] && key.states[element].hasValue {
      keys.append(isLargest ? key.values[element] : -key.values[element])
    }
    return keys
  }

  func isKept(_ element: Int, _ last: Double?) -> Bool {
    guard isKept[element] else { return false }
    guard let last, let key else { return true }
    return key.states[element].hasValue && (isLargest ? key.values[element] : -key.values[element]) >= last
  }
}

/// The largest of many numbers.
private final class BestNumbers: Sendable {
  private let count: Int
  /// In order, the largest first.
  private let numbers = Mutex<[Double]>([])

  init(_ count: Int) { self.count = count }

  /// The least of them; nil where there are not so many numbers.
  var last: Double? { numbers.withLock { count > 0 && $0.count == count ? $0[count - 1] : nil } }

  func removeAll() { numbers.withLock { $0.removeAll() } }

  func offer(_ candidates: [Double]) {
    let least = last ?? -.infinity
    let found = candidates.filter { $0 > least }
    if found.isEmpty || count == 0 { return }
    numbers.withLock { $0 = Array(($0 + found).sorted(by: >).prefix(count)) }
  }
}

/// Cells of a grid, whether rows of the data are in them or not, computed while formulas pass over them.
private struct PassingCells: Sendable {
  /// Cells that a worker takes at a time: whole words of a ``CellSet``.
  static let unitCellCount = 64 * BlockStack.width

  let filters: [FormulaEvaluator]
  /// A cell in which none of these has anything is no row.
  let shown: [FormulaEvaluator]
  /// What the first rows have most of, or least.
  let key: FormulaEvaluator?
  let isLargest: Bool
  let cellCount: Int
  let control: RunControl

  var unitCount: Int { (cellCount + Self.unitCellCount - 1) / Self.unitCellCount }

  private func cells(of unit: Int) -> Range<Int> {
    unit * Self.unitCellCount..<min(cellCount, (unit + 1) * Self.unitCellCount)
  }

  /// Runs `body` for the units that are open.
  private func run(_ isOpen: [Bool], _ body: @Sendable (_ cells: Range<Int>) -> Void) throws {
    let units = isOpen.indices.filter { isOpen[$0] }
    try Scheduler(control.limits, isWorthwhile: units.count > 1).run(units.count) { unit in
      try control.check()
      body(cells(of: units[unit]))
    }
  }

  /// For each cell of a unit whether it is a row that all filters keep, or that they will say of that they can't compare it; empty where none is.
  private func isKept(_ cells: Range<Int>) -> [Bool] {
    var isKept = [Bool](repeating: true, count: cells.count)
    for filter in filters {
      let tests = filter.evaluate(cells)
      for cell in isKept.indices where tests.states[cell].hasValue && tests.values[cell] == 0 {
        isKept[cell] = false
      }
      if !isKept.contains(true) { return [] }
    }
    guard !shown.isEmpty else { return isKept }
    let columns = shown.map { $0.evaluate(cells) }
    for cell in isKept.indices where isKept[cell] {
      isKept[cell] = columns.contains { $0.states[cell] != .missing }
    }
    return isKept
  }

  /// Offers the keys of the rows that are kept, negated for the smallest.
  func offer(to best: BestNumbers, _ isOpen: [Bool]) throws {
    guard let key else { return }
    try run(isOpen) { cells in
      let isKept = isKept(cells)
      if isKept.isEmpty { return }
      best.offer(ComputedRows(isKept: isKept, key: key.evaluate(cells), isLargest: isLargest).keys(isKept.indices))
    }
  }

  /// - Parameter last: The key of the last row, negated for the smallest; nil for all.
  func mark(in set: inout CellSet, _ isOpen: [Bool], _ last: Double?) throws {
    try set.fill { words in
      try run(isOpen) { cells in
        let isKept = isKept(cells)
        if isKept.isEmpty { return }
        let rows = ComputedRows(
          isKept: isKept, key: last == nil ? nil : key?.evaluate(cells), isLargest: isLargest)
        for (index, cell) in zip(cells, isKept.indices) where rows.isKept(cell, last) {
          words[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
        }
      }
    }
  }
}
