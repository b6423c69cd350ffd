#if Readline
  @unsafe @preconcurrency import CReadline
  import Glibc

  /// Line editing and history by GNU readline, driven through its callback interface so that Ctrl-C drops a line.
  @MainActor final class ReadlineEditor: LineReader {
    let isInteractive = true

    private let historyPath: String?
    private var previousEntry: String?

    /// What the callback of readline, which can't capture anything, has to say.
    private static var finishedLine: LineEvent?

    private static let keptEntries: Int32 = 5_000

    init(historyPath: String?) {
      self.historyPath = historyPath
      Self.useUnicode()
      unsafe rl_readline_name = UnsafePointer(strdup("cq"))
      rl_catch_signals = 0
      // Tab has nothing to complete yet; file names would mislead.
      unsafe rl_attempted_completion_function = { _, _, _ in
        rl_attempted_completion_over = 1
        return nil
      }
      // With these a history entry of several lines stays one entry.
      history_comment_char = CChar(UInt8(ascii: "#"))
      history_write_timestamps = 1
      history_multiline_entries = 1
      using_history()
      stifle_history(Self.keptEntries)
      if let historyPath { _ = unsafe read_history(historyPath) }
    }

    func readLine(prompt: String) -> LineEvent {
      Self.finishedLine = nil
      unsafe rl_callback_handler_install(prompt) { line in
        // Taking the handler away here keeps readline from printing one prompt too many.
        rl_callback_handler_remove()
        let text = unsafe line.map { unsafe String(cString: $0) }
        unsafe free(line)
        MainActor.assumeIsolated { ReadlineEditor.finishedLine = text.map(LineEvent.line) ?? .endOfInput }
      }
      while true {
        if let event = Self.finishedLine {
          if event == .endOfInput { unsafe puts("") }
          unsafe fflush(stdout)
          return event
        }
        switch Interrupts.waitForInput(STDIN_FILENO) {
        case .ready: rl_callback_read_char()
        case .interrupted:
          dropLine()
          return .interrupted
        }
      }
    }

    func addHistory(_ entry: String) {
      guard entry != previousEntry, entry.contains(where: { !$0.isWhitespace }) else { return }
      previousEntry = entry
      unsafe add_history(entry)
      guard let historyPath, Files.makeFolders(of: historyPath) else { return }
      if unsafe append_history(1, historyPath) != 0 { _ = unsafe write_history(historyPath) }
    }

    /// ORDER: `^C` is printed first, because ending bracketed paste moves the cursor to the start of the line.
    private func dropLine() {
      rl_point = rl_end
      rl_redisplay()
      unsafe fputs("^C\n", stdout)
      rl_free_line_state()
      rl_callback_sigcleanup()
      rl_cleanup_after_signal()
      rl_callback_handler_remove()
      unsafe fflush(stdout)
    }

    /// In a C locale readline would edit bytes; it reads the environment, so that must say UTF-8 as well.
    private static func useUnicode() {
      if let locale = unsafe setlocale(LC_CTYPE, ""), unsafe String(cString: locale) != "C",
        unsafe String(cString: locale) != "POSIX"
      {
        return
      }
      unsafe setenv("LC_ALL", "C.UTF-8", 1)
      unsafe setlocale(LC_CTYPE, "C.UTF-8")
    }
  }
#endif
