import CQColumns

/// Estimates for the sectors that the Survey of Employment, Payrolls and Hours withholds in a province.
///
/// The totals of goods-producing and of service-producing industries are always published. What such a total leaves over
/// the province's published sectors is shared among the withheld ones in the proportion of the employment that these
/// sectors have where they are published; so estimates add up to the total, but for the rounding of annual means.
enum WithheldSectors {
  struct Key: Hashable {
    var year: Int
    var region: String
    /// The source's code of a line.
    var line: String
  }

  private static let groups: [(total: String, sectors: [String])] = [
    ("11-33N", ["11N", "21", "22", "23", "31-33"]),
    (
      "41-91N",
      ["41-45N", "48-49", "51", "52", "53", "54", "55", "56", "61", "62", "71", "72", "81", "91"]
    ),
  ]

  static func estimate(_ cells: inout [Key: Facts.Cell]) {
    let published = cells.filter { $0.value.state == .known }
    var sizes: [Key: Double] = [:]
    for (key, cell) in published { sizes[Key(year: key.year, region: "", line: key.line), default: 0] += cell.value }
    for (total, value) in published {
      guard let group = groups.first(where: { $0.total == total.line }) else { continue }
      let keys = group.sectors.map { Key(year: total.year, region: total.region, line: $0) }
      let withheld = keys.filter { cells[$0]?.state == .withheld }
      guard !withheld.isEmpty, withheld.count + keys.count(where: { published[$0] != nil }) == keys.count else {
        continue
      }
      let rest = max(0, value.value - keys.reduce(0) { $0 + (published[$1]?.value ?? 0) })
      let weights = withheld.map { sizes[Key(year: $0.year, region: "", line: $0.line)] ?? 0 }
      let sum = weights.reduce(0, +)
      guard sum > 0 else { continue }
      var left = rest
      for (index, key) in withheld.enumerated() {
        let share = index == withheld.count - 1 ? left : (rest * weights[index] / sum).rounded()
        cells[key] = .estimated(share)
        left -= share
      }
    }
  }
}
