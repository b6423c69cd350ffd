import CQRender
package import ClusterQuery
import Glibc

/// One run of `cq`, from arguments to exit code.
@MainActor package struct CommandLineTool {
  /// Opens a session as the options ask; loading data waits until a task needs it.
  let makeInterpreter: (Options) throws(ExecutionFailure) -> any Interpreter
  let output: Output
  let errorOutput: Output

  /// Runs `cq` with the data that `makeData` opens when a task needs them.
  ///
  /// - Parameter arguments: Those after the program's name.
  /// - Returns: The exit code.
  package static func run(arguments: [String], makeData: @escaping () -> DataSource) -> Int32 {
    // A reader that leaves early is told by the failing write.
    signal(SIGPIPE, SIG_IGN)
    var engine: Engine?
    let tool = CommandLineTool(
      makeInterpreter: { options throws(ExecutionFailure) in
        if let engine { return SessionInterpreter(engine, options) }
        let opened = try SessionInterpreter.openEngine(makeData(), options)
        engine = opened
        return SessionInterpreter(opened, options)
      },
      output: Output(descriptor: STDOUT_FILENO, name: "standard output"),
      errorOutput: Output(descriptor: STDERR_FILENO, name: "standard error"))
    return tool.run(arguments: arguments).rawValue
  }

  func run(arguments: [String]) -> ExitCode {
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(arguments: arguments)
    } catch {
      let reporter = makeReporter(Options())
      reporter.report(.error, error.message, help: error.help)
      return .usage
    }
    let reporter = makeReporter(invocation.options)
    let code = run(invocation, reporter: reporter)
    output.flush()
    reporter.finish()
    if let failure = output.failure {
      reporter.report(.error, failure.message)
      return .usage
    }
    return code
  }

  private func run(_ invocation: Invocation, reporter: Reporter) -> ExitCode {
    do {
      switch invocation.task {
      case .repl: return try startSession(invocation.options, reporter: reporter)
      case .query(let text):
        return try execute(named: "<cq>", text, invocation, reporter: reporter)
      case .script(let path):
        return try execute(named: path, scriptText(path), invocation, reporter: reporter)
      case .standardInput:
        let text = try Input.text(of: STDIN_FILENO, name: "standard input")
        return try execute(named: "<stdin>", text, invocation, reporter: reporter)
      case .check(let paths): return try check(paths, invocation.options, reporter: reporter)
      case .test(let paths):
        return try TestRun(output: output, interpreter: makeInterpreter(invocation.options)).run(paths)
      case .explain(let codes): output.write(try Explanation.text(of: codes))
      case .format(let paths, let changesFiles, let usesOfficialNames):
        return try format(
          paths, changesFiles: changesFiles, usesOfficialNames: usesOfficialNames, invocation.options,
          reporter: reporter)
      case .reference(let paths, let isHTML): try writeReference(paths, isHTML: isHTML, invocation.options)
      case .watch(let path):
        return try Watch(path: path, output: output) {
          runWatched(path, invocation, reporter: reporter)
        }.untilInterrupted()
      case .importFile(let path, let arguments):
        Interrupts.install(exitsWhenRepeated: true)
        let interpreter = try makeInterpreter(invocation.options)
        let to = invocation.options.outputPath ?? ""
        let progress = ProgressLine(
          descriptor: STDERR_FILENO, isActive: Terminal.isTerminal(STDERR_FILENO))
        interpreter.onProgress { progress.report($0) }
        let lastWords = {
          progress.end()
          reporter.report(.interrupted)
          reporter.finish()
        }
        output.write(
          try progress.during("reading \(path.split(separator: "/").last ?? "")") { () throws(ExecutionFailure) in
            try Interrupts.leaving(saying: lastWords) { () throws(ExecutionFailure) in
              try interpreter.importFile(path, arguments: arguments, to: to)
            }
          })
      case .completions(let shell): output.write(shell.script)
      case .manual: output.write(ManualPage.text)
      case .help: output.write(UsageText.help)
      case .subcommandHelp(let command): output.write(UsageText.help(of: command))
      case .scriptHelp(let path): try explainScript(path, invocation.options)
      case .version: output.write("cq \(UsageText.version), language edition 1\n")
      }
      return .success
    } catch let error as UsageError {
      reporter.report(.error, error.message, help: error.help)
      return .usage
    } catch let error as FileError {
      reporter.report(.error, error.message)
      return .usage
    } catch let failure as ExecutionFailure {
      reporter.report(failure)
      return failure.exitCode
    } catch {
      reporter.report(.error, "\(error)")
      return .data
    }
  }

  /// One run of `cq watch`, with the size that the window has now; what goes wrong is said, and waited out.
  private func runWatched(_ path: String, _ invocation: Invocation, reporter: Reporter) {
    reporter.width = invocation.options.width ?? Terminal.width(of: STDERR_FILENO)
    do {
      _ = try execute(named: path, Input.text(ofFile: path), invocation, reporter: reporter, catchesInterrupts: false)
    } catch let failure as ExecutionFailure {
      output.flush()
      reporter.report(failure)
    } catch let error as UsageError {
      reporter.report(.error, error.message, help: error.help)
    } catch let error as FileError {
      reporter.report(.error, error.message)
    } catch {
      reporter.report(.error, "\(error)")
    }
  }

  private func makeReporter(_ options: Options) -> Reporter {
    Reporter(
      output: errorOutput, format: options.diagnostics, isColored: options.color.isColored(STDERR_FILENO),
      width: options.width ?? Terminal.width(of: STDERR_FILENO))
  }

  // MARK: - Running programs

  private func execute(
    named name: String, _ text: String, _ invocation: Invocation, reporter: Reporter, catchesInterrupts: Bool = true
  ) throws -> ExitCode {
    let options = invocation.options
    if catchesInterrupts { Interrupts.install(exitsWhenRepeated: true, saysSo: options.diagnostics == .text) }
    let format = try chosenFormat(options)
    let interpreter = try makeInterpreter(options)
    try refuseUnknown(invocation.parameters, names: interpreter.parameterNames(in: text), program: name)
    let values = invocation.parameters.map { ($0.name, $0.value) }
    let program = Program(name: name, text: text, parameters: Dictionary(uniqueKeysWithValues: values))

    let file = try options.outputPath.map { path throws(FileError) in try OutputFile(path: path) }
    let printer = ResultPrinter(
      format: format, options: renderOptions(options), output: file?.output ?? output, reporter: reporter)
    if options.format == nil, let path = options.outputPath {
      printer.binaryFormat = BinaryFormat(fileName: path)
      printer.rasterFormat = Rasteriser.Format(fileName: path)
    }
    printer.beginDocument()
    let progress = ProgressLine(
      descriptor: STDERR_FILENO, isActive: Terminal.isTerminal(STDERR_FILENO) && options.diagnostics == .text)
    interpreter.onProgress { progress.report($0) }
    // What was printed before the failure stays before its message.
    let takeBack = { [output] in
      file?.discard()
      if file == nil { printer.finishDocument() }
      output.flush()
    }
    let work = { () throws(ExecutionFailure) in
      try interpreter.execute(
        program, onWarnings: { warnings in progress.paused { reporter.report(warnings) } },
        onResult: { table in
          progress.paused {
            printer.print(table)
            // A result does not wait in a buffer for the next one, which may take long or be interrupted.
            if file == nil { printer.flush() }
          }
        })
    }
    do throws(ExecutionFailure) {
      try progress.during("working") { () throws(ExecutionFailure) in
        guard catchesInterrupts else { return try work() }
        let lastWords = {
          progress.end()
          takeBack()
          reporter.report(.interrupted)
          reporter.finish()
        }
        try Interrupts.leaving(saying: lastWords, work)
      }
    } catch {
      takeBack()
      throw error
    }
    printer.finishDocument()
    if let failure = printer.failure {
      file?.discard()
      throw failure
    }
    try file?.commit()
    return options.failsWhenEmpty && printer.hasEmptyResult ? .empty : .success
  }

  /// Freed memory that a session keeps.
  private static let keptByteCount = 256 << 20

  private func startSession(_ options: Options, reporter: Reporter) throws -> ExitCode {
    if options.outputPath != nil {
      throw UsageError(message: "`-o` needs a query or a script", help: "for example `cq -e 'lq(by:state)' -o lq.csv`")
    }
    let reader = makeReader(options)
    // Only people have habits: what a program pipes in must not depend on them.
    let options = reader.isInteractive ? configured(options, reporter: reporter) : options
    Interrupts.install(exitsWhenRepeated: !reader.isInteractive)
    let interpreter = try makeInterpreter(options)
    let printer = ResultPrinter(
      format: try chosenFormat(options), options: renderOptions(options), output: output, reporter: reporter)
    let session = InteractiveSession(
      reader: reader, interpreter: interpreter, printer: printer, reporter: reporter, output: output,
      options: options, followsWindow: Terminal.isTerminal(STDOUT_FILENO))
    // What a query leaves behind serves the next one.
    KeptMemory.keep(upTo: Self.keptByteCount)
    let code = session.run()
    return code == .success && options.failsWhenEmpty && printer.hasEmptyResult ? .empty : code
  }

  /// `options` with what `~/.config/cq/config` says where the command line says nothing.
  private func configured(_ options: Options, reporter: Reporter) -> Options {
    guard let path = Files.configPath, Files.exists(path) else { return options }
    do throws(FileError) {
      let config = ConfigFile(try Input.text(ofFile: path))
      for mistake in config.mistakes {
        reporter.report(.warning, "\(path):\(mistake.line): \(mistake.message)", help: mistake.help)
      }
      return config.filling(options)
    } catch {
      reporter.report(.warning, error.message)
      return options
    }
  }

  private func makeReader(_ options: Options) -> any LineReader {
    #if Readline
      if Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) {
        return ReadlineEditor(
          historyFile: Files.historyPath.map { HistoryFile(path: $0) },
          isColored: options.color.isColored(STDOUT_FILENO))
      }
    #endif
    return PlainLineReader(descriptor: STDIN_FILENO, output: output)
  }

  private func scriptText(_ path: String) throws -> String {
    if !Files.exists(path), !path.contains("/"), !path.hasSuffix(".cq") {
      let help = Invocation.closestSubcommand(to: path).map { "did you mean `cq \($0)`?" }
      throw UsageError(
        message: "there is no file `\(path)`", help: help ?? "to run it as a query: `cq -e '\(path)'`")
    }
    return try Input.text(ofFile: path)
  }

  // MARK: - Other tasks

  private func check(_ paths: [String], _ options: Options, reporter: Reporter) throws -> ExitCode {
    var code = ExitCode.success
    for path in paths {
      // Each file in a session of its own: names must not leak from one to the next.
      let interpreter = try makeInterpreter(options)
      do {
        try interpreter.check(Program(name: path, text: Input.text(ofFile: path)), isStrict: options.isStrict)
      } catch let failure as ExecutionFailure {
        reporter.report(failure)
        if code == .success { code = failure.exitCode }
      } catch let error as FileError {
        reporter.report(.error, error.message)
        code = .usage
      }
    }
    return code
  }

  private func explainScript(_ path: String, _ options: Options) throws {
    let text = try scriptText(path)
    let title = text.split(separator: "\n").first { $0.hasPrefix("#") && !$0.hasPrefix("#!") }
      .map { String($0.drop { $0 == "#" || $0 == " " }) }
    let names = try makeInterpreter(options).parameterNames(in: text)
    output.write(UsageText.help(ofScript: path, title: title, parameters: names))
  }

  // MARK: - Options

  private func refuseUnknown(_ parameters: [Invocation.Parameter], names: [String], program: String) throws(UsageError)
  {
    guard let unknown = parameters.first(where: { !names.contains($0.name) }) else { return }
    let near = Suggestion.closest(to: unknown.name, among: names).map { "--" + $0 }
    let suggestion = near ?? Invocation.closestOption(to: "--" + unknown.name)
    throw UsageError(
      message: "`--\(unknown.name)` is no option of cq, and there is no `$\(unknown.name)` in \(program)",
      help: suggestion.map { "did you mean `\($0)`?" } ?? "`cq --help` lists the options")
  }

  private func chosenFormat(_ options: Options) throws(UsageError) -> OutputFormat {
    if let format = options.format { return format }
    guard let path = options.outputPath, let fileName = path.split(separator: "/").last,
      let dot = fileName.lastIndex(of: "."), dot > fileName.startIndex
    else { return .table }
    if let format = OutputFormat(fileName: String(fileName)) { return format }
    if BinaryFormat(fileName: String(fileName)) != nil { return .table }
    if Rasteriser.Format(fileName: String(fileName)) != nil {
      guard Rasteriser.isPresent else {
        throw UsageError(
          message: "`\(path)` needs the program rsvg-convert, which is not installed here",
          help:
            "write an .svg, or install it: apt-get install librsvg2-bin (Debian, Ubuntu), brew install librsvg (macOS)")
      }
      return .svg
    }
    let endings = OutputFormat.allCases.filter { $0 != .table }.map(\.rawValue) + BinaryFormat.allCases.map(\.rawValue)
    throw UsageError(
      message: "can't tell the format from the ending `\(fileName[dot...].lowercased())`",
      help: "use \(endings.map { "." + $0 }.joined(separator: ", ")) or .txt, or say it: `--format csv`")
  }

  private func renderOptions(_ options: Options) -> RenderOptions {
    let goesToTerminal = options.outputPath == nil && Terminal.isTerminal(STDOUT_FILENO)
    return RenderOptions(
      width: options.width ?? (goesToTerminal ? Terminal.width(of: STDOUT_FILENO) : nil),
      rowLimit: options.rowLimit ?? (goesToTerminal ? Self.terminalRows : nil),
      isColored: options.outputPath == nil && options.color.isColored(STDOUT_FILENO), drawsTrends: goesToTerminal)
  }

  /// All clusters, all states: what people look through. Counties are not.
  static let terminalRows = 80
}
