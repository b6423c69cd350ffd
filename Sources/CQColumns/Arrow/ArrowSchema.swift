/// Names and types of the columns, and the metadata of the file.
struct ArrowSchema {
  enum ColumnType: Equatable {
    case integer(bitWidth: Int32, isSigned: Bool)
    case float32, float64
    case utf8
    /// Texts, run-end encoded with 32-bit ends.
    case runs
    /// 16-bit integers, run-end encoded with 32-bit ends.
    case numberRuns
  }

  struct Field {
    var name: String
    var type: ColumnType
    var dictionary: Dictionary?
  }

  struct Dictionary {
    var id: Int64
    var bitWidth: Int32
    var isSigned: Bool
  }

  var fields: [Field] = []
  var metadata: [(key: String, value: String)] = []

  init(_ schema: FlatTable, in file: ArrowFile) throws(ArrowError) {
    // Texts of an honest file do not overlap, so all of them together are no longer than the file; without this bound
    // a small file could point at one long text many times.
    var textBytes = file.region.count
    func account(_ texts: String...) throws(ArrowError) {
      for text in texts { textBytes -= text.utf8.count }
      guard textBytes >= 0 else { throw file.failure("texts of its schema overlap") }
    }
    for pair in try schema.tables(ArrowFormat.Schema.metadata) {
      let key = try pair.text(ArrowFormat.KeyValue.key) ?? ""
      let value = try pair.text(ArrowFormat.KeyValue.value) ?? ""
      try account(key, value)
      metadata.append((key, value))
    }
    for table in try schema.tables(ArrowFormat.Schema.fields) {
      let name = try table.text(ArrowFormat.Field.name) ?? ""
      try account(name)
      let field = try Field(
        name: name, type: Self.type(of: table, name: name, in: file), dictionary: Self.dictionary(of: table))
      fields.append(field)
    }
  }

  /// The type of the values of every dictionary by its id.
  func dictionaryTypes(in file: ArrowFile) throws(ArrowError) -> [Int64: ColumnType] {
    var types: [Int64: ColumnType] = [:]
    for field in fields {
      guard let dictionary = field.dictionary else { continue }
      switch field.type {
      case .utf8, .float64, .integer(bitWidth: 32, isSigned: true), .integer(bitWidth: 64, isSigned: true): break
      case .integer, .float32, .runs, .numberRuns:
        throw file.failure("the dictionary of column `\(field.name)` must hold texts, int32, int64 or float64")
      }
      guard types.updateValue(field.type, forKey: dictionary.id) ?? field.type == field.type else {
        throw file.failure("the dictionary of column `\(field.name)` has another type in another column")
      }
    }
    return types
  }

  private static func type(of field: FlatTable, name: String, in file: ArrowFile) throws(ArrowError) -> ColumnType {
    let tag = try field.integer(ArrowFormat.Field.typeType, default: UInt8(0))
    let type = try field.table(ArrowFormat.Field.type)
    switch tag {
    case ArrowFormat.Field.integer:
      return try .integer(
        bitWidth: type?.integer(ArrowFormat.Integer.bitWidth, default: 0) ?? 0,
        isSigned: type?.integer(ArrowFormat.Integer.isSigned, default: UInt8(0)) ?? 0 != 0)
    case ArrowFormat.Field.floatingPoint
    where try type?.integer(ArrowFormat.FloatingPoint.precision, default: Int16(0)) == ArrowFormat.FloatingPoint.double:
      return .float64
    case ArrowFormat.Field.floatingPoint
    where try type?.integer(ArrowFormat.FloatingPoint.precision, default: Int16(0)) == ArrowFormat.FloatingPoint.single:
      return .float32
    case ArrowFormat.Field.utf8:
      return .utf8
    case ArrowFormat.Field.runEndEncoded:
      return try runs(of: field, name: name, in: file)
    default:
      throw file.failure(
        "the type of column `\(name)` must be an integer, float32, float64 or utf8 (Arrow type \(tag))")
    }
  }

  /// A run-end encoded column has two children: the ends of the runs, and their values.
  private static func runs(of field: FlatTable, name: String, in file: ArrowFile) throws(ArrowError) -> ColumnType {
    let children = try field.tables(ArrowFormat.Field.children)
    // The type of a child is read only if it can't have children of its own: no recursion into a damaged file.
    for child in children
    where try child.integer(ArrowFormat.Field.typeType, default: UInt8(0)) == ArrowFormat.Field.runEndEncoded {
      throw file.failure("the runs of column `\(name)` must not be made of runs")
    }
    guard children.count == 2,
      try type(of: children[0], name: name, in: file) == .integer(bitWidth: 32, isSigned: true),
      try !children[1].has(ArrowFormat.Field.dictionary), try !field.has(ArrowFormat.Field.dictionary)
    else { throw file.failure("the runs of column `\(name)` must have int32 ends and plain values") }
    switch try type(of: children[1], name: name, in: file) {
    case .utf8: return .runs
    case .integer(bitWidth: 16, isSigned: true): return .numberRuns
    default: throw file.failure("the runs of column `\(name)` must be of utf8 or int16")
    }
  }

  private static func dictionary(of field: FlatTable) throws(ArrowError) -> Dictionary? {
    guard let encoding = try field.table(ArrowFormat.Field.dictionary) else { return nil }
    let id = try encoding.integer(ArrowFormat.DictionaryEncoding.id, default: Int64(0))
    // The format: a missing index type means int32.
    guard let index = try encoding.table(ArrowFormat.DictionaryEncoding.indexType) else {
      return Dictionary(id: id, bitWidth: 32, isSigned: true)
    }
    return try Dictionary(
      id: id, bitWidth: index.integer(ArrowFormat.Integer.bitWidth, default: 0),
      isSigned: index.integer(ArrowFormat.Integer.isSigned, default: UInt8(0)) != 0)
  }
}
