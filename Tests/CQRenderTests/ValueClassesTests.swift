import CQColumns
import Testing

@testable import CQRender

@Suite struct ValueClassesTests {
  @Test func quantilesHoldEquallyMany() {
    let values = (0..<100).map { Double($0 * $0) }
    let classes = ValueClasses(values, scheme: .quantile, count: 5)
    var counts = [Int](repeating: 0, count: 5)
    for value in values { counts[classes.index(of: value)] += 1 }
    #expect(counts == [20, 20, 20, 20, 20])
  }

  @Test func equalClassesAreEquallyWide() {
    #expect(ValueClasses([0, 1, 10], scheme: .equal, count: 5).bounds == [2, 4, 6, 8])
  }

  /// The best split found by trying all of them.
  @Test func naturalBreaksAreTheBest() {
    var source = SeededSource(seed: 3)
    for _ in 0..<200 {
      let values = (0..<9).map { _ in Double.random(in: 0...100, using: &source) }.sorted()
      let classes = ValueClasses(values, scheme: .jenks, count: 3)
      func cost(_ parts: [ArraySlice<Double>]) -> Double {
        parts.reduce(0) { sum, part in
          let mean = part.reduce(0, +) / Double(max(1, part.count))
          return sum + part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
      }
      var best = Double.infinity
      for one in 1..<8 {
        for two in (one + 1)..<9 { best = min(best, cost([values[..<one], values[one..<two], values[two...]])) }
      }
      let found = (0..<3).map { index in values.filter { classes.index(of: $0) == index }[...] }
      #expect(abs(cost(found) - best) < 1e-9)
    }
  }

  /// Jiang's rule on a Zipf series: each bound is the mean of what is above the one before.
  @Test func headTailBreaksAreMeans() {
    let values = (1...100).map { 1_000 / Double($0) }
    let bounds = ValueClasses(values, scheme: .headtail).bounds
    #expect(abs(bounds[0] - values.reduce(0, +) / 100) < 1e-9)
    let head = values.filter { $0 > bounds[0] }
    #expect(abs(bounds[1] - head.reduce(0, +) / Double(head.count)) < 1e-9)
    #expect(bounds.count >= 3)
  }

  @Test func quotientsTurnAtOneWithTheSameBoundsOnEveryMap() {
    let classes = ValueClasses([0.1, 0.6, 0.9, 1.1, 1.5, 3], center: 1)
    #expect(classes.bounds == [0.5, 0.8, 1, 1.2, 2])
    #expect(classes.turn == 3)
    #expect(
      classes.labels(.ratio) == ["below 0.5", "0.5 to 0.8", "0.8 to 1.0", "1.0 to 1.2", "1.2 to 2.0", "2.0 and more"])
  }

  @Test func changesTurnAtZero() {
    let classes = ValueClasses((-20...40).map(Double.init), center: 0)
    #expect(classes.bounds.contains(0))
    #expect(classes.turn == classes.bounds.firstIndex(of: 0).map { $0 + 1 })
  }

  @Test func aScaleTurnsOnlyBetweenValues() {
    #expect(ValueClasses([2, 3, 4], center: 1).turn == nil)
    #expect(ValueClasses([2, 3, 4], center: 1).bounds.allSatisfy { $0 > 2 })
  }

  @Test func ownBreaksAreKept() {
    let classes = ValueClasses([0, 5], breaks: [1, 2, 3])
    #expect(classes.bounds == [1, 2, 3])
    #expect([0, 1, 2.5, 9].map { classes.index(of: $0) } == [0, 1, 2, 3])
  }

  @Test func fewOrEqualValuesMakeFewClasses() {
    #expect(ValueClasses([]).count == 1)
    #expect(ValueClasses([4, 4, 4]).count == 1)
    #expect(ValueClasses([4, 4, 4]).labels(.ratio) == ["all the same"])
    #expect(ValueClasses([1, 2]).count <= 2)
  }

  @Test func labelsAreShort() {
    let classes = ValueClasses([], breaks: [340_000, 1_240_000, 2_500_000])
    #expect(
      classes.labels(.count(unit: "persons")) == ["below 340k", "340k to 1.24M", "1.24M to 2.5M", "2.5M and more"])
    #expect(
      ValueClasses([], breaks: [-0.05, 0, 0.1]).labels(.percent) == [
        "below −5%", "−5% to 0%", "0% to 10%", "10% and more",
      ])
  }
}

@Suite struct ProjectionTests {
  /// Snyder (1987), page 291: the sphere of radius 1, parallels 29°30′ and 45°30′, origin 23° N 96° W.
  @Test func albersAgreesWithSnyder() {
    let projection = Projection.albers(29.5, 45.5, meridian: -96)
    let (point, origin) = (projection(-75, 35), projection(-96, 23))
    #expect(abs(point.x - 0.295_272_0) < 1e-6)
    #expect(abs(origin.y - point.y - 0.241_677_4) < 1e-6)
  }

  /// Page 295: parallels 33° and 45°, origin 23° N 96° W.
  @Test func lambertAgreesWithSnyder() {
    let projection = Projection.lambert(33, 45, meridian: -96)
    let (point, origin) = (projection(-75, 35), projection(-96, 23))
    #expect(abs(point.x - 0.296_678_5) < 1e-6)
    #expect(abs(origin.y - point.y - 0.246_211_2) < 1e-6)
  }

  /// Page 332: radius 3, centre 40° N 100° W, point 20° S 100° E.
  @Test func azimuthalAgreesWithSnyder() {
    let point = Projection.azimuthal(40, meridian: -100)(100, -20)
    #expect(abs(point.x * 3 + 4.233_900_3 / 1) < 0.01 || abs(point.x * 3 - -4.233_900_3) < 0.01)
    #expect(abs(point.y * 3 + 4.025_775_0) < 0.01)
  }
}

@Suite struct GiniTests {
  @Test func knownValues() {
    #expect(Chart.gini([1, 1, 1, 1]) == 0)
    #expect(Chart.gini([0, 0, 0, 1]) == 0.75)
    #expect(Chart.gini([]) == nil)
  }

  @Test func boxesFollowTukey() throws {
    let box = try #require(BoxSummary([1, 2, 3, 4, 100]))
    #expect((box.firstQuartile, box.median, box.thirdQuartile) == (2, 3, 4))
    #expect(box.outliers == [100])
    #expect((box.low, box.high) == (1, 4))
  }
}
