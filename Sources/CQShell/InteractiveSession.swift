import CQRender
import ClusterQuery

/// Reads entries, runs them, prints what comes of it, until the end of the input.
@MainActor final class InteractiveSession {
  let interpreter: any Interpreter
  let printer: ResultPrinter
  let reporter: Reporter
  let output: Output
  /// The window may change its width between two entries.
  var followsWindow: Bool
  /// Set by `:quit`.
  var isOver = false

  private let reader: any LineReader
  private var lines: [String] = []
  private var lastFailure: (program: Program, diagnostics: Diagnostics)?
  /// Of the last error or warning, for `:explain`.
  private(set) var lastCode: String?
  private var exitCode = ExitCode.success
  /// What was run last, with or without success.
  private(set) var lastEntry: Program?

  static let prompt = "cq> "
  static let continuationPrompt = "  … "

  init(
    reader: any LineReader, interpreter: any Interpreter, printer: ResultPrinter, reporter: Reporter, output: Output,
    followsWindow: Bool
  ) {
    self.reader = reader
    self.interpreter = interpreter
    self.printer = printer
    self.reporter = reporter
    self.output = output
    self.followsWindow = followsWindow
  }

  func run() -> ExitCode {
    reader.completion = { [unowned self] line, cursor in completion(of: line, at: cursor) }
    if reader.isInteractive {
      reporter.offersFixes = true
      output.write("cq \(UsageText.version). `?lq` explains a word, `:help` lists commands, Ctrl-D ends.\n\n")
    }
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

  // MARK: - Entries

  private func accept(_ line: String) {
    let line = Transcript.withoutPrompts(line)
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
    reader.addHistory(lines.joined(separator: "\n"))
    lines = []
    if isCommand {
      SessionCommand.run(SessionCommand.bareWord(text) ?? text, in: self)
    } else {
      execute(text)
    }
  }

  func execute(_ text: String) {
    let program = Program(name: "<cq>", text: text)
    lastEntry = program
    if followsWindow { printer.options.width = Terminal.width(of: 1) }
    if reader.isInteractive { printer.startOver() }
    Interrupts.clear()
    do throws(ExecutionFailure) {
      try interpreter.execute(program, onWarnings: warn) { printer.print($0) }
      lastFailure = nil
    } catch {
      output.flush()
      reporter.report(error)
      if case .diagnostics(let diagnostics) = error { lastFailure = (program, diagnostics) }
      lastCode = error.code ?? lastCode
      if exitCode == .success { exitCode = error.exitCode }
      if case .interrupted = error, !reader.isInteractive { isOver = true }
    }
    if reader.isInteractive { output.write("\n") }
  }

  private func warn(_ diagnostics: Diagnostics) {
    reporter.report(diagnostics)
    lastCode = diagnostics.all.first?.code ?? lastCode
  }

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
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
      let margin = line.prefix { $0 == " " }
      let width = printer.options.width.map { max($0 - margin.count, 20) }
      for part in DisplayWidth.wrap(String(line.dropFirst(margin.count)), to: width, indent: 2) {
        output.write(margin + part + "\n")
      }
    }
    if reader.isInteractive { output.write("\n") }
  }

  // MARK: - Tab

  /// The line in its entry: with the lines before it, and `_` in front of a `|` that goes on from the last result.
  private func completion(of line: String, at cursor: Int) -> Completion {
    var before = lines.map { $0 + "\n" }.joined()
    if (before + line).drop(while: \.isWhitespace).hasPrefix("|") { before = "_ " + before }
    let shift = before.utf8.count
    var completion = interpreter.completion(of: before + line, at: shift + cursor)
    let start = max(0, completion.span.start - shift)
    completion.span = TextSpan(start, max(start, completion.span.end - shift))
    return completion
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
    let text = fixes[number - 1].applied(to: program.text)
    output.write(Self.prompt + text.split(separator: "\n").joined(separator: "\n" + Self.continuationPrompt) + "\n")
    reader.addHistory(text)
    execute(text)
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
