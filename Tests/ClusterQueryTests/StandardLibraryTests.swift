import CQCatalog
import CQSemantics
import CQSource
import CQSyntax
import Testing

@testable import ClusterQuery

/// The library is cut into definitions without parsing it; here it is parsed whole.
@Suite struct StandardLibraryTests {
  @Test(arguments: StandardLibrary.files.map(\.name)) func everyDefinitionIsFound(_ file: String) throws {
    let source = try #require(StandardLibrary.files.first { $0.name == file })
    let parsed = Parser.parse(source)
    #expect(parsed.diagnostics.isEmpty)
    let chunks = StandardLibrary.chunks(of: source)
    let environment = StandardLibrary.environment(of: [source])
    var names: [String] = []
    for statement in parsed.program.statements {
      guard case .definition(let definition) = statement.kind else { continue }
      let name = definition.name.text
      names.append(name)
      let found = try #require(environment.definition(name), "\(name)")
      #expect(found.source.slice(found.span) == source.slice(statement.span))
      #expect(found.documentation == statement.documentation)
      #expect(chunks.first { $0.name == name }?.aliases == Reference.aliases(in: statement.documentation))
    }
    #expect(!names.isEmpty && chunks.map(\.name) == names)
  }

  /// Names of the field in English, beside the canonical ones; all others are Spanish.
  private static let english: Set<String> = [
    "balassa", "complexity_outlook", "complexity_outlook_gain", "converse", "focal_location_quotient", "general_g",
    "gi_star", "hansen", "harris", "herfindahl", "hoover_inequality", "import_gap", "kendall_tau", "kendall_w",
    "krugman_index", "lee_l", "local_moran", "localization_coefficient", "location_quotient", "losh", "neighbor_pairs",
    "neighbors", "normalized", "product_complexity", "recommend", "relatedness_density", "robin_hood", "schutz",
    "specialization_coefficient", "ss", "value_network",
  ]

  @Test func everyDefinitionHasASpanishName() {
    for chunk in StandardLibrary.files.flatMap({ StandardLibrary.chunks(of: $0) }) {
      let spanish = chunk.aliases.filter { !Self.english.contains($0) }
      #expect(!spanish.isEmpty, "\(chunk.name)")
      // Names are typed on any keyboard.
      #expect(spanish.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } }, "\(chunk.name)")
    }
  }

  /// A name means one thing: no two definitions share one, and none hides a measure, a level or a verb.
  @Test func namesAreUnique() async throws {
    let chunks = StandardLibrary.files.flatMap { StandardLibrary.chunks(of: $0) }
    let names = chunks.map(\.name) + chunks.flatMap(\.aliases)
    let twice = Dictionary(grouping: names, by: { $0 }).filter { $1.count > 1 }.keys
    #expect(twice.isEmpty, "\(twice.sorted())")
    let engine = try Bundled.engine.get()
    let taken = Set(engine.catalog.measureNames + Elaborator.verbs + Level.allCases.map(\.singular))
    let hidden = chunks.flatMap(\.aliases).filter { taken.contains($0) }
    #expect(hidden.isEmpty, "\(hidden)")
  }
}
