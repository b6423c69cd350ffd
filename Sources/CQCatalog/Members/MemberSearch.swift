import CQColumns

/// Finds members by the beginnings of the words of their names, whatever their case and accents.
///
/// The folded names of all members lie one after the other in one array, each word behind a blank, so that a search is a
/// scan: about a nanosecond per byte and word.
package struct MemberSearch: Sendable {
  package struct Match: Sendable, Equatable {
    package var position: Int
    /// 0 the code or the whole name, 1 the beginning of the name, 2 words of the name, 3 words of the code and other
    /// names, 4 parts of words.
    package var rank: Int
  }

  private var bytes: [UInt8] = []
  /// Where the record of each member begins; one more at the end.
  private var starts: [Int] = [0]
  /// Where the official name of each member ends.
  private var nameEnds: [Int] = []

  init(_ members: [Member]) {
    starts.reserveCapacity(members.count + 1)
    nameEnds.reserveCapacity(members.count)
    for member in members {
      add(member.name)
      nameEnds.append(bytes.count)
      for name in [member.code, member.abbreviation] + member.aliases where !name.isEmpty { add(name) }
      starts.append(bytes.count)
    }
  }

  /// ORDER: a line end closes each name, so that a whole name can be told from the beginning of one.
  private mutating func add(_ name: String) {
    bytes.append(0x20)
    appendFolded(name, to: &bytes)
    bytes.append(0x0A)
  }

  /// The members that have every word of `text`, in their own order.
  ///
  /// - Returns: Matches at the beginnings of words; where there are none, matches inside them.
  /// - Complexity: O(bytes of all names × words).
  package func matches(_ text: String) -> [Match] {
    let folded = fold(text)
    let words = folded.split(separator: " ").map { Array($0.utf8) }
    if words.isEmpty { return nameEnds.indices.map { Match(position: $0, rank: 2) } }
    let begun = matches(words, whole: Array(folded.utf8), atWordStarts: true)
    return begun.isEmpty && folded.utf8.count > 1 ? matches(words, whole: [], atWordStarts: false) : begun
  }

  private func matches(_ words: [[UInt8]], whole: [UInt8], atWordStarts: Bool) -> [Match] {
    let needles = words.map { atWordStarts ? [0x20] + $0 : $0 }
    let span = bytes.span
    var found: [Match] = []
    for position in nameEnds.indices {
      let (start, nameEnd, end) = (starts[position], nameEnds[position], starts[position + 1])
      guard needles.allSatisfy({ Self.holds(span, start, end, $0) }) else { continue }
      guard atWordStarts else {
        found.append(Match(position: position, rank: 4))
        continue
      }
      let rank: Int
      if Self.isName(span, start, end, whole) {
        rank = 0
      } else if Self.begins(span, start + 1, nameEnd, whole) {
        rank = 1
      } else {
        rank = needles.allSatisfy { Self.holds(span, start, nameEnd, $0) } ? 2 : 3
      }
      found.append(Match(position: position, rank: rank))
    }
    return found
  }

  private static func holds(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ needle: [UInt8]) -> Bool {
    let first = needle[0]
    var index = start
    while index + needle.count <= end {
      if bytes[index] == first, begins(bytes, index, end, needle) { return true }
      index += 1
    }
    return false
  }

  private static func begins(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ needle: [UInt8]) -> Bool {
    guard start + needle.count <= end else { return false }
    for offset in needle.indices where bytes[start + offset] != needle[offset] { return false }
    return true
  }

  /// Whether one of the names between `start` and `end` is `whole`.
  private static func isName(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ whole: [UInt8]) -> Bool {
    var index = start
    while index < end {
      var close = index
      while bytes[close] != 0x0A { close += 1 }
      if close - index - 1 == whole.count, begins(bytes, index + 1, close, whole) { return true }
      index = close + 1
    }
    return false
  }
}
