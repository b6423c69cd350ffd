import CQColumns

/// For each row that is left the row of another table that a join has found for it.
struct RowPartners: Sendable {
  private enum Source: Sendable {
    /// By position; -1 where there is none.
    case listed([Int32])
    /// Each code of a dictionary has a partner, and a row that of its code.
    case ofCodes(DictionaryCodes, RowSelection, [Int32])
  }

  private let source: Source
  /// Rows without a partner.
  let unmatchedCount: Int

  /// - Parameter partners: By position; -1 where there is none.
  init(_ partners: [Int32]) { self.init(.listed(partners), unmatchedCount: partners.count { $0 < 0 }) }

  private init(_ source: Source, unmatchedCount: Int) {
    self.source = source
    self.unmatchedCount = unmatchedCount
  }

  /// - Parameters:
  ///   - codes: Of the rows of the whole table.
  ///   - partners: For each code, or -1.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ codes: DictionaryCodes, of selection: RowSelection, _ partners: [Int32], _ control: RunControl) throws {
    if partners.contains(where: { $0 < 0 }) {
      self.init(try codes.looked(up: partners, selection, control))
    } else {
      self.init(.ofCodes(codes, selection, partners), unmatchedCount: 0)
    }
  }

  /// The partners one by one.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func listed(_ control: RunControl) throws -> [Int32] {
    switch source {
    case .listed(let partners): partners
    case .ofCodes(let codes, let selection, let partners): try codes.looked(up: partners, selection, control)
    }
  }

  /// A column of the other table beside the rows: missing where there is no partner.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func joined(_ column: Vector, _ control: RunControl) throws -> Vector {
    switch source {
    case .listed(let partners):
      return Vector(
        values: try unsafe control.written(partners.count) { positions, part in
          for (index, position) in positions.enumerated() {
            let partner = Int(partners[position])
            unsafe part[index] = partner < 0 ? 0 : column.values[partner]
          }
        },
        states: try unsafe control.written(partners.count) { positions, part in
          for (index, position) in positions.enumerated() {
            let partner = Int(partners[position])
            unsafe part[index] = partner < 0 ? .missing : column.states[partner]
          }
        })
    case .ofCodes(let codes, let selection, let partners):
      let values = partners.map { column.values[Int($0)] }
      let states = partners.map { column.states[Int($0)] }
      return Vector(
        values: try codes.looked(up: values, selection, control),
        states: states.allAreKnown
          ? [CellState](each: .known, count: selection.count) : try codes.looked(up: states, selection, control))
    }
  }
}
