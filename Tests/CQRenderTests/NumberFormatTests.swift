import CQColumns
import Testing

@testable import CQRender

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (Quantity.ratio, [5.124, 12.5, 0.004, 0], ["5.12", "12.50", "0.004", "0.00"]),
    (.ratio, [0.0456, 0.01], ["0.0456", "0.0100"]),
    (.ratio, [-0.001, -1.005], ["-0.001", "-1.00"]),
    (.ratio, [2_500_000.4, 1], ["2,500,000", "1"]),
    (.ratio, [0.000_000_01, 3], ["1.0e-8", "3.00"]),
    (.ratio, [4.12e-9, -0.000_000_499, 0.000_000_5], ["4.1e-9", "-5.0e-7", "0.000001"]),
    (.ratio, [9.96e-12, 0], ["1.0e-11", "0.000000"]),
    (.percent, [2e-12, .leastNonzeroMagnitude], ["2.0e-10%", "4.9e-322%"]),
    (.percent, [0.05, -0.123, 0.000_04, 12.345], ["5.0%", "-12.3%", "0.004%", "1,234.5%"]),
    (.percent, [0.005], ["0.50%"]),
    (.count(unit: "persons"), [12_345, 999.5, -0.2], ["12,345", "1,000", "0"]),
    (.count(unit: "establishments"), [2.4, 7], ["2.4", "7.0"]),
    (.money(currency: "USD"), [45_300.49, -1_234_567], ["45,300", "-1,234,567"]),
    (.ratio, [1e20], ["1e+20"]),
  ])
  func prints(_ quantity: Quantity, _ numbers: [Double], _ expected: [String]) {
    let format = NumberFormat(quantity, of: numbers, states: numbers.map { _ in .known })
    #expect(numbers.map { format($0).text } == expected)
  }

  @Test func withheldValuesDoNotChooseTheDecimals() {
    let format = NumberFormat(.ratio, of: [0, 0.5], states: [.withheld, .known])
    #expect(format(0.5).text == "0.50")
  }

  @Test(arguments: [(0, "0"), (12, "12"), (123, "123"), (1_234, "1,234"), (-1_234_567, "-1,234,567")])
  func groups(_ number: Int, _ expected: String) { #expect(number.grouped == expected) }
}

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("Querétaro", 9), ("Quere\u{301}taro", 9), ("日本語", 6), ("a\u{200B}b", 2), ("한국", 4), ("❤️", 2), ("👨‍👩‍👧", 2), ("–…│", 3),
    ("ﾊﾝｶｸ", 4), ("", 0),
  ])
  func measures(_ text: String, _ width: Int) { #expect(DisplayWidth.of(text) == width) }

  @Test func truncatesOnCharacters() {
    #expect(DisplayWidth.truncate("México City", to: 7) == "México…")
    #expect(DisplayWidth.truncate("日本語", to: 4) == "日…")
    #expect(DisplayWidth.truncate("日本語", to: 6) == "日本語")
    #expect(DisplayWidth.truncate("ab", to: 0) == "")
  }

  @Test func wrapsAtWords() {
    #expect(DisplayWidth.wrap("one two three", to: 8, indent: 2) == ["one two", "  three"])
    #expect(DisplayWidth.wrap("unbreakable", to: 4, indent: 2) == ["unbreakable"])
    #expect(DisplayWidth.wrap("one two", to: nil, indent: 2) == ["one two"])
  }
}
