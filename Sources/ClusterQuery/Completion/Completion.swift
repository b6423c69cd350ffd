public import CQSource

/// What may stand at one place of a text: the answer of ``Completer``.
public struct Completion: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case code, column, dataset, file, folder, function, indicator, keyword, level, measure, member, name, slot, table
    case value, verb
  }

  /// One way to go on.
  public struct Candidate: Sendable, Equatable {
    /// Stands for ``Completion/span`` when it is chosen.
    public var text: String
    /// What follows where this is the only candidate: `:`, `(`, a closing quote, a blank.
    public var suffix: String
    public var kind: Kind
    /// What it is, in a few words: code and level of a member, the sentence of a verb.
    public var note: String

    public init(_ text: String, suffix: String = "", kind: Kind, note: String = "") {
      self.text = text
      self.suffix = suffix
      self.kind = kind
      self.note = note
    }
  }

  /// What a candidate replaces, as UTF-8 offsets of the text that was asked about.
  public var span: TextSpan
  /// Best first.
  public var candidates: [Candidate]
  /// How many more there are.
  public var omittedCount: Int
  /// How the call or the verb around the place is used: `lq(of:employment, among:all, by:, in:, year:, …)`.
  public var hint: String?

  public init(span: TextSpan, candidates: [Candidate] = [], omittedCount: Int = 0, hint: String? = nil) {
    self.span = span
    self.candidates = candidates
    self.omittedCount = omittedCount
    self.hint = hint
  }

  /// The longest beginning that all candidates share; nil where some were left out.
  public var commonText: String? {
    guard omittedCount == 0, let first = candidates.first else { return nil }
    return candidates.dropFirst().reduce(first.text) { common, candidate in
      String(zip(common, candidate.text).prefix { $0 == $1 }.map(\.0))
    }
  }
}

/// Which of some words a beginning may become: those that begin with it; where there are none, those with a part
/// (`gdp` of `real_gdp`) that does; where there are none, those that have it anywhere. Each once: the first of a name wins.
struct WordMatcher {
  private let typed: String
  private let fold: (String) -> String

  init(_ typed: String, fold: @escaping (String) -> String) {
    self.typed = fold(typed)
    self.fold = fold
  }

  var isEmpty: Bool { typed.isEmpty }

  func matches(_ candidates: [Completion.Candidate]) -> [Completion.Candidate] {
    var seen: Set<String> = []
    let candidates = candidates.filter { seen.insert($0.text).inserted }
    if typed.isEmpty { return candidates }
    var ranked: [[Completion.Candidate]] = [[], [], []]
    for candidate in candidates {
      let text = fold(candidate.text)
      if text.hasPrefix(typed) {
        ranked[0].append(candidate)
      } else if text.contains(" " + typed) {
        ranked[1].append(candidate)
      } else if typed.utf8.count > 1, text.contains(typed) {
        ranked[2].append(candidate)
      }
    }
    return ranked.first { !$0.isEmpty } ?? []
  }
}
