extension String {
  /// The text with passwords and tokens of addresses in it starred out, byte for byte, so that places in it stay what they
  /// are: `postgresql://ann:secret@host`, `…&password=secret`. What is typed by mistake must not stay in messages,
  /// histories and logs. Complexity: O(n).
  package var withoutSecrets: String {
    var bytes = Array(utf8)
    var position = 0
    while let mark = bytes[position...].firstIndex(of: UInt8(ascii: ":")) {
      position = mark + 1
      guard bytes[mark...].starts(with: "://".utf8) else { continue }
      let end = Self.addressEnd(bytes, mark)
      Self.hide(in: &bytes, from: mark + 3, to: end)
      position = max(end, mark + 1)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Where the address with `://` at `mark` ends: at its closing quote, or at a blank where none opened before it.
  private static func addressEnd(_ bytes: [UInt8], _ mark: Int) -> Int {
    var start = mark
    while start > 0, bytes[start - 1] | 0x20 >= UInt8(ascii: "a"), bytes[start - 1] | 0x20 <= UInt8(ascii: "z") {
      start -= 1
    }
    let isQuoted = start > 0 && bytes[start - 1] == UInt8(ascii: "\"")
    var end = mark + 3
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != 0x0A {
      if !isQuoted, bytes[end] <= 0x20 || bytes[end] == UInt8(ascii: "`") { break }
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return Swift.min(end, bytes.count)
  }

  private static func hide(in bytes: inout [UInt8], from start: Int, to end: Int) {
    let star = UInt8(ascii: "*")
    // What has no host is a path.
    let isPath = start < end && bytes[start] == UInt8(ascii: "/")
    // A password may hold what separates the other parts, but a value of a setting is none.
    let firstValue = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
    if !isPath, let at = bytes[start..<firstValue].lastIndex(of: UInt8(ascii: "@")),
      let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
    {
      for index in colon + 1..<at { bytes[index] = star }
    }
    var rest = start
    while let equals = bytes[rest..<end].firstIndex(of: UInt8(ascii: "=")) {
      let name = bytes[rest..<equals].reversed().prefix { $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "?") }
      let next = bytes[equals..<end].firstIndex(of: UInt8(ascii: "&")) ?? end
      if String(decoding: name.reversed(), as: UTF8.self).namesASecret {
        for index in equals + 1..<next { bytes[index] = star }
      }
      rest = next
    }
  }

  /// Whether a setting of this name holds what nobody else may know: `password`, `sslpassword`, `adbc.spark.token`.
  private var namesASecret: Bool {
    let name = lowercased()
    return ["password", "passwd", "token", "secret"].contains { name.hasSuffix($0) }
  }
}
