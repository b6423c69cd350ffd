import Foundation
import Testing

/// What packages gave when they were run on tables of `Tests/Golden/inputs`: `Tests/Golden/packages.tsv`.
enum PackageRuns {
  struct Key: Hashable {
    let row: String
    let column: String
  }

  /// Values by function and table; not a number where the package has none.
  private static let all: [String: [Key: Double]] = {
    let path = packageFolder.appending(path: "Tests/Golden/packages.tsv")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [:] }
    var found: [String: [Key: Double]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      found["\(fields[0]) \(fields[2]) \(fields[3])", default: [:]][Key(row: fields[4], column: fields[5])] =
        Double(fields[6]) ?? .nan
    }
    return found
  }()

  /// The values of `package function`, by the labels of rows and columns.
  static func values(_ function: String, _ table: String) throws -> [Key: Double] {
    try #require(all["\(function) \(table)"], "no run of \(function) on \(table)")
  }

  static func value(_ function: String, _ table: String, _ row: String = "", _ column: String = "") throws -> Double {
    try #require(try values(function, table)[Key(row: row, column: column)], "\(function) has no \(row) \(column)")
  }
}

extension GoldenQueryTests {
  /// `let growth = dataset(…)`: employment of the states of Germany by ten industries from 2008 to 2014, and what each name stands for.
  func germanGrowth() throws -> (text: String, land: [String: String], industry: [String: String]) {
    let table = try Self.table("inputs/german_states_employment_2008_2014")
    let (lands, industries) = (try table.column("state"), try table.column("industry"))
    let (years, jobs) = (try table.column("year"), try table.column("employment"))
    let sums: Set = ["Insgesamt", "Verarbeitendes Gewerbe (C)"]
    let kept = lands.indices.filter { !sums.contains(lands[$0]) && !sums.contains(industries[$0]) }
    let land = Dictionary(uniqueKeysWithValues: zip(Self.states, Self.distinct(kept.map { lands[$0] })))
    let industry = Dictionary(uniqueKeysWithValues: zip(Self.sectors, Self.distinct(kept.map { industries[$0] })))
    let state = Dictionary(uniqueKeysWithValues: land.map { ($1, $0) })
    let sector = Dictionary(uniqueKeysWithValues: industry.map { ($1, $0) })
    var lines = [["state", "sector", "year", "employment"]]
    for row in kept {
      lines.append([
        try #require(state[lands[row]]), try #require(sector[industries[row]]), years[row], jobs[row],
      ])
    }
    let path = try Answers.file("german-growth.csv", lines)
    return (
      "let growth = dataset(\"\(path)\", state:state, naics2:sector, year:year, employment:employment, vintage:2012)\n",
      land, industry
    )
  }
}
