/// How the codes of one classification are shared among the codes of another.
///
/// The parts of a code add up to 1, so that totals are kept: what a code has goes somewhere, and nowhere twice.
///
/// - Source: Pierce and Schott (2012), *Journal of Economic and Social Measurement* 37: 61–96, for concordances; where nothing
///   says how a code is shared, equal parts are an assumption and not an estimate.
package struct Concordance: Sendable {
  package struct Link: Sendable, Equatable {
    package var from: String
    package var to: String
    /// How much the pair counts among those of its code; nil where nothing says so.
    package var weight: Double?

    package init(_ from: String, _ to: String, _ weight: Double? = nil) {
      self.from = from
      self.to = to
      self.weight = weight
    }

    package var reversed: Link { Link(to, from, weight) }
  }

  package struct Share: Sendable, Equatable {
    package var code: String
    package var part: Double
  }

  /// How a code was found among those that have links.
  package enum Match: Int, Sendable, Comparable {
    case exact
    /// The code is a group: the mean of the codes in it.
    case group
    /// The links know a broader code only, and it stands for this one.
    case broader

    package static func < (lhs: Match, rhs: Match) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  /// Stands for what belongs to no code of the other classification, as a target of links and as a code of results.
  package static let unmatched = "unmatched"

  /// By code; of each the parts add up to 1.
  package let shares: [String: [Share]]
  private let sources: [String]
  /// Of all codes, where they are equally long.
  private let length: Int?

  /// - Parameters:
  ///   - links: A pair named twice counts with the sum of its weights, or once where it has none. A weight that is not above 0 is
  ///     no link, unless no link of the code has a weight above 0: then they count equally.
  ///   - sizes: Of target codes: a code is shared in proportion to them, in place of weights; equally where none of its targets
  ///     has a size.
  /// - Complexity: O(links · log links).
  package init(_ links: [Link], sizes: [String: Double]? = nil) {
    var weights: [String: [String: Double]] = [:]
    var order: [String: [String]] = [:]
    for link in links where !link.from.isEmpty && !link.to.isEmpty {
      if weights[link.from]?[link.to] == nil { order[link.from, default: []].append(link.to) }
      if let weight = link.weight {
        weights[link.from, default: [:]][link.to, default: 0] += max(0, weight)
      } else {
        weights[link.from, default: [:]][link.to] = 1
      }
    }
    var shares: [String: [Share]] = [:]
    for (from, unordered) in order {
      let targets = unordered.sorted()
      let given = sizes ?? weights[from] ?? [:]
      var parts = targets.map { max(0, given[$0] ?? 0) }
      var total = parts.reduce(0, +)
      if !(total > 0) {
        parts = targets.map { _ in 1 }
        total = Double(targets.count)
      }
      shares[from] = zip(targets, parts).compactMap { $1 > 0 ? Share(code: $0, part: $1 / total) : nil }
    }
    self.shares = shares
    sources = shares.keys.sorted()
    let lengths = Set(sources.map(\.count))
    length = lengths.count == 1 ? lengths.first : nil
  }

  /// What the code is shared among; nil where the links know nothing of it, of a code in it, or of one that it is in.
  ///
  /// Six-digit codes that lost their leading zero (10121 for 010121) get it back.
  package func shares(of code: String) -> (shares: [Share], match: Match)? {
    if let found = shares[code] { return (found, .exact) }
    if length == 6, code.count == 5, let found = shares["0" + code] { return (found, .exact) }
    let members = members(of: code)
    if !members.isEmpty {
      var sums: [String: Double] = [:]
      for member in members { for share in shares[member] ?? [] { sums[share.code, default: 0] += share.part } }
      return (
        sums.map { Share(code: $0, part: $1 / Double(members.count)) }.sorted { $0.code < $1.code }, .group
      )
    }
    var broader = code.dropLast()
    while broader.count >= 2 {
      if let found = shares[String(broader)] { return (found, .broader) }
      broader = broader.dropLast()
    }
    return nil
  }

  /// The codes with links that begin with `code`; of an X at the end of it (31131X) any digits; of 31-33 its sectors.
  private func members(of code: String) -> ArraySlice<String> {
    if code.contains("-") { return sources.filter { KernelInput.holds(code, $0) }[...] }
    let prefix = code.hasSuffix("X") ? String(code.prefix { $0 != "X" }) : code
    guard !prefix.isEmpty else { return [] }
    var (low, high) = (0, sources.count)
    while low < high {
      let middle = (low + high) / 2
      if sources[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < sources.count, sources[end].hasPrefix(prefix) { end += 1 }
    return sources[low..<end]
  }
}

/// Concordances one after the other, such as NAICS 2007 → 2012 → 2017 → ISIC.
package struct ConcordanceChain: Sendable {
  package struct Distribution: Sendable, Equatable {
    /// In the last classification; with ``unmatched`` they add up to 1.
    package var shares: [Concordance.Share]
    /// What some step knows nothing of.
    package var unmatched: Double
    /// The loosest match on the way.
    package var match: Concordance.Match
  }

  package var steps: [Concordance]

  package init(_ steps: [Concordance]) { self.steps = steps }

  package func distribution(of code: String) -> Distribution {
    var current = [Concordance.Share(code: code, part: 1)]
    var (unmatched, match) = (0.0, Concordance.Match.exact)
    for step in steps {
      var next: [String: Double] = [:]
      for share in current {
        guard let found = step.shares(of: share.code) else {
          unmatched += share.part
          continue
        }
        match = max(match, found.match)
        for target in found.shares { next[target.code, default: 0] += share.part * target.part }
      }
      unmatched += next.removeValue(forKey: Concordance.unmatched) ?? 0
      current = next.map { Concordance.Share(code: $0, part: $1) }.sorted { $0.code < $1.code }
    }
    return Distribution(shares: current, unmatched: unmatched, match: match)
  }
}
