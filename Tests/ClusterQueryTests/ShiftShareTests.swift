import ClusterQuery
import Testing

/// Shift-share against its identity, and against the formula written out over tables of employment.
@Suite struct ShiftShareTests {
  static let years = "2008..2011"

  @Test(arguments: ["by:cluster, in:\"Ohio\"", "by:state", "by:state, over:naics2"])
  func partsAddUp(_ slots: String) async throws {
    let table = try await Bundled.run("shift_share(\(slots), year:\(Self.years))")
    let columns = try ["national", "mix", "local", "actual"].map { try table.numbers($0) }
    #expect(table.rowCount > 40)
    for row in 0..<table.rowCount {
      guard let national = columns[0][row], let mix = columns[1][row], let local = columns[2][row],
        let actual = columns[3][row]
      else { continue }
      #expect(abs(national + mix + local - actual) <= 1e-6 * max(1, abs(actual)), "row \(row)")
    }
  }

  /// `mix = e0 (g − G)` and `local = e0 (r − g)`, where r is the place's growth, g the nation's and G its total.
  @Test func classicFormula() async throws {
    func employment(_ slots: String, _ year: Int) async throws -> [String: Double] {
      let table = try await Bundled.run("employment(by:cluster, \(slots)year:\(year), data:us_cbp_state)")
      let pairs = zip(try table.names("cluster"), try table.numbers("employment"))
      return Dictionary(uniqueKeysWithValues: pairs.compactMap { name, number in number.map { (name, $0) } })
    }
    let before = try await employment("in:\"Ohio\", ", 2008)
    let after = try await employment("in:\"Ohio\", ", 2011)
    let nationBefore = try await employment("", 2008)
    let nationAfter = try await employment("", 2011)
    let totals = try await Bundled.run("employment(by:year, year:2008..2011)")
    let total = try totals.numbers("employment").compactMap { $0 }
    let nationalGrowth = total[3] / total[0] - 1

    let table = try await Bundled.run("shift_share(by:cluster, in:\"Ohio\", year:\(Self.years))")
    let names = try table.names("cluster")
    let columns = try ["national", "mix", "local", "actual"].map { try table.numbers($0) }
    var compared = 0
    for (row, name) in names.enumerated() {
      guard let e0 = before[name], let e1 = after[name], let n0 = nationBefore[name], let n1 = nationAfter[name], e0 > 0
      else { continue }
      let (growth, nations) = (e1 / e0 - 1, n1 / n0 - 1)
      let expected = [e0 * nationalGrowth, e0 * (nations - nationalGrowth), e0 * (growth - nations), e1 - e0]
      for (column, value) in zip(columns, expected) {
        #expect(abs(try #require(column[row]) - value) <= 1e-6 * max(1, abs(value)), "\(name)")
      }
      compared += 1
    }
    #expect(compared >= 60)
  }

  /// A state's components are the sums over its clusters, which are checked against the formula above.
  @Test(arguments: ["Ohio", "Texas", "Wyoming"]) func statesAreSumsOverClusters(_ state: String) async throws {
    let clusters = try await Bundled.run("shift_share(by:cluster, in:\"\(state)\", year:2008..2011)")
    let whole = try await Bundled.run("shift_share(by:state, state:\"\(state)\", year:2008..2011)")
    for name in ["national", "mix", "local", "actual"] {
      let sum = try clusters.numbers(name).compactMap { $0 }.reduce(0, +)
      let value = try #require(try whole.numbers(name).first ?? nil)
      #expect(abs(sum - value) <= 1e-6 * max(1, abs(value)), "\(name)")
    }
  }
}
