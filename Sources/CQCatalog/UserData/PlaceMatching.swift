import CQColumns

/// Which places the values of a column name.
struct PlaceMatching {
  let catalog: Catalog
  /// Countries in the order in which they are likely.
  let countries: [String]
  /// Asked now and then, for columns of many different values; what has come of a request to stop is of no use.
  var isStopped: @Sendable () -> Bool = { false }

  /// The places that `text` may mean at `level`: by code, with or without its leading zeros, by name, abbreviation or
  /// alias.
  ///
  /// Understood are also `0500000US39035`, the census's long form, `39000` for the state of 39, and
  /// `Cuyahoga County, Ohio`.
  func candidates(_ text: String, level: Level) -> [Member] {
    let list = catalog.list(level)
    let text = text.trimmed
    if text.isEmpty { return [] }
    let found = list.find(text)
    if !found.isEmpty { return found }
    let padded = padded(text, level: level)
    return padded.isEmpty ? within(text, level: level) : padded
  }

  /// The places of `Cuyahoga County, Ohio`, which the catalogue calls by the abbreviation of their state.
  private func within(_ text: String, level: Level) -> [Member] {
    guard level == .county, let comma = text.utf8.lastIndex(of: UInt8(ascii: ",")) else { return [] }
    let name = String(text[..<comma]).trimmed
    return catalog.list(.state).find(String(text[text.index(after: comma)...]).trimmed).flatMap { state in
      catalog.list(level).find("\(name), \(state.abbreviation)").filter { $0.parent == state.code }
    }
  }

  /// The places whose code is `text` with the zeros that it has lost: Autauga County for `1001`, which is also a census
  /// division of Canada.
  private func padded(_ text: String, level: Level) -> [Member] {
    let list = catalog.list(level)
    guard let digits = Self.digits(of: text) else { return [] }
    if level == .state, digits.utf8.count == 5, digits.hasSuffix("000") { return list.find(String(digits.prefix(2))) }
    var padded: [Member] = []
    for width in 2...5 where digits.utf8.count < width || (digits.utf8.count == width && digits != text) {
      let code = String(repeating: "0", count: width - digits.utf8.count) + digits
      for country in countries {
        if let member = list.member(code: code, country: country), !padded.contains(member) { padded.append(member) }
      }
    }
    return padded
  }

  /// The digits of a code, or of what follows `US` in the census's long form.
  private static func digits(of text: String) -> String? {
    var bytes = Array(text.utf8)
    if bytes.count > 9,
      let index = bytes.indices.dropLast().first(where: { bytes[$0] == 0x55 && bytes[$0 + 1] == 0x53 })
    {
      bytes = Array(bytes[(index + 2)...])
    }
    guard !bytes.isEmpty, bytes.count <= 5, bytes.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The country that most rows have places in, of equal ones that in which most codes are written in full, then the
  /// likeliest; nil where no value is a place.
  func country(of table: ValueTable, levels: [Level]) -> String? {
    var rows: [String: (all: Int, exact: Int)] = [:]
    for code in table.used {
      if code & 0x3FF == 0x3FF, isStopped() { return nil }
      var exact: Set<String> = []
      var all: Set<String> = []
      for level in levels where level != .country {
        exact.formUnion(candidates(table.values[code], level: level).map(\.country))
        all.formUnion(padded(table.values[code].trimmed, level: level).map(\.country))
      }
      for country in all.union(exact) {
        rows[country, default: (0, 0)].all += table.rowCounts[code]
        if exact.contains(country) { rows[country, default: (0, 0)].exact += table.rowCounts[code] }
      }
    }
    guard let most = rows.values.max(by: { $0 < $1 }) else { return nil }
    let order = countries + ["US", "MX", "CA"]
    let best = rows.filter { $0.value == most }.keys
    return order.first { best.contains($0) } ?? best.sorted().first
  }

  /// The place of each value; nil where there is none, or more than one.
  ///
  /// - Parameter within: State of each row's county, by row, for names that several states have.
  func members(of table: ValueTable, levels: [Level], country: String?) -> [Member?] {
    var isOver = false
    return table.values.indices.map { code in
      if code & 0x3FF == 0x3FF, isStopped() { isOver = true }
      guard table.rowCounts[code] > 0, !isOver else { return nil }
      for level in levels {
        var found = candidates(table.values[code], level: level)
        if level != .country, let country {
          found.removeAll { $0.country != country }
          if found.isEmpty { found = padded(table.values[code].trimmed, level: level).filter { $0.country == country } }
        }
        if found.count == 1 { return found[0] }
        if found.count > 1 { return nil }
      }
      return nil
    }
  }
}

extension String {
  /// Without spaces at its ends.
  var trimmed: String {
    var bytes = utf8[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return bytes.count == utf8.count ? self : String(Substring(bytes))
  }
}
