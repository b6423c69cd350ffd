/// The Markdown of doc comments and notes as HTML: headings, paragraphs, lists, quotes, code, emphasis, links. Everything
/// else, HTML included, is text.
struct MarkdownText {
  private let lines: [String]
  /// Of the text on its page: the names of headings end in it, so that no two are the same.
  private let number: Int

  init(_ text: String, number: Int = 0) {
    self.number = number
    lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
  }

  private enum Block {
    case heading(level: Int, String)
    case paragraph(String)
    case list(isOrdered: Bool, [String])
    case quote(String)
    case code([String])
    case rule
  }

  /// The text of the first heading of the first level; nil without one.
  var firstHeading: String? {
    for case .heading(1, let text) in blocks { return Self.plain(text) }
    return nil
  }

  /// Headings of the second level, with the names that links go to.
  var chapters: [(title: String, anchor: String)] {
    blocks.compactMap { block in
      guard case .heading(2, let text) = block else { return nil }
      return (Self.plain(text), anchor(text))
    }
  }

  var html: String {
    blocks.map { block in
      switch block {
      case .heading(let level, let text):
        let anchor = level == 2 ? " id=\"\(anchor(text))\"" : ""
        return "<h\(level)\(anchor)>\(Self.inline(text))</h\(level)>"
      case .paragraph(let text): return "<p>\(Self.inline(text))</p>"
      case .list(let isOrdered, let items):
        let name = isOrdered ? "ol" : "ul"
        return "<\(name)>\(items.map { "<li>\(Self.inline($0))</li>" }.joined())</\(name)>"
      case .quote(let text): return "<blockquote>\(Self.inline(text))</blockquote>"
      case .code(let lines): return "<pre><code>\(lines.map(SVGText.escaped).joined(separator: "\n"))</code></pre>"
      case .rule: return "<hr>"
      }
    }.joined(separator: "\n")
  }

  // MARK: - Blocks

  private var blocks: [Block] {
    var blocks: [Block] = []
    var open: [String] = []
    func closed() -> [Block] { open.isEmpty ? [] : [.paragraph(open.joined(separator: " "))] }
    var code: [String]?
    for line in lines {
      let text = line.trimmedBlanks
      if code != nil {
        if text.hasPrefix("```") {
          blocks.append(.code(code ?? []))
          code = nil
        } else {
          code?.append(line)
        }
        continue
      }
      let own = Self.block(text)
      if own != nil || text.isEmpty || text.hasPrefix("```") {
        blocks += closed()
        open = []
      }
      if text.hasPrefix("```") {
        code = []
      } else if let own {
        blocks.append(own)
      } else if !text.isEmpty {
        // A line below an item or a quote goes on with it.
        if open.isEmpty, line.first == " ", let last = blocks.popLast() {
          blocks.append(Self.continued(last, text))
        } else {
          open.append(text)
        }
      }
    }
    if let code { blocks.append(.code(code)) }
    return Self.joined(blocks + closed())
  }

  /// What a line is by its first characters; nil for a line of a paragraph.
  private static func block(_ text: String) -> Block? {
    let marks = text.prefix { $0 == "#" }
    if (1...4).contains(marks.count), text.dropFirst(marks.count).first == " " {
      return .heading(level: marks.count, String(text.dropFirst(marks.count)).trimmedBlanks)
    }
    if text == "---" || text == "***" { return .rule }
    for mark in ["- ", "* ", "+ "] where text.hasPrefix(mark) {
      return .list(isOrdered: false, [String(text.dropFirst(2))])
    }
    if text.hasPrefix("> ") { return .quote(String(text.dropFirst(2))) }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, digits.count < 4, text.dropFirst(digits.count).hasPrefix(". ") {
      return .list(isOrdered: true, [String(text.dropFirst(digits.count + 2))])
    }
    return nil
  }

