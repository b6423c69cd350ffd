/// The candidates that a mistyped name probably meant, best first; empty when nothing is close.
///
/// Each word of the query is matched to a word of the candidate (as a prefix, or within a Damerau–Levenshtein distance
/// of a third of its length), so that `Aerospce` finds "Aerospace Vehicles and Defense": whole-string similarity is the
/// wrong tool for long names.
///
/// - Complexity: O(candidates × words²); meant for one call per message.
package func suggestions(for query: String, among candidates: [String], limit: Int = 3) -> [String] {
  let queryWords = words(of: query)
  guard !queryWords.isEmpty else { return [] }
  var ranked: [(distance: Int, surplus: Int, order: Int)] = []
  for (order, candidate) in candidates.enumerated() {
    let candidateWords = words(of: candidate)
    // `shiftshare` is `shift_share` with its words run together.
    let isRunTogether = Array(queryWords.joined()) == Array(candidateWords.joined())
    guard let distance = isRunTogether ? 0 : wordDistance(from: queryWords, to: candidateWords) else { continue }
    ranked.append((distance, max(0, candidateWords.count - queryWords.count), order))
  }
  ranked.sort { ($0.distance, $0.surplus, $0.order) < ($1.distance, $1.surplus, $1.order) }
  guard let best = ranked.first else { return [] }
  var seen: Set<String> = []
  var result: [String] = []
  for entry in ranked where entry.distance <= best.distance + 1 {
    let candidate = candidates[entry.order]
    if seen.insert(candidate).inserted { result.append(candidate) }
    if result.count == limit { break }
  }
  return result
}

private func words(of text: String) -> [[UInt8]] {
  fold(text).utf8.split { $0 == 0x20 || $0 == 0x5F }.map { Array($0) }
}

/// Sum over the query's words of the distance to the nearest word of the candidate; nil when a word has none.
private func wordDistance(from query: [[UInt8]], to candidate: [[UInt8]]) -> Int? {
  var total = 0
  for word in query {
    var best = Int.max
    for other in candidate {
      if word.count >= 3, other.count > word.count, other.starts(with: word) {
        best = min(best, 1)
        continue
      }
      let allowed = max(1, max(word.count, other.count) / 3)
      guard abs(word.count - other.count) <= allowed else { continue }
      let distance = editDistance(word, other)
      // Short words change their meaning with one letter: `by` is not `my`.
      if distance <= allowed, word.count > 2 || distance == 0 { best = min(best, distance * 2) }
    }
    if best == Int.max { return nil }
    total += best
  }
  return total
}

/// Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, replacements, swaps of neighbours.
func editDistance(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
  if lhs.isEmpty || rhs.isEmpty { return max(lhs.count, rhs.count) }
  var beforePrevious = [Int](repeating: 0, count: rhs.count + 1)
  var previous = Array(0...rhs.count)
  var current = previous
  for row in 1...lhs.count {
    current[0] = row
    for column in 1...rhs.count {
      let cost = lhs[row - 1] == rhs[column - 1] ? 0 : 1
      var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
      if row > 1, column > 1, lhs[row - 1] == rhs[column - 2], lhs[row - 2] == rhs[column - 1] {
        best = min(best, beforePrevious[column - 2] + 1)
      }
      current[column] = best
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[rhs.count]
}
