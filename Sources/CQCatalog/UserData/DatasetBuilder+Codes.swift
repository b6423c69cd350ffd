import CQColumns

// For facts that stay where they are: which codes the values of a table's columns mean.

extension DatasetBuilder {
  /// What the row of a table was read as; nil where its value names nothing.
  package struct RowCodes: Sendable {
    package var region: String?
    package var activity: String?
    package var period: Int?
  }

  /// The codes of each row of the table.
  package func rowCodes() throws(DatasetProblem) -> [RowCodes] {
    let periods = try matchedPeriods()
    let places = try matchedPlaces()
    let activities = try matchedActivities(periods)
    return (0..<table.rowCount).map { row in
      var codes = RowCodes()
      let place = Int(places.ofRow[row])
      if place >= 0 { codes.region = places.members[place].code }
      let activity = Int(activities.ofRow[row])
      if activity >= 0 { codes.activity = activities.codes[activity] }
      if periods.ofRow[row] > 0 { codes.period = Int(periods.ofRow[row]) }
      return codes
    }
  }

  /// The rows whose place is known.
  package func rowsWithPlace() throws(DatasetProblem) -> [Int] {
    let places = try matchedPlaces().ofRow
    return (0..<table.rowCount).filter { places[$0] >= 0 }
  }
}
