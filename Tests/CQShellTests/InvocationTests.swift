import CQRender
import Testing

@testable import CQShell

@Suite struct InvocationTests {
  @Test func tasks() throws {
    #expect(try Invocation(arguments: []).task == .repl)
    #expect(try Invocation(arguments: ["-e", "lq", "-e", "hhi"]).task == .query("lq\nhhi"))
    #expect(try Invocation(arguments: ["report.cq"]).task == .script(path: "report.cq"))
    #expect(try Invocation(arguments: ["-"]).task == .standardInput)
    let formatted = try Invocation(arguments: ["fmt", "a.cq", "-"]).task
    #expect(formatted == .format(paths: ["a.cq", "-"], changesFiles: true))
    let checked = try Invocation(arguments: ["fmt", "a.cq", "--check"]).task
    #expect(checked == .format(paths: ["a.cq"], changesFiles: false))
    #expect(try Invocation(arguments: ["check", "a.cq", "b.cq"]).task == .check(paths: ["a.cq", "b.cq"]))
    #expect(try Invocation(arguments: ["explain", "E0301", "e0102"]).task == .explain(codes: ["E0301", "e0102"]))
    #expect(try Invocation(arguments: ["test"]).task == .test(paths: ["."]))
    #expect(try Invocation(arguments: ["test", "Docs"]).task == .test(paths: ["Docs"]))
    #expect(try Invocation(arguments: ["--version"]).task == .version)
    #expect(try Invocation(arguments: ["-h"]).task == .help)
    #expect(try Invocation(arguments: ["report.cq", "--help"]).task == .scriptHelp(path: "report.cq"))
    #expect(try Invocation(arguments: ["--format", "csv"]).task == .repl)
  }

  @Test func strictnessBelongsToCheck() throws {
    #expect(try Invocation(arguments: ["check", "--strict", "a.cq"]).options.isStrict)
    #expect(throws: UsageError.self) { try Invocation(arguments: ["--strict", "a.cq"]) }
    #expect(throws: UsageError.self) { try Invocation(arguments: ["--strict", "-e", "lq"]) }
  }

  @Test func options() throws {
    let invocation = try Invocation(arguments: [
      "--format=csv", "-o", "out.csv", "--fail-empty", "--diagnostics", "json", "--color", "never", "--in", "Mexico",
      "--width", "120", "--rows", "all", "--limit-time", "1.5s", "--limit-cells", "5M", "--limit-rows", "9",
      "--restricted", "-e", "lq",
    ])
    var expected = Options()
    expected.format = .csv
    expected.outputPath = "out.csv"
    expected.failsWhenEmpty = true
    expected.diagnostics = .json
    expected.color = .never
    expected.country = "Mexico"
    expected.width = 120
    expected.rowLimit = .max
    expected.timeLimit = .milliseconds(1_500)
    expected.cellLimit = 5_000_000
    expected.resultLimit = 9
    expected.isRestricted = true
    #expect(invocation.options == expected)
  }

