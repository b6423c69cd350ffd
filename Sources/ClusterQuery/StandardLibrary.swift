internal import CQSemantics
package import CQSource
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

  /// The names that every program starts with. Definitions are found by their first lines and parsed when they are used.
  ///
  /// - Complexity: O(bytes of the files).
  static func environment(of files: [SourceText]) -> Environment {
    var environment = Environment()
    for source in files {
      for chunk in chunks(of: source) {
        let known = Definition(
          libraryDefinition: chunk.name, in: SourceText(name: source.name, text: chunk.text), environment: environment)
        environment.define(known)
        for alias in chunk.aliases { environment.define(alias: alias, of: known) }
      }
    }
    return environment
  }

  /// A definition with the documentation above it.
  struct Chunk {
    var name: String
    var aliases: [String]
    var text: String
  }

  /// The definitions of a file: each starts with `def` or the `##` lines right above it, at the start of a line.
  static func chunks(of source: SourceText) -> [Chunk] {
    let bytes = Array(source.text.utf8)
    var starts: [(documentation: Int, name: Range<Int>, aliases: [String])] = []
    var documentation: Int?
    var aliases: [String] = []
    var lineStart = 0
    while lineStart < bytes.count {
      let lineEnd = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[lineStart..<lineEnd]
      if line.starts(with: "##".utf8) {
        documentation = documentation ?? lineStart
        if line.starts(with: "## also:".utf8) {
          aliases += Reference.aliases(in: [String(decoding: line.dropFirst(2), as: UTF8.self)])
        }
      } else {
        if line.starts(with: "def ".utf8) {
          let name = line.dropFirst(4).prefix { $0.isNamePart }
          starts.append((documentation ?? lineStart, name.startIndex..<name.endIndex, aliases))
        }
        documentation = nil
        aliases = []
      }
      lineStart = lineEnd + 1
    }
    return starts.indices.map { index in
      let start = starts[index]
      let end = index + 1 < starts.count ? starts[index + 1].documentation : bytes.count
      return Chunk(
        name: String(decoding: bytes[start.name], as: UTF8.self), aliases: start.aliases,
        text: String(decoding: bytes[start.documentation..<end], as: UTF8.self))
    }
  }
}

extension UInt8 {
  fileprivate var isNamePart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
