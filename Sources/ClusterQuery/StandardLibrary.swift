internal import CQSemantics
package import CQSource
internal import CQSyntax
internal import CStandardLibrary

/// The indicators written in cq itself, as text embedded in the binary.
package enum StandardLibrary {
  /// Files in the order in which they are read.
  package static var files: [SourceText] {
    (0..<cq_library_file_count()).map { index in
      let file = unsafe cq_library_file_at(index)
      // SAFETY: the text is a constant of the binary.
      let bytes = unsafe UnsafeBufferPointer(start: file.start, count: file.size)
      return unsafe SourceText(
        name: "<stdlib/\(String(cString: file.name))>", text: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The names that every program starts with.
  ///
  /// - Throws: `Diagnostics` when a file can't be read: possible only with files of the user's (`--stdlib`).
  static func environment(of files: [SourceText]) throws(Diagnostics) -> Environment {
    var environment = Environment()
    for source in files {
      let parsed = Parser.parse(source)
      if !parsed.diagnostics.isEmpty { throw Diagnostics(source: source, parsed.diagnostics) }
      for statement in parsed.program.statements {
        guard case .definition(let definition) = statement.kind else { continue }
        let known = Definition(
          statement: definition, documentation: statement.documentation, source: source, span: statement.span,
          environment: environment, isLibrary: true)
        environment.define(known)
        for alias in Reference.aliases(in: statement.documentation) { environment.define(alias: alias, of: known) }
      }
    }
    return environment
  }
}
