import CQColumns

/// The Economic Census by municipality and activity, with estimates for what is withheld.
struct CensusCells {
  struct Key: Hashable {
    var year: Int
    var municipality: String
    var activity: String
  }

  /// One municipality × activity × census; the amounts follow ``amountColumns``.
  struct Cell {
    var units: Facts.Cell
    var persons: Facts.Cell
    var amounts: [Facts.Cell]
  }

  /// Wages, output, value added, fixed assets and capital formation, in thousand pesos.
  static let amountColumns = [
    "remuneraciones_miles_mxn", "produccion_bruta_miles_mxn", "valor_agregado_miles_mxn", "activos_fijos_miles_mxn",
    "formacion_capital_fijo_miles_mxn",
  ]

  private(set) var cells: [Key: Cell] = [:]

  init(from file: CSVFile, activityColumn: String, code: (String) -> String) throws {
    for row in file.rows {
      let key = try Key(
        year: row.integer("anio_referencia"), municipality: row.text("cvegeo"),
        activity: code(row.text(activityColumn)))
      var amounts: [Facts.Cell] = []
      for column in Self.amountColumns { amounts.append(try Facts.Cell(row.signed(column))) }
      let cell = try Cell(
        units: Facts.Cell(row.signed("unidades_economicas")), persons: Facts.Cell(row.signed("personal_ocupado")),
        amounts: amounts)
      try require(
        cells.updateValue(cell, forKey: key) == nil,
        "\(file.name): two rows for \(key.year), \(key.municipality), \(key.activity)")
    }
  }

  /// Rows with the measures employment, establishments and the amounts.
  var facts: Facts {
    Facts(
      rows: cells.map { key, cell in
        Facts.Row(
          period: key.year, region: key.municipality, activity: key.activity,
          cells: [cell.persons, cell.units] + cell.amounts)
      })
  }

  /// Published persons of a census by activity, or by what `group` makes of it.
  func publishedPersons(_ year: Int, group: (Key) -> String?) -> [String: Double] {
    var sums: [String: Double] = [:]
    for (key, cell) in cells where key.year == year && cell.persons.state == .known {
      if let name = group(key) { sums[name, default: 0] += cell.persons.value }
    }
    return sums
  }

  // MARK: - Estimates

  /// Persons that withheld cells of a census which publishes its units would have at the average size of the published
  /// units of their activity (of their group, where nothing of the activity is published).
  func personsByUnits(_ year: Int, group: (Key) -> String?) -> [Key: Double] {
    var persons: [String: Double] = [:]
    var units: [String: Double] = [:]
    for (key, cell) in cells where key.year == year && cell.persons.state == .known && cell.units.state == .known {
      for name in [key.activity, "group " + (group(key) ?? "")] {
        persons[name, default: 0] += cell.persons.value
        units[name, default: 0] += cell.units.value
      }
    }
    func averageSize(_ name: String) -> Double? {
      guard let count = units[name], count > 0, let sum = persons[name] else { return nil }
      return sum / count
    }
    var result: [Key: Double] = [:]
    for (key, cell) in cells where key.year == year && cell.persons.state == .withheld && cell.units.state == .known {
      guard let size = averageSize(key.activity) ?? averageSize("group " + (group(key) ?? "")) else { continue }
      result[key] = cell.units.value * size
    }
    return result
  }

  /// Persons of cells that a census leaves out although the census before and the one after have them: their mean.
  func personsBetween(_ before: Int, _ year: Int, _ after: Int) -> [Key: Double] {
    var result: [Key: Double] = [:]
    for (key, cell) in cells where key.year == before && cell.persons.state.hasValue {
      let (missing, later) = (key.of(year), key.of(after))
      guard cells[missing] == nil, let end = cells[later], end.persons.state.hasValue else { continue }
      result[missing] = (cell.persons.value + end.persons.value) / 2
    }
    return result
  }

  /// Makes estimates of the given persons; amounts follow at the average per person of the activity's published cells.
  ///
  /// Amounts of an activity of which nothing is published stay withheld.
  mutating func estimate(_ persons: [Key: Double]) {
    var sums: [String: (persons: Double, amounts: [Double])] = [:]
    for (key, cell) in cells where cell.persons.state == .known && cell.amounts.allSatisfy({ $0.state == .known }) {
      var sum = sums["\(key.year) \(key.activity)"] ?? (0, [Double](repeating: 0, count: cell.amounts.count))
      sum.persons += cell.persons.value
      for (index, amount) in cell.amounts.enumerated() { sum.amounts[index] += amount.value }
      sums["\(key.year) \(key.activity)"] = sum
    }
    for (key, count) in persons {
      let sum = sums["\(key.year) \(key.activity)"]
      let amounts = Self.amountColumns.indices.map { index -> Facts.Cell in
        guard let sum, sum.persons > 0 else { return .withheld }
        return .estimated((sum.amounts[index] / sum.persons * count.rounded()).rounded())
      }
      let units = cells[key]?.units ?? .withheld
      cells[key] = Cell(units: units, persons: .estimated(count.rounded()), amounts: amounts)
    }
  }
}

extension CensusCells.Key {
  func of(_ year: Int) -> Self { Self(year: year, municipality: municipality, activity: activity) }
}
