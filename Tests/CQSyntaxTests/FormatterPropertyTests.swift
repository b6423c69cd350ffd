import CQSource
import CQSyntax
import Foundation
import Testing

@Suite struct FormatterPropertyTests {
  /// What is wrong with the formatted form of `text`; nil if nothing is.
  static func fault(_ text: String) -> String? {
    let formatted = format(text)
    let diagnostics = parse(formatted).diagnostics
    if !diagnostics.isEmpty { return "does not parse: \(diagnostics.map(\.message))\n\(formatted)" }
    if Meaning.of(text) != Meaning.of(formatted) {
      return "means something else:\n\(Meaning.of(text))\n\(Meaning.of(formatted))\n\(formatted)"
    }
    if Meaning.comments(text) != Meaning.comments(formatted) { return "lost a comment:\n\(formatted)" }
    let again = format(formatted)
    if again != formatted { return "changes again:\n\(formatted)\n----\n\(again)" }
    if formatted.split(separator: "\n").contains(where: { $0.hasSuffix(" ") }) { return "blanks at the end" }
    return nil
  }

  @Test(arguments: Corpus.programs) func corpus(program: String) {
    #expect(Self.fault(program) == nil)
  }

  /// Every program that the package ships or shows, as far as it parses.
  @Test func shippedPrograms() throws {
    let programs = try ShippedPrograms.all()
    #expect(programs.count >= 15)
    for program in programs where parse(program.text).diagnostics.isEmpty {
      #expect(Self.fault(program.text) == nil, "\(program.name)")
    }
  }

  @Test func randomPrograms() {
    let count = ProcessInfo.processInfo.environment["CQ_RANDOM_PROGRAMS"].flatMap { UInt64($0) } ?? 1500
    var refused: UInt64 = 0
    for seed in 0..<count {
      let text = RandomProgram.make(seed: seed)
      if !parse(text).diagnostics.isEmpty {
        refused += 1
        continue
      }
      if let fault = Self.fault(text) {
        Issue.record("seed \(seed): \(fault)\n---- of\n\(text)")
        return
      }
    }
    // The generator is meant to write valid programs; were it to stop doing so, the test would say nothing.
    #expect(refused * 50 < count)
  }
}

func format(_ text: String) -> String { Formatter.format(SourceText(name: "test", text: text)).text }
