/// Texts by chance, each from its number alone: valid programs, words in any order, programs with a few bytes changed,
/// bytes that are no words at all.
struct TextGenerator {
  /// What changed programs start from.
  let corpus: [String]

  enum Kind: CaseIterable { case program, soup, mutation, bytes }

  /// Half of all texts are valid programs.
  static func kind(of seed: UInt64) -> Kind {
    switch seed % 8 {
    case 0..<4: .program
    case 4, 5: .mutation
    case 6: .soup
    default: .bytes
    }
  }

  func text(seed: UInt64) -> String {
    var random = SeededGenerator(state: seed)
    return switch Self.kind(of: seed) {
    case .program: RandomProgram.make(seed: seed)
    case .soup: Self.soup(&random)
    case .mutation: mutation(&random)
    case .bytes: Self.bytes(&random)
    }
  }

  static let words = [
    "lq", "by", "in", "state", ":", "=", "==", "(", ")", "[", "]", ",", ";", "|", "|>", "%>%", "..", "??", "+", "-",
    "*",
    "/", "^", "<", ">=", "not", "and", "or", "is", "if", "then", "else", "let", "def", "use", "all", "missing", "NA",
    "select", "from", "group", "where", "top", "5", "5,000", "10k", "5%", "2021Q3", "2021Q9", "'a'", "\"a {", "} b\"",
    "\"x", "}", "{", "`q`", "`", "$h", "$", "_", "_x", ".", "\n", "\n  ", " ", " ", "#c\n", "## d\n", "//", "--", "–",
    "“a”", "é", "@", "\r\n", "\u{A0}", "desc", "edition", "1",
  ]

  static func soup(_ random: inout SeededGenerator) -> String {
    let count = Int.random(in: 1...40, using: &random)
    let isSpaced = Bool.random(using: &random)
    let words = (0..<count).map { _ in Self.words.randomElement(using: &random) ?? "" }
    return words.joined(separator: isSpaced ? " " : "")
  }

  func mutation(_ random: inout SeededGenerator) -> String {
    let signs = Array("()[]{}|,:=\"'`.;#+-$%_ \n\\0aZ".utf8)
    var bytes = Array((corpus.randomElement(using: &random) ?? "").utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.insert(signs.randomElement(using: &random) ?? 0, at: place)
      case 1: if place < bytes.count { bytes.remove(at: place) }
      case 2: bytes.insert(contentsOf: " \(Self.words.randomElement(using: &random) ?? "") ".utf8, at: place)
      case 3:
        let end = min(bytes.count, place + Int.random(in: 0...30, using: &random))
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
      default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func bytes(_ random: inout SeededGenerator) -> String {
    let count = Int.random(in: 0...60, using: &random)
    return String(decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
  }
}
