import CQColumns

extension Chart {
  /// Nil when the table asks for no chart, or lacks a column that it asks for.
  init?(_ table: Table) {
    guard let picture = table.picture, picture.kind != .map else { return nil }
    self.init(kind: picture.kind)
    describe(table, picture)
    switch picture.kind {
    case .scatter, .bubble: addPoints(table, picture)
    case .box: addSamples(table, picture)
    case .lorenz: addLorenz(table, picture)
    default: addSeries(table, picture)
    }
    if xAxis.reference != nil { xAxis.referenceName = table.header.base.printable }
    if yAxis.reference != nil { yAxis.referenceName = table.header.base.printable }
    addNotes(table)
  }

  /// What, where, when, against what: the user's title above the table's own, or the table's in two lines.
  mutating func describe(_ table: Table, _ picture: Picture) {
    let parts = table.header.title.map(\.printable).filter { !$0.isEmpty }
    if let own = picture.title?.printable, !own.isEmpty {
      title = own
      subtitle = Label.sentence(parts.map(Label.words).joined(separator: " · "))
    } else {
      title = Label.sentence(parts.prefix(2).map(Label.words).joined(separator: " · "))
      subtitle = parts.dropFirst(2).map(Label.words).joined(separator: " · ")
    }
    let header = table.header
    source = header.source.printable
    if !header.dataset.isEmpty {
      source += source.isEmpty ? header.dataset.printable : " (\(header.dataset.printable))"
    }
  }

  private mutating func addNotes(_ table: Table) {
    let gone = [CellState.withheld, .missing].compactMap { state in leftOut[state].map { "\($0) \(state.name)" } }
    if !gone.isEmpty { notes.append("not drawn: " + gone.joined(separator: ", ")) }
    notes += table.notes.map(\.text.printable)
  }

  // MARK: - Bars, lines, areas, slopes, heat maps

