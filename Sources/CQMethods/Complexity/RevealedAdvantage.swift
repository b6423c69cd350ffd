/// What makes a place have an activity: how a matrix of amounts becomes a ``PresenceMatrix``.
package enum PresenceTest: String, Sendable, CaseIterable {
  /// A location quotient (revealed comparative advantage) of at least the cut.
  case rca
  /// Amount per head of the population, relative to all places, of at least the cut.
  case rpop
  /// Either of the two.
  case both
  /// A share in the place's total of at least the cut.
  case share
  /// An amount of at least the cut.
  case value
}

extension Matrix {
  /// Location quotient of each activity in each place, within the sample: Balassa's revealed comparative advantage.
  ///
  /// `(x_ij / x_i.) / (x_.j / x)`
  ///
  /// - Returns: Not a number where the place or the activity has a total of 0, or where the cell is a gap (not a number); gaps
  ///   count as absent in the totals.
  /// - Source: Balassa (1965), Manchester School 33(2).
  package var revealedAdvantage: Matrix {
    let totals = Totals(self)
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        // Of shares, so that nothing overflows; equal shares are equal numbers, and their quotient is exactly 1.
        let (share, base) = (self[row, column] / totals.rows[row], totals.columns[column] / totals.all)
        result[row, column] = totals.rows[row] != 0 && base != 0 && totals.all != 0 ? share / base : .nan
      }
    }
    return result
  }

  /// Amount per head in each place relative to that of all places: `(x_ij / p_i) / (x_.j / p)`.
  ///
  /// - Parameter population: One per row; not a number, or 0, makes the row not a number.
  package func perHeadAdvantage(population: [Double]) -> Matrix {
    let totals = Totals(self)
    let all = population.reduce(0) { $1.isNaN ? $0 : $0 + $1 }
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let (rate, base) = (self[row, column] / population[row], totals.columns[column] / all)
        result[row, column] = population[row] != 0 && base != 0 && all != 0 ? rate / base : .nan
      }
    }
    return result
  }

  /// Each cell as a share of its row's total.
  package var rowShares: Matrix {
    let totals = Totals(self)
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[row, column] = totals.rows[row] != 0 ? self[row, column] / totals.rows[row] : .nan
      }
    }
    return result
  }

  /// Which place has which activity.
  ///
  /// - Parameter population: Needed by ``PresenceTest/rpop`` and ``PresenceTest/both``.
  package func presence(
    _ test: PresenceTest = .rca, atLeast cut: Double = 1, population: [Double] = []
  ) -> PresenceMatrix {
    switch test {
    case .rca: PresenceMatrix(revealedAdvantage, atLeast: cut)
    case .rpop: PresenceMatrix(perHeadAdvantage(population: population), atLeast: cut)
    case .share: PresenceMatrix(rowShares, atLeast: cut)
    case .value: PresenceMatrix(self, atLeast: cut)
    case .both:
      PresenceMatrix(
        rowCount: rowCount, columnCount: columnCount,
        isPresent: zip(revealedAdvantage.elements, perHeadAdvantage(population: population).elements).map {
          $0 >= cut || $1 >= cut
        })
    }
  }

  /// Sums that leave gaps out.
  private struct Totals {
    var rows: [Double]
    var columns: [Double]
    var all = 0.0

    init(_ matrix: Matrix) {
      rows = [Double](repeating: 0, count: matrix.rowCount)
      columns = [Double](repeating: 0, count: matrix.columnCount)
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount where !matrix[row, column].isNaN {
          rows[row] += matrix[row, column]
          columns[column] += matrix[row, column]
        }
        all += rows[row]
      }
    }
  }
}
