import CQRender

/// One option of the command line.
struct OptionDescription {
  enum Action {
    case flag(@Sendable (inout Options) -> Void)
    case value(name: String, @Sendable (inout Options, String) throws(UsageError) -> Void)
  }

  let names: [String]
  let summary: String
  let action: Action
  /// Values that may be given, where they are few.
  var words: [String] = []

  /// `FILE`; nil for an option without a value.
  var valueName: String? { if case .value(let name, _) = action { name } else { nil } }

  /// As the help shows it: `-o, --output FILE`.
  var synopsis: String {
    let names = names.joined(separator: ", ")
    if case .value(let valueName, _) = action { return names + " " + valueName }
    return names
  }

  static func named(_ name: String) -> OptionDescription? { all.first { $0.names.contains(name) } }

  static let all: [OptionDescription] = [
    OptionDescription(
      names: ["--format"], summary: "how results are printed: \(list(OutputFormat.self)) (table)",
      action: .value(name: "FORMAT") { options, text throws(UsageError) in
        options.format = try oneOf(OutputFormat.self, text, option: "--format")
      }, words: OutputFormat.allCases.map(\.rawValue)),
    OptionDescription(
      names: ["-o", "--output"], summary: "write to FILE instead; its ending chooses the format",
      action: .value(name: "FILE") { options, text in options.outputPath = text }),
    OptionDescription(
      names: ["--in"], summary: "the country whose data answer when a query does not say (US)",
      action: .value(name: "COUNTRY") { options, text in options.country = text }),
    OptionDescription(
      names: ["--width"], summary: "columns a table may take (the terminal's)",
      action: .value(name: "N") { options, text throws(UsageError) in
        options.width = try count(text, option: "--width", example: "120")
      }),
    OptionDescription(
      names: ["--rows"], summary: "rows of a table shown, or `all` (80 on a terminal)",
      action: .value(name: "N") { options, text throws(UsageError) in
        options.rowLimit = text == "all" ? .max : try count(text, option: "--rows", example: "all")
      }),
    OptionDescription(
      names: ["--color"], summary: "\(list(ColorChoice.self)); auto is a terminal without NO_COLOR",
      action: .value(name: "WHEN") { options, text throws(UsageError) in
        options.color = try oneOf(ColorChoice.self, text, option: "--color")
      }, words: ColorChoice.allCases.map(\.rawValue)),
    OptionDescription(
      names: ["--diagnostics"], summary: "how errors are printed: \(list(Options.DiagnosticsFormat.self)) (text)",
      action: .value(name: "FORMAT") { options, text throws(UsageError) in
        options.diagnostics = try oneOf(Options.DiagnosticsFormat.self, text, option: "--diagnostics")
      }, words: Options.DiagnosticsFormat.allCases.map(\.rawValue)),
    OptionDescription(
      names: ["--fail-empty"], summary: "exit with 5 when a result has no rows",
      action: .flag { $0.failsWhenEmpty = true }),
    OptionDescription(
      names: ["--limit-time"], summary: "stop a query after 10s, 500ms, 2m",
      action: .value(name: "TIME") { options, text throws(UsageError) in
        options.timeLimit = try duration(text)
      }),
    OptionDescription(
      names: ["--limit-cells"], summary: "refuse queries that touch more cells than 5M, 200k, 5000",
      action: .value(name: "N") { options, text throws(UsageError) in
        options.cellLimit = try count(text, option: "--limit-cells", example: "5M")
      }),
    OptionDescription(
      names: ["--limit-rows"], summary: "refuse results with more rows than 100k, 5000",
      action: .value(name: "N") { options, text throws(UsageError) in
        options.resultLimit = try count(text, option: "--limit-rows", example: "100k")
      }),
    OptionDescription(
      names: ["--limit-memory"], summary: "refuse queries that need more bytes than 2000M, 500M",
      action: .value(name: "N") { options, text throws(UsageError) in
        options.memoryLimit = try count(text, option: "--limit-memory", example: "500M")
      }),
    OptionDescription(
      names: ["--strict"], summary: "with `check`: queries must say in:, year: and data:",
      action: .flag { $0.isStrict = true }),
    OptionDescription(
      names: ["--restricted"], summary: "for programs from others: no files, no other programs",
      action: .flag { $0.isRestricted = true }),
  ]

  // MARK: - Values

  private static func list<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> String
  where Choice.RawValue == String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }

  static func oneOf<Choice: RawRepresentable & CaseIterable>(
    _: Choice.Type, _ text: String, option: String
  ) throws(UsageError) -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: text.lowercased()) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let help = Suggestion.closest(to: text, among: names).map { "did you mean `\(option) \($0)`?" }
    throw UsageError(
      message: "`\(option)` must be one of \(names.joined(separator: ", ")), not `\(text)`", help: help)
  }

  /// `5000`, `5_000`, `200k`, `5M`, `1B`; at least 1.
  ///
  /// - Parameter orElse: A word that may stand instead, for the message.
  static func count(
    _ text: String, option: String, example: String = "", orElse: String = ""
  ) throws(UsageError) -> Int {
    let factors: [Character: Int] = ["k": 1_000, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000]
    var digits = text.filter { $0 != "_" && $0 != "," }
    var factor = 1
    if let last = digits.last, let suffix = factors[last] {
      factor = suffix
      digits.removeLast()
    }
    let isDecimal = digits.allSatisfy { $0.isASCII && $0.isNumber }
    if isDecimal, let number = Int(digits), number > 0 {
      let (product, isTooLarge) = number.multipliedReportingOverflow(by: factor)
      if !isTooLarge { return product }
    }
    let alternative = orElse.isEmpty ? "" : " or `\(orElse)`"
    throw UsageError(
      message: "`\(option)` must be a number above 0\(alternative), not `\(text)`",
      help: example.isEmpty ? nil : "for example `\(option) \(example)`")
  }

  static func duration(_ text: String, option: String = "--limit-time") throws(UsageError) -> Duration {
    let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
    let unit = units.first { text.hasSuffix($0.suffix) } ?? ("", 1_000)
    if let number = Double(text.dropLast(unit.suffix.count)), number > 0, number < 1e9 {
      return .milliseconds(max(1, Int64(number * unit.milliseconds)))
    }
    throw UsageError(
      message: "`\(option)` must be a time such as 10s, not `\(text)`", help: "units are ms, s, m and h")
  }
}
