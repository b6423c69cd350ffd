extension Reference {
  // MARK: - Markdown

  /// The reference as one Markdown document; examples are blocks that `cq test` runs.
  public var markdown: String {
    var text = "# \(title)\n"
    if sections.count > 1 {
      text += "\n| family | indicators |\n|---|---|\n"
      for section in sections {
        let links = section.entries.map { "[\($0.name)](#\($0.name))" }.joined(separator: " · ")
        text += "| [\(section.title)](#\(section.title.lowercased().replacing(" ", with: "-"))) | \(links) |\n"
      }
    }
    for section in sections {
      text += "\n## \(section.title)\n"
      if !section.introduction.isEmpty { text += "\n\(section.introduction)\n" }
      for entry in section.entries { text += "\n" + Self.markdown(entry) }
    }
    return text
  }

  private static func markdown(_ entry: Entry) -> String {
    var text = "### \(entry.name)\n\n`\(entry.signature)`\n"
    if !entry.sentences.isEmpty { text += "\n\(entry.sentences.joined(separator: "\n"))\n" }
    if !entry.fields.isEmpty {
      text += "\n" + entry.fields.map { "* \($0.name): \(escaped($0.text, in: $0.name))\n" }.joined()
    }
    for example in entry.examples { text += "\n```cq\n\(example)\n```\n" }
    return text + "\n```text\n\(entry.code)\n```\n"
  }

  /// Formulas are code, so that no `*` or `_` of theirs changes the type.
  private static func escaped(_ text: String, in field: String) -> String {
    if field != "formula" { return text }
    // A formula that names a parameter has backquotes itself.
    return text.contains("`") ? "`` \(typeset(text)) ``" : "`\(typeset(text))`"
  }

  /// A formula with indices below and exponents above the line, where Unicode has the letters: `e_ij` is eᵢⱼ.
  static func typeset(_ formula: String) -> String {
    let below: [Character: Character] = [
      "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉", "a": "ₐ",
      "i": "ᵢ", "j": "ⱼ", "k": "ₖ", "l": "ₗ", "m": "ₘ", "n": "ₙ", "p": "ₚ", "r": "ᵣ", "t": "ₜ", "(": "₍", ")": "₎",
      "-": "₋",
      "+": "₊", ".": ".",
    ]
    let above: [Character: Character] = ["2": "²", "3": "³", "4": "⁴", "α": "ᵅ"]
    var result = ""
    var rest = formula[...]
    while let character = rest.popFirst() {
      let table = character == "_" ? below : character == "^" ? above : [:]
      var index = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "." || $0 == "α" }
      if character == "_", rest.first == "(", let end = rest.firstIndex(of: ")") { index = rest[...end] }
      if !index.isEmpty, index.allSatisfy({ table[$0] != nil }) {
        result += String(index.compactMap { table[$0] })
        rest = rest[index.endIndex...]
      } else {
        result.append(character)
      }
    }
    return result
  }

  // MARK: - HTML

  /// The reference as one self-contained page, for light and dark screens.
  public var html: String {
    let links = sections.map { section in
      "<h2>\(Self.html(section.title))</h2>\n<ul>\n"
        + section.entries.map { "<li><a href=\"#\(Self.anchor($0))\">\(Self.html($0.name))</a></li>\n" }.joined()
        + "</ul>\n"
    }
    let bodies = sections.map { section in
      "<section>\n<h2>\(Self.html(section.title))</h2>\n"
        + (section.introduction.isEmpty ? "" : "<p>\(Self.inline(section.introduction))</p>\n")
        + section.entries.map { Self.article($0) }.joined() + "</section>\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Self.html(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <nav aria-label="Contents">
      \(links.joined())</nav>
      <main>
      <h1>\(Self.html(title))</h1>
      \(bodies.joined())</main>
      </body>
      </html>

      """
  }

  private static func article(_ entry: Entry) -> String {
    var text = "<article id=\"\(anchor(entry))\">\n<h3>\(html(entry.name))</h3>\n"
    text += "<p class=\"signature\"><code>\(html(entry.signature))</code></p>\n"
    if !entry.sentences.isEmpty { text += "<p>\(inline(entry.sentences.joined(separator: " ")))</p>\n" }
    if !entry.fields.isEmpty {
      text += "<dl>\n"
      for field in entry.fields {
        let value = field.name == "formula" ? "<code>\(html(typeset(field.text)))</code>" : inline(field.text)
        text += "<dt>\(field.name)</dt><dd>\(value)</dd>\n"
      }
      text += "</dl>\n"
    }
    for example in entry.examples { text += "<pre class=\"example\"><code>\(html(example))</code></pre>\n" }
    text += "<details><summary>definition</summary>\n<pre><code>\(html(entry.code))</code></pre>\n</details>\n"
    return text + "</article>\n"
  }

  private static func anchor(_ entry: Entry) -> String {
    String(entry.name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }

  static func html(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Backquotes are the one mark of Markdown that doc comments use.
  private static func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return html(text) }
    return parts.enumerated().map { $0 % 2 == 0 ? html(String($1)) : "<code>\(html(String($1)))</code>" }.joined()
  }

  private static let style = """
    :root { color-scheme: light dark; --text: #1b1f24; --faint: #57606a; --back: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --link: #0b5cad; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e6edf3; --faint: #9aa4af; --back: #0d1117; --panel: #161b22; --line: #30363d; --link: #6cb6ff; }
    }
    body { margin: 0; display: flex; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--back); }
    nav { flex: none; width: 13rem; height: 100vh; position: sticky; top: 0; overflow: auto; padding: 1rem; box-sizing: border-box; background: var(--panel); border-right: 1px solid var(--line); }
    nav h2 { font-size: .8rem; color: var(--faint); margin: 1rem 0 .2rem; }
    nav ul { list-style: none; margin: 0; padding: 0; }
    a { color: var(--link); text-decoration: none; }
    a:hover { text-decoration: underline; }
    main { max-width: 48rem; padding: 1rem 2rem 6rem; min-width: 0; }
    article { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
    code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
    pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; overflow: auto; }
    dl { display: grid; grid-template-columns: 5rem 1fr; gap: .2rem 1rem; }
    dt { color: var(--faint); } dd { margin: 0; }
    summary { color: var(--faint); cursor: pointer; }
    @media (max-width: 44rem) { body { display: block; } nav { width: auto; height: auto; position: static; } }
    """
}
