import Testing

@testable import CQMethods

@Suite struct TradeIndicesTests {
  @Test func marketSharesAddUp() {
    var generator = SeededGenerator(seed: 77)
    func amounts() -> Matrix {
      var matrix = Matrix.random(6, 4, using: &generator)
      for index in matrix.elements.indices {
        matrix.elements[index] = index % 7 == 3 ? 0 : abs(matrix.elements[index]) * 100
      }
      return matrix
    }
    func sum(_ first: Matrix, _ second: Matrix) -> Matrix {
      var matrix = first
      for index in matrix.elements.indices { matrix.elements[index] += second.elements[index] }
      return matrix
    }
    let (before, after) = (amounts(), amounts())
    let (worldBefore, worldAfter) = (sum(before, amounts()), sum(after, amounts()))
    let change = TradeIndices.marketShareChange(
      before: before, after: after, worldBefore: worldBefore, worldAfter: worldAfter)
    let actual = after.elements.reduce(0, +) - before.elements.reduce(0, +)
    #expect(agree(change.total, actual, within: 1e-12))
    // The whole world holds its share of itself.
    let world = TradeIndices.marketShareChange(
      before: worldBefore, after: worldAfter, worldBefore: worldBefore, worldAfter: worldAfter)
    #expect(abs(world.competitiveness) < 1e-9)
    #expect(abs(world.product) < 1e-9 && abs(world.market) < 1e-9)
  }

  @Test func marketSharesByHand() {
    // One product of two doubles in the world; the place keeps its exports of it.
    let change = TradeIndices.marketShareChange(
      before: Matrix(rows: [[10], [20]]), after: Matrix(rows: [[10], [30]]),
      worldBefore: Matrix(rows: [[100], [100]]), worldAfter: Matrix(rows: [[200], [100]]))
    #expect(change.growth == 15 && change.product == -5 && change.market == 0 && change.competitiveness == 0)
  }

  @Test func tiersByAdvantageAndDensity() {
    let tiers = TradeIndices.tiers(
      advantage: [1, 0.5, 0.2, .nan, 0, 0.9], density: [0.1, 0.9, 0.2, 0.3, .nan, 0.1])
    #expect(tiers == [.existing, .near, .far, .far, .far, .far])
    #expect(TradeIndices.tiers(advantage: [], density: []).isEmpty)
  }

  @Test func quantilesOfTypeSeven() {
    #expect(TradeIndices.quantile([1, 2, 3, 4], 0.75) == 3.25)
    #expect(TradeIndices.quantile([5], 0.5) == 5 && TradeIndices.quantile([], 0.5).isNaN)
  }
}
