import Foundation

/// Seeded facts of nine states in three years, as a dataset for `data:` and as arrays for formulas written out in Swift.
///
/// One cell in five is not listed, one in ten has no jobs, and a part of the trade is not listed where the jobs are.
struct RandomFacts {
  static let places = [
    "Alabama", "Arizona", "Arkansas", "California", "Colorado", "Florida", "Georgia", "Idaho", "Ohio",
  ]
  /// Which of the places touch (Arizona and Colorado in a point).
  static let borders = [
    ("Alabama", "Florida"), ("Alabama", "Georgia"), ("Florida", "Georgia"), ("Arizona", "California"),
    ("Arizona", "Colorado"),
  ]
  static let sectors = ["11", "21", "22", "23", "31-33", "51", "52"]
  static let clusters = [
    "Aerospace Vehicles and Defense", "Apparel", "Automotive", "Biopharmaceuticals", "Business Services", "Coal Mining",
    "Downstream Metal Products", "Local Health Services", "Local Utilities",
  ]
  static let years = [2012, 2013, 2014]
  static let measures = [
    "employment", "establishments", "payroll", "gdp", "population", "patents", "output", "exports", "imports",
  ]

  let activities: [String]
  /// `let mine = dataset(…)`
  let text: String
  /// `[measure][year][place][activity]`; not a number where the file does not list it.
  private var facts: [String: [[[Double]]]] = [:]

  init(seed: Int, activities: [String] = sectors) throws {
    self.activities = activities
    var source = SeededSource(seed: UInt64(truncatingIfNeeded: seed &+ activities.count))
    var lines = [["state", "activity", "year"] + Self.measures]
    for measure in Self.measures {
      facts[measure] = Self.years.map { _ in Self.places.map { _ in activities.map { _ in .nan } } }
    }
    for year in Self.years.indices {
      for place in Self.places.indices {
        for activity in activities.indices {
          let kind = source.index(below: 10)
          if kind < 2 { continue }
          var fields: [String] = []
          for measure in Self.measures {
            let isTrade = measure == "exports" || measure == "imports"
            if isTrade, source.index(below: 5) == 0 {
              fields.append("")
              continue
            }
            let bound = measure == "establishments" ? 40 : measure == "output" ? 90_000 : 5_000
            let value = measure == "employment" && kind == 2 ? 0 : 1 + source.index(below: bound)
            facts[measure]?[year][place][activity] = Double(value)
            fields.append("\(value)")
          }
          lines.append([Self.places[place], activities[activity], "\(Self.years[year])"] + fields)
        }
      }
    }
    let level = activities == Self.clusters ? "cluster" : "naics2"
    let path = try Answers.file("random-\(level)-\(seed).csv", lines)
    let money = ["payroll", "gdp", "output", "exports", "imports"]
    let columns = Self.measures.map { "\($0):\($0)\(money.contains($0) ? " * 1 USD" : "")" }
    text =
      "let mine = dataset(\"\(path)\", state:state, \(level):activity, year:year, \(columns.joined(separator: ", ")))\n"
  }

  // MARK: - Cells and sums, of the last year unless said

  /// Not a number where the cell is not listed.
  func cell(_ place: Int, _ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    facts[measure]?[year][place][activity] ?? .nan
  }
  /// As ``cell(_:year:_:_:)``, 0 where it is not listed.
  func value(_ place: Int, _ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    let value = cell(place, activity, measure, year: year)
    return value.isNaN ? 0 : value
  }
  /// As `or_zero`: not a number where the place has none of the measure at all.
  func orZero(_ place: Int, _ activity: Int, _ measure: String) -> Double {
    let isListed = activities.indices.contains { !cell(place, $0, measure).isNaN }
    return isListed ? value(place, activity, measure) : .nan
  }
  func total(_ measure: String = "employment", year: Int = 2, place: Int) -> Double {
    activities.indices.reduce(0) { $0 + value(place, $1, measure, year: year) }
  }
  func total(_ measure: String = "employment", year: Int = 2, activity: Int) -> Double {
    Self.places.indices.reduce(0) { $0 + value($1, activity, measure, year: year) }
  }
  func total(_ measure: String = "employment", year: Int = 2) -> Double {
    Self.places.indices.reduce(0) { $0 + total(measure, year: year, place: $1) }
  }

  // MARK: - Shares

  func share(_ place: Int, _ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    value(place, activity, measure, year: year) / total(measure, year: year, place: place)
  }
  func baseShare(_ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    total(measure, year: year, activity: activity) / total(measure, year: year)
  }
  func quotient(_ place: Int, _ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    share(place, activity, measure, year: year) / baseShare(activity, measure, year: year)
  }
  /// The place's part of the activity.
  func part(_ place: Int, _ activity: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    value(place, activity, measure, year: year) / total(measure, year: year, activity: activity)
  }
  /// The place's part of everything.
  func weight(_ place: Int, _ measure: String = "employment", year: Int = 2) -> Double {
    total(measure, year: year, place: place) / total(measure, year: year)
  }
  func growth(_ activity: Int, from start: Int = 0) -> Double {
    total(year: 2, activity: activity) / total(year: start, activity: activity) - 1
  }

  // MARK: - Rows

  /// The place and the activity of a row.
  func place(_ row: [String: String]) -> Int? { Self.places.firstIndex(of: row["state"] ?? "") }
  func activity(_ row: [String: String]) -> Int? {
    activities.firstIndex(of: row["naics2_code"] ?? "") ?? activities.firstIndex(of: row["cluster"] ?? "")
  }
  func neighbours(_ place: Int) -> [Int] {
    let name = Self.places[place]
    let names = Self.borders.compactMap { $0.0 == name ? $0.1 : $0.1 == name ? $0.0 : nil }
    return names.compactMap { Self.places.firstIndex(of: $0) }
  }
}

// MARK: - Order statistics by counting

/// The part of the numbers below `value`, those equal to it by half.
func percentileByCounting(_ value: Double, _ values: [Double]) -> Double {
  let numbers = values.filter { !$0.isNaN }
  let (below, equal) = (numbers.count { $0 < value }, numbers.count { $0 == value })
  return (Double(below) + Double(equal) / 2) / Double(numbers.count)
}

/// The part of the numbers above `value`.
func partAhead(_ value: Double, _ values: [Double]) -> Double {
  let numbers = values.filter { !$0.isNaN }
  return Double(numbers.count { $0 > value }) / Double(numbers.count)
}

/// Quantile of type 7 by walking along the sorted numbers.
func quantileByWalking(_ values: [Double], _ part: Double) -> Double {
  let sorted = values.filter { !$0.isNaN }.sorted()
  let position = part * Double(sorted.count - 1)
  let low = Int(position)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}
