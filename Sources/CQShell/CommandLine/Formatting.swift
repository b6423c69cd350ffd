import ClusterQuery
import Glibc

extension ExitCode {
  /// `fmt --check` found a file that is not in the usual layout.
  static let unformatted = ExitCode.data
}

extension CommandLineTool {
  /// `cq fmt`: rewrites files in place, or names those that would change; `-` goes from standard input to standard output.
  func format(
    _ paths: [String], changesFiles: Bool, usesOfficialNames: Bool, _ options: Options, reporter: Reporter
  ) throws -> ExitCode {
    let interpreter = try makeInterpreter(options)
    var code = ExitCode.success
    for path in paths {
      do {
        let isStandardInput = path == "-"
        let text =
          try isStandardInput
          ? Input.text(of: STDIN_FILENO, name: "standard input") : Input.text(ofFile: path)
        let name = isStandardInput ? "<stdin>" : path
        let formatted = try interpreter.format(
          Program(name: name, text: text), usesOfficialNames: usesOfficialNames)
        let isChanged = formatted != text
        if !changesFiles {
          if isChanged { output.write("\(name) would change\n") }
          if isChanged, code == .success { code = .unformatted }
        } else if isStandardInput {
          output.write(formatted)
        } else if isChanged {
          try rewrite(path, formatted)
          output.write("formatted \(path)\n")
        }
      } catch let failure as ExecutionFailure {
        reporter.report(failure)
        if code != .usage { code = failure.exitCode }
      } catch let error as FileError {
        reporter.report(.error, error.message)
        code = .usage
      }
    }
    return code
  }

  private func rewrite(_ path: String, _ text: String) throws(FileError) {
    let file = try OutputFile(path: path)
    file.output.write(text)
    try file.commit()
  }
}

extension InteractiveSession {
  /// `:fmt`
  func showFormatted() {
    guard let lastEntry else {
      complain("there is no entry to format")
      return
    }
    do throws(ExecutionFailure) {
      show(try interpreter.format(lastEntry))
    } catch {
      complain("the last entry has a mistake, so it can't be formatted", help: "`:fix` applies a fix, if it has one")
    }
  }
}
