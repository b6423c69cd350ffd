import CQColumns

/// The result as an Arrow IPC file: full precision, states in columns of their own, provenance in the schema's metadata.
struct ArrowExport {
  private let table: Table

  init(_ table: Table) { self.table = table }

  var bytes: [UInt8] {
    var metadata: [(key: String, value: String)] = [
      ("title", table.header.title.joined(separator: " · ")), ("dataset", table.header.dataset),
      ("source", table.header.source), ("base", table.header.base),
    ]
    metadata += table.notes.enumerated().map { ("note.\($0 + 1)", $1.text) }
    let exported = ExportedColumns(table)
    var writer = ArrowWriter(rowCount: exported.rowCount, metadata: metadata.filter { !$0.value.isEmpty })
    var taken = Set(exported.columns.map(\.name))
    for column in exported.columns {
      switch column.values {
      case .texts(let texts): writer.add(column.name, .texts(Array(texts)))
      case .periods(let years): writer.add(column.name, .int32(years))
      case .truths(let truths): writer.add(column.name, .uint8(truths.map { $0 ? 1 : 0 }))
      case .numbers(let numbers, let states, _, let bounds):
        // No number is not-a-number, which every reader of Arrow shows as missing.
        writer.add(column.name, .float64(zip(numbers, states).map { $1.hasValue ? $0 : .nan }))
        if states.contains(where: { $0 != .known }) {
          writer.add(ExportedColumns.free(column.name + "_state", in: &taken), .texts(states.map(\.name)))
        }
        guard !bounds.isEmpty else { continue }
        for (suffix, end) in [("_low", \ClosedRange<Double>.lowerBound), ("_high", \ClosedRange<Double>.upperBound)] {
          let ends = numbers.indices.map { bounds[$0]?[keyPath: end] ?? .nan }
          writer.add(ExportedColumns.free(column.name + suffix, in: &taken), .float64(ends))
        }
      }
    }
    return writer.bytes()
  }
}
