/// Industry codes as the agencies write them: `00` all activities, `31-33` a sector, `3364`, `336411`.
enum ActivityCode {
  static let all = "00"

  private static let sectorRanges = [
    "31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49",
  ]

  static func isSector(_ code: String) -> Bool { code != all && (code.count == 2 || code.contains("-")) }

  /// Digits of the code's level: 2 for sectors, 0 for all activities.
  static func level(_ code: String) -> Int { code == all ? 0 : isSector(code) ? 2 : code.count }

  /// Distance from above the root: `00` = 1, sectors = 2, then the number of digits.
  static func depth(_ code: String) -> UInt8 { code == all ? 1 : UInt8(level(code)) }

  /// The code one level up, nil for `00`.
  ///
  /// - Parameter levels: The levels of the source: County Business Patterns go from six digits straight to four.
  static func parent(of code: String, levels: Set<Int>) -> String? {
    if code == all { return nil }
    if isSector(code) { return all }
    var length = code.count - 1
    while length > 2, !levels.contains(length) { length -= 1 }
    let prefix = String(code.prefix(length))
    return length == 2 ? sectorRanges[prefix] ?? prefix : prefix
  }

  /// Sorts depth first: every code before its children, `00` before all.
  static func sortKey(_ code: String) -> String { code == all ? "" : isSector(code) ? String(code.prefix(2)) : code }
}
