import BundledElaboration
import CQCatalog
import CQSource
import CQSyntax
import Testing

@testable import CQSemantics
@testable import properties

/// Of the random single-edit typos in words of the language, the first fix must be right in at least 95 of 100, and each
/// gives one message.
@Suite struct NameTypoTests {
  struct Vocabulary: CustomStringConvertible {
    var description: String
    var code: String
    var names: [String]
    /// A program with the word in it.
    var program: @Sendable (String) -> String
  }

  static let vocabularies: [Vocabulary] = [
    Vocabulary(description: "verbs", code: "E0203", names: Elaborator.verbs) { "lq(by:state) | \($0) lq" },
    Vocabulary(description: "slots", code: "E0202", names: Elaborator.coordinateSlots) { "lq(by:state, \($0):1)" },
    Vocabulary(
      description: "measures", code: "E0201",
      names: ((try? Bundled.catalog.get().measureNames) ?? [])
        + Bundled.library.definitions.map(\.statement.name.text).sorted()
    ) { "\($0)(by:state)" },
  ]

  @Test(arguments: vocabularies) func firstFixIsRight(_ vocabulary: Vocabulary) throws {
    var source = TypoSource(seed: 1)
    var wrong: [String] = []
    var tried = 0
    for typo in source.typos(400, in: vocabulary.names) where tried < 200 {
      // A typo may be another word of the language, which is read as what it is.
      let text = SourceText(name: "test", text: vocabulary.program(typo.text))
      let found = Bundled.elaborate(text, Bundled.library).diagnostics
      guard found.first?.code == vocabulary.code, !vocabulary.names.contains(typo.text) else { continue }
      tried += 1
      if found.count > 1 { wrong.append("\(typo.text): \(found.map(\.message))") }
      let first = found.first?.fixes.first?.replacement
      let meant = vocabulary.names[typo.position]
      if first != meant { wrong.append("\(typo.text) → \(first ?? "nothing"), not \(meant)") }
    }
    #expect(tried == 200)
    #expect(wrong.count * 20 <= tried, "\(wrong.joined(separator: "\n"))")
  }
}
