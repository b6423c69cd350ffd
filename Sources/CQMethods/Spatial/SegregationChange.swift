/// Why groups live or work more separately than before: other groups, other places, or another pattern.
///
/// The table of one year is scaled to the margins of another one (``BiproportionalFit``), which leaves the pattern (all odds ratios) as it
/// is. With the size of the groups, the size of the places and the pattern of either year there are eight tables; each part is the mean of
/// what its exchange changes over all orders of exchange (Shapley). What is in one of the years only is the part `replaced`.
///
/// - Source: Karmel and Maclachlan (1988), *Economic Record* 64(3): 187–195; Deutsch, Flückiger and Silber (2009), *Research on Economic
///   Inequality* 17: 171–202; Elbers (2023), *Sociological Methods & Research* 52(1): 5–42; Shorrocks (2013), *Journal of Economic
///   Inequality* 11(1): 99–126.
package struct SegregationChange: Sendable {
  package struct Part: Sendable {
    package let name: String
    package let before: Double
    package let after: Double
    package let groups: Double
    package let places: Double
    package let pattern: Double
    package let replaced: Double
  }

  package enum Failure: Error, Equatable {
    /// Fewer than two groups with members in both years, or a negative number.
    case undefined
    /// Pairs that are empty in one year leave no table with the margins of the other one.
    case noFit
  }

  /// One per measure of ``MultigroupSegregation``.
  package let parts: [Part]

  /// - Parameters:
  ///   - before: Places × groups, not negative.
  ///   - after: Of the same places and groups.
  /// - Complexity: six biproportional fits.
  package init(before: Matrix, after: Matrix) throws(Failure) {
    precondition(
      before.rowCount == after.rowCount && before.columnCount == after.columnCount, "the same places and groups")
    guard let first = MultigroupSegregation(before), let last = MultigroupSegregation(after) else { throw .undefined }
    // Places and groups with somebody in both years; one that goes may take another one along.
    var (rows, columns) = (Array(0..<before.rowCount), Array(0..<before.columnCount))
    while true {
      let kept = rows.filter { row in
        [before, after].allSatisfy { table in columns.contains { table[row, $0] > 0 } }
      }
      let left = columns.filter { column in
        [before, after].allSatisfy { table in kept.contains { table[$0, column] > 0 } }
      }
      let isSettled = kept.count == rows.count && left.count == columns.count
      (rows, columns) = (kept, left)
      if isSettled { break }
    }
    func common(_ table: Matrix) -> Matrix {
      let part = Matrix(rows: rows.map { row in columns.map { table[row, $0] } })
      let total = part.elements.reduce(0, +)
      var result = part
      for index in result.elements.indices { result.elements[index] /= total }
      return result
    }
    guard rows.count > 1, columns.count > 1 else { throw .undefined }
    let tables = [common(before), common(after)]
    var values: [[Double]] = []
    // Bits of the number: groups, places, pattern of the later year.
    for number in 0..<8 {
      let (groups, places, pattern) = (number & 1, number >> 1 & 1, number >> 2)
      var table = tables[pattern]
      if groups != pattern || places != pattern {
        do throws(BiproportionalFit.Failure) {
          table = try BiproportionalFit(
            table, rowSums: tables[places].rowSums, columnSums: tables[groups].columnSums, tolerance: 1e-11
          ).matrix
        } catch { throw .noFit }
      }
      guard let found = MultigroupSegregation(table) else { throw .undefined }
      values.append(found.all.map(\.value))
    }
    func isWhole(_ table: Matrix) -> Bool {
      (0..<table.rowCount).allSatisfy { row in
        (0..<table.columnCount).allSatisfy { table[row, $0] == 0 || (rows.contains(row) && columns.contains($0)) }
      }
    }
    let isReplaced = !isWhole(before) || !isWhole(after)
    parts = first.all.indices.map { measure in
      let value = values.map { $0[measure] }
      // The weights of an exchange with none, one or two of the others already made: 2/6, 1/6 each, 2/6.
      func part(_ own: Int, _ one: Int, _ other: Int) -> Double {
        (2 * (value[own] - value[0]) + (value[own | one] - value[one]) + (value[own | other] - value[other])
          + 2 * (value[7] - value[one | other])) / 6
      }
      let (start, end) = (first.all[measure].value, last.all[measure].value)
      return Part(
        name: first.all[measure].name, before: start, after: end, groups: part(1, 2, 4), places: part(2, 1, 4),
        pattern: part(4, 1, 2), replaced: isReplaced ? end - start - (value[7] - value[0]) : 0)
    }
  }
}

/// The verb `segregation_change`.
let segregationChangeKernels: [Kernel] = [
  Kernel(
    "segregation_change", .table,
    operands: [.init("place", .text), .init("group", .text), .init("before"), .init("after")],
    columns: [
      .init("measure", .text), .init("before"), .init("after"), .init("change"), .init("groups"), .init("places"),
      .init("pattern"), .init("replaced"),
    ], dropsGaps: false
  ) { input in
    let (places, groups) = (input.texts["place"] ?? [], input.texts["group"] ?? [])
    let before = CrossTable(places, groups, input.values("before"))
    let after = CrossTable(places, groups, input.values("after"))
    var output = KernelOutput(columns: (0..<7).map { _ in KernelValues([]) }, texts: [[]])
    for note in before.notes + after.notes where !output.notes.contains(note) { output.notes.append(note) }
    do {
      for part in try SegregationChange(before: before.matrix, after: after.matrix).parts {
        output.texts[0].append(part.name)
        let numbers = [
          part.before, part.after, part.after - part.before, part.groups, part.places, part.pattern, part.replaced,
        ]
        for (column, number) in numbers.enumerated() { output.columns[column].append(number) }
      }
    } catch {
      output.notes.append(
        error as? SegregationChange.Failure == .noFit
          ? "missing: pairs that are empty in one year leave no table with the sizes of the other"
          : "missing: needs two groups and two places with members in both years, and no negative number")
    }
    return output
  }
]
