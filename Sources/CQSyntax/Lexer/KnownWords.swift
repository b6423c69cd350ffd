/// Words that the parser tells from other names only to explain a mistake.
enum KnownWords {
  /// Slots that are never the name of a column.
  static let slots: [StaticString] = ["by", "in", "vs", "among", "over", "data", "suppressed"]

  /// Slots that are levels too, and so may name a column.
  static let levels: [StaticString] = [
    "activity", "census_division", "cluster", "country", "county", "economic_area", "entidad", "metro", "month",
    "municipio", "naics2", "naics3", "naics4", "naics5", "naics6", "product", "province", "quarter", "region", "scian2",
    "scian3", "scian4", "scian5", "scian6", "state", "subcluster", "year",
  ]

  /// Verbs that are unlikely to be the name of a column.
  static let verbs: [StaticString] = [
    "append", "bottom", "chart", "compare", "derive", "drop", "first", "join", "map", "pivot", "rename", "save",
    "select", "sort", "summarize", "top", "where",
  ]

  /// What other languages call ``TokenKind/missing``; exact, because a column may be called `na`.
  static let missing: [StaticString] = ["NA", "NULL", "NaN", "None", "null"]

  static func contains(_ words: [StaticString], _ word: ArraySlice<UInt8>) -> Bool {
    words.contains { $0.equalsIgnoringCase(word) }
  }
}
