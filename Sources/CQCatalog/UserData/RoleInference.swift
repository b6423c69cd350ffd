import CQColumns

/// Finds out which columns of a file name places, activities and periods, and which are measures, where the user does
/// not say: by the words that files use for them, and by whether most of their values are members.
struct RoleInference {
  let catalog: Catalog
  let table: FileTable
  let countries: [String]

  /// `mapping` with a key for each dimension that it has none of, and measures where it names none.
  func completed(_ mapping: DatasetMapping) -> DatasetMapping {
    var mapping = mapping
    if mapping.key(.period).isEmpty, let key = firstKey(mapping, periodRole) { mapping.keys.append(key) }
    if mapping.key(.region).isEmpty {
      // A country beside finer places is none of the places themselves.
      let finer = firstKey(mapping) { column in placeRole(column).flatMap { $0 == .level(.country) ? nil : $0 } }
      if let key = finer ?? firstKey(mapping, placeRole) { mapping.keys.append(key) }
      // A state beside counties tells those of one name apart.
      switch mapping.key(.region).first?.role {
      case .level(.county):
        if let key = firstKey(mapping, stateRole) { mapping.keys.append(key) }
      // Three digits name a county only behind those of its state.
      case .level(.state):
        if let key = firstKey(mapping, partOfCountyRole) { mapping.keys.append(key) }
      default: break
      }
    }
    // A country beside places tells those of one code apart.
    if mapping.key(.region).allSatisfy({ $0.role != .level(.country) }), let key = firstKey(mapping, countryRole) {
      mapping.keys.append(key)
    }
    if mapping.key(.activity).isEmpty, let key = firstKey(mapping, activityRole) { mapping.keys.append(key) }
    if mapping.measures.isEmpty {
      for column in table.columns where isMeasure(column) && !isUsed(column.name, mapping) {
        mapping.measures.append(DatasetMapping.MeasureColumn(name: measureName(column), column: column.name))
      }
    }
    return mapping
  }

  private func isUsed(_ column: String, _ mapping: DatasetMapping) -> Bool {
    mapping.keys.contains { $0.source == .column(column) } || mapping.measures.contains { $0.column == column }
  }

  private func firstKey(
    _ mapping: DatasetMapping, _ role: (FileTable.Column) -> DatasetMapping.Role?
  ) -> DatasetMapping.Key? {
    for column in table.columns where !isUsed(column.name, mapping) {
      if let role = role(column) { return DatasetMapping.Key(role: role, source: .column(column.name)) }
    }
    return nil
  }

  /// Words for numbers that are no amounts.
  private static let codeWords: Set<String> = [
    "code", "codigo", "cod", "id", "clave", "cve", "fips", "geoid", "naics", "scian", "clee", "latitud", "latitude",
    "longitud", "longitude", "lat", "lon", "vector", "coordinate", "decimals", "index", "month", "mes",
  ]

  /// Numbers that are not all blank and, by their name, no codes.
  private func isMeasure(_ column: FileTable.Column) -> Bool {
    guard column.isNumeric,
      !fold(column.name).split(separator: " ").contains(where: { Self.codeWords.contains("\($0)") })
    else { return false }
    guard let states = column.states else { return true }
    return (0..<states.count).contains { states[$0] != CellState.missing.rawValue }
  }

  private static let employmentWords: Set<String> = [
    "jobs", "emp", "employees", "empleo", "empleos", "personal ocupado", "emplois", "emplvl", "annual avg emplvl",
  ]

  /// The name of the column, and `employment` for what files call it.
  private func measureName(_ column: FileTable.Column) -> String {
    let isAlone = !table.columns.contains { fold($0.name) == "employment" }
    if isAlone, Self.employmentWords.contains(fold(column.name)),
      table.columns.first(where: { Self.employmentWords.contains(fold($0.name)) })?.name == column.name
    {
      return "employment"
    }
    return Self.identifier(column.name)
  }

  /// A name that the language takes: letters, digits and `_`.
  static func identifier(_ name: String) -> String {
    let words = fold(name).split(separator: " ").joined(separator: "_")
    guard let first = words.utf8.first, first &- 0x30 > 9 else { return "value_\(words)" }
    return words
  }

  // MARK: - What the columns are

  private static let dateWords: Set<String> = ["date", "fecha", "time", "period", "month", "mes", "mois"]
  private static let quarterWords: Set<String> = ["quarter", "qtr", "trimestre", "quartal"]

