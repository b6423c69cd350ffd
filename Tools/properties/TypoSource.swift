/// Single-edit typos as people make them: a key too many, one too few, a wrong one, two in the wrong order.
struct TypoSource {
  private var random: UInt64

  init(seed: UInt64) { random = seed }

  /// SplitMix64, so that a failure can be seen again.
  private mutating func next(below count: Int) -> Int {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, count)))
  }

  mutating func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[next(below: values.count)] }

  private static let letters = Array("abcdefghijklmnopqrstuvwxyz")
  private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0) }

  /// A key next to that of `letter`, the letter itself, or any letter at all: half of all slips are of the first kind.
  private mutating func key(near letter: Character) -> Character {
    let lower = Character(letter.lowercased())
    if next(below: 10) < 6 {
      for row in Self.rows {
        guard let column = row.firstIndex(of: lower) else { continue }
        let near = [column - 1, column + 1].filter { row.indices.contains($0) }.map { row[$0] }
        return pick(near) ?? lower
      }
    }
    return pick(Self.letters) ?? "x"
  }

  /// `name` with one edit in a word that keeps at least four of its letters; nil when this try has none.
  mutating func typo(in name: String) -> String? {
    var letters = Array(name)
    let place = next(below: letters.count)
    guard letters[place].isLetter else { return nil }
    let start = letters[..<place].lastIndex { !$0.isLetter }.map { $0 + 1 } ?? 0
    let end = letters[place...].firstIndex { !$0.isLetter } ?? letters.count
    let kept: Int
    switch next(below: 4) {
    case 0:
      letters.insert(next(below: 4) == 0 ? letters[place] : key(near: letters[place]), at: place)
      kept = end - start
    case 1:
      letters.remove(at: place)
      kept = end - start - 1
    case 2:
      letters[place] = key(near: letters[place])
      kept = end - start - 1
    default:
      guard place + 1 < end else { return nil }
      letters.swapAt(place, place + 1)
      kept = end - start
    }
    return kept >= 4 ? String(letters) : nil
  }

  /// Typos in names picked at random, each with the position of its name.
  mutating func typos(_ count: Int, in names: [String]) -> [(text: String, position: Int)] {
    var typos: [(text: String, position: Int)] = []
    for _ in 0..<count * 100 where typos.count < count {
      let position = next(below: names.count)
      if let text = typo(in: names[position]) { typos.append((text, position)) }
    }
    return typos
  }
}
