import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// How unsteadily a series grows.
package struct Volatility: Sendable, Equatable {
  /// Standard deviation of logarithmic growth, divisor n − 1; nil for fewer than two rates.
  package let deviation: Double?
  /// Mean logarithmic growth; nil without a rate.
  package let mean: Double?
  /// `Σ (x_(t+1) − x_t)² / (n − 1)` of the values themselves (von Neumann's mean square successive difference); nil for one value.
  package let successive: Double?
  /// Rates of growth that count.
  package let count: Int

  /// - Parameter values: By period, ascending; nil interrupts the series: no growth is taken across the gap, nor from or to a number that is
  ///   not above 0.
  /// - Source: von Neumann et al. (1941), *Annals of Mathematical Statistics* 12: 153–162, for the successive differences.
  package init(_ values: [Double?]) {
    var (rates, squares) = ([Double](), [Double]())
    for (before, after) in zip(values, values.dropFirst()) {
      guard let before, let after else { continue }
      squares.append((after - before) * (after - before))
      if before > 0, after > 0 { rates.append(log(after / before)) }
    }
    mean = Across.moments(rates, freedom: 0)?.mean
    deviation = Across.moments(rates)?.deviation
    successive = squares.isEmpty ? nil : squares.reduce(0, +) / Double(squares.count)
    count = rates.count
  }
}

let volatilityKernels: [Kernel] = [
  Kernel(
    "volatility", .table,
    operands: [
      .init("place", .text), .init("activity", .text, isOptional: true), .init("year", .text), .init("value"),
    ],
    columns: [
      .init("", .members(of: "place")), .init("", .members(of: "activity")), .init("volatility"),
      .init("mean_growth"), .init("successive"), .init("rates", .count),
    ], dropsGaps: false
  ) { input in
    let names = ["place", "activity"].filter { input.texts[$0] != nil }
    let years = (input.codes["year"] ?? input.texts["year"] ?? []).map { Int($0) }
    let values = input.values("value")
    var order: [[String]] = []
    var series: [[String]: [Int: Double]] = [:]
    var notes: [String] = []
    var left = 0
    for row in 0..<min(years.count, values.count) {
      let key = names.map { input.texts[$0]?[row] ?? "" }
      if series[key] == nil {
        series[key] = [:]
        order.append(key)
      }
      guard let year = years[row], let value = values[row] else {
        left += 1
        continue
      }
      series[key]?[year, default: 0] += value
    }
    // The usual step between the periods of the table; a longer one is a gap.
    let all = Set(years.compactMap { $0 }).sorted()
    let step = zip(all, all.dropFirst()).map { $1 - $0 }.min() ?? 1
    var output = KernelOutput(columns: (0..<4).map { _ in KernelValues([]) }, texts: names.map { _ in [] })
    for key in order {
      let own = series[key] ?? [:]
      var values: [Double?] = []
      var last: Int?
      for year in own.keys.sorted() {
        if let last, year - last > step { values.append(nil) }
        values.append(own[year])
        last = year
      }
      let found = Volatility(values)
      for (index, text) in key.enumerated() { output.texts[index].append(text) }
      output.columns[0].append(found.deviation)
      output.columns[1].append(found.mean)
      output.columns[2].append(found.successive)
      output.columns[3].append(Double(found.count))
    }
    if left > 0 { notes.append("\(left) rows without a number or a year: no growth is taken across them") }
    let few = output.columns[0].states.count { !$0.hasValue }
    if few > 0 { notes.append("\(few) rows have fewer than two rates of growth, and no volatility") }
    output.notes = notes
    return output
  }
]
