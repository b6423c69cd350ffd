import CVectorLoops
import Testing

@testable import CQMethods

/// The loops that are compiled for several widths of registers give the same bits in all that this machine has.
@Suite struct VectorLoopsTests {
  private static let widths = [2, 4, 8].filter { $0 <= VectorLoops.width }.map { Int32($0) }

  @Test(arguments: [(1, 1, 1), (7, 300, 25), (64, 32, 250), (33, 257, 241)])
  func productsHaveTheSameBits(_ rows: Int, _ inner: Int, _ columns: Int) {
    var generator = SeededGenerator(seed: rows)
    let (a, b) = (Matrix.random(rows, inner, using: &generator), Matrix.random(inner, columns, using: &generator))
    let results = Self.widths.map { width in
      var c = Matrix(rowCount: rows, columnCount: columns, repeating: 0.1)
      var space = [Double](repeating: 0, count: cq_product_space(inner, columns))
      unsafe cq_add_product(
        width, a.elements, inner, b.elements, columns, &c.elements, columns, rows, inner, columns, -1, &space)
      return c
    }
    // One term after the other.
    var naive = Matrix(rowCount: rows, columnCount: columns, repeating: 0.1)
    for row in 0..<rows {
      for column in 0..<columns { for step in 0..<inner { naive[row, column] += -a[row, step] * b[step, column] } }
    }
    #expect(results.allSatisfy { $0 == naive })
  }

  @Test(arguments: [(5, 3, 4), (40, 64, 70), (20, 130, 64)])
  func sumsOfColumnsHaveTheSameBits(_ places: Int, _ rows: Int, _ inner: Int) {
    var generator = SeededGenerator(seed: inner)
    let matrix = Matrix.random(min(rows, 64), inner, using: &generator)
    let presence = PresenceMatrix(
      rowCount: places, columnCount: inner, isPresent: (0..<places * inner).map { _ in generator.unit() < 0.3 })
    let results = Self.widths.map { width in
      var target = [Double](repeating: -1, count: places * matrix.rowCount)
      var totals = [Double](repeating: -1, count: matrix.rowCount)
      unsafe cq_sum_columns(
        width, matrix.elements, matrix.rowCount, inner, inner, presence.columns,
        presence.starts(every: Int(CQ_NEAR_COLUMNS)), places, &target, matrix.rowCount, &totals)
      return target + totals
    }
    var naive: [Double] = []
    for place in 0..<places {
      for row in 0..<matrix.rowCount {
        naive.append(presence.columns(of: place).reduce(0) { $0 + matrix[row, Int($1)] })
      }
    }
    naive += (0..<matrix.rowCount).map { row in (0..<inner).reduce(0) { $0 + matrix[row, $1] } }
    #expect(results.allSatisfy { $0 == naive })
  }

