import CQRender
import CQSource
import ClusterQuery
import Glibc

/// Reads entries, runs them, prints what comes of it, until the end of the input.
@MainActor final class InteractiveSession {
  let interpreter: any Interpreter
  let printer: ResultPrinter
  let reporter: Reporter
  let output: Output
  let reader: any LineReader
  /// What `:set` changes.
  private(set) var options: Options
  /// The window may change its width between two entries.
  private let isOnTerminal: Bool
  /// Set by `:quit`.
  var isOver = false

  let progress: ProgressLine
  var record = SessionRecord()
  /// Scripts that `:save` has written, and may write again.
  var savedPaths: Set<String> = []
  private var lines: [String] = []
  private var lastFailure: (program: Program, diagnostics: Diagnostics)?
  /// Of the last error or warning, for `:explain`.
  private(set) var lastCode: String?
  private var exitCode = ExitCode.success
  /// What was run last, with or without success.
  private(set) var lastEntry: Program?
  /// The examples of the help that was shown last: `?1` runs the first.
  private(set) var examples: [String] = []

  static let prompt = "cq> "
  static let continuationPrompt = "  … "

  /// - Parameter followsWindow: Whether results go to a window, which may change its size.
  init(
    reader: any LineReader, interpreter: any Interpreter, printer: ResultPrinter, reporter: Reporter, output: Output,
    options: Options = Options(), followsWindow: Bool
  ) {
    self.reader = reader
    self.interpreter = interpreter
    self.printer = printer
    self.reporter = reporter
    self.output = output
    self.options = options
    isOnTerminal = followsWindow
    progress = ProgressLine(
      descriptor: STDERR_FILENO, isActive: reader.isInteractive && Terminal.isTerminal(STDERR_FILENO))
    if options.country != nil { record.noteCountry(interpreter.country, isFirst: true) }
  }

  func run() -> ExitCode {
    interpreter.onProgress { [progress] in progress.report($0) }
    reader.completion = { [unowned self] line, cursor in completion(of: line, at: cursor) }
    if reader.isInteractive {
      reporter.offersFixes = true
      output.write(isOnTerminal ? Self.banner(width: Terminal.width(of: STDOUT_FILENO) ?? 80) : Self.banner(width: 80))
    }
    if isOnTerminal, reader.isInteractive { printer.showLong = { [unowned self] in showByPages($0) } }
    while !isOver, !output.isClosed {
      output.flush()
      switch reader.readLine(prompt: lines.isEmpty ? Self.prompt : Self.continuationPrompt) {
      case .line(let line): accept(line)
      case .interrupted:
        lines = []
        if !reader.isInteractive { return .interrupted }
      case .endOfInput:
        if !lines.isEmpty { finishEntry() }
        isOver = true
      }
    }
    // Whoever sits at a terminal has seen the errors; a calling program has not.
    return reader.isInteractive ? .success : exitCode
  }

  private static func banner(width: Int) -> String {
    let isNarrow = width < 72
    let title = "cq \(UsageText.version): regional economies, a question a line."
    let hints = [
      ("employment(by:state) | top 5", "??", "a tour of ten steps"),
      ("Tab completes, also \"in quotes\"", "?lq", "explains a word"), ("Ctrl-D ends", ":help", "lists the commands"),
    ]
    let lines = hints.map { first, command, meaning in
      let gap = String(repeating: " ", count: max(2, 34 - first.count))
      return isNarrow ? "  " + first : "  " + first + gap + command.padded(to: 10) + meaning
    }
    let more = isNarrow ? hints.map { "  " + $0.1.padded(to: 8) + $0.2 } : []
    return (DisplayWidth.wrap(title, to: width, indent: 0) + [""] + lines + more).joined(separator: "\n") + "\n\n"
  }

  // MARK: - Entries

  private func accept(_ text: String) {
    if lines.isEmpty, let entries = Transcript.entries(in: text) {
      acceptPasted(entries)
      return
    }
    let line = Transcript.withoutPrompts(text)
    let isBlank = line.allSatisfy(\.isWhitespace)
    if reader.isInteractive {
      // A blank line ends an entry that is still incomplete, which then says what is missing.
      if isBlank, lines.isEmpty { return }
      if !isBlank { lines.append(line) }
      if isBlank || isCommand || !isIncomplete { finishEntry() }
    } else {
      acceptPiped(line, isBlank: isBlank)
    }
  }

  /// A piece of a session copied with its prompts: statements run together, commands by themselves.
  private func acceptPasted(_ entries: [String]) {
    var statements: [String] = []
    func finish() {
      if statements.isEmpty { return }
      lines = [statements.joined(separator: "\n")]
      statements = []
      if entries.count > 1 || !isIncomplete { finishEntry() }
    }
    for entry in entries {
      let startsAnew = entry.hasPrefix(":") || entry.hasPrefix("?") || entry.drop { $0 == " " }.hasPrefix("|")
      if startsAnew {
        finish()
        lines = [entry]
        finishEntry()
      } else {
        statements.append(entry)
      }
    }
    finish()
  }

