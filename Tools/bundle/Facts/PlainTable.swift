import CQColumns

/// A table of the catalogue that is used by its name: `table.<name>.arrow`.
struct PlainTable {
  enum Values {
    case texts([String])
    case numbers([Double?])

    var count: Int {
      switch self {
      case .texts(let texts): texts.count
      case .numbers(let numbers): numbers.count
      }
    }
  }

  struct Column {
    var name: String
    var values: Values
    /// The level and country whose members the texts are, so that they compare and join as members.
    var level = ""
    var country = ""
    var unit = ""
  }

  var name: String
  var title: String
  var source: String
  var licence: String
  var citation: String
  var notes: [String] = []
  var columns: [Column]

  func file() -> BundleFile {
    let rowCount = columns.first?.values.count ?? 0
    var metadata = catalogMetadata(title: title, source: source, licence: licence)
    metadata.append(("citation", citation))
    for column in columns {
      if !column.level.isEmpty { metadata.append(("column.\(column.name).level", column.level)) }
      if !column.country.isEmpty { metadata.append(("column.\(column.name).country", column.country)) }
      if !column.unit.isEmpty { metadata.append(("column.\(column.name).unit", column.unit)) }
    }
    for (index, note) in notes.enumerated() { metadata.append(("note.\(index + 1)", note)) }
    // A number that the source leaves blank is missing: the state column says so.
    for column in columns {
      if column.hasGaps { metadata.append(("column.\(column.name).state", "\(column.name)_state")) }
    }
    var writer = ArrowWriter(rowCount: rowCount, metadata: metadata)
    for column in columns {
      switch column.values {
      case .texts(let texts):
        if Set(texts).count * 3 < texts.count {
          writer.add(column.name, words: texts)
        } else {
          writer.add(column.name, .texts(texts))
        }
      case .numbers(let numbers):
        writer.add(column.name, numbers: numbers.map { $0 ?? 0 })
        if column.hasGaps {
          writer.add("\(column.name)_state", states: numbers.map { $0 == nil ? .missing : .known })
        }
      }
    }
    return BundleFile(name: "table.\(name).arrow", rowCount: rowCount, bytes: writer.bytes())
  }
}

extension PlainTable.Column {
  fileprivate var hasGaps: Bool {
    guard case .numbers(let numbers) = values else { return false }
    return numbers.contains { $0 == nil }
  }
}

extension CSVFile {
  /// A column of texts as the file has them.
  func texts(_ column: String) throws(BundleError) -> [String] {
    var texts: [String] = []
    for row in rows { texts.append(try row.text(column)) }
    return texts
  }

  /// A column of numbers, nil where blank.
  func numbers(_ column: String) throws(BundleError) -> [Double?] {
    var numbers: [Double?] = []
    for row in rows { numbers.append(try row.signed(column)) }
    return numbers
  }
}
