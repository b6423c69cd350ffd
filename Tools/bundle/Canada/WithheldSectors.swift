import CQColumns

/// Estimates for the sectors that the Survey of Employment, Payrolls and Hours withholds in a province.
///
/// The totals of goods-producing and of service-producing industries are always published. What such a total leaves over
/// the province's published sectors is shared among the withheld ones in the proportion of their product in the province,
/// each at the jobs per dollar that the sector has where its jobs are published; so estimates add up to the total, but for
/// the rounding of annual means, and a mining territory gets miners rather than factory workers.
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

  /// Sectors of the accounts that make up a line of the survey, where they are called otherwise.
  private static let sectorsOfLine = ["11N": ["11"], "41-45N": ["41", "44-45"]]

  /// - Parameter product: Gross domestic product by region and sector, one year's.
  static func estimate(_ cells: inout [Key: Facts.Cell], product accounts: [Key: Double]) {
    func product(of key: Key) -> Double {
      (sectorsOfLine[key.line] ?? [key.line]).reduce(0) {
        $0 + (accounts[Key(year: 0, region: key.region, line: $1)] ?? 0)
      }
    }
    let published = cells.filter { $0.value.state == .known }
    var jobs: [Key: (jobs: Double, product: Double)] = [:]
    for (key, cell) in published where key.region != "01" {
      let sum = jobs[Key(year: key.year, region: "", line: key.line)] ?? (0, 0)
      jobs[Key(year: key.year, region: "", line: key.line)] = (sum.jobs + cell.value, sum.product + product(of: key))
    }
    for (total, value) in published {
      guard let group = groups.first(where: { $0.total == total.line }) else { continue }
      let keys = group.sectors.map { Key(year: total.year, region: total.region, line: $0) }
      let withheld = keys.filter { cells[$0]?.state == .withheld }
      guard !withheld.isEmpty, withheld.count + keys.count(where: { published[$0] != nil }) == keys.count else {
        continue
      }
      let rest = max(0, value.value - keys.reduce(0) { $0 + (published[$1]?.value ?? 0) })
      let weights = withheld.map { key -> Double in
        guard let sector = jobs[Key(year: key.year, region: "", line: key.line)], sector.product > 0 else { return 0 }
        return product(of: key) * sector.jobs / sector.product
      }
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
