/// The columns of a Parquet file that a table can hold, and the names of those that it can't.
struct ParquetSchema {
  enum Physical: Int, Sendable {
    case boolean = 0
    case int32, int64, int96, float, double, byteArray, fixedByteArray
  }

  /// What a value means.
  enum Meaning: Equatable, Sendable {
    case plain
    case unsigned
    case text
    /// Units since 1970, of which a day has so many.
    case date(perDay: Int64)
    case decimal(scale: Int)
  }

  /// What a column holds in a table.
  enum Kind { case integers, decimals, texts }

  struct Column: Sendable {
    var name: String
    var physical: Physical
    var meaning: Meaning
    /// Bytes of a fixed one.
    var width: Int
    var isOptional: Bool
    /// Position among the column chunks of a row group.
    var chunk: Int

    var kind: Kind {
      switch (physical, meaning) {
      case (.boolean, _), (.int96, _): .texts
      case (.float, _), (.double, _): .decimals
      case (.int32, .date), (.int64, .date): .texts
      case (_, .decimal): .decimals
      case (.int32, _), (.int64, _): .integers
      case (.byteArray, _), (.fixedByteArray, _): .texts
      }
    }
  }

  var columns: [Column] = []
  var leftOut: [String] = []

  init(_ elements: [[Int: ThriftReader.Value]]) throws(ImportError) {
    guard let root = elements.first, let count = root.integer(5), count >= 0, count <= elements.count else {
      throw ByteReader.cut
    }
    var position = 1
    var chunk = 0
    for _ in 0..<count {
      guard position < elements.count else { throw ByteReader.cut }
      let element = elements[position]
      position += 1
      let name = element.text(4) ?? ""
      if let children = element.integer(5), children > 0 {
        leftOut.append("`\(name)` (nested)")
        try Self.skip(children, elements, &position, &chunk, depth: 0)
        continue
      }
      if element.integer(3) == 2 {
        leftOut.append("`\(name)` (repeated)")
      } else if let column = Self.column(element, name, chunk) {
        columns.append(column)
      } else {
        leftOut.append("`\(name)` (a type that is not known)")
      }
      chunk += 1
    }
  }

  private static func skip(
    _ count: Int, _ elements: [[Int: ThriftReader.Value]], _ position: inout Int, _ chunk: inout Int, depth: Int
  ) throws(ImportError) {
    guard depth < 64, count <= elements.count else { throw ByteReader.cut }
    for _ in 0..<count {
      guard position < elements.count else { throw ByteReader.cut }
      let children = elements[position].integer(5) ?? 0
      position += 1
      if children > 0 { try skip(children, elements, &position, &chunk, depth: depth + 1) } else { chunk += 1 }
    }
  }

  private static func column(_ element: [Int: ThriftReader.Value], _ name: String, _ chunk: Int) -> Column? {
    guard let physical = element.integer(1).flatMap({ Physical(rawValue: $0) }) else { return nil }
    var meaning = Meaning.plain
    let logical = element.structure(10)
    switch element.integer(6) {
    case 0: meaning = .text
    case 4: meaning = .text
    case 5: meaning = .decimal(scale: element.integer(7) ?? 0)
    case 6: meaning = .date(perDay: 1)
    case 9: meaning = .date(perDay: 86_400_000)
    case 10: meaning = .date(perDay: 86_400_000_000)
    case 11, 12, 13, 14: meaning = .unsigned
    case 19: meaning = .text
    default: break
    }
    if let logical {
      if logical[1] != nil || logical[4] != nil || logical[12] != nil { meaning = .text }
      if let decimal = logical.structure(5) { meaning = .decimal(scale: decimal.integer(1) ?? 0) }
      if logical[6] != nil { meaning = .date(perDay: 1) }
      if let time = logical.structure(8) {
        let unit = time.structure(2)
        meaning = .date(perDay: unit?[1] != nil ? 86_400_000 : unit?[3] != nil ? 86_400_000_000_000 : 86_400_000_000)
      }
      if let integer = logical.structure(10) { meaning = integer.truth(2) == false ? .unsigned : .plain }
    }
    // Bytes without a meaning are mostly texts that an old writer has not called so.
    if physical == .byteArray, meaning == .plain { meaning = .text }
    if physical == .int96 { meaning = .date(perDay: 86_400_000_000_000) }
    if physical == .fixedByteArray { guard case .decimal = meaning else { return nil } }
    let width = element.integer(2) ?? 0
    guard (0...1024).contains(width) else { return nil }
    return Column(
      name: name, physical: physical, meaning: meaning, width: width, isOptional: element.integer(3) != 0, chunk: chunk)
  }
}
