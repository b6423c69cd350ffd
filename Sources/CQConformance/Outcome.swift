package import ClusterQuery

/// What the program of a case comes to.
package struct Outcome: Sendable {
  package private(set) var diagnostics: [Diagnostic] = []
  package private(set) var tables: [ResultTable] = []
  package let source: SourceText

  /// - Throws: What is no fault of the program's: limits and damaged data.
  package init(of source: String, parameters: [String: String], engine: Engine) throws {
    self.source = SourceText(name: "case", text: source)
    var tables: [ResultTable] = []
    var warnings: [Diagnostic] = []
    do {
      try Session(engine: engine).execute(source, parameters: parameters, onWarnings: { warnings = $0.all }) {
        tables.append($0)
      }
      (self.tables, diagnostics) = (tables, warnings)
    } catch let error as Diagnostics {
      diagnostics = error.all
    }
  }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// `error[E0301] 1:12-1:22 no cluster is called "Aerospce"`, each with its fixes.
  package var diagnosticText: String {
    diagnostics.map { diagnostic in
      let headline =
        "\(diagnostic.severity.rawValue)[\(diagnostic.code)] \(place(diagnostic.span)) \(diagnostic.message)\n"
      let fixes = diagnostic.fixes.map { fix in
        fix.replacement.isEmpty ? "remove \(place(fix.span))\n" : "fix \(place(fix.span)) \(fix.replacement)\n"
      }
      return headline + fixes.joined()
    }.joined()
  }

  private func place(_ span: TextSpan) -> String {
    let (start, end) = (source.position(at: span.start), source.position(at: span.end))
    return "\(start.line):\(start.column)-\(end.line):\(end.column)"
  }

  package func resultText(_ format: ConformanceCase.Format) -> String {
    tables.map { table in
      switch format {
      case .text: table.render(.table, width: 110)
      case .csv: table.render(.csv)
      }
    }.joined(separator: "\n")
  }

  package var noteText: String {
    tables.flatMap(\.notes).map { "\($0.code) \($0.text)\n" }.joined()
  }

  /// The source with the first fix of `diagnostic` applied, nil when it offers none.
  package func mended(_ diagnostic: Diagnostic) -> String? {
    guard let fix = diagnostic.fixes.first else { return nil }
    let bytes = source.utf8
    guard fix.span.start >= 0, fix.span.end <= bytes.count else { return nil }
    let mended = bytes[..<fix.span.start] + Array(fix.replacement.utf8) + bytes[fix.span.end...]
    return String(decoding: mended, as: UTF8.self)
  }
}
