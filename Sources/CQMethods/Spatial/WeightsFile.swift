import CQColumns

/// Neighbours from a text file, by the codes or names of places.
///
/// * GAL: a first line with the number of places (`0 n layer key` is read too), then for each place a line `code count` and a line with the
///   codes of its neighbours;
/// * GWT: a first line `0 n layer key`, then `from to weight` on each line;
/// * CSV: a header and `from,to` or `from,to,weight` on each line.
package struct WeightsFile: Sendable {
  package enum Format: String, Sendable { case gal, gwt, csv }

  package enum ParseError: Error, Equatable {
    /// 1 for the first line.
    case line(Int, expected: String)
  }

  /// In the order of the file.
  package let links: [(from: String, to: String, weight: Double)]
  /// Codes that the file names, also those without neighbours.
  package let codes: Set<String>

  package init(_ text: String, format: Format) throws(ParseError) {
    var lines: [(number: Int, fields: [Substring])] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let fields =
        format == .csv
        ? Self.csvFields(line) : line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      lines.append((index + 1, fields))
    }
    switch format {
    case .gal: (links, codes) = try Self.gal(lines)
    case .gwt: (links, codes) = try Self.triples(lines, header: "the number of places, such as `0 48 states code`")
    case .csv: (links, codes) = try Self.triples(lines, header: "a header such as `from,to,weight`")
    }
  }

  /// The weights among `places`, by their codes or, failing that, names, whatever their case and accents.
  ///
  /// - Returns: Also the codes of the file that are none of the places.
  package func weights(codes places: [String], names: [String]) -> (weights: SpatialWeights, unknown: [String]) {
    var position: [String: Int] = [:]
    for (index, name) in names.enumerated() { position[fold(name)] = index }
    for (index, code) in places.enumerated() { position[fold(code)] = index }
    var rows = [[(neighbour: Int, weight: Double)]](repeating: [], count: places.count)
    for link in links {
      guard let from = position[fold(link.from)], let to = position[fold(link.to)] else { continue }
      rows[from].append((to, link.weight))
    }
    return (SpatialWeights(rows: rows), codes.filter { position[fold($0)] == nil }.sorted())
  }

  private typealias Lines = [(number: Int, fields: [Substring])]
  private typealias Links = ([(from: String, to: String, weight: Double)], Set<String>)

  private static func gal(_ lines: Lines) throws(ParseError) -> Links {
    guard let first = lines.first,
      let last = first.fields.count == 1 ? first.fields.first : first.fields.dropFirst().first,
      Int(last) != nil
    else { throw .line(1, expected: "the number of places") }
    var links: [(from: String, to: String, weight: Double)] = []
    var codes: Set<String> = []
    var next = 1
    while next < lines.count {
      let (number, fields) = lines[next]
      next += 1
      guard let code = fields.first else { continue }
      guard fields.count == 2, let count = Int(fields[1]), count >= 0 else {
        throw .line(number, expected: "a place and how many neighbours it has")
      }
      codes.insert(String(code))
      let neighbours = next < lines.count ? lines[next].fields : []
      if count == 0 {
        if neighbours.isEmpty { next += 1 }
        continue
      }
      guard neighbours.count == count else { throw .line(number + 1, expected: "\(count) neighbours of `\(code)`") }
      next += 1
      for neighbour in neighbours {
        links.append((String(code), String(neighbour), 1))
        codes.insert(String(neighbour))
      }
    }
    return (links, codes)
  }

  private static func triples(_ lines: Lines, header: String) throws(ParseError) -> Links {
    guard let first = lines.first, first.fields.count > 1 else { throw .line(1, expected: header) }
    var links: [(from: String, to: String, weight: Double)] = []
    var codes: Set<String> = []
    for (number, fields) in lines.dropFirst() where !fields.isEmpty {
      guard fields.count == 2 || fields.count == 3 else { throw .line(number, expected: "from, to and weight") }
      guard let weight = fields.count == 3 ? Double(fields[2]) : 1, weight.isFinite else {
        throw .line(number, expected: "a number as weight")
      }
      links.append((String(fields[0]), String(fields[1]), weight))
      codes.insert(String(fields[0]))
      codes.insert(String(fields[1]))
    }
    return (links, codes)
  }

  /// Fields between commas, without the blanks and quotes around them; a quoted field may hold commas.
  private static func csvFields(_ line: Substring) -> [Substring] {
    var fields: [Substring] = []
    var field = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append(trimmed(field))
        field = ""
      } else {
        field.append(character)
      }
    }
    fields.append(trimmed(field))
    return fields == [""] ? [] : fields
  }

  private static func trimmed(_ text: String) -> Substring {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
