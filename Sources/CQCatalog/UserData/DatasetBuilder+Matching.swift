import CQColumns

// From values to members: places, activities, periods.

extension DatasetBuilder {
  struct Places {
    /// Codes of the places, in the order of `members`.
    var members: [Member] = []
    /// Index into `members` of each row, -1 for none.
    var ofRow = RowLookup(all: -1)
    var country: String
    var usage: [Usage] = []
  }

  func matchedPlaces() throws(DatasetProblem) -> Places {
    let keys = mapping.key(.region).sorted { rank($0) < rank($1) }
    // The finest says where a row belongs; a state beside it tells counties of one name apart.
    guard let finest = keys.last else { throw DatasetProblem(.incomplete, "no places") }
    let values = values(of: finest.source)
    let matching = PlaceMatching(catalog: catalog, countries: countries, isStopped: isStopped)
    let levels = levels(of: finest.role)
    // A country beside the places says which of them a code means: 01 is Alabama and Aguascalientes.
    let said = try keys.dropLast().first { $0.role == .level(.country) }.map { key throws(DatasetProblem) in
      try countries(key, matching)
    }
    let country = mapping.country ?? said?.usual(countries) ?? matching.country(of: values, levels: levels)
    if let context = keys.dropLast().last(where: { $0.role == .level(.state) }) {
      let places = try placesWithin(context, finest, values, matching, country)
      return try said.map { said throws(DatasetProblem) in try restricted(places, to: said, values, finest) } ?? places
    }
    let found = matching.members(of: values, levels: levels, country: country)
    // Places of other countries, by the value that names them.
    var elsewhere: [Int: String] = [:]
    for code in values.used where found[code] == nil && !isStopped() {
      let others = Set(levels.flatMap { matching.candidates(values.values[code], level: $0) }.map(\.country))
      if let other = others.sorted().first { elsewhere[code] = other }
    }
    var usage = usage(
      finest, values, use: finest.role.word, singular: levels.count == 1 ? levels[0].singular : "place",
      isMatched: { found[$0] != nil }, isElsewhere: { elsewhere[$0] != nil },
      guess: { catalog.suggest($0, levels: levels, limit: 1).first?.name })
    try check()
    try requireMatches(usage, helps: ambiguityHelp(values, levels, country, matching))
    for (code, other) in elsewhere { usage.elsewhere[other, default: 0] += values.rowCounts[code] }
    var places = Places(country: country ?? "", usage: [usage])
    var codes = [Int32](repeating: -1, count: values.values.count)
    var known: [Member: Int32] = [:]
    for code in values.used {
      guard let member = found[code] else { continue }
      codes[code] = known[member] ?? Int32(places.members.count)
      if known[member] == nil {
        known[member] = Int32(places.members.count)
        places.members.append(member)
      }
    }
    places.ofRow = values.lookup.mapped { codes[Int($0)] }
    if let said, finest.role != .level(.country) { places = try restricted(places, to: said, values, finest) }
    return settled(places)
  }

  /// A dataset of countries alone is the world's, unless there is only one.
  private func settled(_ places: Places) -> Places {
    var places = places
    if places.members.allSatisfy({ $0.level == .country }) {
      places.country = places.members.count == 1 ? places.members[0].code : "world"
    }
    return places
  }

  /// What a column of countries says beside one of finer places.
  private struct SaidCountries {
    var usage: Usage
    /// Code of the country of each value; nil where it names none.
    var codes: [String?]
    var values: ValueTable

    /// The country of most rows, of several the likeliest, then the first by its code.
    func usual(_ likely: [String]) -> String? {
      var rows: [String: Int] = [:]
      for value in values.used { if let code = codes[value] { rows[code, default: 0] += values.rowCounts[value] } }
      func rank(_ code: String) -> Int { likely.firstIndex(of: code) ?? likely.count }
      return rows.min { (-$0.value, rank($0.key), $0.key) < (-$1.value, rank($1.key), $1.key) }?.key
    }
  }

