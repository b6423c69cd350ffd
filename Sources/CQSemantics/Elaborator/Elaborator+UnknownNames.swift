import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// Names that nothing has.

extension Elaborator {
  /// `jobs` of a file, which its dataset calls `employment`.
  private func renamedColumn(_ name: String) -> String? {
    for dataset in environment.datasets {
      for measure in dataset.measureNames where dataset.importedColumn(of: measure).map(fold) == fold(name) {
        return "`\(dataset.name)` reads its column `\(name)` as `\(measure)`; ask for that"
      }
    }
    return nil
  }

  /// Says that nothing has this name: what it may have meant, or what it is elsewhere.
  func unknownName(_ name: String, at span: TextSpan, _ scope: Scope, _ context: Context) {
    if scope.seesColumns, isExcused(name, context.frame) { return }
    let columns = scope.seesColumns ? context.frame.visible.map(\.name) : []
    let candidates =
      columns + scope.environment.definitions.map(\.statement.name.text).sorted() + catalog.measureNames
      + ["bounds", "convert", "estimate", "fill", "columns"] + ScalarFunction.allCases.map(\.rawValue)
      + Aggregate.allCases.map(\.name)
    // A column of this table is likelier meant than one of all indicators.
    let closeColumns = suggestions(for: name, among: columns)
    let meant = ForeignNames.measures[fold(name)] ?? []
    let closeNames =
      meant.isEmpty ? suggestions(for: name, among: candidates).filter { !closeColumns.contains($0) } : meant
    let close = Array((closeColumns + closeNames).prefix(3))
    // In a condition such as `state == Ohio` the name is probably a member without quotes.
    let isMember = close.isEmpty && Level.allCases.contains { !catalog.list($0).find(name).isEmpty }
    let foreign = renamedColumn(name) ?? Self.foreignFunctions[fold(name)] ?? ForeignNames.advice[fold(name)]
    if !scope.seesColumns, foreign == nil, closeColumns.isEmpty, let verbs = Self.verbs(meantBy: name) {
      report(scope, span) { .verbAsFunction(name, use: verbs, at: $0) }
      return
    }
    if isMember, foreign == nil {
      report(scope, span) { .needsQuotes(name, at: $0) }
    } else if scope.seesColumns, foreign == nil {
      report(scope, span) { .unknownColumn(name, columns: columns, suggestions: close, at: $0) }
    } else {
      let close = foreign == nil ? close : []
      report(scope, span) { .unknownName(name, suggestions: close, foreign: foreign, at: $0) }
    }
  }
}
