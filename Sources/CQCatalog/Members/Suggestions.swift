import CQColumns

/// The candidates that a mistyped name probably meant, best first; empty when nothing is close.
///
/// - Complexity: as ``NameIndex/closest(to:limit:)``, and folding every candidate; for short lists.
package func suggestions(for query: String, among candidates: [String], limit: Int = 3) -> [String] {
  var seen: Set<String> = []
  var result: [String] = []
  for match in NameIndex(candidates).closest(to: query, limit: limit * 2) {
    let candidate = candidates[match.position]
    if seen.insert(candidate).inserted { result.append(candidate) }
    if result.count == limit { break }
  }
  return result
}

/// Names folded and cut into words once, to find those that a mistyped text probably meant.
///
/// Two readings of the text compete. As a whole: the name with a letter or two wrong, which decides between titles that
/// share most of their words. Word by word: each word of the text is a word of the name, as its beginning or within a
/// Damerau–Levenshtein distance of a third of its length, so that `Aerospce` finds "Aerospace Vehicles and Defense".
package struct NameIndex: Sendable {
  /// A name that may be meant; the smaller the distance, the likelier.
  package struct Match: Sendable {
    package var position: Int
    package var distance: Int
  }

  /// What one wrong letter costs.
  static let edit = 10
  /// A text longer than this is no name.
  static let longestQuery = 200

  private struct Word {
    var start: Int32
    var count: Int32
    var letters: LetterSet
  }

  private struct Name {
    var firstWord: Int32
    var wordCount: Int32
    var letters: LetterSet
  }

  /// The folded names, one after the other; a word ends where the next begins, less the space.
  private var bytes: [UInt8] = []
  private var words: [Word] = []
  private var names: [Name] = []

  package init(_ names: [String]) {
    self.names.reserveCapacity(names.count)
    for name in names { add(name) }
  }

  private mutating func add(_ text: String) {
    let firstWord = words.count
    let start = bytes.count
    appendFolded(text, to: &bytes)
    var wordStart = start
    var all = LetterSet()
    for index in start...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: " ") {
      if index > wordStart {
        let letters = LetterSet(bytes[wordStart..<index])
        all.formUnion(letters)
        words.append(Word(start: Int32(wordStart), count: Int32(index - wordStart), letters: letters))
      }
      wordStart = index + 1
    }
    names.append(Name(firstWord: Int32(firstWord), wordCount: Int32(words.count - firstWord), letters: all))
  }

  /// The names that `text` probably meant, best first; those that are much worse than the best are left out.
  ///
  /// - Complexity: O(words of all names) comparisons of sizes and letters, and O(length²) for those that pass.
  package func closest(to text: String, limit: Int = 3) -> [Match] {
    var folded: [UInt8] = []
    guard text.utf8.count <= Self.longestQuery else { return [] }
    appendFolded(text, to: &folded)
    guard !folded.isEmpty else { return [] }
    let query = Query(folded)
    var distances = EditDistances()
    var found: [(match: Match, surplus: Int)] = []
    for position in names.indices {
      guard let (distance, surplus) = distance(from: query, to: names[position], &distances) else { continue }
      found.append((Match(position: position, distance: distance), surplus))
    }
    found.sort { lhs, rhs in
      (lhs.match.distance, lhs.surplus, lhs.match.position) < (rhs.match.distance, rhs.surplus, rhs.match.position)
    }
    guard let best = found.first else { return [] }
    return found.prefix { $0.match.distance <= best.match.distance + Self.edit / 2 }.prefix(limit).map(\.match)
  }

  // MARK: - Distances

  /// The text that is looked for, cut as names are.
  private struct Query {
    var bytes: [UInt8]
    var letters: LetterSet
    var words: [ArraySlice<UInt8>]
    var wordLetters: [LetterSet]
    /// The words run together: `shiftshare` is `shift_share`.
    var joined: [UInt8]
    /// How many letters of the whole may be wrong.
    var tolerance: Int

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      letters = LetterSet(bytes[...])
      words = bytes.split(separator: UInt8(ascii: " "))
      wordLetters = words.map { LetterSet($0) }
      joined = bytes.filter { $0 != UInt8(ascii: " ") }
      tolerance = bytes.count < 3 ? 0 : bytes.count < 8 ? 1 : 2
    }
  }

  private func distance(
    from query: Query, to name: Name, _ distances: inout EditDistances
  ) -> (distance: Int, surplus: Int)? {
    guard name.wordCount > 0 else { return nil }
    let surplus = max(0, Int(name.wordCount) - query.words.count)
    let whole = wholeDistance(from: query, to: name, &distances)
    if let whole, whole <= Self.edit { return (whole, surplus) }
    let byWords = wordDistance(from: query, to: name, &distances)
    guard let best = [whole, byWords].compactMap({ $0 }).min() else { return nil }
    return (best, surplus)
  }

  private func wholeDistance(from query: Query, to name: Name, _ distances: inout EditDistances) -> Int? {
    let first = words[Int(name.firstWord)]
    let last = words[Int(name.firstWord + name.wordCount) - 1]
    let range = Int(first.start)..<Int(last.start + last.count)
    let difference = abs(range.count - query.bytes.count)
    if difference <= query.tolerance, name.letters.differences(from: query.letters) <= 2 * query.tolerance {
      let found = distances.between(query.bytes[...], bytes[range], atMost: query.tolerance)
      if let found { return found }
    }
    guard query.words.count != Int(name.wordCount) else { return nil }
    let joined = bytes[range].filter { $0 != UInt8(ascii: " ") }
    return joined == query.joined ? 0 : nil
  }

  /// Sum over the query's words of the distance to the nearest word of the name; nil when a word has none.
  private func wordDistance(from query: Query, to name: Name, _ distances: inout EditDistances) -> Int? {
    var total = 0
    for (index, word) in query.words.enumerated() {
      var best = Int.max
      for other in words[Int(name.firstWord)..<Int(name.firstWord + name.wordCount)] {
        let range = Int(other.start)..<Int(other.start + other.count)
        if word.count >= 3, range.count > word.count, bytes[range].starts(with: word) {
          best = min(best, Self.edit / 2)
          continue
        }
        // Short words change their meaning with one letter: `by` is not `my`. A short word that is all there is may have one
        // wrong letter, as a whole name may: nobody means Morrow County by Mordor.
        let isAllThereIs = query.words.count == 1 && word.count < 7
        let allowed = word.count > 2 ? isAllThereIs ? 1 : max(1, max(word.count, range.count) / 3) : 0
        guard abs(word.count - range.count) <= allowed,
          other.letters.differences(from: query.wordLetters[index]) <= 2 * allowed
        else { continue }
        if let distance = distances.between(word, bytes[range], atMost: allowed) { best = min(best, distance) }
        if best == 0 { break }
      }
      if best == Int.max { return nil }
      total += best
    }
    return total
  }
}

