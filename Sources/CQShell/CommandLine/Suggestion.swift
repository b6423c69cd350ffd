/// Finds what a mistyped option or command was meant to be.
///
/// Whole-word edit distance is right for such short words; names of places and clusters need the catalogue's search.
enum Suggestion {
  /// The nearest of `candidates`, nil when none is near.
  static func closest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word.lowercased())
    let limit = max(1, typed.count / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let distance = self.distance(typed, Array(candidate.lowercased()))
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, optimal string alignment).
  static func distance(_ lhs: [Character], _ rhs: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...rhs.count)
    for lhsIndex in lhs.indices {
      var current = [lhsIndex + 1]
      for rhsIndex in rhs.indices {
        var cost = min(previous[rhsIndex + 1], current[rhsIndex]) + 1
        cost = min(cost, previous[rhsIndex] + (lhs[lhsIndex] == rhs[rhsIndex] ? 0 : 1))
        if lhsIndex > 0, rhsIndex > 0, lhs[lhsIndex] == rhs[rhsIndex - 1], lhs[lhsIndex - 1] == rhs[rhsIndex] {
          cost = min(cost, beforePrevious[rhsIndex - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[rhs.count]
  }
}
