/// Widths and line breaks of text in pictures, by the advances of Helvetica, whose metrics Arial and Liberation Sans share.
enum SVGText {
  // Per mille of the font size, from the space to the tilde.
  private static let widths: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
  ]

  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    var total = 0
    for character in text {
      if let ascii = character.asciiValue, ascii >= 32, ascii < 127 {
        total += widths[Int(ascii) - 32]
      } else {
        total += DisplayWidth.of(character) == 2 ? 1_000 : DisplayWidth.of(character) == 0 ? 0 : 600
      }
    }
    return Double(total) * size / 1_000 * (isBold ? 1.08 : 1.02)
  }

  static func truncate(_ text: String, to limit: Double, size: Double, isBold: Bool = false) -> String {
    guard width(text, size: size, isBold: isBold) > limit else { return text }
    var kept = text
    while !kept.isEmpty, width(kept + "…", size: size, isBold: isBold) > limit { kept.removeLast() }
    while kept.last == " " || kept.last == "," { kept.removeLast() }
    return kept + "…"
  }

  /// Lines of at most `limit`; a word that is longer is cut.
  static func wrap(_ text: String, to limit: Double, size: Double, isBold: Bool = false) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || width(longer, size: size, isBold: isBold) <= limit {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { truncate($0, to: limit, size: size, isBold: isBold) }
  }

  /// Text as XML has it: nothing in it can end an attribute or begin an element, and no character that XML 1.0 forbids.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      default:
        let value = scalar.value
        let isForbidden = value < 0x20 || value == 0x7F || (0x80...0x9F).contains(value) || value & 0xFFFE == 0xFFFE
        if isForbidden { result += "\u{FFFD}" } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

/// Colours and sizes of every picture: one identity. All texts have a contrast of at least 4.5:1 to the background in light
/// and dark; the series colours are told apart by people with any of the common colour-vision deficiencies.
enum Theme {
  struct Paint {
    var light: String
    var dark: String
  }

  static let background = Paint(light: "#ffffff", dark: "#14181e")
  static let text = Paint(light: "#1d252d", dark: "#e9edf2")
  static let muted = Paint(light: "#55616d", dark: "#a9b5c1")
  static let grid = Paint(light: "#e3e7eb", dark: "#2c343d")
  static let axis = Paint(light: "#8c97a3", dark: "#6d7885")
  static let land = Paint(light: "#e9edf0", dark: "#252c34")
  static let noValue = Paint(light: "#e6e8eb", dark: "#2f363e")

  static let series = [
    Paint(light: "#1b65a6", dark: "#6db3f2"), Paint(light: "#b84a00", dark: "#ff9a57"),
    Paint(light: "#0a7558", dark: "#4cc9a0"), Paint(light: "#7b3fa0", dark: "#c59be8"),
    Paint(light: "#8a6100", dark: "#e0b040"), Paint(light: "#0f7490", dark: "#5cc6e0"),
    Paint(light: "#b0306a", dark: "#f28bb5"), Paint(light: "#5f6b76", dark: "#a9b4c0"),
  ]

  /// Little to much: lightness falls steadily, so the order survives greyscale.
  static let sequential = ["#dfeaf4", "#b3d0e6", "#7fb0d3", "#4a8bbb", "#1f649b", "#0d4373", "#062a4c"]
  /// Below the centre, furthest first; above it, nearest first.
  static let below = ["#a85f22", "#dba06a", "#f0d3b4"]
  /// Quotients below 1: pale, since what a map of them is looked at for lies above.
  static let belowQuietly = ["#d3a272", "#e5c5a2", "#f4e5d5"]
  static let above = ["#b9d6ec", "#5a9fd0", "#12518c"]

  /// What fills the areas of a kind: hot and cold ones as on scales that turn, what is not significant in grey.
  static func category(_ name: String, _ index: Int) -> String {
    switch name.lowercased() {
    case "hh", "high-high", "hot", "hot spot": above[2]
    case "hl", "high-low": above[1]
    case "ll", "low-low", "cold", "cold spot": below[0]
    case "lh", "low-high": below[1]
    case "ns", "not significant", "none", "no", "false", "other", "": "#c9ced4"
    default: series(index).light
    }
  }

  static let fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
  static let titleSize = 20.0
  static let subtitleSize = 13.0
  static let labelSize = 12.0
  static let footSize = 11.0

  static func series(_ index: Int) -> Paint { series[index % series.count] }

  /// A series colour for what is estimated, mixed with the background so that nothing shines through.
  static func tint(_ index: Int) -> Paint {
    let full = series(index)
    return Paint(light: mix(full.light, background.light, 0.55), dark: mix(full.dark, background.dark, 0.55))
  }

  private static func mix(_ one: String, _ other: String, _ share: Double) -> String {
    let (left, right) = (Int(one.dropFirst(), radix: 16) ?? 0, Int(other.dropFirst(), radix: 16) ?? 0)
    var result = "#"
    for shift in [16, 8, 0] {
      let part = Double(left >> shift & 0xFF) * share + Double(right >> shift & 0xFF) * (1 - share)
      let digits = String(Int(part.rounded()), radix: 16)
      result += digits.count < 2 ? "0" + digits : digits
    }
    return result
  }

  private static func color(at position: Double) -> String {
    let below = min(sequential.count - 2, Int(position))
    return mix(sequential[below + 1], sequential[below], position - Double(below))
  }

  /// The colours of classes, by whether the scale turns.
  static func colors(_ classes: ValueClasses) -> [String] {
    (0..<classes.count).map { index in
      guard let turn = classes.turn else {
        guard classes.count > 1 else { return sequential[3] }
        // Up to six classes have a colour of their own; more lie between them.
        let last = Double(classes.count > 6 ? sequential.count - 1 : 5)
        return color(at: Double(index) * last / Double(classes.count - 1))
      }
      let isQuotient = classes.bounds[turn - 1] == 1
      let below = isQuotient ? belowQuietly : below
      if index < turn { return below[turn < 2 ? 1 : Int((Double(index) * 2 / Double(turn - 1)).rounded())] }
      let more = classes.count - turn
      return above[more < 2 ? 1 : Int((Double(index - turn) * 2 / Double(more - 1)).rounded())]
    }
  }
}