  private func countries(_ key: DatasetMapping.Key, _ matching: PlaceMatching) throws(DatasetProblem) -> SaidCountries {
    let values = values(of: key.source)
    let found = matching.members(of: values, levels: [.country], country: nil)
    let usage = usage(
      key, values, use: key.role.word, singular: "country", isMatched: { found[$0] != nil },
      guess: { catalog.suggest($0, levels: [.country], limit: 1).first?.name })
    try requireMatches(usage)
    return SaidCountries(usage: usage, codes: found.map { $0?.code }, values: values)
  }

  /// The places without those of rows that another column says to lie in other countries.
  private func restricted(
    _ places: Places, to said: SaidCountries, _ values: ValueTable, _ key: DatasetMapping.Key
  ) throws(DatasetProblem) -> Places {
    var places = places
    let isOwn = said.values.lookup.mapped { said.codes[Int($0)] == places.country ? 0 : -1 }
    places.ofRow = RowLookup(rowCount: table.rowCount, threads: threads, places.ofRow, isOwn) { $1 < 0 ? -1 : $0 }
    guard var usage = places.usage.popLast() else { return places }
    usage.elsewhere = [:]
    for value in said.values.used {
      if let code = said.codes[value], code != places.country {
        usage.elsewhere[code, default: 0] += said.values.rowCounts[value]
      }
    }
    usage.unmatched = places.ofRow.negativeCount(table.rowCount, threads: threads)
    usage.matched = table.rowCount - usage.unmatched
    // Examples are of rows that should have matched.
    usage.examples = []
    if usage.unmatched > usage.elsewhere.values.reduce(0, +) {
      var seen: Set<Int32> = []
      RowLookup.read(places.ofRow, values.lookup, isOwn, 0..<table.rowCount) { row, place, value, own in
        guard place < 0, own == 0, usage.examples.count < Self.namedExamples, seen.insert(value).inserted else {
          return
        }
        let text = values.values[Int(value)]
        let guess = catalog.suggest(text, levels: levels(of: key.role), limit: 1).first?.name ?? ""
        usage.examples.append((text, row, fold(guess) == fold(text) ? "" : guess))
      }
    }
    places.usage += [usage]
    places.usage.insert(said.usage, at: 0)
    try requireMatches(usage)
    return places
  }

  private func rank(_ key: DatasetMapping.Key) -> Int {
    if case .level(let level) = key.role { return Level.places.firstIndex(of: level) ?? 0 }
    // Places of any level are finer than the country beside them.
    return Level.places.count
  }

  private func levels(of role: DatasetMapping.Role) -> [Level] {
    if case .level(let level) = role { return [level] }
    return Level.places
  }

  private func ambiguityHelp(
    _ values: ValueTable, _ levels: [Level], _ country: String?, _ matching: PlaceMatching
  ) -> [String] {
    guard let first = values.used.first else { return [] }
    let found = levels.flatMap { matching.candidates(values.values[first], level: $0) }
    let names = Set(found.map(\.country))
    if found.count > 1, names.count == 1, levels == [.county] {
      return ["several counties have this name: name the column of their states as well, state:COLUMN"]
    }
    return []
  }

