package import CQCatalog
import CQColumns
import CQSource

extension Elaborator {
  /// Chooses the datasets and the years of a table whose expressions are known; nil when a diagnostic was given.
  func finish(_ builder: FrameBuilder) -> Frame? {
    if let frame = builder.frame { return frame }
    let countries = rowCountries(of: builder)
    guard let sources = sources(for: builder, countries), !sources.isEmpty else { return nil }
    guard let years = years(of: builder, sources), let latest = years.last else { return nil }
    let common = commonPeriods(sources)
    let range = builder.years.flatMap { $0.value.count > 1 ? $0.value : nil } ?? defaultRange(builder, sources, latest)
    if builder.defaultRangeUse != nil, common.isEmpty {
      report(.noCommonYear(sources.map { ($0.dataset.name, periodList($0.periods)) }, at: builder.span))
      return nil
    }
    var frame = Frame(
      levels: builder.levels, area: builder.area, regions: builder.regions, activities: builder.activities,
      base: builder.base, policy: builder.policy, sources: sources, countries: countries, years: years, range: range,
      spansYears: builder.spansYears)
    frame.clipsToStates = builder.clipsToStates
    checkPlaces(builder, frame)
    checkIndustries(builder, frame)
    checkComparability(builder, frame)
    builder.frame = frame
    return frame
  }

  /// The periods of the rows: those asked for, else all where rows show them, else the latest that all datasets have.
  private func years(of builder: FrameBuilder, _ sources: [FrameSource]) -> [Int]? {
    let isQuarterly = builder.levels.contains(.quarter)
    let all = Set(sources.flatMap(\.periods)).filter { ($0 >= 10_000) == isQuarterly }.sorted()
    guard let use = builder.years else {
      if builder.hasPeriodRows { return all }
      let common = commonPeriods(sources)
      if let year = common.last(where: { $0 < 10_000 }) ?? common.last { return [year] }
      // Each dataset at its latest.
      return [0]
    }
    if builder.hasPeriodRows {
      return all.filter { use.value.contains($0) || (isQuarterly && use.value.contains($0 / 10)) }
    }
    if let place = builder.defaultRangeUse, use.value.count == 1 {
      report(.growthNeedsRange(use.value.lowerBound, at: place, years: commonPeriods(sources)))
      return nil
    }
    return [use.value.upperBound]
  }

  /// Periods that every source has.
  private func commonPeriods(_ sources: [FrameSource]) -> [Int] {
    guard let first = sources.first else { return [] }
    return sources.dropFirst().reduce(Set(first.periods)) { $0.intersection($1.periods) }.sorted()
  }

  /// The last five years of the datasets (their whole span if shorter), shortened to years that may be compared.
  private func defaultRange(_ builder: FrameBuilder, _ sources: [FrameSource], _ latest: Int) -> ClosedRange<Int> {
    let years = commonPeriods(sources).filter { ($0 < 10_000) == (latest < 10_000) }
    let end = years.last ?? max(latest, 1)
    let span = end < 10_000 ? 5 : 50
    for start in years where start >= end - span {
      let isComparable = sources.allSatisfy { $0.dataset.isComparable(start...end, levels: builder.activityLevels) }
      if isComparable { return start...end }
    }
    return end...end
  }

  /// Places picked by a slot must lie in the area of `in:`, and places that are added up must not overlap.
  private func checkPlaces(_ builder: FrameBuilder, _ frame: Frame) {
    let areas = builder.area.members
    if let regions = builder.regions {
      let isOutside = regions.members.allSatisfy { place in
        !areas.contains { overlap(place, $0, frame) }
      }
      if isOutside {
        report(.placesOutsideArea(regions.name, area: builder.area.name, at: builder.span))
        return
      }
    }
    // Rows at a level of places show each place by itself.
    guard !frame.levels.contains(where: { $0.dimension == .region }) else { return }
    checkOverlaps(in: builder.regions ?? builder.area, frame, at: builder.span)
  }

  /// An area that lies in another of the list adds nothing to it, so something else was meant: `"CA"` is California.
  func checkNesting(of set: RegionSet, at span: TextSpan, _ scope: Scope) {
    for inner in set.members {
      guard let outer = set.members.first(where: { $0 != inner && catalog.isInside(inner, $0) }) else { continue }
      report(scope, span) { .areaInsideAnother(inner, outer, at: $0) }
      return
    }
  }

  /// Adding up a metro and one of its counties would count the county twice.
  func checkOverlaps(in set: RegionSet, _ frame: Frame, at span: TextSpan) {
    for (index, one) in set.members.enumerated() {
      for other in set.members[..<index] where overlap(one, other, frame) {
        report(.placesOverlap(other.name, one.name, at: span))
        return
      }
    }
  }

