import CQRender

/// When results that are longer than the window are shown page by page.
enum PagerChoice: String, CaseIterable, Sendable { case auto, off }

/// What `:set` and `~/.config/cq/config` change: defaults of a session.
struct Setting: Sendable {
  let name: String
  /// What may follow the name.
  let values: String
  let summary: String
  /// Words that may be given, for completion.
  var words: [String] = []
  let set: @Sendable (_ options: inout Options, _ text: String, _ label: String) throws(UsageError) -> Void
  let shown: @Sendable (Options) -> String

  static func named(_ name: String) -> Setting? { all.first { $0.name == name } }

  /// Changes one setting; `label` is what messages call it.
  static func change(
    _ name: String, to text: String, in options: inout Options, label: String
  ) throws(UsageError) {
    guard let setting = named(name) else {
      let near = Suggestion.closest(to: name, among: all.map(\.name))
      throw UsageError(
        message: "there is no setting `\(name)`",
        help: near.map { "did you mean `\($0)`?" } ?? "settings: \(all.map(\.name).joined(separator: ", "))")
    }
    if text.isEmpty { throw UsageError(message: "`\(label)` needs a value", help: "write \(setting.values)") }
    try setting.set(&options, text, label)
  }

  static let all: [Setting] = [
    Setting(
      name: "in", values: "a country", summary: "whose data answer when a query does not say `in:`",
      set: { options, text, _ in options.country = text }, shown: { $0.country ?? "US" }),
    choice(
      "mode", OutputFormat.self, summary: "how results are printed", set: { $0.format = $1 },
      shown: { $0.format ?? .table }),
    Setting(
      name: "rows", values: "a number or all", summary: "rows of a table shown at most", words: ["all"],
      set: { options, text, label throws(UsageError) in
        options.rowLimit = text == "all" ? .max : try OptionDescription.count(text, option: label, orElse: "all")
      }, shown: { $0.rowLimit.map { $0 == .max ? "all" : "\($0)" } ?? "auto" }),
    Setting(
      name: "width", values: "a number or auto", summary: "columns a table may take", words: ["auto"],
      set: { options, text, label throws(UsageError) in
        options.width = text == "auto" ? nil : try OptionDescription.count(text, option: label, orElse: "auto")
      }, shown: { $0.width.map { "\($0)" } ?? "auto" }),
    choice(
      "color", ColorChoice.self, summary: "auto is a terminal without NO_COLOR", set: { $0.color = $1 },
      shown: { $0.color }),
    choice(
      "pager", PagerChoice.self, summary: "whether long results are shown page by page", set: { $0.pager = $1 },
      shown: { $0.pager }),
    choice(
      "time", Switch.self, summary: "say after each query how long it took", set: { $0.isTimed = $1 == .on },
      shown: { $0.isTimed ? .on : .off }),
    Setting(
      name: "limit-time", values: "a time such as 10s", summary: "stop a query that takes longer",
      set: { options, text, label throws(UsageError) in
        options.timeLimit = try OptionDescription.duration(text, option: label)
      }, shown: { $0.timeLimit.map { "\($0)" } ?? "none" }),
    Setting(
      name: "limit-cells", values: "a number such as 5M", summary: "refuse queries that touch more cells",
      set: { options, text, label throws(UsageError) in
        options.cellLimit = try OptionDescription.count(text, option: label, example: "5M")
      }, shown: { $0.cellLimit.map { "\($0)" } ?? "auto" }),
    Setting(
      name: "limit-rows", values: "a number such as 100k", summary: "refuse results with more rows",
      set: { options, text, label throws(UsageError) in
        options.resultLimit = try OptionDescription.count(text, option: label, example: "100k")
      }, shown: { $0.resultLimit.map { "\($0)" } ?? "auto" }),
  ]

  private enum Switch: String, CaseIterable, Sendable { case on, off }

  private static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _: Choice.Type, summary: String,
    set: @escaping @Sendable (inout Options, Choice) -> Void, shown: @escaping @Sendable (Options) -> Choice
  ) -> Setting where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return Setting(
      name: name, values: words.joined(separator: ", "), summary: summary, words: words,
      set: { options, text, label throws(UsageError) in
        set(&options, try OptionDescription.oneOf(Choice.self, text, option: label))
      }, shown: { shown($0).rawValue })
  }
}