  /// Counties, metros or areas whose state another column names.
  private func placesWithin(
    _ context: DatasetMapping.Key, _ key: DatasetMapping.Key, _ values: ValueTable, _ matching: PlaceMatching,
    _ country: String?
  ) throws(DatasetProblem) -> Places {
    let stateValues = self.values(of: context.source)
    let country = mapping.country ?? matching.country(of: stateValues, levels: [.state]) ?? country
    let states = matching.members(of: stateValues, levels: [.state], country: country)
    guard case .level(let level) = key.role else { throw DatasetProblem(.incomplete, "no places") }
    let stateUsage = usage(
      context, stateValues, use: "state", singular: "state", isMatched: { states[$0] != nil },
      guess: { catalog.suggest($0, levels: [.state], limit: 1).first?.name })
    try requireMatches(stateUsage)
    var places = Places(country: country ?? "")
    var known: [Member: Int32] = [:]
    // By state and value; -2 for pairs that no row has had.
    var pairs = [Int32](repeating: -2, count: stateValues.values.count * values.values.count)
    var unknown: [Int: Int] = [:]
    let numbers = unsafe ColumnBuffer<Int32>(count: table.rowCount) { buffer in
      RowLookup.read(stateValues.lookup, values.lookup, 0..<table.rowCount) { row, stateCode, code in
        let pair = Int(stateCode) * values.values.count + Int(code)
        if pairs[pair] == -2 {
          let place = states[Int(stateCode)].flatMap { self.place(values.values[Int(code)], level, in: $0, matching) }
          if let place, known[place] == nil {
            known[place] = Int32(places.members.count)
            places.members.append(place)
          }
          pairs[pair] = place.flatMap { known[$0] } ?? -1
        }
        if pairs[pair] < 0, states[Int(stateCode)] != nil { unknown[Int(code), default: 0] += 1 }
        unsafe buffer[row] = pairs[pair]
      }
    }
    places.ofRow = RowLookup(.numbers(numbers), [])
    var usage = usage(
      key, values, use: level.rawValue, singular: level.singular, isMatched: { unknown[$0] == nil },
      guess: { catalog.suggest($0, levels: [level], limit: 1).first?.name })
    usage.unmatched = unknown.values.reduce(0, +)
    usage.matched = table.rowCount - usage.unmatched - stateUsage.unmatched
    try requireMatches(usage)
    places.usage = [stateUsage, usage]
    return places
  }

  private func place(_ text: String, _ level: Level, in state: Member, _ matching: PlaceMatching) -> Member? {
    func isInside(_ member: Member) -> Bool {
      member.country == state.country && (member.parent == state.code || member.states.contains(state.code))
    }
    let found = matching.candidates(text, level: level).filter(isInside)
    if found.count == 1 { return found[0] }
    let list = catalog.list(level)
    if found.isEmpty, let digits = Int(text.trimmed), digits >= 0, digits < 1000 {
      // The three digits behind those of the state.
      let code = state.code + String(repeating: "0", count: 3 - "\(digits)".utf8.count) + "\(digits)"
      if let member = list.member(code: code, country: state.country) { return member }
    }
    let inside = list.members.filter(isInside)
    let key = fold(text)
    let byName = inside.filter { member in
      let name = fold(member.name)
      return name.hasPrefix(key + " ") || name == key
    }
    return byName.count == 1 ? byName[0] : nil
  }

  // MARK: - Periods

  struct Periods {
    /// Code of the period of each row, 0 for none.
    var ofRow = RowLookup(all: 0)
    /// Codes that some row has, ascending.
    var codes: [Int] = []
    var usage: Usage?
  }

  func matchedPeriods() throws(DatasetProblem) -> Periods {
    let keys = mapping.key(.period)
    if let month = keys.first(where: { $0.role == .level(.month) }) {
      throw DatasetProblem(
        .incomplete, "`\(path)` has months, and datasets have years and quarters", subject: month.role.word,
        helps: ["add the months up to years first, and name the column `year:`"])
    }
    guard let yearKey = keys.first(where: { $0.role == .level(.year) }) ?? keys.first else {
      throw DatasetProblem(.incomplete, "no years")
    }
    let quarterKey = keys.first { $0.role == .level(.quarter) }
    let values = values(of: yearKey.source)
    let found = values.values.map { text -> Int in
      if yearKey.role == .level(.quarter) || quarterKey == nil, let quarter = PeriodMatching.quarter(text) {
        return quarter
      }
      return yearKey.role == .level(.year) ? PeriodMatching.year(text) ?? 0 : 0
    }
    let usage = usage(
      yearKey, values, use: yearKey.role.word, singular: yearKey.role.word, isMatched: { found[$0] > 0 },
      guess: { _ in nil })
    try requireMatches(usage)
    var periods = Periods(usage: usage)
    periods.ofRow = values.lookup.mapped { Int32(found[Int($0)]) }
    periods.codes = Set(values.used.map { found[$0] }.filter { $0 > 0 }).sorted()
    if yearKey.role == .level(.year), let quarterKey {
      let quarters = self.values(of: quarterKey.source)
      let numbers = quarters.values.map { PeriodMatching.quarterNumber($0) ?? 0 }
      let quarterUsage = self.usage(
        quarterKey, quarters, use: "quarter", singular: "quarter", isMatched: { numbers[$0] > 0 }, guess: { _ in nil })
      try requireMatches(quarterUsage)
      periods.ofRow = RowLookup(rowCount: table.rowCount, threads: threads, periods.ofRow, quarters.lookup) {
        year, quarter in
        let number = Int32(numbers[Int(quarter)])
        return year > 0 && number > 0 ? year * 10 + number : 0
      }
      periods.codes = periods.ofRow.different(table.rowCount, threads: threads).filter { $0 > 0 }.map { Int($0) }
      if quarterUsage.unmatched > 0 { periods.usage?.unmatched += quarterUsage.unmatched }
    }
    return periods
  }