  private static func continued(_ block: Block, _ text: String) -> Block {
    switch block {
    case .list(let isOrdered, var items):
      if let last = items.popLast() { items.append(last + " " + text) }
      return .list(isOrdered: isOrdered, items)
    case .quote(let quoted): return .quote(quoted + " " + text)
    case .paragraph(let before): return .paragraph(before + " " + text)
    default: return block
    }
  }

  /// Items and lines of a quote that follow each other belong together.
  private static func joined(_ blocks: [Block]) -> [Block] {
    blocks.reduce(into: []) { result, block in
      switch (result.last, block) {
      case (.list(let isOrdered, let items)?, .list(let isAlso, let more)) where isOrdered == isAlso:
        result[result.count - 1] = .list(isOrdered: isOrdered, items + more)
      case (.quote(let quoted)?, .quote(let more)): result[result.count - 1] = .quote(quoted + " " + more)
      default: result.append(block)
      }
    }
  }

  private func anchor(_ text: String) -> String {
    var result = ""
    for character in Self.plain(text).lowercased() {
      if character.isLetter || character.isNumber {
        result.append(character)
      } else if result.last != "-" {
        result += "-"
      }
    }
    return SVGText.escaped(result.isEmpty ? "chapter" : result) + "-\(number + 1)"
  }

  /// Without marks of emphasis and backslashes.
  static func plain(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if !isEscaped, character == "\\" {
        isEscaped = true
        continue
      }
      if isEscaped || !"*`".contains(character) { result.append(character) }
      isEscaped = false
    }
    return result
  }

  // MARK: - Inside a line

  /// Emphasis, code and links of one line; a backslash takes the meaning of the character behind it.
  static func inline(_ text: String) -> String {
    let characters = Array(text)
    var result = ""
    var open: [String] = []
    var index = 0
    func next(_ marks: String, after start: Int) -> Int? {
      let pattern = Array(marks)
      var position = start
      while position + pattern.count <= characters.count {
        if characters[position] == "\\" {
          position += 2
          continue
        }
        if Array(characters[position..<position + pattern.count]) == pattern { return position }
        position += 1
      }
      return nil
    }
    while index < characters.count {
      let character = characters[index]
      if character == "\\", index + 1 < characters.count, characters[index + 1].isASCII, !characters[index + 1].isLetter
      {
        result += SVGText.escaped(String(characters[index + 1]))
        index += 2
      } else if character == "`", let end = next("`", after: index + 1) {
        result += "<code>\(SVGText.escaped(String(characters[(index + 1)..<end])))</code>"
        index = end + 1
      } else if character == "*" {
        let isStrong = index + 1 < characters.count && characters[index + 1] == "*"
        let (mark, tag) = isStrong ? ("**", "strong") : ("*", "em")
        if open.last == tag {
          open.removeLast()
          result += "</\(tag)>"
        } else if !open.contains(tag), let end = next(mark, after: index + mark.count), end > index + mark.count,
          characters[index + mark.count] != " "
        {
          open.append(tag)
          result += "<\(tag)>"
        } else {
          result += mark
        }
        index += mark.count
      } else if character == "[", let link = link(characters, index) {
        result += "<a href=\"\(SVGText.escaped(link.address))\">\(SVGText.escaped(plain(link.text)))</a>"
        index = link.end
      } else {
        result += SVGText.escaped(String(character))
        index += 1
      }
    }
    return result + open.reversed().map { "</\($0)>" }.joined()
  }

  /// `[text](https://…)`; other addresses (`javascript:`) are no links.
  private static func link(_ characters: [Character], _ start: Int) -> (text: String, address: String, end: Int)? {
    guard let middle = characters[start...].firstIndex(of: "]"), middle + 1 < characters.count,
      characters[middle + 1] == "(", let end = characters[middle...].firstIndex(of: ")")
    else { return nil }
    let address = String(characters[(middle + 2)..<end])
    let isSafe = ["https://", "http://", "mailto:", "#"].contains { address.lowercased().hasPrefix($0) }
    guard isSafe, !address.contains(where: { $0.isWhitespace }) else { return nil }
    return (String(characters[(start + 1)..<middle]), address, end + 1)
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
