package import CQColumns

/// The files of the data by name; each is opened when it is asked for.
package struct CatalogFiles: Sendable {
  private let regions: [String: ByteRegion]

  package init(_ files: [(name: String, region: ByteRegion)]) {
    regions = Dictionary(files.map { ($0.name, $0.region) }, uniquingKeysWith: { first, _ in first })
  }

  package var names: [String] { regions.keys.sorted() }
  package var count: Int { regions.count }
  package func contains(_ name: String) -> Bool { regions[name] != nil }

  /// - Parameter columns: Those that are needed; nil for all.
  func table(_ name: String, columns: Set<String>? = nil) throws(CatalogError) -> ArrowTable {
    let region = try region(name)
    do throws(ArrowError) {
      return try ArrowReader.open(region, name: name, columns: columns)
    } catch {
      throw .damaged(dataset: name, error.reason)
    }
  }

  /// The metadata alone: what it says is needed before, and often without, the columns.
  func metadata(_ name: String) throws(CatalogError) -> FileMetadata {
    let region = try region(name)
    do throws(ArrowError) {
      return FileMetadata(pairs: try ArrowReader.metadata(region, name: name))
    } catch {
      throw .damaged(dataset: name, error.reason)
    }
  }

  func file(_ name: String, columns: Set<String>? = nil) throws(CatalogError) -> CatalogFile {
    CatalogFile(name: name, table: try table(name, columns: columns))
  }

  private func region(_ name: String) throws(CatalogError) -> ByteRegion {
    guard let region = regions[name] else { throw .missingFile(name) }
    return region
  }
}

/// The flat keys and values of a file.
struct FileMetadata: Sendable {
  let pairs: [(key: String, value: String)]
  private let values: [String: String]

  init(pairs: [(key: String, value: String)]) {
    self.pairs = pairs
    values = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(_ key: String) -> String? { values[key] }

  func words(_ key: String) -> [String] { values[key]?.words ?? [] }

  func values(withPrefix prefix: String) -> [String] { pairs.filter { $0.key.hasPrefix(prefix) }.map(\.value) }
}

/// One of the catalogue's own files, read column by column.
struct CatalogFile {
  let name: String
  let table: ArrowTable

  func has(_ column: String) -> Bool { table.data(named: column) != nil }

  func texts(_ column: String) throws(CatalogError) -> [String] {
    if case .texts(let values) = table.data(named: column) { return values }
    guard let (codes, values) = table.data(named: column)?.members() else {
      throw .damaged(dataset: name, "it must have a text column `\(column)`")
    }
    return (0..<table.rowCount).map { values[codes.code(at: $0)] }
  }

  func numbers(_ column: String) throws(CatalogError) -> [Int] {
    switch table.data(named: column) {
    case .uint8(let values): return (0..<values.count).map { Int(values[$0]) }
    case .uint16(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int8(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int16(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int32(let values): return (0..<values.count).map { Int(values[$0]) }
    case .int64(let values): return (0..<values.count).map { Int(values[$0]) }
    default: throw .damaged(dataset: name, "it must have an integer column `\(column)`")
    }
  }

  func doubles(_ column: String) throws(CatalogError) -> [Double] {
    guard case .float64(let values) = table.data(named: column) else {
      throw .damaged(dataset: name, "it must have a column `\(column)` of numbers")
    }
    return (0..<values.count).map { values[$0] }
  }
}

extension DictionaryCodes {
  func code(at row: Int) -> Int {
    switch self {
    case .bits8(let codes): Int(codes[row])
    case .bits16(let codes): Int(codes[row])
    case .bits32(let codes): Int(codes[row])
    }
  }
}
