import CQColumns

/// A map in characters: shades without colour, half blocks of two colours with it.
struct TerminalMap {
  private let map: MapPicture
  private let panels: [(name: String, map: MapPicture)]
  private let style: TextStyle
  private let width: Int

  init(_ map: MapPicture, panels: [(name: String, map: MapPicture)] = [], options: RenderOptions) {
    (self.map, self.panels) = (map, panels)
    style = TextStyle(isColored: options.isColored)
    width = max(24, options.width ?? 80)
  }

  var text: String {
    var sections = [TerminalFrame.title(map.title, map.subtitle, width: width, style: style)]
    if map.shapes.isEmpty {
      sections.append(["there are no outlines for these places"])
    } else if panels.isEmpty {
      sections.append(picture)
    } else {
      for panel in panels {
        let one = TerminalMap(panel.map, options: RenderOptions(width: width, isColored: style.isColored))
        sections.append([style(.bold, DisplayWidth.truncate(panel.name, to: width))] + one.picture)
      }
    }
    sections.append(legend)
    sections.append(TerminalFrame.foot(source: map.source, notes: map.notes, width: width, style: style))
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// What a sample of the map shows: a class, or one of these.
  private enum Mark {
    static let nothing = -1
    static let other = -2
    static let withheld = -3
    static let missing = -4
  }

  private var picture: [String] {
    let bounds = map.bounds
    let aspect = (bounds.bottom - bounds.top) / max(bounds.right - bounds.left, 1e-9)
    // A character is twice as high as it is wide.
    var columns = width - 2
    var rows = Int((Double(columns) * aspect / 2).rounded(.up))
    let most = max(8, min(20, width * 7 / 40))
    if rows > most {
      rows = most
      columns = max(8, Int(Double(rows) * 2 / aspect))
    }
    let (across, down) = (4, 4)
    let samples = MapRaster(
      map, width: columns * across, height: max(1, rows) * down, bounds: bounds, mark: mark
    ).samples
    let margin = String(repeating: " ", count: max(0, (width - columns) / 2))
    let sampleWidth = columns * across
    /// The mark that most samples of a part of a cell have.
    func majority(_ column: Int, _ top: Int, _ height: Int) -> Int {
      var counts: [Int: Int] = [:]
      for y in top..<(top + height) {
        for x in (column * across)..<(column * across + across) {
          counts[samples[y * sampleWidth + x], default: 0] += 1
        }
      }
      let empty = counts.removeValue(forKey: Mark.nothing) ?? 0
      guard empty * 2 <= across * height else { return Mark.nothing }
      return counts.max { $0.value == $1.value ? $0.key < $1.key : $0.value < $1.value }?.key ?? Mark.nothing
    }
    return (0..<max(1, rows)).map { row in
      var line = ""
      for column in 0..<columns {
        if style.isColored {
          line += block(majority(column, row * down, down / 2), majority(column, row * down + down / 2, down / 2))
        } else {
          line.append(character(majority(column, row * down, down)))
        }
      }
      while line.last == " " { line.removeLast() }
      return line.isEmpty ? "" : margin + line
    }
  }

  private func mark(_ shape: MapPicture.Shape) -> Int {
    guard let cell = shape.cell else { return Mark.other }
    switch cell.state {
    case .known, .estimated: return map.classes.index(of: cell.value)
    case .withheld: return Mark.withheld
    case .missing: return Mark.missing
    }
  }

  /// Categories have no order that shades could show.
  private static let letters = Array("ABCDEFGH")

  private func character(_ mark: Int) -> Character {
    switch mark {
    case Mark.nothing: " "
    case Mark.other: "'"
    case Mark.withheld: "W"
    case Mark.missing: "?"
    default: map.categories.isEmpty ? TerminalShades.character(mark, of: map.classes) : Self.letters[mark % 8]
    }
  }

  private func color(_ mark: Int) -> Int? {
    switch mark {
    case Mark.nothing: nil
    case Mark.other: 238
    case Mark.withheld, Mark.missing: 244
    default:
      map.categories.isEmpty ? TerminalShades.color(mark, of: map.classes) : TerminalPalette.series(mark)
    }
  }

  /// Two halves of a cell, one over the other.
  private func block(_ upper: Int, _ lower: Int) -> String {
    switch (color(upper), color(lower)) {
    case (nil, nil): return " "
    case (let one?, nil): return "\u{1B}[38;5;\(one)m▀\u{1B}[0m"
    case (nil, let other?): return "\u{1B}[38;5;\(other)m▄\u{1B}[0m"
    case (let one?, let other?):
      return one == other
        ? "\u{1B}[38;5;\(one)m█\u{1B}[0m" : "\u{1B}[38;5;\(one);48;5;\(other)m▀\u{1B}[0m"
    }
  }

  private var legend: [String] {
    var entries: [(mark: String, name: String, color: Int?)] = []
    for (index, label) in map.classLabels.enumerated() where map.valueCount > 0 {
      let mark = String(repeating: style.isColored ? "█" : character(index), count: 2)
      entries.append((mark, "\(label) (\(map.counts[index].grouped))", color(index)))
    }
    let others = [
      (Mark.withheld, "withheld (\(map.withheldCount))", map.withheldCount),
      (Mark.missing, "missing (\(map.missingCount))", map.missingCount),
      (Mark.other, "not in the table", map.hasOtherPlaces ? 1 : 0),
    ]
    for (mark, name, count) in others where count > 0 {
      entries.append((String(repeating: style.isColored ? "█" : character(mark), count: 2), name, color(mark)))
    }
    var lines = [style(.dim, map.measure)] + TerminalFrame.legend(entries, width: width, style: style)
    let extremes = map.extremes(3)
    for (word, names) in [("highest: ", extremes.largest), ("lowest: ", extremes.smallest)] where !names.isEmpty {
      lines += DisplayWidth.wrap(word + names.joined(separator: ", "), to: width, indent: 2)
    }
    return lines
  }
}

/// The map sampled at the points of a grid, by scan lines (even–odd rule).
struct MapRaster {
  private(set) var samples: [Int]

