import Foundation
import Testing

@testable import CQShell

/// Help, completions and manual page say the same, since they are made from the same tables.
@MainActor @Suite struct CommandLineHelpTests {
  @Test(arguments: Subcommand.allCases) func everySubcommandHasHelpThatTeaches(_ command: Subcommand) throws {
    let help = UsageText.help(of: command)
    #expect(help.hasPrefix("cq \(command.rawValue)"))
    for part in ["\nExamples:\n\n  ", "\nOptions:\n\n  ", "\nExit codes:\n\n  "] { #expect(help.contains(part)) }
    for option in command.description.options { #expect(help.contains("  \(option.name) ")) }
    #expect(help.split(separator: "\n").allSatisfy { $0.count <= 110 })
    if command != .help {
      #expect(try Invocation(arguments: [command.rawValue, "--help"]).task == .subcommandHelp(command))
    }
    #expect(try Invocation(arguments: ["help", command.rawValue]).task == .subcommandHelp(command))
    #expect(UsageText.help.contains("  cq \(command.rawValue) "))
    #expect(ManualPage.text.contains(".B cq \(command.rawValue)"))
  }

  /// What an example of the help shows is understood.
  @Test(arguments: Subcommand.allCases) func examplesAreUnderstood(_ command: Subcommand) throws {
    for (example, _) in command.description.examples {
      for part in example.split(separator: "&&") where part.drop(while: { $0 == " " }).hasPrefix("cq ") {
        let words = part.prefix { $0 != ">" && $0 != "<" }.split(separator: " ").dropFirst().map(String.init)
        #expect(throws: Never.self) { try Invocation(arguments: words) }
      }
    }
  }

  @Test func everyOptionIsInHelpManualAndCompletions() {
    for option in OptionDescription.all {
      #expect(UsageText.help.contains(option.synopsis))
      for name in option.names {
        #expect(ManualPage.text.contains(name.replacing("-", with: "\\-")))
        #expect(ShellCompletions.bash.script.contains(name))
        #expect(ShellCompletions.zsh.script.contains("'\(name)["))
        let fishName = name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst())"
        #expect(ShellCompletions.fish.script.contains(fishName))
      }
    }
    for command in SessionCommand.all {
      #expect(ManualPage.text.contains(".B " + command.synopsis.replacing("\"", with: "\\(dq")))
    }
    for code in ExitCode.all { #expect(UsageText.help.contains("\n  \(code.rawValue) ")) }
  }

  @Test func watchTakesOneScriptAndItsValues() throws {
    let invocation = try Invocation(arguments: ["watch", "a.cq", "--region", "Ohio"])
    #expect(invocation.task == .watch(path: "a.cq"))
    #expect(invocation.parameters == [.init(name: "region", value: "Ohio")])
  }

  @Test(arguments: [
    (["watch"], "`watch` needs a file"), (["watch", "a.cq", "b.cq"], "`watch` takes one file"),
    (["completions"], "`completions` needs one of bash, zsh, fish"),
    (["completions", "tcsh"], "`completions` needs one of bash, zsh, fish, not `tcsh`"),
    (["help", "chekc"], "there is no command `chekc`"),
    (["check", "--official", "a.cq"], "there is no option `--official`"),
  ])
  func mistakes(_ arguments: [String], _ message: String) throws {
    let error = #expect(throws: UsageError.self) { try Invocation(arguments: arguments) }
    #expect(error?.message == message)
    #expect(error?.help != nil)
  }

  /// What bash itself makes of the script.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")),
    arguments: [
      ("ch", "check"), ("fmt --", "--check --official --help"), ("--format js", "json jsonl"),
      ("completions ''", "bash zsh fish"), ("--color ''", "auto always never"), ("help wat", "watch"),
      ("check ex", "examples/"), ("check examples/tour/01", "examples/tour/01-where.cq"),
      ("doc --h", "--html --help"), ("--diag", "--diagnostics"),
    ])
  func bashCompletes(_ words: String, _ expected: String) throws {
    let script =
      ShellCompletions.bash.script + "\nset -- \(words)\nCOMP_WORDS=(cq \"$@\")\nCOMP_CWORD=$#\n_cq 2>/dev/null\n"
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.currentDirectoryURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.arguments = ["--norc", "-c", script + "echo \"${COMPREPLY[*]}\""]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(output == expected + "\n")
  }
}
