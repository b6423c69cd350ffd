/// Codes whose rows say what the rows of the code above say: the only four-digit code of a three-digit one.
///
/// They are left out. The classification knows that both are the same, and a query for either is answered from the row
/// that is left. The dictionary of activities keeps them, as codes that the data are about.
struct RedundantCodes {
  private struct Code: Hashable {
    var vintage: Int
    var activity: Int
  }

  private let vintage: (_ year: Int) -> Int
  private let codes: Set<Code>

  /// - Parameters:
  ///   - schemes: The classification of each vintage.
  ///   - isEqual: Whether two rows have the same numbers.
  init(
    _ tree: FactTree, schemes: [Int: ActivityScheme], vintage: @escaping (_ year: Int) -> Int,
    isEqual: (_ row: Int, _ other: Int) -> Bool
  ) {
    self.vintage = vintage
    let keys = tree.keys
    let leafCounts = schemes.mapValues { scheme in keys.activities.map { scheme.leafCount(of: $0) } }
    var candidates: Set<Code> = []
    var refuted: Set<Code> = []
    for (row, key) in keys.keys.enumerated() {
      let code = Code(vintage: vintage(key.year), activity: key.activity)
      guard !refuted.contains(code) else { continue }
      if let parent = tree.parents[row], let counts = leafCounts[code.vintage],
        counts[key.activity] == counts[keys.keys[parent].activity], isEqual(row, parent)
      {
        candidates.insert(code)
      } else {
        refuted.insert(code)
      }
    }
    codes = candidates.subtracting(refuted)
  }

  func contains(_ key: FactKeys.Key) -> Bool { contains(year: key.year, activity: key.activity) }

  func contains(year: Int, activity: Int) -> Bool {
    codes.contains(Code(vintage: vintage(year), activity: activity))
  }
}