  private func overlap(_ one: Member, _ other: Member, _ frame: Frame) -> Bool {
    places.overlap(one, other, delineation: frame.delineation(in: one.country))
  }

  /// Industry codes must exist in the vintage of every year asked for.
  private func checkIndustries(_ builder: FrameBuilder, _ frame: Frame) {
    var reported: Set<String> = []
    let years = Set((frame.periodsShown + builder.fixedYears.map(\.value)).map { Period.year(of: $0) }).sorted()
    for use in builder.industries {
      for year in years where !reported.contains(use.value.code) {
        for dataset in frame.datasets {
          guard let vintage = dataset.vintage(in: year), let tree = catalog.tree(for: dataset, in: year),
            tree.index(of: use.value.code) == nil, !reported.contains(use.value.code)
          else { continue }
          reported.insert(use.value.code)
          report(.codeNotInVintage(use.value, vintage: vintage, year: year, at: use.span))
        }
      }
    }
  }

  /// Growth is refused across a change of classification that the dataset does not declare comparable.
  private func checkComparability(_ builder: FrameBuilder, _ frame: Frame) {
    var spans = builder.growthRanges
    if let use = builder.defaultRangeUse { spans.append(.init(value: frame.range, span: builder.years?.span ?? use)) }
    let shown = frame.periodsShown.map { Period.year(of: $0) }
    if let use = builder.previousUse, let first = shown.first, let last = shown.last {
      let start = max(frame.dataset.years.first ?? first, first - 1)
      if start < last { spans.append(.init(value: start...last, span: builder.years?.span ?? use)) }
    }
    for dataset in frame.datasets {
      for span in spans where !dataset.isComparable(span.value, levels: builder.activityLevels) {
        let comparable = dataset.comparableYears(levels: builder.activityLevels)
        report(.notComparable(span.value, in: dataset.name, comparable: comparable, at: span.span))
        return
      }
    }
  }
}

/// Why a dataset can't answer a query, in the order in which it is checked.
enum Obstacle {
  case measure(FrameBuilder.Use<String>)
  /// By its code.
  case country(String)
  case level(Level)
  case year(FrameBuilder.Use<Int>)
  case growth(TextSpan)

  /// How far the checks got: the larger, the closer the dataset is to an answer.
  var progress: Int {
    switch self {
    case .measure: 0
    case .country: 1
    case .level: 2
    case .year: 3
    case .growth: 4
    }
  }

  /// - Parameter fitting: The datasets of the country that have the levels asked for, with their periods.
  func diagnostic(
    _ dataset: Dataset, _ builder: FrameBuilder, _ country: String, _ catalog: Catalog,
    fitting: [(name: String, periods: [Int])]
  ) -> Diagnostic {
    let subject = builder.measures.first?.value ?? "data"
    let name = catalog.list(.country).member(code: country, country: country)?.name ?? country
    let holders = catalog.datasets.filter { $0.publishes(subject) }
    let isAlone = builder.area.members.count == 1 && builder.otherCountries.isEmpty
    let place = isAlone && country == "US" ? "" : " for \(name)"
    switch self {
    case .measure(let use):
      let holders = catalog.datasets.filter { $0.publishes(use.value) }.map(\.name)
      let others = Set(builder.measures.map(\.value)).subtracting([use.value]).sorted()
      // No dataset of the country has the measure by itself.
      if builder.datasets.isEmpty, others.isEmpty {
        return Obstacle.country(country).diagnostic(dataset, builder, country, catalog, fitting: fitting)
      }
      let name = builder.datasets.isEmpty ? nil : dataset.name
      let own = dataset.isUsers ? dataset.measureNames : []
      return .measureNotInDataset(use.value, dataset: name, has: own, with: others, holders: holders, at: use.span)
    case .country:
      let countries = holders.map(\.country).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return .noData(
        "\(subject) for \(name)", at: builder.span,
        notes: ["countries with \(subject): \(countries.sorted().joined(separator: ", "))"])
    case .level(let level):
      let withLevel = holders.filter {
        $0.answers(country) && ($0.regionLevels + $0.activityLevels).contains(level)
      }
      // What the country has beside it: of every dataset where none was picked.
      let published = builder.datasets.isEmpty ? holders.filter { $0.answers(country) } : [dataset]
      let own = Level.allCases.filter { other in
        other.dimension == level.dimension
          && published.contains { ($0.regionLevels + $0.activityLevels).contains(other) }
      }
      let levels = own.map(\.rawValue).joined(separator: ", ")
      let data = builder.datasets.isEmpty ? "the bundled data" : "`\(dataset.name)`"
      return .noData(
        "\(subject) by \(level.singular)\(place) in \(data)", at: builder.levelSpans[level] ?? builder.span,
        notes: levels.isEmpty
          ? [] : [builder.datasets.isEmpty ? "\(name) has \(subject) by \(levels)" : "`\(dataset.name)` has \(levels)"],
        helps: withLevel.isEmpty ? [] : ["datasets that have it: \(withLevel.map(\.name).joined(separator: ", "))"])
    case .year(let use):
      let level =
        builder.activityLevels.count == 1 ? builder.activityLevels.first.map { " by \($0.singular)" } ?? "" : ""
      return .noData(
        "\(subject)\(level) in \(periodText(use.value))\(place)", at: use.span,
        notes: fitting.map { "`\($0.name)` has \(periodList($0.periods))" },
        helps: builder.datasets.isEmpty ? ["one table takes its years from one dataset"] : [],
        fixes: yearFixes(fitting.map(\.periods), builder))
    case .growth(let span):
      return .growthNeedsYears(dataset.name, periodList(dataset.years), at: span)
    }
  }
}

