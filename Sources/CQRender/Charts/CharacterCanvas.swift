/// A field of terminal cells, each one character with a colour: text on top of what is drawn with Braille dots.
struct CharacterCanvas {
  let width: Int
  let height: Int
  private var characters: [Character]
  private var dots: [UInt8]
  private var colors: [Int?]
  /// Whether nearby text may not overwrite the cell.
  private var isTaken: [Bool]

  init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
    let count = self.width * self.height
    characters = Array(repeating: " ", count: count)
    dots = Array(repeating: 0, count: count)
    colors = Array(repeating: nil, count: count)
    isTaken = Array(repeating: false, count: count)
  }

  /// Dots are two to a cell across and four down.
  var dotWidth: Int { width * 2 }
  var dotHeight: Int { height * 4 }

  mutating func dot(_ x: Int, _ y: Int, color: Int?) {
    guard (0..<dotWidth).contains(x), (0..<dotHeight).contains(y) else { return }
    let index = (y / 4) * width + x / 2
    // BRAILLE: dots 1–3 and 7 are the left column from the top, 4–6 and 8 the right one.
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    dots[index] |= bits[y % 4][x % 2]
    colors[index] = color
    isTaken[index] = true
  }

  /// A straight line of dots.
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), color: Int?) {
    let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)))
    for step in 0...min(steps, 4_000) {
      let part = Double(step) / Double(steps)
      let (x, y) = (start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
      dot(Int(x.rounded()), Int(y.rounded()), color: color)
    }
  }

  mutating func put(_ character: Character, x: Int, y: Int, color: Int? = nil, takes: Bool = true) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    characters[y * width + x] = character
    colors[y * width + x] = color
    if takes { isTaken[y * width + x] = true }
  }

  func isFree(x: Int, y: Int, width length: Int) -> Bool {
    guard y >= 0, y < height, x >= 0, x + length <= width else { return false }
    return !(x..<(x + length)).contains { isTaken[y * width + $0] }
  }

  /// Text of characters that are one column wide each.
  mutating func write(_ text: String, x: Int, y: Int, color: Int? = nil) {
    for (offset, character) in text.enumerated() { put(character, x: x + offset, y: y, color: color) }
  }

  func row(_ y: Int, _ style: TextStyle) -> String {
    var result = ""
    var run = ""
    var runColor: Int?
    func flush() { result += run.isEmpty ? "" : style(color: runColor, run) }
    for x in 0..<width {
      let index = y * width + x
      var character = characters[index]
      if character == " ", dots[index] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[index])) {
        character = Character(scalar)
      }
      let color = character == " " ? runColor : colors[index]
      if color != runColor {
        flush()
        run = ""
        runColor = color
      }
      run.append(character)
    }
    while run.last == " " { run.removeLast() }
    flush()
    return result
  }
}

/// A line of labels under an axis; characters that are two columns wide take two.
struct LabelLine {
  /// A blank is a space; the second column of a wide character is empty.
  private var cells: [String]
  private var isTaken: [Bool]

  init(width: Int) {
    cells = Array(repeating: " ", count: max(1, width))
    isTaken = Array(repeating: false, count: max(1, width))
  }

  /// Writes `text` with its middle at `column`, pushed inside; false where it would touch another one.
  @discardableResult mutating func place(_ text: String, around column: Int) -> Bool {
    let width = DisplayWidth.of(text)
    guard width > 0, width <= cells.count else { return false }
    let start = max(0, min(column - width / 2, cells.count - width))
    guard !(max(0, start - 1)..<min(cells.count, start + width + 1)).contains(where: { isTaken[$0] }) else {
      return false
    }
    var position = start
    for character in text {
      let size = DisplayWidth.of(character)
      if size == 0 {
        if position > start { cells[position - 1].append(character) }
        continue
      }
      cells[position] = String(character)
      if size == 2 { cells[position + 1] = "" }
      position += size
    }
    for index in start..<(start + width) { isTaken[index] = true }
    return true
  }

  /// Without the blanks at its end.
  var text: String { cells.joined().trimmedEnd }
}

extension String {
  /// Without spaces at its end.
  var trimmedEnd: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}

extension TextStyle {
  /// One of the 256 colours; text as it is for nil and where nothing is coloured.
  func callAsFunction(color: Int?, _ text: String) -> String {
    guard isColored, let color, !text.isEmpty else { return text }
    return "\u{1B}[38;5;\(color)m\(text)\u{1B}[0m"
  }
}

/// Colours of the terminal that stand for those of the printed palette, readable on light and dark.
enum TerminalPalette {
  static let series = [32, 166, 36, 134, 136, 38, 168, 245]
  static let axis = 245
  /// Marks of series where there is no colour.
  static let shapes: [Character] = ["●", "▲", "■", "◆", "○", "△", "□", "◇"]

  static func series(_ index: Int) -> Int { series[index % series.count] }
}