  /// Nobody waits for an answer, so an entry may go on in the next line as it does in a script.
  private func acceptPiped(_ line: String, isBlank: Bool) {
    if !lines.isEmpty {
      let goesOn = isIncomplete || (!isBlank && Transcript.continues(line))
      if !goesOn || isCommand { finishEntry() }
    }
    if !isBlank { lines.append(line) }
  }

  private var isCommand: Bool {
    lines.count == 1 && (lines[0].hasPrefix(":") || lines[0].hasPrefix("?") || SessionCommand.bareWord(lines[0]) != nil)
  }

  /// A doc comment belongs to what follows it.
  private var isIncomplete: Bool { lines.last?.hasPrefix("##") == true || interpreter.isIncomplete(entryText) }

  /// A line that starts with `|` goes on from the last result.
  private var entryText: String {
    let text = lines.joined(separator: "\n")
    return text.drop { $0.isWhitespace }.hasPrefix("|") ? "_ " + text.drop { $0.isWhitespace } : text
  }

  private func finishEntry() {
    let text = entryText
    let isCommand = isCommand
    reader.addHistory(lines.joined(separator: "\n").withoutSecrets)
    lines = []
    if isCommand {
      SessionCommand.run(SessionCommand.bareWord(text) ?? text, in: self)
    } else {
      execute(text)
    }
    // Whoever pipes in has every answer, whatever becomes of the next one.
    if !reader.isInteractive { output.flush() }
  }

