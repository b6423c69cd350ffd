package import CQSource

/// Diagnostics as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format) for code scanners and editors.
///
/// - Parameter version: Of cq.
package func renderSARIF(_ reports: [Diagnostics], version: String) -> String {
  let codes = Set(reports.flatMap { $0.all.map(\.code) }).filter { !$0.isEmpty }.sorted()
  let driver = JSONText.object([
    ("name", JSONText.string("cq")), ("version", JSONText.string(version)),
    ("rules", JSONText.array(codes.map(rule))),
  ])
  let results = reports.flatMap { report in
    report.all.map { result($0, in: report.source, ruleIndex: codes.firstIndex(of: $0.code)) }
  }
  let run = JSONText.tallObject(
    [
      ("tool", JSONText.object([("driver", driver)])), ("columnKind", JSONText.string("unicodeCodePoints")),
      ("results", JSONText.tallArray(results, indent: 6)),
    ], indent: 4)
  return JSONText.tallObject(
    [
      ("$schema", JSONText.string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", JSONText.string("2.1.0")), ("runs", "[\n    \(run)\n  ]"),
    ], indent: 0) + "\n"
}

/// What the page of a code says, where there is one.
private func rule(_ code: String) -> String {
  guard let page = ErrorPage.page(for: code) else { return JSONText.object([("id", JSONText.string(code))]) }
  let help = page.explanation + "\n\n" + page.right.text
  return JSONText.object([
    ("id", JSONText.string(code)), ("shortDescription", message(page.title)), ("help", message(help)),
    ("defaultConfiguration", JSONText.object([("level", JSONText.string(page.severity.rawValue))])),
  ])
}

private func result(_ diagnostic: Diagnostic, in source: SourceText, ruleIndex: Int?) -> String {
  let text = ([diagnostic.message] + diagnostic.helps + diagnostic.notes).joined(separator: "\n")
  var members = [("level", JSONText.string(diagnostic.severity.rawValue)), ("message", message(text))]
  if let ruleIndex {
    members = [("ruleId", JSONText.string(diagnostic.code)), ("ruleIndex", String(ruleIndex))] + members
  }
  // A message about the command line or a limit is about no place.
  if source.name.isEmpty { return JSONText.object(members) }
  members.append(("locations", JSONText.array([location(diagnostic.span, in: source)])))
  let related = diagnostic.labels.filter { !$0.isPrimary }.map { location($0.span, in: source, text: $0.text) }
  if !related.isEmpty { members.append(("relatedLocations", JSONText.array(related))) }
  let fixes = diagnostic.fixes.map { fix($0, in: source) }
  if !fixes.isEmpty { members.append(("fixes", JSONText.array(fixes))) }
  return JSONText.object(members)
}

private func location(_ span: TextSpan, in source: SourceText, text: String = "") -> String {
  let place = JSONText.object([("artifactLocation", artifact(source)), ("region", region(span, in: source))])
  let label = text.isEmpty ? [] : [("message", message(text))]
  return JSONText.object([("physicalLocation", place)] + label)
}

private func fix(_ fix: Diagnostic.Fix, in source: SourceText) -> String {
  let replacement = JSONText.object([
    ("deletedRegion", region(fix.span, in: source)),
    ("insertedContent", JSONText.object([("text", JSONText.string(fix.replacement))])),
  ])
  let change = JSONText.object([
    ("artifactLocation", artifact(source)), ("replacements", JSONText.array([replacement])),
  ])
  let verb = fix.span.isEmpty ? "insert" : "write"
  let what = fix.replacement.isEmpty ? "remove it" : "\(verb) \(fix.replacement)"
  return JSONText.object([("description", message(what)), ("artifactChanges", JSONText.array([change]))])
}

private func region(_ span: TextSpan, in source: SourceText) -> String {
  let (start, end) = (source.position(at: span.start), source.position(at: span.end))
  return JSONText.object([
    ("startLine", String(start.line)), ("startColumn", String(start.column)), ("endLine", String(end.line)),
    ("endColumn", String(end.column)),
  ])
}

private func message(_ text: String) -> String { JSONText.object([("text", JSONText.string(text))]) }

private func artifact(_ source: SourceText) -> String {
  JSONText.object([("uri", JSONText.string(percentEncoded(source.name)))])
}

/// A path as a URI reference (RFC 3986): what is neither unreserved nor `/` becomes `%XX`.
private func percentEncoded(_ path: String) -> String {
  path.utf8.map { byte -> String in
    let scalar = Unicode.Scalar(byte)
    let isAlphanumeric = byte < 0x80 && scalar.properties.isAlphabetic || (0x30...0x39).contains(byte)
    if isAlphanumeric || "-._~/".unicodeScalars.contains(scalar) { return String(scalar) }
    let digits = String(byte, radix: 16, uppercase: true)
    return "%" + (digits.count == 1 ? "0" : "") + digits
  }.joined()
}
