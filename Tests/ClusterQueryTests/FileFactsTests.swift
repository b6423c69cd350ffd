import ClusterQuery
import Foundation
import Testing

/// Rows of a file become facts in two ways, by an array of all keys and by sorting: both against sums written out in Swift.
@Suite struct FileFactsTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "cq-facts-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private static let states = ["01", "04", "05", "06", "08", "12", "13", "16", "39", "48"]
  private static let industries = ["3361", "3362", "3363", "3364", "5112", "5221", "6111", "6211"]

  struct Sample: Sendable, CustomTestStringConvertible {
    var name: String
    var rowCount: Int
    /// Different years: many make far more keys than rows.
    var yearCount: Int
    var testDescription: String { name }
  }

  @Test(arguments: [
    Sample(name: "more rows than keys", rowCount: 9_000, yearCount: 4),
    Sample(name: "fewer rows than keys", rowCount: 300, yearCount: 60),
    Sample(name: "parts of the file by themselves", rowCount: 150_000, yearCount: 2),
  ])
  func sumsOfRows(_ sample: Sample) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = SeededSource(seed: UInt64(sample.rowCount))
    var sums: [String: (jobs: Int, pay: Double, isWithheld: Bool)] = [:]
    var lines = ["state,industry,year,jobs,pay"]
    for _ in 0..<sample.rowCount {
      let state = Self.states[random.index(below: Self.states.count)]
      let industry = Self.industries[random.index(below: Self.industries.count)]
      let year = 1950 + random.index(below: sample.yearCount)
      let (jobs, quarters) = (random.index(below: 1_000), random.index(below: 4_000))
      let isWithheld = random.index(below: 400) == 0
      lines.append("\(state),\(industry),\(year),\(isWithheld ? "D" : "\(jobs)"),\(Double(quarters) / 4)")
      let key = "\(state) \(industry) \(year)"
      let known = sums[key] ?? (0, 0, false)
      sums[key] = (
        known.jobs + jobs, known.pay + Double(quarters) / 4, known.isWithheld || isWithheld
      )
    }
    let path = folder + "/rows.csv"
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    for threads in [1, 2, 7] {
      var tables: [String] = []
      try Session(engine: try Bundled.engine.get()).execute(
        "let mine = dataset(\"\(path)\", employment:jobs, pay:pay, duplicates:add)\n"
          + "employment(by:[state, year], naics4:3364, data:mine)\npay(by:[state, year], naics4:3364, data:mine)",
        limits: Limits(threads: threads)
      ) { tables.append($0.render(.csv)) }
      let wanted = sums.filter { $0.key.contains(" 3364 ") }
      let rows = tables.map { $0.split(separator: "\n").dropFirst().map { $0.components(separatedBy: ",") } }
      try #require(rows.count == 2)
      #expect(rows[0].count == wanted.count && rows[1].count == wanted.count)
      for (jobs, pay) in zip(rows[0], rows[1]) {
        let cell = try #require(wanted["\(jobs[1]) 3364 \(jobs[2])"], "\(jobs)")
        #expect(cell.isWithheld ? jobs[3].isEmpty && jobs[4] == "withheld" : Int(jobs[3]) == cell.jobs, "\(jobs)")
        #expect(Double(pay[3]) == cell.pay, "\(pay)")
      }
    }
  }
}
