import CQColumns

/// Kernels of trade: gaps in a market that a place could fill, and verbs over tables of trade.
let tradeKernels: [Kernel] = [
  Kernel(
    "nearshoring", .cells, operands: ComplexitySample.operands,
    options: ComplexitySample.spaceOptions + [
      .init("imports", .table), .init("links", .table), .init("tariff_margin", .number(-1...10)),
    ],
    columns: [
      .init("score", .number), .init("gap", .number), .init("rival_share", .percent), .init("density", .number),
      .init("rca", .number), .init("tier", .count),
    ],
    dropsGaps: false, workCells: { 3 * $0 * $1 + $1 * $1 }
  ) { input in
    nearshoring(input)
  },
  Kernel(
    "market_share_change", .table,
    operands: [
      .init("place", .text), .init("product", .text), .init("market", .text, isOptional: true), .init("before"),
      .init("after"),
    ],
    columns: [
      .init("", .members(of: "place")), .init("growth", .likeOperand), .init("product_mix", .likeOperand),
      .init("market_mix", .likeOperand), .init("competitiveness", .likeOperand), .init("change", .likeOperand),
    ]
  ) { input in
    marketShareChanges(input)
  },
  Kernel(
    "trade_intensities", .table, operands: [.init("from", .text), .init("to", .text), .init("value")],
    columns: [
      .init("", .members(of: "from")), .init("", .members(of: "to")), .init("intensity"),
      .init("export_share", .percent),
    ]
  ) { input in
    let table = CrossTable(input.texts["from"] ?? [], input.texts["to"] ?? [], input.values("value"))
    let (intensity, shares) = TradeIndices.intensities(
      table.matrix, sellers: table.rows, buyers: table.columns)
    return KernelOutput(
      columns: [KernelValues(intensity.elements), KernelValues(shares.elements)],
      texts: [
        table.rows.flatMap { name in table.columns.map { _ in name } }, table.rows.flatMap { _ in table.columns },
      ],
      notes: table.notes
        + (intensity.elements.contains { $0.isNaN } ? ["no intensity with itself, nor of who sells nothing"] : []))
  },
]

/// What a market buys from rivals, for each place and activity of the sample, and how near the place is to supplying it.
private func nearshoring(_ input: KernelInput) -> KernelOutput {
  let sample = ComplexitySample(input)
  var notes = sample.notes
  guard let imports = input.tables["imports"], let products = imports.texts["product"],
    let total = imports.numbers["imports"],
    let rival = imports.numbers.first(where: { $0.key.hasPrefix("imports_from") })
  else {
    let none = KernelValues([Double](repeating: .nan, count: input.rows.count * input.columns.count))
    return KernelOutput(
      columns: (0..<6).map { _ in none },
      notes: ["imports: needs a table with the columns product, imports and imports_from_…"])
  }
  let market = MarketGap(
    products: products, total: total, rival: rival.value, links: input.tables["links"],
    activities: input.columns.map(\.code), isDirect: input.columns.first?.level.hasPrefix("product") ?? false)
  let name = rival.key.dropFirst("imports_from_".count)
  notes.append("the rival is \(name.prefix(1).uppercased() + name.dropFirst()), the gap what the market buys from it")
  if market.unlinked > 0 {
    notes.append(
      "\((100 * market.unlinked / max(market.gap.reduce(0, +) + market.unlinked, 1)).short)% of the gap is in products that no activity here makes"
    )
  }
  let space = sample.space()
  let density = sample.density(in: space)
  let advantage = sample.advantage
  let margin = 1 + input.number("tariff_margin")
  let (places, activities) = (sample.presence.rowCount, sample.presence.columnCount)
  var columns = [[Double]](repeating: [Double](repeating: .nan, count: places * activities), count: 6)
  for place in 0..<places {
    let rows = place * activities..<(place + 1) * activities
    // What the data do not have of a place is a quotient of 0.
    let quotients = advantage.elements[rows].map { $0.isNaN ? 0 : $0 }
    let tiers = TradeIndices.tiers(advantage: quotients, density: Array(density.elements[rows]))
    for activity in 0..<activities {
      let cell = place * activities + activity
      columns[0][cell] = market.gap[activity] * density.elements[cell] * margin
      columns[1][cell] = market.gap[activity]
      columns[2][cell] = market.total[activity] > 0 ? market.gap[activity] / market.total[activity] : .nan
      columns[3][cell] = density.elements[cell]
      columns[4][cell] = quotients[activity]
      columns[5][cell] = tiers[activity] == .existing ? 1 : tiers[activity] == .near ? 2 : 3
    }
  }
  return KernelOutput(columns: columns.map { KernelValues($0) }, notes: notes)
}

private func marketShareChanges(_ input: KernelInput) -> KernelOutput {
  let (places, products) = (input.texts["place"] ?? [], input.texts["product"] ?? [])
  let markets = input.texts["market"] ?? products.map { _ in "" }
  func index(_ names: [String]) -> (names: [String], positions: [Int]) {
    var known: [String: Int] = [:]
    var order: [String] = []
    let positions = names.map { name in
      if let found = known[name] { return found }
      known[name] = order.count
      order.append(name)
      return order.count - 1
    }
    return (order, positions)
  }
  let (placeIndex, productIndex, marketIndex) = (index(places), index(products), index(markets))
  let empty = Matrix(rowCount: productIndex.names.count, columnCount: marketIndex.names.count)
  var before = placeIndex.names.map { _ in empty }
  var after = before
  var (worldBefore, worldAfter) = (empty, empty)
  let (first, last) = (input.values("before"), input.values("after"))
  var gapCount = 0
  for row in places.indices where row < first.count && row < last.count {
    // A pair of years of which one is not known says nothing of the change.
    guard let old = first[row], let new = last[row] else {
      gapCount += 1
      continue
    }
    let (place, product, market) = (
      placeIndex.positions[row], productIndex.positions[row], marketIndex.positions[row]
    )
    before[place][product, market] += old
    after[place][product, market] += new
    worldBefore[product, market] += old
    worldAfter[product, market] += new
  }
  let changes = zip(before, after).map {
    TradeIndices.marketShareChange(before: $0, after: $1, worldBefore: worldBefore, worldAfter: worldAfter)
  }
  return KernelOutput(
    columns: [
      KernelValues(changes.map(\.growth)), KernelValues(changes.map(\.product)), KernelValues(changes.map(\.market)),
      KernelValues(changes.map(\.competitiveness)), KernelValues(changes.map(\.total)),
    ], texts: [placeIndex.names],
    notes: gapCount > 0 ? ["\(gapCount) rows lack a number of one of the years and are left out of both"] : [])
}
