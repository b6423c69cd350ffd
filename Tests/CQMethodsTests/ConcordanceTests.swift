import CQColumns
import Testing

@testable import CQMethods

/// Concordances by hand, by identities, and against a naive version on random links.
@Suite struct ConcordanceTests {
  @Test func equalPartsWeightsAndSizes() throws {
    let equal = Concordance([.init("11", "A"), .init("11", "B"), .init("12", "B")])
    #expect(equal.shares["11"] == [.init(code: "A", part: 0.5), .init(code: "B", part: 0.5)])
    #expect(equal.shares["12"] == [.init(code: "B", part: 1)])
    let weighted = Concordance([.init("1", "A", 3), .init("1", "B", 1), .init("2", "A", 0), .init("2", "B", 0)])
    #expect(weighted.shares["1"]?.map(\.part) == [0.75, 0.25])
    #expect(weighted.shares["2"]?.map(\.part) == [0.5, 0.5], "weights of 0 say nothing")
    let sized = Concordance([.init("1", "A"), .init("1", "B"), .init("2", "C")], sizes: ["A": 1, "B": 4])
    #expect(sized.shares["1"]?.map(\.part) == [0.2, 0.8] && sized.shares["2"]?.map(\.part) == [1])
    #expect(Concordance([]).shares(of: "1") == nil)
  }

  @Test func groupsAndFinerCodes() throws {
    let concordance = Concordance([
      .init("336411", "A"), .init("336412", "B"), .init("336413", "B"), .init("010121", "C"), .init("321111", "D"),
    ])
    let group = try #require(concordance.shares(of: "3364"))
    #expect(group.match == .group && group.shares.map(\.code) == ["A", "B"])
    #expect(abs(group.shares[0].part - 1 / 3) < 1e-15 && abs(group.shares[1].part - 2 / 3) < 1e-15)
    #expect(concordance.shares(of: "31-33")?.shares.map(\.code) == ["A", "B", "D"])
    #expect(concordance.shares(of: "33641X")?.match == .group)
    #expect(try #require(concordance.shares(of: "10121")).shares == [.init(code: "C", part: 1)], "the zero is put back")
    let finer = try #require(Concordance([.init("3364", "A")]).shares(of: "336411"))
    #expect(finer.match == .broader && finer.shares == [.init(code: "A", part: 1)])
    #expect(concordance.shares(of: "9") == nil && concordance.shares(of: "") == nil)
  }

  /// Chains multiply as matrices do, and keep totals.
  @Test(arguments: 0..<30) func chainsAreMatrixProducts(number: Int) throws {
    var random = SeededGenerator(seed: 41, stream: number)
    func links(_ from: String, _ to: String) -> [Concordance.Link] {
      (0..<(1 + random.below(20))).map { _ in
        Concordance.Link("\(from)\(10 + random.below(5))", "\(to)\(10 + random.below(5))", random.unit())
      }
    }
    let (first, second) = (links("a", "b"), links("b", "c"))
    let chain = ConcordanceChain([Concordance(first), Concordance(second)])
    func part(_ links: [Concordance.Link], _ from: String, _ to: String) -> Double {
      let all = links.filter { $0.from == from }.reduce(0) { $0 + ($1.weight ?? 0) }
      return all > 0 ? links.filter { $0.from == from && $0.to == to }.reduce(0) { $0 + ($1.weight ?? 0) } / all : 0
    }
    for code in Set(first.map(\.from)) {
      let found = chain.distribution(of: code)
      #expect(abs(found.shares.reduce(found.unmatched) { $0 + $1.part } - 1) < 1e-12)
      for share in found.shares {
        let naive = Set(first.map(\.to)).reduce(0) { $0 + part(first, code, $1) * part(second, $1, share.code) }
        #expect(abs(share.part - naive) < 1e-12)
      }
    }
  }

  @Test func classesOfTradeHaveOtherDigits() {
    let links = ConcordanceRoute.sharedClasses(
      ["111110", "311811", "423110", "441110"], ["111110", "311812", "431110", "461110"])
    #expect(
      links == [
        .init("111110", "111110"), .init("311811", "311812"), .init("423110", "431110"), .init("441110", "461110"),
      ])
    // 221 and 222 share the sector only.
    #expect(ConcordanceRoute.sharedClasses(["221310"], ["222111"]) == [.init("221310", "222111")])
    #expect(ConcordanceRoute.sharedClasses(["111110"], ["541110"]).isEmpty)
  }

  @Test func waysBetweenClassifications() {
    #expect(
      ConcordanceRoute.path(from: "naics2002", to: "isic4") == [
        "naics2002", "naics2007", "naics2012", "naics2017", "isic4",
      ])
    #expect(ConcordanceRoute.path(from: "hs2017", to: "cluster") == ["hs2017", "naics2017", "cluster"])
    #expect(ConcordanceRoute.path(from: "scian2018", to: "cluster") == ["scian2018", "cluster"])
    #expect(ConcordanceRoute.path(from: "cluster", to: "naics2017") == nil)
    #expect(ConcordanceRoute.path(from: "naics2017", to: "naics2017") == nil)
    #expect(ConcordanceRoute.path(from: "nace", to: "naics2017") == nil)
    #expect(ConcordanceRoute.scheme("NAICS 2017") == "naics2017" && ConcordanceRoute.scheme("SCIAN") == "scian2018")
  }

  private func run(_ codes: [String], _ values: KernelValues, _ file: String) throws -> KernelOutput {
    let kernel = try #require(KernelRegistry.kernel("concord"))
    return try kernel.run(
      KernelInput(
        operands: ["value": values], texts: ["code": codes], codes: ["code": codes],
        options: ["from": .text("old"), "to": .text("new"), "file": .file(name: "l.csv", text: file)]))
  }

  @Test func totalsAreKeptAndStatesCarried() throws {
    let file = "old,new,weight\n1,A,3\n1,B,1\n2,B,1\n\"4\",C,1\n"
    let values = KernelValues([8, 2, 5, 0], [.known, .known, .known, .withheld])
    let output = try run(["1", "2", "3", "4"], values, file)
    #expect(output.texts[0] == ["A", "B", "C", "unmatched"])
    #expect(output.columns[0].values == [6, 4, 0, 5])
    #expect(output.columns[0].states == [.estimated, .estimated, .withheld, .known])
    #expect(output.columns[1].values == [1, 2, 1, 1])
    #expect(output.notes.contains { $0.contains("unmatched") && $0.contains("3") })
    #expect(try run(["1"], KernelValues([1]), "x").columns[0].count == 0, "a file without two columns")
  }

  @Test func fieldsOfAFile() {
    let file = LinkFile("a, b\n1,\"x, y\"\n2\n")
    #expect(file.column("B", or: nil) == ["x, y", ""] && file.column("c", or: 0) == ["1", "2"])
    #expect(file.column("c", or: nil) == nil && LinkFile("").column("a", or: 0) == nil)
  }
}
