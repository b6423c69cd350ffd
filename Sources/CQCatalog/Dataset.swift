package import CQColumns
internal import Synchronization

/// A number that a dataset publishes, with what may be done to it.
package struct Measure: Sendable {
  package var name: String
  package var label: String
  package var quantity: Quantity
  /// Factor from the stored integers to the unit (payroll in thousands: 1,000).
  package var scale: Double
  /// Dimensions along which values may be added.
  package var additive: Set<Dimension>
  /// Index of the fact table that holds it.
  package var factTable: Int
  package var stateColumn: String?
  package var coverColumn: String?
}

/// One source and release: its manifest, and its facts opened at first use.
package final class Dataset: Sendable {
  package let name: String
  package let title: String
  package let source: String
  package let release: String
  package let licence: String
  package let citation: String
  package let country: String
  package let scheme: String
  package let regionLevels: [Level]
  package let activityLevels: [Level]
  package let years: [Int]
  /// The NAICS vintage in force in each span of years; empty for cluster records.
  package let vintages: [(years: ClosedRange<Int>, vintage: Int)]
  /// Spans of years within which growth is sound, with the activity levels for which it is (`*` is every level).
  package let comparableSpans: [(years: ClosedRange<Int>, levels: Set<String>)]
  /// Clusters whose growth over a span deserves a word of caution.
  package let cautions: [(years: ClosedRange<Int>, clusters: Set<String>, text: String)]
  /// A cell that is not listed is zero (else it is missing).
  package let absentIsZero: Bool
  package let measures: [Measure]
  package let notes: [String]
  package let rowCount: Int
  private let tables: [ArrowTable]
  private let measurePositions: [String: Int]
  private let opened: Mutex<[Int: FactTable]>

  /// - Parameter tables: the main fact table first; its metadata is the manifest, the others add measures.
  package init(name: String, tables: [ArrowTable]) throws(CatalogError) {
    guard let main = tables.first else { throw .damaged(dataset: name, "it has no fact table") }
    func words(_ key: String) -> [String] {
      (main.metadata(key) ?? "").split(separator: " ").map(String.init)
    }
    self.name = name
    self.tables = tables
    self.opened = Mutex([:])
    self.title = main.metadata("title") ?? name
    self.source = main.metadata("source") ?? ""
    self.release = main.metadata("release") ?? ""
    self.licence = main.metadata("licence") ?? ""
    self.citation = main.metadata("citation") ?? ""
    self.country = main.metadata("country") ?? ""
    self.scheme = main.metadata("scheme") ?? "naics"
    self.regionLevels = words("levels.region").compactMap { Level(word: $0) }
    let stored = words("levels.activity").compactMap { Level(word: $0) }
    // Clusters are made of six-digit industries, so whoever publishes those has clusters too.
    let hasClusters = stored.contains(.cluster) || stored.contains(.naics6)
    self.activityLevels = stored + (hasClusters && !stored.contains(.cluster) ? [.cluster, .subcluster] : [])
    self.vintages = words("vintages").compactMap { entry in
      let parts = entry.split(separator: ":")
      guard parts.count == 2, let years = yearSpan(parts[0]), let vintage = Int(parts[1]) else { return nil }
      return (years, vintage)
    }
    self.comparableSpans = Self.comparableSpans(main.metadata("comparable") ?? "")
    self.cautions = main.metadata.filter { $0.key.hasPrefix("comparable.caution.") }.compactMap {
      Self.caution($0.value)
    }
    self.absentIsZero = main.metadata("absent") == "zero"
    self.notes = main.metadata.filter { $0.key.hasPrefix("note.") }.map(\.value)
    self.rowCount = tables.reduce(0) { $0 + $1.rowCount }
    var measures: [Measure] = []
    for (index, table) in tables.enumerated() { measures += Self.measures(of: table, factTable: index) }
    self.measures = measures
    measurePositions = Dictionary(
      measures.enumerated().map { (fold($1.name), $0) }, uniquingKeysWith: { first, _ in first })
    guard case .int16(let column) = main.data(named: "year") else {
      throw .damaged(dataset: name, "its column `year` must be of 16-bit integers")
    }
    var years: [Int] = []
    var row = 0
    while row < column.count {
      let year = column[row]
      years.append(Int(year))
      row = FactTable.endOfRun(of: year, in: column, from: row)
    }
    self.years = years
  }

  /// Names compare as all names of the language do, without case.
  package func measure(named name: String) -> Measure? {
    measurePositions[fold(name)].map { measures[$0] }
  }

  package func vintage(in year: Int) -> Int? { vintages.first { $0.years.contains(year) }?.vintage }

  /// The columns that hold `measure`, checked and indexed by year at the first call.
  package func facts(for measure: Measure) throws(CatalogError) -> FactTable {
    if let table = opened.withLock({ $0[measure.factTable] }) { return table }
    let table = try FactTable(tables[measure.factTable], dataset: name)
    opened.withLock { $0[measure.factTable] = table }
    return table
  }

  private static func measures(of table: ArrowTable, factTable: Int) -> [Measure] {
    (table.metadata("measures") ?? "").split(separator: " ").map(String.init).map { name in
      func entry(_ key: String) -> String? { table.metadata("measure.\(name).\(key)") }
      let quantity: Quantity =
        switch entry("quantity") {
        case "money": .money(currency: entry("currency") ?? "USD")
        case "ratio": .ratio
        case "percent": .percent
        default: .count(unit: entry("unit") ?? "")
        }
      return Measure(
        name: name, label: entry("label") ?? name, quantity: quantity,
        scale: entry("scale").flatMap { Double($0) } ?? 1,
        additive: Set((entry("additive") ?? "").split(separator: " ").compactMap { Dimension(rawValue: String($0)) }),
        factTable: factTable, stateColumn: entry("state"), coverColumn: entry("cover"))
    }
  }

  /// Reads `2003-2007:* 2003-2011:all naics2 cluster`: a span opens an entry, the words after it are its levels.
  private static func comparableSpans(_ text: String) -> [(years: ClosedRange<Int>, levels: Set<String>)] {
    var spans: [(years: ClosedRange<Int>, levels: Set<String>)] = []
    for word in text.split(separator: " ") {
      let parts = word.split(separator: ":", maxSplits: 1)
      if parts.count == 2, let years = yearSpan(parts[0]) {
        spans.append((years, [String(parts[1])]))
      } else if !spans.isEmpty {
        spans[spans.count - 1].levels.insert(String(word))
      }
    }
    return spans
  }

  /// Reads `2003-2011 cluster 8 104 29 16: text`.
  private static func caution(_ text: String) -> (years: ClosedRange<Int>, clusters: Set<String>, text: String)? {
    let halves = text.split(separator: ":", maxSplits: 1)
    guard halves.count == 2 else { return nil }
    let words = halves[0].split(separator: " ")
    guard let first = words.first, let years = yearSpan(first) else { return nil }
    return (years, Set(words.dropFirst(2).map(String.init)), String(halves[1].drop { $0 == " " }))
  }
}

/// `2003-2007` as a closed range; a single year is a range of one.
private func yearSpan(_ text: some StringProtocol) -> ClosedRange<Int>? {
  let parts = text.split(separator: "-")
  guard let first = parts.first.flatMap({ Int($0) }), let last = parts.last.flatMap({ Int($0) }), first <= last else {
    return nil
  }
  return first...last
}

/// A bundled or user file that can't serve as part of the catalogue.
package enum CatalogError: Error, Sendable {
  case damaged(dataset: String, String)
  case missingFile(String)

  package var message: String {
    switch self {
    case .damaged(let dataset, let reason): "the data file of `\(dataset)` can't be used: \(reason)"
    case .missingFile(let name): "the data has no file `\(name)`"
    }
  }
}