  private func periodRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    let name = fold(column.name)
    guard
      PeriodMatching.yearWords.contains(name) || Self.dateWords.contains(name) || Self.quarterWords.contains(name)
    else { return nil }
    let sample = sample(column)
    if !sample.isEmpty, sample.allSatisfy({ PeriodMatching.isMonth($0) }) { return .level(.month) }
    if sample.allSatisfy({ PeriodMatching.quarter($0) != nil }), !sample.isEmpty { return .level(.quarter) }
    return isMostly(sample, isNamed: true) { PeriodMatching.year($0) != nil } ? .level(.year) : nil
  }

  private static let placeWords: [String: Level] = [
    "fips": .county, "county fips": .county, "geoid": .county, "cve mun": .county, "county code": .county,
    "area fips": .county, "mun": .county, "cbsa": .metro, "msa": .metro, "zona metropolitana": .metro, "st": .state,
    "state fips": .state, "state code": .state, "statefips": .state, "cve ent": .state, "ent": .state,
    "estado": .state, "province code": .state, "pais": .country, "pays": .country, "economy": .country,
    "state name": .state, "county name": .county, "metro area": .metro, "metropolitan area": .metro,
    "geo": .state, "region": .state, "area": .state, "place": .state, "geofips": .county, "geoname": .county,
    "fipstate": .state, "statefp": .state, "fipscty": .county, "countyfp": .county, "county ansi": .county,
    "cvegeo": .county, "entidad federativa": .state, "geographic area name": .county,
  ]

  private func placeRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    let named = Level(word: column.name) ?? Self.placeWords[fold(column.name)]
    guard named?.dimension ?? .region == .region else { return nil }
    // Numbers without a word for places may be anything.
    if named == nil, column.isNumeric { return nil }
    let sample = sample(column)
    let matching = PlaceMatching(catalog: catalog, countries: countries)
    let others: [Level] = [.county, .state, .metro, .country].filter { $0 != named }
    let order: [Level] = (named.map { [$0] } ?? []) + others
    for level in order
    where isMostly(sample, isNamed: level == named, { !matching.candidates($0, level: level).isEmpty }) {
      // The country among its states is their total.
      let others = sample.filter { matching.candidates($0, level: level).isEmpty }
      let areTotals = others.allSatisfy { !matching.candidates($0, level: .country).isEmpty }
      return others.isEmpty || !areTotals ? .level(level) : .region
    }
    let isPlace = { text in Level.places.contains { !matching.candidates(text, level: $0).isEmpty } }
    return named != nil && isMostly(sample, isNamed: true, isPlace) ? .region : nil
  }

  private func stateRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    guard (Level(word: column.name) ?? Self.placeWords[fold(column.name)]) == .state else { return nil }
    let matching = PlaceMatching(catalog: catalog, countries: countries)
    return isMostly(sample(column), isNamed: true) { !matching.candidates($0, level: .state).isEmpty }
      ? .level(.state) : nil
  }

  private func partOfCountyRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    guard (Level(word: column.name) ?? Self.placeWords[fold(column.name)]) == .county else { return nil }
    let isPart = { (text: String) in text.utf8.count <= 3 && text.utf8.allSatisfy { $0 &- 0x30 <= 9 } }
    let sample = sample(column)
    return !sample.isEmpty && sample.allSatisfy(isPart) ? .level(.county) : nil
  }

  private func countryRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    guard !column.isNumeric, (Level(word: column.name) ?? Self.placeWords[fold(column.name)]) == .country else {
      return nil
    }
    let matching = PlaceMatching(catalog: catalog, countries: countries)
    return isMostly(sample(column), isNamed: true) { !matching.candidates($0, level: .country).isEmpty }
      ? .level(.country) : nil
  }

  private static let activityWords: Set<String> = [
    "naics", "scian", "industry", "industry code", "naics code", "sector", "activity", "activity code", "hs", "hs code",
    "product", "product code", "industria", "actividad", "codigo scian", "cluster name", "cluster code", "code",
    "codigo", "industrie", "commodity", "codigo act", "codigo actividad",
  ]

  private func activityRole(_ column: FileTable.Column) -> DatasetMapping.Role? {
    let name = fold(column.name)
    let level = Level(word: column.name).flatMap { $0.dimension == .activity ? $0 : nil }
    guard level != nil || Self.activityWords.contains(name) || name.contains("naics") || name.contains("scian") else {
      return nil
    }
    let sample = sample(column)
    for asked in level.map({ [$0, nil] }) ?? [nil] as [Level?] {
      for scheme in ActivityMatching.schemes(with: asked, country: countries.first) {
        let matching = ActivityMatching(catalog: catalog, scheme: scheme, level: asked)
        let vintages: [Int?] = catalog.vintages(of: scheme).isEmpty ? [nil] : catalog.vintages(of: scheme).map { $0 }
        for vintage in vintages.reversed() {
          guard let tree = catalog.tree(scheme: scheme, vintage: vintage) else { continue }
          if isMostly(sample, isNamed: true, { matching.code($0, in: tree) != nil }) {
            return asked.map { .level($0) } ?? .activity
          }
        }
      }
    }
    return nil
  }

  // MARK: - Samples

  private static let sampleSize = 200

  /// Some different values from all over the column.
  private func sample(_ column: FileTable.Column) -> [String] {
    let step = max(1, table.rowCount / (Self.sampleSize * 4))
    var values: Set<String> = []
    var row = 0
    while row < table.rowCount, values.count < Self.sampleSize {
      let text = column.text(at: row).trimmed
      if !text.isEmpty { values.insert(text) }
      row += step
    }
    return values.sorted()
  }

  /// Whether four of five values, or half of them where the name of the column says what they are, pass a test.
  private func isMostly(_ sample: [String], isNamed: Bool, _ test: (String) -> Bool) -> Bool {
    // Most columns are nothing of the kind: that is seen after a few values.
    var left = isNamed ? sample.count / 2 : sample.count / 5
    for text in sample where !test(text) {
      if left == 0 { return false }
      left -= 1
    }
    return !sample.isEmpty
  }
}
