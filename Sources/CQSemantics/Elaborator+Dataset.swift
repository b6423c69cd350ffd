package import CQCatalog
import CQColumns
import CQSource

extension Elaborator {
  /// Chooses the dataset and the years of a table whose expressions are known; nil when a diagnostic was given.
  func finish(_ builder: FrameBuilder) -> Frame? {
    if let frame = builder.frame { return frame }
    guard let dataset = dataset(for: builder) else { return nil }
    guard let years = years(of: builder, in: dataset), let latest = years.last else { return nil }
    let range = builder.years.flatMap { $0.value.count > 1 ? $0.value : nil } ?? defaultRange(builder, dataset, latest)
    let frame = Frame(
      levels: builder.levels, area: builder.area, regions: builder.regions, activities: builder.activities,
      base: builder.base, policy: builder.policy, dataset: dataset, years: years, range: range,
      spansYears: builder.spansYears)
    checkPlaces(builder)
    checkIndustries(builder, frame)
    checkComparability(builder, frame)
    builder.frame = frame
    return frame
  }

  /// The first dataset in the documented order that has everything the table asks for.
  private func dataset(for builder: FrameBuilder) -> Dataset? {
    let candidates = builder.dataset.map { [$0.value] } ?? catalog.datasets
    if let dataset = candidates.first(where: { obstacle(builder, $0) == nil }) { return dataset }
    // The dataset that comes closest explains best what is missing.
    let obstacles = candidates.compactMap { dataset in obstacle(builder, dataset).map { (dataset, $0) } }
    guard let nearest = obstacles.max(by: { $0.1.progress < $1.1.progress }) else {
      report(.noData("any measure", at: builder.span, notes: ["the catalogue has no datasets"]))
      return nil
    }
    report(nearest.1.diagnostic(nearest.0, builder, catalog))
    return nil
  }

  /// Why `dataset` can't answer; nil when it can.
  private func obstacle(_ builder: FrameBuilder, _ dataset: Dataset) -> Obstacle? {
    for use in builder.measures where dataset.measure(named: use.value) == nil { return .measure(use) }
    let places = builder.area.members + (builder.regions?.members ?? [])
    if let place = places.first(where: { $0.country != dataset.country }) { return .country(place) }
    for level in builder.levels + places.map(\.level) {
      let isThere =
        switch level.dimension {
        case .region: level == .country || dataset.regionLevels.contains(level)
        case .activity: dataset.activityLevels.contains(level)
        case .period: level == .year
        }
      if !isThere { return .level(level) }
    }
    for level in builder.activityLevels.sorted(by: { $0.rawValue < $1.rawValue })
    where !dataset.activityLevels.contains(level) {
      return .level(level)
    }
    if let use = builder.years {
      for year in [use.value.lowerBound, use.value.upperBound] where !dataset.years.contains(year) {
        return .year(.init(value: year, span: use.span))
      }
    }
    for use in builder.fixedYears where !dataset.years.contains(use.value) { return .year(use) }
    if let use = builder.defaultRangeUse, builder.years == nil, dataset.years.count < 2 { return .growth(use) }
    return nil
  }

  private func years(of builder: FrameBuilder, in dataset: Dataset) -> [Int]? {
    guard let use = builder.years else {
      return builder.hasYearRows ? dataset.years : dataset.years.suffix(1)
    }
    if builder.hasYearRows { return dataset.years.filter { use.value.contains($0) } }
    if let place = builder.defaultRangeUse, use.value.count == 1 {
      report(.growthNeedsRange(use.value.lowerBound, at: place, years: dataset.years))
      return nil
    }
    return [use.value.upperBound]
  }

  /// The last five years of the dataset (its whole span if shorter), shortened to years that may be compared.
  private func defaultRange(_ builder: FrameBuilder, _ dataset: Dataset, _ latest: Int) -> ClosedRange<Int> {
    let end = dataset.years.last ?? latest
    let candidates = dataset.years.filter { $0 >= end - 5 && $0 <= end }
    for start in candidates where dataset.isComparable(start...end, levels: builder.activityLevels) {
      return start...end
    }
    return end...end
  }

  /// Places picked by a slot must lie in the area of `in:`.
  private func checkPlaces(_ builder: FrameBuilder) {
    guard let regions = builder.regions else { return }
    let outside = regions.members.filter { place in
      !builder.area.members.contains { $0 == place || $0.code == place.parent || $0.parent == place.code }
    }
    if outside.count == regions.members.count {
      report(.placesOutsideArea(regions.name, area: builder.area.name, at: builder.span))
    }
  }

  /// Industry codes must exist in the vintage of every year asked for.
  private func checkIndustries(_ builder: FrameBuilder, _ frame: Frame) {
    var reported: Set<String> = []
    let years = Set(frame.years + builder.fixedYears.map(\.value)).sorted()
    for use in builder.industries {
      for year in years where !reported.contains(use.value.code) {
        guard let vintage = frame.dataset.vintage(in: year), let tree = catalog.tree(for: frame.dataset, in: year),
          tree.index(of: use.value.code) == nil
        else { continue }
        reported.insert(use.value.code)
        report(.codeNotInVintage(use.value, vintage: vintage, year: year, at: use.span))
      }
    }
  }

