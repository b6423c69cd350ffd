import CQSyntax
import Testing

@testable import properties

/// A part of what `Tools/properties` checks; `make test` runs that over 100,000 texts, optimised.
@Suite struct FormatterPropertyTests {
  @Test(arguments: Corpus.programs) func corpus(program: String) {
    #expect(Properties.faultOfFormatting(program) == nil)
  }

  /// Every program that the package ships or shows, as far as it parses.
  @Test func shippedPrograms() throws {
    let programs = try ShippedPrograms.all()
    #expect(programs.count >= 15)
    for program in programs where parse(program.text).diagnostics.isEmpty {
      #expect(Properties.faultOfFormatting(program.text) == nil, "\(program.name)")
    }
  }

  @Test func randomPrograms() {
    let count: UInt64 = 500
    var refused: UInt64 = 0
    for seed in 0..<count {
      let text = RandomProgram.make(seed: seed)
      if !parse(text).diagnostics.isEmpty {
        refused += 1
        continue
      }
      if let fault = Properties.faultOfFormatting(text) {
        Issue.record("seed \(seed): \(fault)\n---- of\n\(text)")
        return
      }
    }
    // The generator is meant to write valid programs; were it to stop doing so, the test would say nothing.
    #expect(refused * 50 < count)
  }
}