  @Test func countsAndQuotientsHaveTheSameBits() {
    var generator = SeededGenerator(seed: 8)
    let (rows, columns) = (600, 83)
    let bytes = (0..<rows * columns).map { _ in UInt8(generator.below(2)) }
    let indices = (0..<Int32(rows)).filter { _ in generator.unit() < 0.9 }
    let sizes = (0..<columns).map { _ in 1 + generator.unit() * 600 }
    let results = Self.widths.map { width in
      var counts = [Int32](repeating: 2, count: columns)
      var (space, quotients) = ([UInt8](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
      unsafe cq_count_rows(width, bytes, columns, indices, indices.count, &counts, columns, &space)
      unsafe cq_divide_by_larger(width, counts, 300, sizes, &quotients, columns)
      return quotients
    }
    let naive = (0..<columns).map { column in
      Double(indices.reduce(2) { $0 + Int(bytes[Int($1) * columns + column]) }) / max(300, sizes[column])
    }
    #expect(indices.count > 510 && results.allSatisfy { $0 == naive })
  }

  @Test(arguments: [0, 1, 7, 8, 33, 1_000])
  func formulasHaveTheSameBits(count: Int) {
    var generator = SeededGenerator(seed: count)
    let left = (0..<count).map { _ in generator.unit() * 2e6 - 1e6 }
    let right = (0..<count).map { _ in 0.001 + generator.unit() * 1e3 }
    let operations: [(Int, (Double, Double) -> Double)] = [
      (CQ_ADD, { $0 + $1 }), (CQ_SUBTRACT, { $0 - $1 }), (CQ_MULTIPLY, { $0 * $1 }), (CQ_DIVIDE, { $0 / $1 }),
      (CQ_SQUARE, { a, _ in a * a }),
    ]
    // Eight running sums.
    var lanes = [Double](repeating: 0, count: 8)
    for index in left.indices { lanes[index % 8] += left[index] }
    let sum = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
    let (sums, scale) = (left.map { Int64($0 * 1e12) }, 0.3)
    let (present, absent) = (left.map { UInt8($0 > 0 ? 1 : 0) }, right.map { UInt8($0 > 500 ? 3 : 0) })
    for width in Self.widths {
      for (operation, body) in operations {
        var result = left
        #expect(unsafe cq_combine(width, Int32(operation), &result, right, count) == 0)
        #expect(result.map(\.bitPattern) == zip(left, right).map { body($0, $1).bitPattern })
      }
      #expect(unsafe cq_sum(width, left, count) == sum)
      var values = [Double](repeating: .nan, count: count)
      var states = [UInt8](repeating: 9, count: count)
      let worst = unsafe cq_write_cells(width, sums, present, absent, scale, &values, &states, count)
      #expect(values == sums.map { Double($0) * scale })
      #expect(states == zip(present, absent).map { $0 == 0 ? $1 : 0 })
      #expect(worst == states.reduce(0) { $0 | $1 })
    }
  }

  @Test func bitsAreSetWhereValuesLieBetween() {
    let values = (0..<192).map { index in [Int32.min, -3, 0, 2, 3, .max][(index * index + index / 7) % 6] }
    for (first, last) in [(Int32.min, Int32.max), (-3, 2), (0, 0), (1, 1), (.max, .min), (3, .max), (.min, -3)] {
      for width in Self.widths {
        var marks = [UInt64](repeating: 7, count: 3)
        unsafe cq_mark_between(width, values, 3, first, last, &marks)
        let areMarked = values.indices.map { marks[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
        #expect(areMarked == values.map { $0 >= first && $0 <= last })
      }
    }
  }

  @Test func resultsThatAreNotFiniteAreTold() {
    for width in Self.widths {
      for position in [0, 5, 16] {
        for (own, other) in [(1.0, 0.0), (0, 0), (-1, 0), (1e300, 1e-300), (.nan, 1), (.infinity, 2)] {
          var left = [Double](repeating: 1, count: 17)
          var right = left
          (left[position], right[position]) = (own, other)
          #expect(unsafe cq_combine(width, Int32(CQ_DIVIDE), &left, right, 17) != 0)
        }
      }
    }
  }

  @Test func eliminationsHaveTheSameBits() {
    var generator = SeededGenerator(seed: 2)
    let panel = Matrix.random(90, Int(CQ_PANEL_WIDTH), using: &generator)
    var results: [([Double], [Int], Int)] = []
    for width in Self.widths {
      var (work, pivots) = (panel.elements, [Int](repeating: 0, count: Int(CQ_PANEL_WIDTH)))
      let count = unsafe cq_eliminate(width, &work, 90, Int(CQ_PANEL_WIDTH), 0, &pivots)
      results.append((work, pivots, Int(count)))
    }
    #expect(results.allSatisfy { $0.0 == results[0].0 && $0.1 == results[0].1 && $0.2 == Int(CQ_PANEL_WIDTH) })
  }

  /// With every element the same in any number of threads: rows and columns are shared out, sums never are.
  @Test func largeInversesGiveTheIdentity() throws {
    var generator = SeededGenerator(seed: 262)
    var matrix = Matrix.random(300, 300, using: &generator)
    for index in 0..<300 { matrix[index, (index + 7) % 300] += 20 }
    let factors = try LUFactorization(matrix)
    #expect(matrix.multiplied(by: factors.inverse).largestDifference(from: .identity(300)) < 1e-11)
    let right = Matrix.random(300, 5, using: &generator)
    #expect(matrix.multiplied(by: factors.solve(right)).largestDifference(from: right) < 1e-10)
  }
}
