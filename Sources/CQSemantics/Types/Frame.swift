package import CQCatalog

/// Where a table takes its rows and its default coordinates from.
package struct Frame: Sendable {
  /// Levels that become rows, in the order of `by:`.
  package var levels: [Level]
  /// `in:`, the area that rows are taken from.
  package var area: RegionSet
  /// Places picked by a slot such as `state:`; nil for all of the area.
  package var regions: RegionSet?
  package var activities: ActivitySet
  package var base: BaseArea
  package var policy: SuppressionPolicy
  /// One dataset per country and measure; at least one.
  package var sources: [FrameSource]
  /// Codes of the countries that rows are taken from, in the order of `in:`.
  package var countries: [String]
  /// Periods of the rows in ascending order; one where `by:` has no period.
  ///
  /// A number up to 0 counts back from the latest period of each dataset: 0 where datasets share no period.
  package var years: [Int]
  /// First and last year for growth-like measures.
  package var range: ClosedRange<Int>
  /// `year:` of the call has been a range although rows have no year.
  package var spansYears: Bool
  /// `clip:state`: areas that cross a state line are cut there.
  package var clipsToStates = false

  package init(
    levels: [Level], area: RegionSet, regions: RegionSet?, activities: ActivitySet, base: BaseArea,
    policy: SuppressionPolicy, sources: [FrameSource], countries: [String], years: [Int], range: ClosedRange<Int>,
    spansYears: Bool
  ) {
    self.levels = levels
    self.area = area
    self.regions = regions
    self.activities = activities
    self.base = base
    self.policy = policy
    self.sources = sources
    self.countries = countries
    self.years = years
    self.range = range
    self.spansYears = spansYears
  }

  /// A table that rests on one dataset.
  package init(
    levels: [Level], area: RegionSet, regions: RegionSet?, activities: ActivitySet, base: BaseArea,
    policy: SuppressionPolicy, dataset: Dataset, years: [Int], range: ClosedRange<Int>, spansYears: Bool
  ) {
    let source = FrameSource(
      dataset: dataset, countries: [dataset.country], measures: Set(dataset.measures.map(\.name)),
      periods: dataset.periods)
    self.init(
      levels: levels, area: area, regions: regions, activities: activities, base: base, policy: policy,
      sources: [source], countries: [dataset.country], years: years, range: range, spansYears: spansYears)
  }

  /// The dataset of the first country and measure.
  package var dataset: Dataset { sources[0].dataset }

  /// The datasets in the order of the countries, each once.
  package var datasets: [Dataset] {
    sources.reduce(into: []) { found, source in
      if !found.contains(where: { $0.name == source.dataset.name }) { found.append(source.dataset) }
    }
  }

  /// `us_qcew_state, mx_censo_metro`: for headers.
  package var datasetNames: String { datasets.map(\.name).joined(separator: ", ") }

  /// Years from the first to the last period of the range.
  package var yearCount: Double {
    guard let first = Period.quarter(of: range.lowerBound), let last = Period.quarter(of: range.upperBound) else {
      return Double(range.count - 1)
    }
    let years = Period.year(of: range.upperBound) - Period.year(of: range.lowerBound)
    return Double(years) + Double(last - first) / 4
  }

  /// The periods that the rows are of, whatever dataset they come from, in ascending order.
  package var periodsShown: [Int] {
    Set(years.flatMap { year in year > 0 ? [year] : sources.compactMap { $0.period(year) } }).sorted()
  }
}

extension Period {
  /// The year before, or the same quarter of it.
  package static func year(before code: Int) -> Int { quarter(of: code) == nil ? code - 1 : code - 10 }

  package static func quarter(before code: Int) -> Int {
    guard let quarter = quarter(of: code) else { return code - 1 }
    return quarter > 1 ? code - 1 : (year(of: code) - 1) * 10 + 4
  }

  /// The years or quarters from the first to the last of `range`.
  package static func codes(in range: ClosedRange<Int>) -> [Int] {
    range.filter { range.lowerBound <= 9_999 || (1...4).contains($0 % 10) }
  }
}

/// One dataset that a table takes numbers from.
package struct FrameSource: Sendable {
  package var dataset: Dataset
  /// Codes of the countries it answers for.
  package var countries: Set<String>
  /// Names of the measures it answers for.
  package var measures: Set<String>
  /// Periods that have all that the table asks of the dataset, ascending.
  package var periods: [Int]

  package init(dataset: Dataset, countries: Set<String>, measures: Set<String>, periods: [Int]) {
    self.dataset = dataset
    self.countries = countries
    self.measures = measures
    self.periods = periods
  }

  /// The period that `code` stands for here: itself, or the latest one and those before it for 0, -1, …
  package func period(_ code: Int) -> Int? {
    if code > 0 { return code }
    guard let latest = periods.last else { return nil }
    return latest + code
  }
}
