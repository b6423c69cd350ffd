extension Invocation {
  /// Reads the arguments after the program's name.
  init(arguments: [String]) throws(UsageError) {
    var parser = InvocationParser(arguments)
    self = try parser.parse()
  }
}

/// Left to right: options of `cq`, a task, and then `--name value` for the `$names` of the program.
private struct InvocationParser {
  private let arguments: [String]
  private var index = 0
  private var invocation = Invocation()
  private var queries: [String] = []
  private var scriptPath: String?
  private var subcommand: Subcommand?
  private var operands: [String] = []
  private var asksForHelp = false
  /// Options of the subcommand that were given.
  private var ownOptions: Set<String> = []

  init(_ arguments: [String]) { self.arguments = arguments }

  mutating func parse() throws(UsageError) -> Invocation {
    var onlyParameters = false
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      if onlyParameters {
        try addParameter(argument)
      } else if argument == "--" {
        onlyParameters = true
      } else if argument == "-e" || argument == "--execute" {
        queries.append(try value(of: argument, valueName: "QUERY", example: "-e 'lq(by:state) | top 5'"))
      } else if argument == "-h" || argument == "--help" {
        asksForHelp = true
      } else if argument == "--version" {
        invocation.task = .version
      } else if argument != "--strict", subcommand?.description.options.contains(where: { $0.name == argument }) == true
      {
        ownOptions.insert(argument)
      } else if argument.hasPrefix("-"), argument != "-" {
        try addOption(argument)
      } else {
        try addOperand(argument)
      }
    }
    try chooseTask()
    return invocation
  }

  // MARK: - Arguments

  private mutating func addOption(_ argument: String) throws(UsageError) {
    let name = String(argument.prefix { $0 != "=" })
    let attached = argument.count > name.count ? String(argument.dropFirst(name.count + 1)) : nil
    guard let option = OptionDescription.named(name) else {
      try addParameter(argument)
      return
    }
    switch option.action {
    case .flag(let set):
      if attached != nil { throw UsageError(message: "`\(name)` takes no value") }
      set(&invocation.options)
    case .value(let valueName, let set):
      let text: String
      if let attached {
        text = attached
      } else {
        text = try value(of: name, valueName: valueName, example: nil)
      }
      try set(&invocation.options, text)
    }
  }

  private mutating func addParameter(_ argument: String) throws(UsageError) {
    let hasProgram = scriptPath != nil || !queries.isEmpty || subcommand == .watch && !operands.isEmpty
    guard argument.hasPrefix("--"), argument.count > 2, hasProgram else { throw unknownOption(argument) }
    let name = String(argument.dropFirst(2).prefix { $0 != "=" })
    let value: String
    if argument.count > name.count + 2 {
      value = String(argument.dropFirst(name.count + 3))
    } else if index < arguments.count, !arguments[index].hasPrefix("--") {
      value = arguments[index]
      index += 1
    } else {
      throw UsageError(
        message: "`--\(name)` needs a value", help: suggestion(for: argument) ?? "write `--\(name) VALUE`")
    }
    invocation.parameters.removeAll { $0.name == name }
    invocation.parameters.append(Parameter(name: name, value: value))
  }

  private typealias Parameter = Invocation.Parameter

  private mutating func addOperand(_ argument: String) throws(UsageError) {
    if subcommand != nil {
      operands.append(argument)
    } else if scriptPath == nil, queries.isEmpty {
      subcommand = Subcommand(rawValue: argument)
      if subcommand == nil { scriptPath = argument }
    } else {
      throw UsageError(
        message: "`\(argument)` is one argument too many", help: "values are given by name: `--name \(argument)`")
    }
  }

  private mutating func value(of name: String, valueName: String, example: String?) throws(UsageError) -> String {
    guard index < arguments.count else {
      let help = example.map { "for example `cq \($0)`" } ?? "write `\(name) \(valueName)`"
      throw UsageError(message: "`\(name)` needs a value", help: help)
    }
    index += 1
    return arguments[index - 1]
  }

  // MARK: - Errors

  private func unknownOption(_ argument: String) -> UsageError {
    let name = String(argument.prefix { $0 != "=" })
    return UsageError(
      message: "there is no option `\(name)`", help: suggestion(for: name) ?? "`cq --help` lists the options")
  }

  private func suggestion(for argument: String) -> String? {
    Invocation.closestOption(to: argument).map { "did you mean `\($0)`?" }
  }

  // MARK: - The task

  private mutating func chooseTask() throws(UsageError) {
    if invocation.task == .version { return }
    if invocation.options.isStrict, subcommand != .check {
      throw UsageError(message: "`--strict` belongs to `cq check`", help: "for example `cq check --strict report.cq`")
    }
    if asksForHelp, let subcommand {
      invocation.task = subcommand == .help ? .help : .subcommandHelp(subcommand)
      return
    }
    if asksForHelp {
      invocation.task = scriptPath.map { $0 == "-" ? .help : .scriptHelp(path: $0) } ?? .help
      return
    }
    if !queries.isEmpty {
      if let extra = scriptPath ?? subcommand?.rawValue {
        throw UsageError(message: "`-e` and `\(extra)` can't be run together", help: nil)
      }
      invocation.task = .query(queries.joined(separator: "\n"))
    } else if let scriptPath {
      invocation.task = scriptPath == "-" ? .standardInput : .script(path: scriptPath)
    } else if let subcommand {
      try chooseTask(of: subcommand)
    }
  }

  private mutating func chooseTask(of subcommand: Subcommand) throws(UsageError) {
    switch subcommand {
    case .explain: invocation.task = .explain(codes: operands)
    case .test: invocation.task = .test(paths: operands.isEmpty ? ["."] : operands)
    case .help:
      guard let name = operands.first else { return invocation.task = .help }
      guard let command = Subcommand(rawValue: name) else {
        throw UsageError(
          message: "there is no command `\(name)`",
          help: Invocation.closestSubcommand(to: name).map { "did you mean `cq help \($0)`?" }
            ?? "`cq --help` lists the commands")
      }
      invocation.task = .subcommandHelp(command)
    case .watch:
      guard operands.count == 1 else {
        throw UsageError(
          message: operands.isEmpty ? "`watch` needs a file" : "`watch` takes one file",
          help: "for example `cq watch report.cq`")
      }
      invocation.task = .watch(path: operands[0])
    case .importFile:
      guard let path = operands.first else {
        throw UsageError(message: "`import` needs a file", help: "for example `cq import jobs.csv -o jobs.arrow`")
      }
      guard let output = invocation.options.outputPath, output.hasSuffix(".arrow") || output.hasSuffix(".feather")
      else {
        throw UsageError(
          message: "`import` writes an Arrow file, and `-o` says where",
          help: "for example `cq import \(path) -o jobs.arrow`")
      }
      invocation.task = .importFile(path: path, arguments: Array(operands.dropFirst()))
    case .man: invocation.task = .manual
    case .completions:
      let shells = ShellCompletions.allCases.map(\.rawValue)
      guard operands.count == 1, let shell = ShellCompletions(rawValue: operands[0]) else {
        throw UsageError(
          message: "`completions` needs one of \(shells.joined(separator: ", "))"
            + (operands.first.map { ", not `\($0)`" } ?? ""), help: "for example `source <(cq completions bash)`")
      }
      invocation.task = .completions(shell)
    case .check:
      if operands.isEmpty {
        throw UsageError(message: "`check` needs a file", help: "for example `cq check report.cq`")
      }
      invocation.task = .check(paths: operands)
    case .fmt:
      if operands.isEmpty {
        throw UsageError(message: "`fmt` needs a file", help: "for example `cq fmt report.cq`")
      }
      invocation.task = .format(
        paths: operands, changesFiles: !ownOptions.contains("--check"),
        usesOfficialNames: ownOptions.contains("--official"))
    case .doc:
      if operands.isEmpty != ownOptions.contains("--stdlib") {
        throw UsageError(
          message: "`doc` needs a file, or `--stdlib`",
          help: "for example `cq doc lib/indicators.cq`, or `cq doc --html --stdlib -o indicators.html`")
      }
      invocation.task = .reference(paths: operands, isHTML: ownOptions.contains("--html"))
    }
  }
}

extension Invocation {
  /// The option that a misspelt one resembles.
  static func closestOption(to name: String) -> String? {
    let names = OptionDescription.all.flatMap(\.names) + ["--help", "--version", "--execute"]
    return Suggestion.closest(to: name, among: names.filter { $0.hasPrefix("--") })
  }

  /// The subcommand that a misspelt one resembles.
  static func closestSubcommand(to name: String) -> String? {
    Suggestion.closest(to: name, among: Subcommand.allCases.map(\.rawValue))
  }
}