/// Which letters and digits a word has: tells at once that two words are far apart.
private struct LetterSet {
  private var bits: UInt64 = 0

  init() {}

  init(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { bits |= 1 << UInt64(byte & 63) }
  }

  mutating func formUnion(_ other: LetterSet) { bits |= other.bits }

  /// Letters that only one of the two has: an edit makes at most two.
  func differences(from other: LetterSet) -> Int { (bits ^ other.bits).nonzeroBitCount }
}

/// Damerau–Levenshtein distances (optimal string alignment): insertions, deletions, replacements, swaps of neighbours.
///
/// Swaps and slips to a neighbouring key cost a little less than other edits, so that the likelier of two names comes
/// first. Keeps its rows from call to call.
struct EditDistances {
  private var beforePrevious: [Int] = []
  private var previous: [Int] = []
  private var current: [Int] = []

  /// The distance in units of ``NameIndex/edit`` (less where edits are likely ones); nil when it is more than `most`
  /// edits.
  mutating func between(_ lhs: ArraySlice<UInt8>, _ rhs: ArraySlice<UInt8>, atMost most: Int) -> Int? {
    let limit = most * NameIndex.edit
    if lhs.isEmpty || rhs.isEmpty {
      let distance = max(lhs.count, rhs.count) * NameIndex.edit
      return distance <= limit ? distance : nil
    }
    let width = rhs.count + 1
    if current.count < width {
      beforePrevious = [Int](repeating: 0, count: width)
      previous = beforePrevious
      current = beforePrevious
    }
    for column in 0..<width { previous[column] = column * NameIndex.edit }
    for row in 1...lhs.count {
      let letter = lhs[lhs.startIndex + row - 1]
      current[0] = row * NameIndex.edit
      var least = current[0]
      for column in 1..<width {
        let other = rhs[rhs.startIndex + column - 1]
        let replaced = previous[column - 1] + Self.cost(of: letter, for: other)
        var best = min(previous[column] + NameIndex.edit, current[column - 1] + NameIndex.edit, replaced)
        if row > 1, column > 1, letter == rhs[rhs.startIndex + column - 2],
          lhs[lhs.startIndex + row - 2] == other, letter != other
        {
          best = min(best, beforePrevious[column - 2] + NameIndex.edit - 1)
        }
        current[column] = best
        least = min(least, best)
      }
      if least > limit { return nil }
      (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[rhs.count] <= limit ? previous[rhs.count] : nil
  }

  private static func cost(of letter: UInt8, for other: UInt8) -> Int {
    letter == other ? 0 : areNeighbours(letter, other) ? NameIndex.edit - 1 : NameIndex.edit
  }

  /// Whether two letters are next to each other on a keyboard (of English, Spanish and French, alike in this).
  private static func areNeighbours(_ one: UInt8, _ other: UInt8) -> Bool {
    guard let (row, column) = place(of: one), let (otherRow, otherColumn) = place(of: other) else { return false }
    // Each row of keys stands half a key to the right of the one above.
    let shift = otherColumn - column
    switch otherRow - row {
    case 0: return abs(shift) == 1
    case 1: return shift == -1 || shift == 0
    case -1: return shift == 0 || shift == 1
    default: return false
    }
  }

  private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0.utf8) }

  private static let places: [(Int, Int)?] = (UInt8.min...UInt8.max).map { byte in
    for (row, keys) in rows.enumerated() {
      if let column = keys.firstIndex(of: byte) { return (row, column) }
    }
    return nil
  }

  private static func place(of byte: UInt8) -> (Int, Int)? { places[Int(byte)] }
}
