/// Paints text with terminal colours, or leaves it alone.
package struct TextStyle: Sendable {
  package enum Paint: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case yellow = "1;33"
    case blue = "34"
    case cyan = "36"
    case green = "32"
    case dimGreen = "2;32"
    case dimRed = "2;31"
    case plainRed = "31"
  }

  package let isColored: Bool

  package init(isColored: Bool) { self.isColored = isColored }

  package func callAsFunction(_ paint: Paint, _ text: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }
}