  /// Runs statements in this session, and remembers them for `:save` when all went well.
  func execute(_ text: String, named name: String = "<cq>") {
    let program = Program(name: name, text: text)
    lastEntry = program
    followWindow()
    if reader.isInteractive { printer.startOver() }
    Interrupts.clear()
    let begin = ContinuousClock.now
    var printing = Duration.zero
    do throws(ExecutionFailure) {
      try progress.during("working") { () throws(ExecutionFailure) in
        try interpreter.execute(program, onWarnings: { warnings in progress.paused { warn(warnings) } }) { table in
          printing += ContinuousClock().measure { progress.paused { printer.print(table) } }
          if !reader.isInteractive { output.flush() }
        }
      }
      lastFailure = nil
      record.add(text)
    } catch {
      // The terminal has written ^C where the message would begin.
      if case .interrupted = error, isOnTerminal { output.write("\n") }
      output.flush()
      reporter.report(error)
      if case .diagnostics(let diagnostics) = error { lastFailure = (program, diagnostics) }
      lastCode = error.code ?? lastCode
      if exitCode == .success { exitCode = error.exitCode }
      if case .interrupted = error {
        // The Ctrl-C that stopped the query has been answered.
        Interrupts.clear()
        if !reader.isInteractive { isOver = true }
      }
    }
    if options.isTimed { output.write("time: \(Self.milliseconds(ContinuousClock.now - begin - printing))\n") }
    if reader.isInteractive { output.write("\n") }
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .microseconds(100)).rounded())
    return tenths >= 10_000 ? "\(tenths / 10_000).\(tenths / 1_000 % 10) s" : "\(tenths / 10).\(tenths % 10) ms"
  }

  private func warn(_ diagnostics: Diagnostics) {
    reporter.report(diagnostics)
    lastCode = diagnostics.all.first?.code ?? lastCode
  }

  // MARK: - Answers

  /// A command that was not understood.
  func complain(_ message: String, help: String? = nil) {
    output.flush()
    reporter.report(.error, message, help: help)
    if exitCode == .success { exitCode = .usage }
    if reader.isInteractive { output.write("\n") }
  }

  /// Shows `text`, or says that there is none.
  func answer(_ text: String?, else message: String, help: String) {
    if let text { show(text) } else { complain(message, help: help) }
  }

  /// Text for reading: long lines go on below their beginning.
  func show(_ text: String) {
    followWindow()
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    var wrapped = ""
    for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
      let margin = line.prefix { $0 == " " }
      let width = printer.options.width.map { max($0 - margin.count, 20) }
      let indent = Self.secondColumn(of: line.dropFirst(margin.count), width: width)
      for part in DisplayWidth.wrap(String(line.dropFirst(margin.count)), to: width, indent: indent) {
        wrapped += margin + part + "\n"
      }
    }
    if printer.showLong?(wrapped) != true { output.write(wrapped) }
    if reader.isInteractive { output.write("\n") }
  }

  /// Where the text behind a label stands, so that it goes on below itself; 0 where there is none.
  private static func secondColumn(of line: Substring, width: Int?) -> Int {
    guard let width, let gap = line.firstRange(of: "  "), line.count > width else { return 0 }
    let column = line[..<gap.lowerBound].count + line[gap.lowerBound...].prefix { $0 == " " }.count
    return column > width / 2 ? 2 : column
  }

  private func showByPages(_ text: String) -> Bool {
    guard options.pager == .auto, let height = Terminal.height(of: STDOUT_FILENO),
      Pager.isLonger(text, thanWindowOf: height)
    else { return false }
    Pager.show(text, to: output)
    return true
  }

  /// Help about a topic, with examples that `?1` runs.
  func showHelp(about topic: String) {
    guard let page = interpreter.help(about: topic) else {
      if topic.hasPrefix("\"") {
        complain("nothing here has the word \(topic)", help: "try the beginning of a word, or `?` for a list")
        return
      }
      let near = SessionCommand.near(topic, .topic, self).map { "did you mean `?\($0)`?" }
      complain(
        "there is no help about `\(topic)`",
        help: near ?? "`:help` shows where to begin, `?\"\(topic)\"` looks everywhere")
      return
    }
    if !page.examples.isEmpty { examples = page.examples }
    show(page.text)
  }

  /// Runs an example of the last help, as if it had been typed.
  func runExample(_ number: Int) {
    guard examples.indices.contains(number - 1) else {
      let offer = examples.isEmpty ? "no help with examples was shown yet" : "the last help has \(examples.count)"
      complain("there is no example \(number): \(offer)", help: "for example `?lq`, then `?1`")
      return
    }
    runShown(examples[number - 1])
  }

  /// Shows `text` behind a prompt and runs it, as if it had been typed.
  func runShown(_ text: String) {
    output.write(Self.prompt + text.split(separator: "\n").joined(separator: "\n" + Self.continuationPrompt) + "\n")
    reader.addHistory(text)
    execute(text)
  }

  /// Runs a line that was typed in answer to something else than the prompt.
  func runTyped(_ line: String) {
    lines = [line]
    finishEntry()
  }

  // MARK: - Settings

  /// Takes over changed settings.
  func adopt(_ changed: Options) throws(ExecutionFailure) {
    if changed.country != options.country || changed.timeLimit != options.timeLimit
      || changed.cellLimit != options.cellLimit || changed.resultLimit != options.resultLimit
    {
      try interpreter.adopt(changed)
      if changed.country != options.country { record.noteCountry(interpreter.country, isFirst: record.isEmpty) }
    }
    options = changed
    printer.format = changed.format ?? .table
    if isOnTerminal { printer.options.isColored = changed.color.isColored(STDOUT_FILENO) }
    reporter.isColored = changed.color.isColored(STDERR_FILENO)
    followWindow()
  }

  private func followWindow() {
    let window = isOnTerminal ? Terminal.width(of: STDOUT_FILENO) : nil
    if isOnTerminal || options.width != nil { printer.options.width = options.width ?? window }
    reporter.width = options.width ?? Terminal.width(of: STDERR_FILENO)
    let usual = isOnTerminal ? (options.pager == .auto ? Self.pagedRows : CommandLineTool.terminalRows) : nil
    printer.options.rowLimit = options.rowLimit ?? usual
  }

  /// Rows that a pager is given at most.
  private static let pagedRows = 10_000

  // MARK: - Tab

  /// The line in its entry: with the lines before it, and `_` in front of a `|` that goes on from the last result.
  private func completion(of line: String, at cursor: Int) -> Completion {
    if lines.isEmpty, line.hasPrefix(":") || line.hasPrefix("?") {
      return CommandCompletion(interpreter: interpreter).completion(of: line, at: cursor)
    }
    var before = lines.map { $0 + "\n" }.joined()
    if (before + line).drop(while: \.isWhitespace).hasPrefix("|") { before = "_ " + before }
    let shift = before.utf8.count
    return interpreter.completion(of: before + line, at: shift + cursor).shifted(by: -shift)
  }

  // MARK: - Fixing

  /// Applies a fix that the last error offered and runs the result; `number` counts from 1.
  func applyFix(_ number: Int) {
    guard let (program, diagnostics) = lastFailure else {
      complain("there is no error to fix")
      return
    }
    let fixes = diagnostics.all.first { !$0.fixes.isEmpty }?.fixes ?? []
    guard fixes.indices.contains(number - 1) else {
      let offer = fixes.isEmpty ? "no fix" : fixes.count == 1 ? "one fix" : "\(fixes.count) fixes"
      complain("the last error offers \(offer)")
      return
    }
    runShown(fixes[number - 1].applied(to: program.text))
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Completion {
  /// For a text that has `count` bytes more in front.
  func shifted(by count: Int) -> Completion {
    var result = self
    let start = max(0, span.start + count)
    result.span = TextSpan(start, max(start, span.end + count))
    return result
  }
}

extension Diagnostic.Fix {
  /// The text with this replacement made.
  func applied(to text: String) -> String {
    let bytes = Array(text.utf8)
    let start = min(max(span.start, 0), bytes.count)
    let end = min(max(span.end, start), bytes.count)
    return String(decoding: bytes[..<start] + Array(replacement.utf8) + bytes[end...], as: UTF8.self)
  }
}
