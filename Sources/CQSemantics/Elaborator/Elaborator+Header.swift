import CQCatalog
import CQColumns
import CQSource

// What a table says of itself: its title, and what deserves a word of caution.

extension Elaborator {
  func title(_ builder: FrameBuilder, _ frame: Frame) -> [String] {
    var title = [builder.title.joined(separator: ", ")]
    if !builder.activities.isAll { title.append(builder.activities.name) }
    if let among = builder.among, !among.isAll { title.append("among \(among.name)") }
    if !frame.levels.isEmpty {
      title.append("by " + frame.levels.map { builder.levelWords[$0] ?? $0.rawValue }.joined(separator: ", "))
    }
    let base = frame.baseName(catalog)
    if let regions = builder.regions {
      title.append(regions.name)
    } else if !builder.usesBase || frame.area.name != base {
      title.append(frame.area.name)
    }
    title.append(frame.periodName(catalog, usesRange: builder.defaultRangeUse != nil))
    if builder.usesBase { title.append("vs \(base)") }
    return title
  }

  /// Words of caution: about what datasets of several countries share, and about clusters whose membership changed
  /// within the years compared.
  func cautions(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    countryNotes(frame) + areaNotes(builder, frame) + partNotes(frame) + sharedClusterNotes(builder, frame)
      + membershipNotes(builder, frame) + plainTableNotes(builder, frame)
  }

  /// Where the tables come from that methods work on beside the facts, one note per source that is not the facts' own.
  private func plainTableNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    let known = frame.datasets.map(\.source)
    var sources = known
    for table in builder.plainTables where !sources.contains(table.source) { sources.append(table.source) }
    return sources.dropFirst(known.count).map { source in
      let names = builder.plainTables.filter { $0.source == source }.map(\.name)
      return TableNote(code: "N0508", text: "\(names.joined(separator: ", ")): \(source)")
    }
  }

  private func countryNotes(_ frame: Frame) -> [TableNote] {
    guard frame.datasets.count > 1 else { return [] }
    var notes: [TableNote] = []
    let countries = Set(frame.datasets.map(\.country))
    // One file of the user's is one survey.
    if countries.count > 1, Set(frame.datasets.map(\.source)).count > 1 {
      let names = frame.datasets.map { "\(countryName($0.country)) (\($0.name))" }.joined(separator: ", ")
      notes.append(
        TableNote(
          code: "N0530",
          text: "these are different surveys, with their own scope and national detail of industry codes: \(names)"
        ))
    }
    if frame.years.contains(where: { $0 <= 0 }) {
      let latest = frame.sources.compactMap { source in
        source.periods.last.map { "\(source.dataset.name) \(periodText($0))" }
      }
      notes.append(
        TableNote(
          code: "N0535", text: "the datasets share no year; each at its latest: \(latest.joined(separator: ", "))"))
    }
    return notes
  }

  private func countryName(_ code: String) -> String {
    catalog.list(.country).member(code: code, country: code)?.name ?? code
  }

  /// Metros are shown whole even where they cross the line of a state that rows are taken from.
  private func areaNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    if frame.clipsToStates { return [] }
    let picked = frame.placeSets.flatMap(\.members)
    let states = Set(picked.filter { $0.level == .state }.map(\.key))
    guard !states.isEmpty || frame.levels.contains(.state) else { return [] }
    var areas = picked.filter { $0.level == .metro || $0.level == .economicArea }
    var isRow = false
    let selection = frame.selection(places)
    for level in [Level.metro, .economicArea] where frame.levels.contains(level) {
      isRow = true
      areas = catalog.list(level).members.filter { $0.states.count > 1 && frame.countries.contains($0.country) }
    }
    let crossing = areas.filter { area in
      guard area.states.count > 1, selection.touches(area) else { return false }
      if frame.levels.contains(.state) { return true }
      return !area.states.allSatisfy {
        states.contains(MemberKey(level: .state, country: area.country, code: $0))
      }
    }
    if crossing.isEmpty { return [] }
    var note = TableNote(
      code: "N0531", about: crossing.map { TableMember(code: $0.code, name: $0.name) },
      "across a state line, shown whole (`clip:state` cuts at the line)")
    if !isRow { note.subjects = [] }
    return [note]
  }

  /// `employment(by:country, in:"Texas")`: rows of places that are wider than the area that they are taken from. Areas
  /// that cross a state line are not cut by their states, as ``areaNotes(_:_:)`` says.
  private func partNotes(_ frame: Frame) -> [TableNote] {
    let places = Level.places
    guard let row = frame.levels.compactMap({ places.firstIndex(of: $0) }).max() else { return [] }
    return frame.placeSets.compactMap { set in
      let isWithin = set.members.allSatisfy { member in
        member.states.count < 2 && places.firstIndex(of: member.level).map { $0 > row } ?? false
      }
      guard isWithin, !set.members.isEmpty else { return nil }
      return TableNote(
        code: "N0536", text: "each row is only the part of the \(places[row].singular) that lies in \(set.name)")
    }
  }

  /// Clusters of codes that are coarser than their definitions are an approximation.
  private func sharedClusterNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    guard builder.activityLevels.contains(.cluster) || builder.activities.levels.contains(.cluster) else { return [] }
    let shared = frame.datasets.filter {
      !$0.activityLevels.contains(.naics6) && catalog.weights(scheme: $0.scheme) != nil
    }
    if shared.isEmpty { return [] }
    let names = shared.map(\.name).joined(separator: ", ")
    return [
      TableNote(
        code: "N0534",
        text:
          "\(names): clusters are equal shares of coarser industry codes, an approximation, so their numbers are estimates"
      )
    ]
  }

  private func membershipNotes(_ builder: FrameBuilder, _ frame: Frame) -> [TableNote] {
    var years = frame.periodsShown + builder.fixedYears.map(\.value)
    if builder.defaultRangeUse != nil { years += [frame.range.lowerBound, frame.range.upperBound] }
    guard let first = years.min(), let last = years.max(), first < last else { return [] }
    let picked = builder.activities.terms.compactMap { term -> String? in
      if case .member(let member) = term { return member.level == .subcluster ? member.parent : member.code }
      return nil
    }
    let (start, end) = (Period.year(of: first), Period.year(of: last))
    return frame.datasets.flatMap { dataset in dataset.cautions.map { (dataset, $0) } }.compactMap { dataset, caution in
      let crosses = caution.years.overlaps(start...end) && dataset.vintage(in: start) != dataset.vintage(in: end)
      let concerned = picked.isEmpty ? caution.clusters : caution.clusters.filter { picked.contains($0) }
      guard crosses, !concerned.isEmpty, !picked.isEmpty || !builder.activityLevels.isEmpty else { return nil }
      let names = catalog.list(.cluster).members.filter { concerned.contains($0.code) }.map(\.name)
      return TableNote(code: "N0533", text: "\(names.joined(separator: "; ")): \(caution.text)")
    }
  }
}
