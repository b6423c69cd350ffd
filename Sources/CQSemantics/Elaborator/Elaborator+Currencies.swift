import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// `convert`: money of one currency in another. No rates are bundled, so the query brings them.

/// One use of `convert`, for the notes of its table.
struct Conversion: Equatable {
  var from: String
  var to: String
  /// Where the rates come from: a number written in the query, or a file.
  var origin: String
  var rates: [RateTable.Key: Double]
}

extension Elaborator {
  /// Currencies by the country whose money they are.
  private static let currencies = ["US": "USD", "MX": "MXN", "CA": "CAD", "EU": "EUR"]

  /// `convert(avg_wage, to:USD, rate:18.9)`.
  func convert(
    _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    var value: Expression?
    var target: Expression?
    var rate: Expression?
    for argument in arguments {
      switch (argument.isPositional, argument.slotName) {
      case (true, _) where value == nil: value = argument.value
      case (_, "to"): target = argument.value
      case (_, "rate"): rate = argument.value
      default:
        report(scope, argument.span) {
          .unknownSlot(argument.labelText, of: "convert", slots: ["to", "rate"], at: $0)
        }
        return nil
      }
    }
    guard let value else {
      report(scope, span) { .wrongArity("convert", takes: 1...1, found: 0, at: $0) }
      return nil
    }
    guard let target else {
      report(scope, span) { .missingArgument("to", of: "convert", at: $0) }
      return nil
    }
    let currency = currency(target, scope)
    guard let typed = number(value, scope, context), let currency else { return nil }
    guard case .number(.money(let from)) = typed.type else {
      report(scope, value.span) { .wrongKind("money", found: typed.type.phrase, at: $0) }
      return nil
    }
    if from == currency { return typed }
    guard let table = rates(rate, from: from, to: currency, at: span, scope, context) else { return nil }
    var factor = TypedExpression(.exchangeRate(table), .number(.ratio), typed.span)
    // Money of one currency at one rate needs nothing of the rows.
    if !from.contains("/"), table.rates.count == 1, let rate = table.rates[.init(country: "", year: nil)] {
      factor.kind = .number(rate)
    }
    return TypedExpression(
      .arithmetic(.divide, typed, factor), .number(.money(currency: currency)), scope.callSite ?? span)
  }

  private func currency(_ value: Expression, _ scope: Scope) -> String? {
    if case .unreadable = value.kind { return nil }
    let text =
      switch value.kind {
      case .name(let name): name
      case .string(let segments): plainText(segments, at: value.span) ?? ""
      default: scope.source.slice(value.span)
      }
    let known = Self.currencies.values.sorted()
    if let currency = known.first(where: { fold($0) == fold(text) }) { return currency }
    report(scope, value.span) { .unknownCurrency(text, known: known, at: $0) }
    return nil
  }

