import CQColumns

/// A fact table while it is being built: keys, numbers and what is known of them, in any order.
struct Facts {
  /// One number and its state.
  struct Cell {
    var value: Double
    var state: CellState

    static let withheld = Cell(value: 0, state: .withheld)
    static let missing = Cell(value: 0, state: .missing)

    static func known(_ value: Double) -> Cell { Cell(value: value, state: .known) }
    static func estimated(_ value: Double) -> Cell { Cell(value: value, state: .estimated) }

    /// A field of the source: published, or of `blank` state when it is empty.
    init(_ published: Double?, blank: CellState = .withheld) {
      self.init(value: published ?? 0, state: published == nil ? blank : .known)
    }

    init(value: Double, state: CellState) {
      self.value = value
      self.state = state
    }
  }

  struct Row {
    /// 2019 for a year, 20191 for its first quarter.
    var period: Int
    var region: String
    var activity = ActivityCode.all
    /// In the order of the manifest's measures.
    var cells: [Cell]
  }

  var rows: [Row]

  /// Sums of the cells in a column over the rows that fulfil a condition: to hold against published totals.
  func sum(_ column: Int, where condition: (Row) -> Bool = { _ in true }) -> Double {
    rows.reduce(0) { $0 + (condition($1) ? $1.cells[column].value : 0) }
  }

  /// Fails unless the sum equals the total that the agency publishes.
  func require(
    _ total: Double, within tolerance: Double = 0, _ what: String, _ column: Int, where condition: (Row) -> Bool
  ) throws(BundleError) {
    let found = sum(column, where: condition)
    try bundle.require(
      abs(found - total) <= tolerance, "\(what) add up to \(found), published is \(total)")
  }

  /// The file of a dataset, or of one part of it.
  ///
  /// Rows are sorted by period, region (the country first) and activity in the scheme's order. Keys that are the same
  /// in all rows become metadata; a measure gets a column of states only if it needs one, and a column of covers if
  /// the scheme has more than one level here.
  ///
  /// - Parameters:
  ///   - part: Name of the part, for a further fact table of the dataset.
  ///   - scheme: The activities; nil if the only one is `00`.
  ///   - hasCovers: False if activities overlap, so that a withheld one must not be made up of those below it.
  func file(_ manifest: Manifest, part: String? = nil, scheme: ActivityScheme? = nil, hasCovers: Bool = true)
    throws(BundleError) -> BundleFile
  {
    let name = [manifest.dataset, part].compactMap { $0 }.joined(separator: ".") + ".arrow"
    let keys = try FactTableKeys(rows, name: name, scheme: scheme)
    let sorted = keys.order.map { rows[$0] }
    var manifest = manifest
    var columns: [(name: String, values: [Double])] = []
    var states: [(name: String, states: [CellState])] = []
    var covers: [(name: String, covers: [UInt8])] = []
    for (index, measure) in manifest.measures.enumerated() {
      columns.append((measure.name, sorted.map { $0.cells[index].value }))
      let column = sorted.map { $0.cells[index].state }
      if column.contains(where: { $0 != .known }) {
        let same = states.first { $0.states == column }
        if same == nil { states.append(("\(measure.name)_state", column)) }
        manifest.measures[index].state = same?.name ?? "\(measure.name)_state"
      }
      if hasCovers, let cover = keys.cover(states: column) {
        let same = covers.first { $0.covers == cover }
        if same == nil { covers.append(("\(measure.name)_cover", cover)) }
        manifest.measures[index].cover = same?.name ?? "\(measure.name)_cover"
      }
    }
    var writer = ArrowWriter(rowCount: rows.count, metadata: manifest.metadata + keys.constants)
    keys.addColumns(to: &writer)
    for column in columns { writer.add(column.name, numbers: column.values) }
    for column in states { writer.add(column.name, states: column.states) }
    for column in covers { writer.add(column.name, .uint8(column.covers)) }
    return BundleFile(name: name, rowCount: rows.count, bytes: writer.bytes())
  }
}

extension ArrowWriter {
  /// A column of numbers in the encoding that takes the fewest bytes and holds all of them exactly.
  mutating func add(_ name: String, numbers: [Double]) {
    if numbers.allSatisfy({ $0 == $0.rounded() && abs($0) < 9e15 }) {
      add(name, narrowest: numbers.map { Int($0) })
    } else {
      add(name, narrowest: numbers)
    }
  }
}
