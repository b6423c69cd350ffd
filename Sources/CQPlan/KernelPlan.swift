import CQCatalog
import CQMethods
package import CQSemantics

/// What the engine does for one use of a kernel: formulas on the grid of its sample, and where its numbers go.
package struct KernelPlan: Sendable {
  package var call: KernelCall
  /// Index of the grid that the sample is laid out on.
  package var grid: Int
  /// One per operand of the call, on that grid.
  package var formulas: [Formula]
  package var placement: Placement

  /// Whether it takes the members of one cell at a time, not a whole sample.
  var isByMembers: Bool { if case .members = placement { true } else { false } }

  package enum Placement: Sendable {
    /// The members behind each cell of the coarser grid: its groups of places and of activities for those of the finer.
    case members(regionParents: [Int32], activityParents: [Int32], isOverPlaces: Bool)
    /// Places that are compared with each other, and for each row's place and activity where its number stands in the
    /// sample (-1 where it has none).
    case sample(samples: [[Int]], places: [Int], activities: [Int])
  }
}

/// A kernel over the rows of a table as they stand.
package final class RowKernel: Sendable {
  package let call: KernelCall
  package let formulas: [Formula]
  /// Columns whose values name the group.
  package let groups: [Int]

  init(call: KernelCall, formulas: [Formula], groups: [Int]) {
    self.call = call
    self.formulas = formulas
    self.groups = groups
  }
}

/// A verb that a kernel does.
package struct KernelStage: Sendable {
  package var call: KernelCall
  /// One per operand; nil for columns of names.
  package var formulas: [Formula?]
  /// The column of names of each operand.
  package var nameColumns: [Int?]
  package var types: [ValueType]
}

extension AxisBuilder {
  /// The grid of the sample of `call` for rows on `rows`, and where each row's number stands in it.
  func sample(of call: KernelCall, _ rows: Grid) throws(CatalogError) -> (Grid, KernelPlan.Placement) {
    let rowLevel = rows.region.levels.max()
    let level = call.kernel.shape == .activities ? call.level : rowLevel
    guard let level else { return (rows, .sample(samples: [], places: [], activities: [])) }
    let region = sampleAxis(level)
    let activity: ActivityAxis
    switch call.kernel.shape {
    case .map: activity = rows.activity
    case .places: activity = try activityAxis(levels: call.level.map { [$0] } ?? [], constraints: [call.activities])
    default:
      // Activities of the rows' finest level of activities, whichever of them are shown.
      let levels = rows.activity.levels.last.map { [$0] } ?? []
      activity = try activityAxis(levels: levels, constraints: [call.activities])
    }
    let sample = Grid(region: region, activity: activity, years: rows.years)
    var places: [Int] = [Int](repeating: -1, count: rows.region.groupCount)
    if let rowLevel, call.kernel.shape != .activities, let position = rows.region.levels.firstIndex(of: rowLevel) {
      let index = positions(region.entries)
      places = rows.region.entries.map { index[[$0[position].key]] ?? -1 }
    }
    var activities = [Int](repeating: -1, count: rows.activity.groupCount)
    if call.kernel.shape == .map {
      activities = Array(0..<rows.activity.groupCount)
    } else if call.kernel.shape != .places, let last = rows.activity.levels.indices.last {
      let index = positions(activity.entries)
      activities = rows.activity.entries.map { index[[$0[last].key]] ?? -1 }
    }
    return (sample, .sample(samples: samples(region), places: places, activities: activities))
  }

  private func positions(_ entries: [[Member]]) -> [[MemberKey]: Int] {
    Dictionary(entries.enumerated().map { ($1.map(\.key), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// All places of `level` in the base area.
  private func sampleAxis(_ level: Level) -> RegionAxis {
    let area: RegionSet =
      switch frame.base {
      case .area(let set): set
      case .countryOfRow:
        RegionSet(frame.countries.compactMap { catalog.list(.country).member(code: $0, country: $0) })
      }
    let selection = PlaceSelection(
      [area], places: places, delineations: frame.delineations, clipsToStates: frame.clipsToStates)
    let countries = places.countries(of: area)
    let entries = countries.flatMap { country in
      selection.entries(of: catalog.list(level).members.filter { $0.country == country }, levels: [level])
    }
    return RegionAxis(levels: [level], constraints: [area], entries: entries)
  }

  /// Places of one country are compared with each other, unless `vs:` names one area for all.
  private func samples(_ axis: RegionAxis) -> [[Int]] {
    guard case .countryOfRow = frame.base else { return [Array(axis.entries.indices)] }
    var samples: [(country: String, places: [Int])] = []
    for (index, entry) in axis.entries.enumerated() {
      let country = entry.first?.country ?? ""
      if let last = samples.indices.last, samples[last].country == country {
        samples[last].places.append(index)
      } else {
        samples.append((country, [index]))
      }
    }
    return samples.map(\.places)
  }

  /// The places of `coarse` split by `level`, and which group of `coarse` each belongs to.
  func regionAxis(of coarse: RegionAxis, splitBy level: Level) -> (RegionAxis, [Int32]) {
    if coarse.levels.contains(level) { return (coarse, coarse.entries.indices.map { Int32($0) }) }
    let levels = coarse.levels + [level]
    let fine = regionAxis(levels: levels)
    let positions = positions(coarse.entries)
    return (fine, fine.entries.map { Int32(positions[$0.dropLast().map(\.key)] ?? 0) })
  }
}
