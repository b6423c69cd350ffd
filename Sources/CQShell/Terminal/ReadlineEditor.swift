#if Readline
  import ClusterQuery
  @unsafe @preconcurrency import CReadline
  import Glibc

  /// Line editing and history by GNU readline, driven through its callback interface so that Ctrl-C drops a line.
  @MainActor final class ReadlineEditor: LineReader {
    let isInteractive = true
    var completion: ((_ line: String, _ cursor: Int) -> Completion)?
    private(set) var history: [String] = []

    private let historyFile: HistoryFile?

    /// What the callbacks of readline, which can't capture anything, work for.
    static weak var current: ReadlineEditor?
    private static var finishedLine: LineEvent?

    /// - Parameter isColored: Whether candidates of Tab may be painted.
    init(historyFile: HistoryFile?, isColored: Bool) {
      self.historyFile = historyFile
      Self.useUnicode()
      unsafe rl_readline_name = UnsafePointer(strdup("cq"))
      rl_catch_signals = 0
      unsafe rl_getc_function = { _ in ReadlineEditor.readByte() }
      using_history()
      stifle_history(Int32(HistoryFile.keptEntries))
      history = historyFile?.entries() ?? []
      for entry in history { unsafe add_history(entry) }
      Self.current = self
      installCompletion(isColored: isColored)
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
      guard entry != history.last, entry.contains(where: { !$0.isWhitespace }) else { return }
      history.append(entry)
      unsafe add_history(entry)
      historyFile?.append(entry)
    }

    /// The terminal once more, for reads that do not wait. (That of standard input is shared with the user's shell.)
    private nonisolated static let terminal: Int32 = {
      let own = unsafe open("/proc/self/fd/\(STDIN_FILENO)", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      return own < 0 ? STDIN_FILENO : own
    }()

    /// The next byte that was typed, or Ctrl-G, which leaves whatever readline is in the middle of, after Ctrl-C.
    ///
    /// The terminal drops what was typed before Ctrl-C and not read yet, also right after it has said that there is
    /// something: a read that waits would then see Ctrl-C with the next key only.
    private nonisolated static func readByte() -> Int32 {
      let leave: Int32 = 7
      var byte: UInt8 = 0
      while Interrupts.nextEvent(STDIN_FILENO) == .ready {
        let count = unsafe read(terminal, &byte, 1)
        if count == 1 { return Int32(byte) }
        if count == 0 || (errno != EAGAIN && errno != EINTR) { return EOF }
      }
      return leave
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