  private func rates(
    _ rate: Expression?, from: String, to currency: String, at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> RateTable? {
    let isMixed = from.contains("/")
    let home = isMixed ? Set(Self.currencies.filter { $0.value == currency }.keys) : []
    let country = isMixed ? nil : Self.currencies.first { $0.value == from }?.key
    guard let rate else {
      report(scope, span) { .noRates(from: from, to: currency, asked: nil, at: $0) }
      return nil
    }
    if case .unreadable = rate.kind { return nil }
    if let text = isText(rate, scope) {
      report(scope, rate.span) { .noRates(from: from, to: currency, asked: text, at: $0) }
      return nil
    }
    let before = mistakeCount
    if let (grid, path) = rateColumns(rate, scope) {
      return rateTable(grid, path, from: from, to: currency, home, country, at: rate.span, scope, context)
    }
    if mistakeCount > before { return nil }
    let builder = FrameBuilder(area: sessionArea)
    guard let typed = number(rate, scope, Context(frame: builder)) else {
      if mistakeCount == before {
        report(scope, rate.span) { .noRates(from: from, to: currency, asked: nil, at: $0) }
      }
      return nil
    }
    guard let number = typed.literal, number > 0 else {
      if isOnTrust(rate, scope) { return RateTable(currency: currency, rates: [:], home: home) }
      report(scope, rate.span) { .wrongRate(from: from, to: currency, at: $0) }
      return nil
    }
    // One number is one pair of currencies.
    let foreign = from.split(separator: "/").map(String.init).filter { $0 != currency }
    if foreign.count > 1 {
      report(scope, rate.span) { .oneRateForSeveral(foreign, to: currency, at: $0) }
      return nil
    }
    let rates = [RateTable.Key(country: "", year: nil): number]
    note(
      Conversion(from: from, to: currency, origin: "the rate that the query gives", rates: rates), context.frame)
    return RateTable(currency: currency, rates: rates, home: home)
  }

  private func note(_ conversion: Conversion, _ builder: FrameBuilder) {
    if !builder.conversions.contains(conversion) { builder.conversions.append(conversion) }
  }

  /// The text that `value` is: `rate:"ppp"`.
  private func isText(_ value: Expression, _ scope: Scope) -> String? {
    switch value.kind {
    case .string(let segments): return plainText(segments, at: value.span) ?? ""
    default:
      guard let (target, inner) = dereference(value, scope) else { return nil }
      return isText(target, inner)
    }
  }

  // MARK: - A table of rates

  /// The table that `rate:` names, as `open` reads it; nil when it is no such table.
  private func rateColumns(_ value: Expression, _ scope: Scope) -> (ImportedTable, String)? {
    let isOpen = openArguments(value, scope) != nil
    var isTable = isOpen
    if case .name(let name) = value.kind, scope.parameter(name) == nil, let binding = scope.environment.binding(name) {
      let inner = Scope(environment: binding.environment, source: binding.source)
      isTable = openArguments(binding.query.source, inner) != nil
    }
    guard isTable else { return nil }
    let query = Query(source: value, stages: [], span: value.span)
    guard let typed = self.query(query, scope), case .imported(let table) = typed.source, typed.stages.isEmpty else {
      return nil
    }
    return (table, table.path)
  }

  /// Rates by country and year: columns `country` and `year` (either may be left out), and one column of numbers.
  private func rateTable(
    _ table: ImportedTable, _ path: String, from: String, to currency: String, _ home: Set<String>, _ country: String?,
    at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> RateTable? {
    let columns = table.columns.map { $0.plain(rowCount: table.rowCount) }
    let numbers = columns.indices.filter { if case .numbers = columns[$0] { true } else { false } }
    let named = numbers.first { ["rate", fold(from), fold(currency)].contains(fold(table.names[$0])) }
    guard let column = named ?? (numbers.count == 1 ? numbers.first : nil),
      case .numbers(let values, let states, _) = columns[column]
    else {
      report(scope, span) { .noRateColumn(path, columns: table.names, at: $0) }
      return nil
    }
    var years: [Int32]?
    var countries: [String]?
    for (index, column) in columns.enumerated() {
      if case .periods(let periods) = column { years = periods }
      guard Level(word: table.names[index]) == .country else { continue }
      switch column {
      case .members(let codes, let members): countries = codes.map { members[Int($0)].code }
      case .texts(let texts): countries = texts.map { catalog.list(.country).find($0).first?.code ?? "?" }
      default: break
      }
    }
    var rates: [RateTable.Key: Double] = [:]
    for row in 0..<table.rowCount where states[row].hasValue && values[row] > 0 {
      let key = RateTable.Key(country: countries?[row] ?? "", year: years.map { Int($0[row]) })
      if let known = rates[key], known != values[row] {
        report(scope, span) { .rateTwice(path, country: key.country, year: key.year, at: $0) }
        return nil
      }
      // Rows of other countries say nothing about this money.
      if let country, !key.country.isEmpty, key.country != country { continue }
      rates[key] = values[row]
    }
    guard !rates.isEmpty else {
      report(scope, span) { .noRateColumn(path, columns: table.names, at: $0) }
      return nil
    }
    note(Conversion(from: from, to: currency, origin: path, rates: rates), context.frame)
    return RateTable(currency: currency, rates: rates, home: home, country: country)
  }

  // MARK: - Notes

  /// What was converted, at which rates, of which years.
  func conversionNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    let years = Set(
      frame.periodsShown + [frame.range.lowerBound, frame.range.upperBound].filter { _ in frame.spansYears })
    return builder.conversions.map { conversion in
      let used = conversion.rates.filter { key, _ in
        (key.country.isEmpty || frame.countries.contains(key.country)) && key.year.map { years.contains($0) } ?? true
      }
      .sorted { ($0.key.country, $0.key.year ?? 0) < ($1.key.country, $1.key.year ?? 0) }
      let list = used.prefix(Self.notedRates).map { key, rate in
        let place = [key.country, key.year.map { "\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return (place.isEmpty ? "" : place + ": ") + "\(shortNumber(rate))"
      }
      let more = used.count > Self.notedRates ? ", and \(used.count - Self.notedRates) more" : ""
      let unit = conversion.from.contains("/") ? "local money" : conversion.from
      return TableNote(
        code: "N0512",
        text:
          "converted to \(conversion.to) at \(list.joined(separator: ", "))\(more) (\(unit) per 1 \(conversion.to); "
          + "\(conversion.origin))")
    }
  }

  private static let notedRates = 6

  private func shortNumber(_ number: Double) -> String {
    number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
  }
}

extension Measure {
  /// The quantity with the year whose prices it is in.
  var priced: Quantity {
    guard let priceYear, case .money(let currency) = quantity else { return quantity }
    return .money(currency: "\(priceYear) \(currency)")
  }
}
