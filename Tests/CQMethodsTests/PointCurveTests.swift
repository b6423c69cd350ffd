import Foundation
import Testing

@testable import CQMethods

@Suite struct PointCurveTests {
  private func random(_ count: Int, seed: Int) -> PointPattern {
    var generator = SeededGenerator(seed: seed)
    return PointPattern(
      x: (0..<count).map { _ in generator.unit() * 10 }, y: (0..<count).map { _ in generator.unit() * 10 },
      weights: (0..<count).map { _ in 1 + generator.unit() },
      kinds: (0..<count).map { _ in generator.unit() < 0.4 ? "A" : "B" })
  }

  @Test(arguments: 1...4) func curvesEqualNaiveOnes(_ seed: Int) throws {
    let points = random(40, seed: seed)
    let radii = [0.5, 1, 2, 4]
    let cases = points.kinds.indices.filter { points.kinds[$0] == "A" }
    let controls = points.kinds.indices.filter { points.kinds[$0] == "B" }
    func k(_ members: [Int], _ radius: Double) -> Double {
      var pairs = 0
      for one in members {
        for other in members where one != other && points.distance(one, other) <= radius { pairs += 1 }
      }
      return 100 * Double(pairs) / Double(members.count * members.count)
    }
    let curve = try #require(try points.ripleyCurve(cases, radii: radii, area: 100))
    let difference = try #require(try points.diggleChetwynd(cases, controls: controls, radii: radii, area: 100))
    for (index, radius) in radii.enumerated() {
      #expect(abs(curve[index] - k(cases, radius)) < 1e-12)
      #expect(abs(difference[index] - k(cases, radius) + k(controls, radius)) < 1e-12)
    }
    let found = try points.langMarconPuech("A", with: "A", radii: radii, bandwidth: 0.8)
    for (index, radius) in radii.enumerated() {
      var (local, whole) = (0.0, 0.0)
      for one in cases {
        func density(_ other: Int) -> Double {
          let gap = (radius - points.distance(one, other)) / 0.8
          return points.weights[other] * exp(-0.5 * gap * gap)
        }
        let others = points.kinds.indices.filter { $0 != one }
        local += others.filter { points.kinds[$0] == "A" }.map(density).reduce(0, +) / others.map(density).reduce(0, +)
        whole +=
          others.filter { points.kinds[$0] == "A" }.map { points.weights[$0] }.reduce(0, +)
          / others.map { points.weights[$0] }.reduce(0, +)
      }
      #expect(abs((found[index] ?? 0) - local / whole) < 1e-9)
    }
  }

  @Test func oneKindIsNeverCloserThanAll() throws {
    var points = random(25, seed: 9)
    points.kinds = points.kinds.map { _ in "A" }
    #expect(
      try points.langMarconPuech("A", with: "A", radii: [1, 3], bandwidth: 1).allSatisfy { abs(($0 ?? 0) - 1) < 1e-12 })
    #expect(try points.langMarconPuech("B", with: "B", radii: [1], bandwidth: 1) == [nil])
    #expect(try points.langMarconPuech("A", with: "A", radii: [1_000], bandwidth: 1) == [nil], "nobody is so far away")
    #expect(try points.diggleChetwynd([0, 1], controls: [], radii: [1], area: 100) == nil)
    #expect(points.bandwidth(of: "B") == nil)
  }

  @Test func uniformPointsFillTheScaledRectangle() throws {
    var generator = SeededGenerator(seed: 3)
    let points = PointPattern(x: [0, 10, 5], y: [0, 20, 3], kinds: ["A", "A", "A"])
    let drawn = try #require(points.uniform(area: 800, using: &generator))
    // 10 × 20 is 200: twice as wide and high about (5, 10).
    #expect(drawn.x.allSatisfy { $0 >= -5 && $0 <= 15 } && drawn.y.allSatisfy { $0 >= -10 && $0 <= 30 })
    #expect(PointPattern(x: [1, 1], y: [0, 3], kinds: ["A", "A"]).uniform(area: 1, using: &generator) == nil)
  }
}