  private mutating func addSeries(_ table: Table, _ picture: Picture) {
    let isHeat = kind == .heat
    let markers = isHeat ? nil : picture.marker.flatMap { NumberColumn(table.column(named: $0)) }
    markerTitle = markers?.title ?? ""
    let measures = isHeat ? [picture.color].compactMap { $0 } : picture.y
    let columns = measures.compactMap { name in NumberColumn(table.column(named: name)) }
    guard let first = columns.first, columns.count == measures.count else { return }
    yAxis = Axis(first, columns)
    let along = picture.x.flatMap { table.column(named: $0) }
    let across = (isHeat ? picture.y.first : picture.color).flatMap { table.column(named: $0) }
    xAxis.title = along.map { Label.sentence($0.name) } ?? ""
    seriesTitle = across.map { Label.sentence($0.name) } ?? (columns.count > 1 ? "" : first.title)
    let rowCount = table.rowCount
    var names = along?.texts ?? Array(repeating: first.title, count: rowCount)
    var groups = across?.texts ?? Array(repeating: first.title, count: rowCount)
    // Several rows for one mark: they are told apart by everything that names them.
    if Set(zip(names, groups).map { [$0, $1] }).count < rowCount {
      let others = table.columns.filter { $0.isName && $0.name != along?.name && $0.name != picture.panels }
      let full = (0..<rowCount).map { row in others.map { $0.texts[row] }.joined(separator: " · ") }
      if kind == .line || kind == .area || kind == .slope {
        groups = full
      } else {
        names = (0..<rowCount).map { row in
          full[row].isEmpty ? names[row] : "\(names[row]) · \(full[row])"
        }
        groups = Array(repeating: first.title, count: rowCount)
        seriesTitle = first.title
      }
    }
    setCategories(names, along)
    let positions = Dictionary(categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let empty = Array(repeating: ChartCell.absent, count: categories.count)
    if columns.count > 1 {
      series = columns.map { Series(name: $0.title, cells: empty) }
      for row in 0..<rowCount {
        guard let position = positions[names[row]] else { continue }
        for (index, column) in columns.enumerated() { series[index].cells[position] = column.cell(row) }
        if let markers { addMarker(markers.cell(row), to: 0, position) }
      }
    } else {
      var numbers: [String: Int] = [:]
      for row in 0..<rowCount {
        guard let position = positions[names[row]] else { continue }
        let number = numbers[groups[row]] ?? series.count
        if number == series.count {
          numbers[groups[row]] = number
          series.append(Series(name: groups[row], cells: empty))
        }
        series[number].cells[position] = first.cell(row)
        if let markers { addMarker(markers.cell(row), to: number, position) }
        if !first.cell(row).state.hasValue, kind != .bar, kind != .heat {
          leftOut[first.cell(row).state, default: 0] += 1
        }
      }
    }
    // A bar chart of many groups is a list of bars.
    if kind == .bar, series.count > Self.barSeriesLimit { flattenSeries() }
  }

  private mutating func addMarker(_ cell: ChartCell, to number: Int, _ position: Int) {
    if series[number].markers.isEmpty {
      series[number].markers = Array(repeating: .absent, count: categories.count)
    }
    series[number].markers[position] = cell
  }

  /// More bars side by side can't be told apart.
  private static let barSeriesLimit = 6

  private mutating func setCategories(_ names: [String], _ along: TableColumn?) {
    if case .periods(let periods) = along?.values {
      let sorted = Set(periods).sorted()
      categories = sorted.map(Label.period)
      if kind != .heat { years = sorted.map(Int.init) }
    } else {
      var seen: Set<String> = []
      categories = names.filter { seen.insert($0).inserted }
    }
  }

  private mutating func flattenSeries() {
    var names: [String] = []
    var cells: [ChartCell] = []
    var markers: [ChartCell] = []
    for (position, category) in categories.enumerated() {
      for one in series where one.cells[position].state != .missing {
        names.append("\(category) · \(one.name)")
        cells.append(one.cells[position])
        markers.append(one.markers.isEmpty ? .absent : one.markers[position])
      }
    }
    categories = names
    years = nil
    series = [Series(name: yAxis.title, cells: cells, markers: markers)]
  }

  // MARK: - Points and samples

  private mutating func addPoints(_ table: Table, _ picture: Picture) {
    guard let xName = picture.x, let yName = picture.y.first, let x = NumberColumn(table.column(named: xName)),
      let y = NumberColumn(table.column(named: yName))
    else { return }
    let size = picture.size.flatMap { NumberColumn(table.column(named: $0)) }
    let labels = picture.label.flatMap { table.column(named: $0) }?.texts
    let colors = picture.color.flatMap { table.column(named: $0) }
    xAxis = Axis(x, [x])
    yAxis = Axis(y, [y])
    sizeTitle = size?.title ?? ""
    sizeQuantity = size?.quantity ?? .ratio
    seriesTitle = colors.map { Label.sentence($0.name) } ?? ""
    let colorTexts = colors?.texts
    for row in 0..<table.rowCount {
      let cells = [x.cell(row), y.cell(row)] + (size.map { [$0.cell(row)] } ?? [])
      let state = cells.map(\.state).max() ?? .missing
      guard state.hasValue else {
        leftOut[state, default: 0] += 1
        continue
      }
      let name = colorTexts?[row] ?? ""
      let group = groups.firstIndex(of: name) ?? groups.count
      if group == groups.count { groups.append(name) }
      points.append(
        Point(
          x: cells[0].value, y: cells[1].value, size: size == nil ? nil : max(0, cells[2].value), group: group,
          label: labels?[row] ?? "", isEstimated: state == .estimated))
    }
  }

  private mutating func addSamples(_ table: Table, _ picture: Picture) {
    guard let name = picture.y.first, let y = NumberColumn(table.column(named: name)) else { return }
    yAxis = Axis(y, [y])
    let along = picture.x.flatMap { table.column(named: $0) }
    xAxis.title = along.map { Label.sentence($0.name) } ?? ""
    var names = along?.texts ?? Array(repeating: y.title, count: table.rowCount)
    // A box of one value is no box: then all rows make one.
    if Set(names).count == names.count { names = Array(repeating: "All \(names.count) rows", count: names.count) }
    for row in 0..<table.rowCount {
      let cell = y.cell(row)
      guard cell.state.hasValue else {
        leftOut[cell.state, default: 0] += 1
        continue
      }
      let position = categories.firstIndex(of: names[row]) ?? categories.count
      if position == categories.count {
        categories.append(names[row])
        samples.append([])
      }
      samples[position].append(cell.value)
    }
    samples = samples.map { $0.sorted() }
  }

  private mutating func addLorenz(_ table: Table, _ picture: Picture) {
    guard let name = picture.y.first, let y = NumberColumn(table.column(named: name)) else { return }
    xAxis = Axis(title: "Share of rows, smallest first", quantity: .percent)
    yAxis = Axis(title: "Share of \(y.title.lowercasedFirst)", quantity: .percent)
    var values: [Double] = []
    for row in 0..<table.rowCount {
      let cell = y.cell(row)
      if cell.state.hasValue, cell.value >= 0 {
        values.append(cell.value)
      } else {
        leftOut[cell.state.hasValue ? .missing : cell.state, default: 0] += 1
      }
    }
    categories = [y.title]
    samples = [values.sorted()]
    guard let gini = Chart.gini(samples[0]) else { return }
    let text = NumberFormat.fixed(gini, decimals: 3)
    notes.insert("Gini coefficient \(text) (0: all equal, 1: all in one)", at: 0)
  }

  /// `G = 2 Σ i·x_i / (n Σ x) − (n + 1) / n` over ascending `x`; nil without a positive sum.
  static func gini(_ sorted: [Double]) -> Double? {
    let total = sorted.reduce(0, +)
    guard total > 0 else { return nil }
    let count = Double(sorted.count)
    let weighted = sorted.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * $1.element }
    return 2 * weighted / (count * total) - (count + 1) / count
  }

  /// The curve from (0, 0) to (1, 1).
  var lorenzPoints: [(x: Double, y: Double)] {
    guard let sorted = samples.first else { return [] }
    let total = sorted.reduce(0, +)
    guard total > 0 else { return [] }
    var sum = 0.0
    var points: [(x: Double, y: Double)] = [(0, 0)]
    for (index, value) in sorted.enumerated() {
      sum += value
      points.append((Double(index + 1) / Double(sorted.count), sum / total))
    }
    return points
  }
}

extension Chart.Axis {
  fileprivate init(_ first: NumberColumn, _ columns: [NumberColumn]) {
    let quantities = Set(columns.map(\.quantity))
    quantity = quantities.count == 1 ? first.quantity : .mixed
    title = columns.count == 1 ? first.titleWithUnit : quantity.unitName
    reference = columns.allSatisfy(\.isQuotient) ? 1 : nil
  }
}