  /// Growth is refused across a change of classification that the dataset does not declare comparable.
  private func checkComparability(_ builder: FrameBuilder, _ frame: Frame) {
    var spans = builder.growthRanges
    if let use = builder.defaultRangeUse { spans.append(.init(value: frame.range, span: builder.years?.span ?? use)) }
    if let use = builder.previousUse, let first = frame.years.first, let last = frame.years.last {
      let start = max(frame.dataset.years.first ?? first, first - 1)
      if start < last { spans.append(.init(value: start...last, span: builder.years?.span ?? use)) }
    }
    for span in spans where !frame.dataset.isComparable(span.value, levels: builder.activityLevels) {
      let comparable = frame.dataset.comparableYears(levels: builder.activityLevels)
      report(.notComparable(span.value, in: frame.dataset.name, comparable: comparable, at: span.span))
      return
    }
  }

  // MARK: - What the header and the notes say

  func title(_ builder: FrameBuilder, _ frame: Frame) -> [String] {
    var title = [builder.title.joined(separator: ", ")]
    if !builder.activities.isAll { title.append(builder.activities.name) }
    if let among = builder.among, !among.isAll { title.append("among \(among.name)") }
    if !frame.levels.isEmpty { title.append("by " + frame.levels.map(\.rawValue).joined(separator: ", ")) }
    let base = frame.baseName(catalog)
    if let regions = builder.regions {
      title.append(regions.name)
    } else if !builder.usesBase || frame.area.name != base {
      title.append(frame.area.name)
    }
    title.append(frame.periodName(usesRange: builder.defaultRangeUse != nil))
    if builder.usesBase { title.append("vs \(base)") }
    return title
  }

  /// Words of caution about clusters whose membership changed within the years compared.
  func cautions(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    var years = frame.years + builder.fixedYears.map(\.value)
    if builder.defaultRangeUse != nil { years += [frame.range.lowerBound, frame.range.upperBound] }
    guard let first = years.min(), let last = years.max(), first < last else { return [] }
    let picked = builder.activities.terms.compactMap { term -> String? in
      if case .member(let member) = term { return member.level == .subcluster ? member.parent : member.code }
      return nil
    }
    return frame.dataset.cautions.compactMap { caution in
      let crosses =
        caution.years.overlaps(first...last) && frame.dataset.vintage(in: first) != frame.dataset.vintage(in: last)
      let concerned = picked.isEmpty ? caution.clusters : caution.clusters.filter { picked.contains($0) }
      guard crosses, !concerned.isEmpty, !picked.isEmpty || !builder.activityLevels.isEmpty else { return nil }
      let names = catalog.list(.cluster).members.filter { concerned.contains($0.code) }.map(\.name)
      return TableNote(code: "N0533", text: "\(names.joined(separator: "; ")): \(caution.text)")
    }
  }
}

/// Why a dataset can't answer a query, in the order in which it is checked.
enum Obstacle {
  case measure(FrameBuilder.Use<String>)
  case country(Member)
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

  func diagnostic(_ dataset: Dataset, _ builder: FrameBuilder, _ catalog: Catalog) -> Diagnostic {
    let subject = builder.measures.first?.value ?? "data"
    switch self {
    case .measure(let use):
      let holders = catalog.datasets.filter { $0.measure(named: use.value) != nil }.map(\.name)
      let others = Set(builder.measures.map(\.value)).subtracting([use.value]).sorted()
      let name = builder.dataset == nil ? nil : dataset.name
      return .measureNotInDataset(use.value, dataset: name, with: others, holders: holders, at: use.span)
    case .country(let place):
      let countries = Set(catalog.datasets.filter { $0.measure(named: subject) != nil }.map(\.country)).sorted()
      return .noData(
        "\(subject) for \(place.name)", at: builder.span,
        notes: ["countries with \(subject): \(countries.joined(separator: ", "))"])
    case .level(let level):
      let holders = catalog.datasets.filter {
        $0.measure(named: subject) != nil && ($0.regionLevels + $0.activityLevels).contains(level)
      }
      let levels = (dataset.regionLevels + dataset.activityLevels).map(\.rawValue).joined(separator: ", ")
      return .noData(
        "\(subject) by \(level.singular) in \(builder.dataset == nil ? "the bundled data" : "`\(dataset.name)`")",
        at: builder.levelSpans[level] ?? builder.span,
        notes: ["levels of `\(dataset.name)`: \(levels)"],
        helps: holders.isEmpty ? [] : ["datasets that have it: \(holders.map(\.name).joined(separator: ", "))"])
    case .year(let use):
      let known = catalog.datasets.filter { $0.measure(named: subject) != nil }
      return .noData(
        "\(subject) in \(use.value)", at: use.span,
        notes: known.map { "`\($0.name)` has \(yearList($0.years))" },
        helps: builder.dataset == nil ? ["one table takes its years from one dataset"] : [])
    case .growth(let span):
      return .growthNeedsYears(dataset.name, yearList(dataset.years), at: span)
    }
  }
}

/// `2003–2011` for a run of years, else `2003, 2008`.
func yearList(_ years: [Int]) -> String {
  guard let first = years.first, let last = years.last else { return "no years" }
  if first == last { return "\(first)" }
  return last - first + 1 == years.count ? "\(first)–\(last)" : years.map { "\($0)" }.joined(separator: ", ")
}

extension Dataset {
  /// Whether growth over `years` is sound at every one of `levels`.
  package func isComparable(_ years: ClosedRange<Int>, levels: Set<Level>) -> Bool {
    let needed = Set(levels.map(\.rawValue))
    return comparableSpans.contains { span in
      span.years.lowerBound <= years.lowerBound && years.upperBound <= span.years.upperBound
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
    case .area(let set): set.name
    case .countryOfRow: catalog.list(.country).find(dataset.country).first?.name ?? dataset.country
    }
  }

  func periodName(usesRange: Bool) -> String {
    if usesRange || spansYears { return "\(range.lowerBound)–\(range.upperBound)" }
    return yearList(years)
  }
}
