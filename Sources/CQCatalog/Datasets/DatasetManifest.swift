internal import CQColumns

/// What a dataset's files say about themselves beyond what the index knows.
struct DatasetManifest: Sendable {
  var release = ""
  var citation = ""
  var address = ""
  var vintages: [(years: ClosedRange<Int>, vintage: Int)] = []
  var comparableSpans: [(years: ClosedRange<Int>, levels: Set<String>)] = []
  var cautions: [(years: ClosedRange<Int>, clusters: Set<String>, text: String)] = []
  var absentIsZero = false
  /// The source publishes a row for all activities.
  var hasTotal = true
  var delineation: Int?
  var measures: [Measure] = []
  var notes: [String] = []
  var importNotes: [String] = []
  /// What a file of the user's calls a measure, where it has another name.
  var importedColumns: [String: String] = [:]
  var partialCoverage = ""
  private var measurePositions: [String: Int] = [:]

  init() {}

  /// - Parameters:
  ///   - files: Metadata of the fact tables, the main one first.
  ///   - periods: Period codes of each.
  init(_ files: [FileMetadata], periods: [[Int]]) {
    guard let main = files.first else { return }
    release = main["release"] ?? ""
    citation = main["citation"] ?? ""
    address = main["url"] ?? ""
    vintages = main.words("vintages").compactMap { entry in
      let parts = entry.split(separator: ":")
      guard parts.count == 2, let years = yearSpan(parts[0]), let vintage = Int(parts[1]) else { return nil }
      return (years, vintage)
    }
    comparableSpans = Self.comparableSpans(main["comparable"] ?? "")
    cautions = main.values(withPrefix: "comparable.caution.").compactMap { Self.caution($0) }
    absentIsZero = main["absent"] == "zero"
    hasTotal = main["total"] != "none"
    delineation = main["delineation"].flatMap { Int($0) }
    importNotes = main.values(withPrefix: "import.note.")
    for name in main.words("measures") { importedColumns[String(name)] = main["import.column.\(name)"] }
    partialCoverage = main["import.coverage"] ?? ""
    for file in files {
      for note in file.values(withPrefix: "note.") where !notes.contains(note) { notes.append(note) }
    }
    for (index, file) in files.enumerated() {
      for name in file.words("measures") { add(name, from: file, factTable: index, periods: periods[index]) }
    }
  }

  func measure(named name: String) -> Measure? { measurePositions[fold(name)].map { measures[$0] } }

  /// A measure that several files have is one measure in several parts.
  private mutating func add(_ name: String, from file: FileMetadata, factTable: Int, periods: [Int]) {
    func entry(_ key: String) -> String? { file["measure.\(name).\(key)"] }
    let span = entry("years").flatMap { yearSpan($0) }
    let part = MeasurePart(
      factTable: factTable, periods: periods.filter { span?.contains(Period.year(of: $0)) ?? true },
      activityLevels: entry("levels.activity").map { levels in
        levels.split(separator: " ").compactMap { Level(word: String($0)) }
      },
      stateColumn: entry("state"), coverColumn: entry("cover"))
    if let position = measurePositions[fold(name)] {
      measures[position].parts.append(part)
      return
    }
    let quantity: Quantity =
      switch entry("quantity") {
      case "money": .money(currency: entry("currency") ?? "USD")
      case "ratio", "index": .ratio
      case "percent": .percent
      default: .count(unit: entry("unit") ?? "")
      }
    measurePositions[fold(name)] = measures.count
    measures.append(
      Measure(
        name: name, label: entry("label") ?? name, quantity: quantity,
        scale: entry("scale").flatMap { Double($0) } ?? 1,
        additive: Set((entry("additive") ?? "").split(separator: " ").compactMap { Dimension(rawValue: String($0)) }),
        priceYear: entry("price_year").flatMap { Int($0) }, parts: [part]))
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

/// Codes of periods in data files: 2019 is a year, 20191 its first quarter.
package enum Period {
  package static func year(of code: Int) -> Int { code > 9_999 ? code / 10 : code }
  /// 1 to 4; nil for a year.
  package static func quarter(of code: Int) -> Int? { code > 9_999 ? code % 10 : nil }
}
