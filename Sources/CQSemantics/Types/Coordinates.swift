package import CQCatalog

/// A set of places: named members, added up or listed.
package struct RegionSet: Sendable, Hashable {
  package var members: [Member]

  package init(_ members: [Member]) { self.members = members }

  /// `Ohio`, `Ohio and Michigan`, `Ohio + 4 more`: for headers.
  package var name: String { listName(members.map(\.name)) }
}

/// A set of activities: the union of its terms.
package struct ActivitySet: Sendable, Hashable {
  package enum Term: Sendable, Hashable {
    case all, traded, local
    case member(Member)
  }

  package var terms: [Term]

  package init(_ terms: [Term]) { self.terms = terms }

  package static let all = ActivitySet([.all])

  package var isAll: Bool { terms.contains(.all) }

  /// Whether more than one activity of a classification is meant, and not the published total either.
  var isSeveral: Bool {
    guard let first = terms.first, !isAll else { return false }
    if case .member = first { return terms.count > 1 }
    return true
  }

  package var name: String {
    listName(
      terms.map { term in
        switch term {
        case .all: "all activities"
        case .traded: "traded clusters"
        case .local: "local clusters"
        case .member(let member): member.name
        }
      })
  }

  /// The levels of the classification that telling members from non-members needs.
  package var levels: Set<Level> {
    Set(
      terms.compactMap { term in
        switch term {
        case .all: nil
        case .traded, .local: .cluster
        case .member(let member): member.level
        }
      })
  }
}

private func listName(_ names: [String]) -> String {
  switch names.count {
  case 0: "nothing"
  case 1: names[0]
  case 2: "\(names[0]) and \(names[1])"
  default: "\(names[0]) and \(names.count - 1) more"
  }
}

/// What `region:base` means: the country of each row, or one area for all rows (`vs:"Ohio"`).
package enum BaseArea: Sendable, Hashable {
  case countryOfRow
  case area(RegionSet)
}

/// Which place a measure is asked for.
package enum RegionCoordinate: Sendable, Hashable {
  case row
  case base(BaseArea)
  case set(RegionSet)
  /// `region:all`: all places that a sum over places goes over; elsewhere all places of the table.
  case whole
}

/// Which activity a measure is asked for.
package enum ActivityCoordinate: Sendable, Hashable {
  case row
  case set(ActivitySet)
}

/// Which period a measure is asked for.
package indirect enum PeriodCoordinate: Sendable, Hashable {
  /// The row's year where rows have one, else the table's year.
  case row
  case fixed(Int)
  /// First and last year of the table's range, or of the default range of the dataset.
  case rangeStart, rangeEnd
  /// The last year of the dataset, whatever the row's year.
  case latest
  /// The year before, or the same quarter of it.
  case previous(PeriodCoordinate)
  case previousQuarter(PeriodCoordinate)
}

/// One number per place, activity and period that formulas start from.
package struct Cell: Sendable, Hashable {
  package var measure: String
  package var region: RegionCoordinate
  package var activity: ActivityCoordinate
  package var period: PeriodCoordinate

  package init(
    measure: String, region: RegionCoordinate, activity: ActivityCoordinate, period: PeriodCoordinate
  ) {
    self.measure = measure
    self.region = region
    self.activity = activity
    self.period = period
  }
}

/// How withheld parts enter a sum (`suppressed:`).
package enum SuppressionPolicy: String, Sendable, CaseIterable {
  /// Use the dataset's estimates and mark the result.
  case estimate
  /// Published cells only; incomplete sums are marked.
  case exclude
  /// Any withheld part withholds the result.
  case withhold
}