  // MARK: - Activities

  struct Activities {
    /// Empty for a dataset without activities.
    var scheme = ""
    /// In the order of their depth, then of their codes.
    var codes: [String] = [ActivityTree.rootCode]
    /// Index into `codes` of each row, -1 for none.
    var ofRow = RowLookup(all: 0)
    /// Some column names them; else all rows are of all activities.
    var areNamed: Bool { usage != nil }
    /// Vintage in force by year; nil for classifications without.
    var vintageOfYear: [Int: Int?] = [:]
    var usage: Usage?
  }

  func matchedActivities(_ periods: Periods) throws(DatasetProblem) -> Activities {
    guard let key = mapping.key(.activity).first else { return Activities() }
    if mapping.key(.activity).count > 1 {
      throw DatasetProblem(
        .incomplete, "a row has one activity, and several columns are said to hold it", subject: key.role.word,
        helps: ["name the column of the finest codes alone"])
    }
    var level: Level?
    if case .level(let asked) = key.role { level = asked }
    if level == .subcluster || level == .industry {
      throw DatasetProblem(
        .values, "a dataset of yours can't be by \(level?.singular ?? "")", subject: key.role.word,
        helps: ["use `naics6:` or `cluster:`"])
    }
    let values = values(of: key.source)
    let years = Set(periods.codes.map { Period.year(of: $0) }).sorted()
    var best: (scheme: String, matched: Int, codeOfValue: [Int: [String?]], vintages: [Int: Int?])?
    for scheme in ActivityMatching.schemes(with: level, country: mapping.country ?? countries.first) {
      let matching = ActivityMatching(catalog: catalog, scheme: scheme, level: level)
      let (codes, vintages) = codesByVintage(values, matching, years)
      let matched = values.used.reduce(0) { sum, code in
        codes.values.contains { $0[code] != nil } ? sum + values.rowCounts[code] : sum
      }
      if matched > best?.matched ?? -1 { best = (scheme, matched, codes, vintages) }
      if matched == table.rowCount { break }
    }
    guard let best else { return Activities() }
    let matching = ActivityMatching(catalog: catalog, scheme: best.scheme, level: level)
    let usage = usage(
      key, values, use: key.role.word, singular: level?.singular ?? "activity",
      isMatched: { code in best.codeOfValue.values.contains { $0[code] != nil } },
      guess: { matching.suggestion($0).map { $0.name } })
    try requireMatches(usage, helps: levelHelp(key.role, values, best.scheme))
    var activities = Activities(scheme: best.scheme, vintageOfYear: best.vintages, usage: usage)
    activities.order(best.codeOfValue, depths: depths(best.scheme, Array(best.codeOfValue.keys)))
    let positions = Dictionary(
      activities.codes.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let vintages = best.codeOfValue.keys.sorted()
    let indexes = vintages.map { vintage in
      (best.codeOfValue[vintage] ?? []).map { $0.flatMap { positions[$0] } ?? -1 }
    }
    if indexes.count == 1 {
      activities.ofRow = values.lookup.mapped { indexes[0][Int($0)] }
    } else {
      let vintageOfRow = periods.ofRow.mapped { period in
        let vintage = best.vintages[Period.year(of: Int(period))].flatMap { $0 } ?? 0
        return vintages.firstIndex(of: vintage).map { Int32($0) } ?? -1
      }
      activities.ofRow = RowLookup(rowCount: table.rowCount, threads: threads, vintageOfRow, values.lookup) {
        vintage, value in vintage < 0 ? -1 : indexes[Int(vintage)][Int(value)]
      }
    }
    // Codes that exist in another vintage than that of their year.
    let lost = activities.ofRow.negativeCount(table.rowCount, threads: threads)
    activities.usage?.unmatched = lost
    activities.usage?.matched = table.rowCount - lost
    return activities
  }

  /// The code of each value in each vintage that serves some year (0 for a classification without), and which serves.
  private func codesByVintage(
    _ values: ValueTable, _ matching: ActivityMatching, _ years: [Int]
  ) -> (codes: [Int: [String?]], vintages: [Int: Int?]) {
    let known = catalog.vintages(of: matching.scheme)
    guard !known.isEmpty else {
      guard let tree = catalog.tree(scheme: matching.scheme, vintage: nil) else { return ([:], [:]) }
      let codes = values.values.map { matching.code($0, in: tree) }
      return ([0: codes], Dictionary(uniqueKeysWithValues: years.map { ($0, nil) }))
    }
    var codes: [Int: [String?]] = [:]
    var score: [Int: Int] = [:]
    for vintage in mapping.vintage.map({ [$0] }) ?? known {
      guard let tree = catalog.tree(scheme: matching.scheme, vintage: vintage) else { continue }
      let found = values.values.enumerated().map { number, text in
        number & 0x3FF == 0x3FF && isStopped() ? nil : matching.code(text, in: tree)
      }
      codes[vintage] = found
      score[vintage] = values.used.reduce(0) { found[$1] == nil ? $0 : $0 + values.rowCounts[$1] }
    }
    // One vintage for all years where one has all codes, as in a series that its agency has converted; else that of
    // the year.
    let most = score.values.max() ?? 0
    let complete = codes.keys.filter { score[$0] == most }.sorted()
    let isSeries = most == table.rowCount
    var vintages: [Int: Int?] = [:]
    for year in years {
      let vintageNumbers = codes.keys.sorted()
      let inForce: Int? = vintageNumbers.last { $0 <= year } ?? vintageNumbers.first
      if isSeries {
        let ofSeries: Int? = complete.last { $0 <= (years.last ?? year) } ?? complete.first
        vintages[year] = ofSeries
      } else {
        vintages[year] = inForce
      }
    }
    let used = Set(vintages.values.compactMap { $0 })
    return (codes.filter { used.contains($0.key) }, vintages)
  }

  private func depths(_ scheme: String, _ vintages: [Int]) -> [String: UInt8] {
    var depths: [String: UInt8] = [:]
    for vintage in vintages {
      guard let tree = catalog.tree(scheme: scheme, vintage: vintage == 0 ? nil : vintage) else { continue }
      for (code, depth) in zip(tree.codes, tree.depths) { depths[code] = depth }
    }
    return depths
  }

  private func levelHelp(_ role: DatasetMapping.Role, _ values: ValueTable, _ scheme: String) -> [String] {
    guard case .level = role else { return [] }
    for scheme in ["naics", "hs", "cluster"] {
      let matching = ActivityMatching(catalog: catalog, scheme: scheme, level: nil)
      guard let tree = catalog.tree(scheme: scheme, vintage: catalog.vintages(of: scheme).last) else { continue }
      if values.used.prefix(20).contains(where: { matching.code(values.values[$0], in: tree) != nil }) {
        return ["its codes are of other levels: `activity:` takes codes of any level"]
      }
    }
    return []
  }
}

extension DatasetBuilder.Activities {
  /// The codes that some value has, from coarse to fine.
  fileprivate mutating func order(_ codeOfValue: [Int: [String?]], depths: [String: UInt8]) {
    var used: Set<String> = []
    for codes in codeOfValue.values { for case let code? in codes { used.insert(code) } }
    codes = used.sorted { (depths[$0] ?? 0, $0) < (depths[$1] ?? 0, $1) }
  }
}