/// The years asked for, cut to those that a dataset has, the longest run first; for a single year the nearest one.
private func yearFixes(_ published: [[Int]], _ builder: FrameBuilder) -> [Diagnostic.Fix] {
  guard let asked = builder.years, asked.value.upperBound < 10_000 else { return [] }
  var found: [(loss: Int, text: String)] = []
  for years in published.map({ $0.filter { $0 < 10_000 } }) {
    let inside = years.filter { asked.value.contains($0) }
    if asked.value.count == 1 {
      let nearest = years.min { abs($0 - asked.value.lowerBound) < abs($1 - asked.value.lowerBound) }
      if let nearest { found.append((abs(nearest - asked.value.lowerBound), "\(nearest)")) }
    } else if let low = inside.first, let high = inside.last, high > low, inside.count == high - low + 1 {
      found.append((asked.value.count - inside.count, "\(low)..\(high)"))
    }
  }
  var texts: [String] = []
  for (_, text) in found.enumerated().sorted(by: { ($0.element.loss, $0.offset) < ($1.element.loss, $1.offset) })
    .map(\.element) where !texts.contains(text)
  {
    texts.append(text)
  }
  return texts.prefix(3).map { Diagnostic.Fix(span: asked.span, replacement: $0, applicability: .maybe) }
}

/// `2003–2011` for a run of years, else `2003, 2008`; quarters by their first and last.
func periodList(_ periods: [Int]) -> String {
  let years = periods.filter { $0 < 10_000 }
  guard let first = years.first, let last = years.last else {
    guard let first = periods.first, let last = periods.last else { return "no years" }
    return first == last ? periodText(first) : "\(periodText(first))–\(periodText(last))"
  }
  if first == last { return "\(first)" }
  return last - first + 1 == years.count ? "\(first)–\(last)" : years.map { "\($0)" }.joined(separator: ", ")
}

extension Dataset {
  /// Whether growth over `years` is sound at every one of `levels`.
  package func isComparable(_ years: ClosedRange<Int>, levels: Set<Level>) -> Bool {
    let (first, last) = (Period.year(of: years.lowerBound), Period.year(of: years.upperBound))
    // What has no activities has no classification that could change.
    if activityLevels.isEmpty && comparableSpans.isEmpty { return true }
    let needed = Set(levels.map(\.rawValue))
    return comparableSpans.contains { span in
      span.years.lowerBound <= first && last <= span.years.upperBound
        && (span.levels.contains("*") || needed.isSubset(of: span.levels))
    }
  }

  /// The spans within which growth is sound at `levels`.
  func comparableYears(levels: Set<Level>) -> [ClosedRange<Int>] {
    comparableSpans.map(\.years).filter { isComparable($0, levels: levels) }
  }
}

extension Frame {
  package func baseName(_ catalog: Catalog) -> String {
    switch base {
    case .area(let set): return set.name
    case .countryOfRow:
      guard let only = countries.first, countries.count == 1 else {
        return levels.contains { $0.dimension == .region } ? "each row's country" : area.name
      }
      return catalog.list(.country).member(code: only, country: only)?.name ?? only
    }
  }

  /// Which version of the metros' borders the dataset of a country uses; nil for the latest.
  package func delineation(in country: String) -> Int? {
    sources.first { $0.countries.contains(country) }?.dataset.delineation
  }

  func periodName(_ catalog: Catalog, usesRange: Bool) -> String {
    if usesRange || spansYears {
      return "\(periodText(range.lowerBound))–\(periodText(range.upperBound))"
    }
    guard years.contains(where: { $0 <= 0 }) else { return periodList(years) }
    return countries.compactMap { code -> String? in
      guard let source = sources.first(where: { $0.countries.contains(code) }), let last = source.periods.last else {
        return nil
      }
      return "\(catalog.list(.country).member(code: code, country: code)?.name ?? code) \(last)"
    }.joined(separator: ", ")
  }
}
