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
}
