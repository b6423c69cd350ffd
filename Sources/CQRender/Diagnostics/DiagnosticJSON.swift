package import CQSource

/// Diagnostics as a JSON array for editors and scripts; spans are UTF-8 offsets, lines and columns start at 1.
package func renderJSON(_ reports: [Diagnostics]) -> String {
  let objects = reports.flatMap { report in report.all.map { json($0, in: report.source) } }
  return JSONText.tallArray(objects, indent: 0) + "\n"
}

private func json(_ diagnostic: Diagnostic, in source: SourceText) -> String {
  let end = source.position(at: diagnostic.span.end)
  let labels = diagnostic.labels.map { label in
    JSONText.object(
      [("span", json(label.span))] + place(label.span, in: source) + [
        ("text", JSONText.string(label.text)), ("primary", label.isPrimary ? "true" : "false"),
      ])
  }
  let fixes = diagnostic.fixes.map { fix in
    JSONText.object([
      ("span", json(fix.span)), ("replacement", JSONText.string(fix.replacement)),
      ("applicability", JSONText.string(fix.applicability.rawValue)),
    ])
  }
  return JSONText.object(
    [
      ("code", JSONText.string(diagnostic.code)), ("severity", JSONText.string(diagnostic.severity.rawValue)),
      ("message", JSONText.string(diagnostic.message)), ("file", JSONText.string(source.name)),
      ("span", json(diagnostic.span)),
    ] + place(diagnostic.span, in: source) + [
      ("endLine", String(end.line)), ("endColumn", String(end.column)), ("labels", JSONText.array(labels)),
      ("helps", JSONText.array(diagnostic.helps.map(JSONText.string))),
      ("notes", JSONText.array(diagnostic.notes.map(JSONText.string))), ("fixes", JSONText.array(fixes)),
    ])
}

private func json(_ span: TextSpan) -> String {
  JSONText.object([("start", String(span.start)), ("end", String(span.end))])
}

private func place(_ span: TextSpan, in source: SourceText) -> [(key: String, value: String)] {
  let position = source.position(at: span.start)
  return [("line", String(position.line)), ("column", String(position.column))]
}
