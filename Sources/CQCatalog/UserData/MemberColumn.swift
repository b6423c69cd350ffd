package import CQColumns

/// A column of a file whose values name members of one level.
package struct MemberColumn: Sendable {
  /// The members that occur, in the order of their first rows.
  package var members: [Member] = []
  /// Index into `members` of each row, -1 where nothing is called that.
  package var codes: [Int32] = []
  /// Rows that name nothing.
  package var unknownCount = 0
  /// The first of them.
  package var firstUnknown: Int?

  /// - Parameters:
  ///   - countries: In the order in which they are likely: they decide about codes that several have.
  ///   - isStopped: What has come of a request to stop is of no use.
  /// - Complexity: O(rows), and one look-up for each different value.
  package init(
    _ column: FileTable.Column, rowCount: Int, level: Level, catalog: Catalog, countries: [String],
    threads: Int, isStopped: @Sendable () -> Bool
  ) {
    let values = ValueTable(column, rowCount: rowCount, threads: threads, isStopped: isStopped)
    let found: [Member?]
    if level.dimension == .region {
      let matching = PlaceMatching(catalog: catalog, countries: countries)
      let country = matching.country(of: values, levels: [level])
      // Names that only another country has are places too.
      found = zip(
        matching.members(of: values, levels: [level], country: country),
        matching.members(of: values, levels: [level], country: nil)
      ).map { $0 ?? $1 }
    } else {
      let list = catalog.list(level)
      found = values.values.map { text in
        let matches = list.find(text)
        return matches.count == 1 ? matches[0] : nil
      }
    }
    var indexes = [Int32](repeating: -1, count: values.values.count)
    var known: [Member: Int32] = [:]
    codes.reserveCapacity(rowCount)
    var hasStopped = false
    values.lookup.each(0..<rowCount) { row, number in
      if row & 0xFFFF == 0, !hasStopped, isStopped() { hasStopped = true }
      if hasStopped { return }
      let value = Int(number)
      if indexes[value] < 0, let member = found[value] {
        indexes[value] = known[member] ?? Int32(members.count)
        if known[member] == nil {
          known[member] = Int32(members.count)
          members.append(member)
        }
      }
      codes.append(indexes[value])
      if indexes[value] < 0 {
        unknownCount += 1
        firstUnknown = firstUnknown ?? row
      }
    }
  }
}