  @Test func parametersOfTheProgram() throws {
    let invocation = try Invocation(arguments: [
      "r.cq", "--region", "Ohio", "--format", "json", "--from=2010", "--", "--format", "long",
    ])
    #expect(
      invocation.parameters == [
        .init(name: "region", value: "Ohio"), .init(name: "from", value: "2010"), .init(name: "format", value: "long"),
      ])
    #expect(invocation.options.format == .json)
    #expect(
      try Invocation(arguments: ["-e", "q", "--x", "-5", "--x", "7"]).parameters == [.init(name: "x", value: "7")])
  }

  struct Mistake: Sendable {
    var arguments: String
    var message: String
    var help: String?
  }

  /// Arguments are separated by spaces.
  static let mistakes: [Mistake] = [
    Mistake(
      arguments: "--fromat csv", message: "there is no option `--fromat`", help: "did you mean `--format`?"),
    Mistake(
      arguments: "--format cvs",
      message: "`--format` must be one of table, csv, tsv, json, jsonl, md, html, tex, svg, vl.json, not `cvs`",
      help: "did you mean `--format csv`?"),
    Mistake(arguments: "--format", message: "`--format` needs a value", help: "write `--format FORMAT`"),
    Mistake(arguments: "-e", message: "`-e` needs a value", help: "for example `cq -e 'lq(by:state) | top 5'`"),
    Mistake(arguments: "-x", message: "there is no option `-x`", help: "`cq --help` lists the options"),
    Mistake(
      arguments: "--width 0", message: "`--width` must be a number above 0, not `0`",
      help: "for example `--width 120`"),
    Mistake(
      arguments: "--limit-cells 99999999999999B",
      message: "`--limit-cells` must be a number above 0, not `99999999999999B`",
      help: "for example `--limit-cells 5M`"),
    Mistake(
      arguments: "--limit-time soon", message: "`--limit-time` must be a time such as 10s, not `soon`",
      help: "units are ms, s, m and h"),
    Mistake(arguments: "--restricted=yes", message: "`--restricted` takes no value"),
    Mistake(
      arguments: "a.cq b.cq", message: "`b.cq` is one argument too many",
      help: "values are given by name: `--name b.cq`"),
    Mistake(
      arguments: "-e lq a.cq", message: "`a.cq` is one argument too many",
      help: "values are given by name: `--name a.cq`"),
    Mistake(arguments: "a.cq -e lq", message: "`-e` and `a.cq` can't be run together"),
    Mistake(arguments: "a.cq --region", message: "`--region` needs a value", help: "write `--region VALUE`"),
    Mistake(
      arguments: "a.cq --fail-emtpy", message: "`--fail-emtpy` needs a value", help: "did you mean `--fail-empty`?"),
    Mistake(arguments: "fmt --check", message: "`fmt` needs a file", help: "for example `cq fmt report.cq`"),
    Mistake(arguments: "check", message: "`check` needs a file", help: "for example `cq check report.cq`"),
  ]

  @Test(arguments: mistakes)
  func explains(_ mistake: Mistake) {
    #expect(throws: UsageError(message: mistake.message, help: mistake.help)) {
      try Invocation(arguments: mistake.arguments.split(separator: " ").map(String.init))
    }
  }

  @Test(arguments: [("500ms", 500), ("2m", 120_000), ("10", 10_000), ("1h", 3_600_000)])
  func durations(_ text: String, _ milliseconds: Int) throws {
    let options = try Invocation(arguments: ["--limit-time", text]).options
    #expect(options.timeLimit == .milliseconds(milliseconds))
  }

  @Test func helpNamesEveryOption() {
    for name in OptionDescription.all.flatMap(\.names) { #expect(UsageText.help.contains(name)) }
    for line in UsageText.help.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }
}

@Suite struct SuggestionTests {
  @Test(arguments: [("fromat", "format"), ("quti", "quit"), ("hlep", "help"), ("csvv", "csv")])
  func finds(_ typed: String, _ meant: String) {
    #expect(Suggestion.closest(to: typed, among: ["format", "quit", "help", "csv", "width"]) == meant)
  }

  @Test func suggestsNothingWhenNothingIsNear() {
    #expect(Suggestion.closest(to: "banana", among: ["format", "quit"]) == nil)
    #expect(Suggestion.closest(to: "", among: []) == nil)
  }

  @Test func countsSwapsOnce() {
    #expect(Suggestion.distance(Array("ab"), Array("ba")) == 1)
    #expect(Suggestion.distance(Array("kitten"), Array("sitting")) == 3)
    #expect(Suggestion.distance([], Array("abc")) == 3)
  }

  @Test func referenceIsOfFilesOrOfTheLibrary() throws {
    #expect(try Invocation(arguments: ["doc", "a.cq"]).task == .reference(paths: ["a.cq"], isHTML: false))
    #expect(try Invocation(arguments: ["doc", "--html", "--stdlib"]).task == .reference(paths: [], isHTML: true))
    #expect(throws: UsageError.self) { try Invocation(arguments: ["doc"]) }
    #expect(throws: UsageError.self) { try Invocation(arguments: ["doc", "--stdlib", "a.cq"]) }
  }

  @Test func officialNamesBelongToTheFormatter() throws {
    #expect(
      try Invocation(arguments: ["fmt", "--official", "a.cq"]).task
        == .format(paths: ["a.cq"], changesFiles: true, usesOfficialNames: true))
    #expect(throws: UsageError.self) { try Invocation(arguments: ["check", "--official", "a.cq"]) }
  }
}