  init(
    _ map: MapPicture, width: Int, height: Int, bounds: (left: Double, top: Double, right: Double, bottom: Double),
    mark: (MapPicture.Shape) -> Int
  ) {
    samples = Array(repeating: -1, count: width * height)
    let scaleX = Double(width) / max(bounds.right - bounds.left, 1e-9)
    let scaleY = Double(height) / max(bounds.bottom - bounds.top, 1e-9)
    for shape in map.shapes {
      let value = mark(shape)
      var crossings: [Int: [Double]] = [:]
      for ring in shape.rings {
        let points = map.points(ring).map { (x: ($0.x - bounds.left) * scaleX, y: ($0.y - bounds.top) * scaleY) }
        for (one, other) in zip(points, points.dropFirst() + points.prefix(1)) where one.y != other.y {
          let (upper, lower) = one.y < other.y ? (one, other) : (other, one)
          // Sample rows lie at half numbers.
          let first = max(0, Int((upper.y - 0.5).rounded(.up)))
          let last = min(height - 1, Int((lower.y - 0.5).rounded(.up)) - 1)
          guard first <= last else { continue }
          for y in first...last {
            let part = (Double(y) + 0.5 - upper.y) / (lower.y - upper.y)
            crossings[y, default: []].append(upper.x + (lower.x - upper.x) * part)
          }
        }
      }
      for (y, xs) in crossings {
        let sorted = xs.sorted()
        for pair in stride(from: 0, to: sorted.count - 1, by: 2) {
          let first = max(0, Int((sorted[pair] - 0.5).rounded(.up)))
          let last = min(width - 1, Int((sorted[pair + 1] - 0.5).rounded(.up)) - 1)
          guard first <= last else { continue }
          for x in first...last { samples[y * width + x] = value }
        }
      }
    }
  }
}
