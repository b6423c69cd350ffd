import Glibc

/// Other programs that a session starts: a pager, an editor, a browser.
enum ChildProcess {
  /// Runs a line of the shell and waits for its end.
  ///
  /// - Parameters:
  ///   - input: Written to its standard input; nil leaves the terminal there.
  ///   - environment: Variables that are set for it where they are not set yet.
  /// - Returns: Its exit code; nil when it could not be started.
  static func run(_ command: String, input: String? = nil, environment: [String: String] = [:]) -> Int32? {
    var ends: [Int32] = [-1, -1]
    if input != nil {
      guard unsafe pipe(&ends) == 0 else { return nil }
      _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    }
    for (name, value) in environment { unsafe setenv(name, value, 0) }
    let process = start(["/bin/sh", "-c", command], input: input == nil ? nil : ends[0])
    for name in environment.keys { unsafe unsetenv(name) }
    if let input {
      close(ends[0])
      write(input, to: ends[1])
      close(ends[1])
    }
    guard let process else { return nil }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 { if errno != EINTR { return nil } }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Starts a program that outlives this one, without a terminal.
  static func runDetached(_ arguments: [String]) -> Bool {
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    return start(arguments, input: null, output: null, inNewSession: true) != nil
  }

  /// Where a program of this name is found.
  static func path(of program: String) -> String? {
    let folders = Terminal.environment("PATH")?.split(separator: ":").map(String.init) ?? []
    return folders.map { "\($0)/\(program)" }.first { unsafe access($0, X_OK) == 0 }
  }

  private static func start(
    _ arguments: [String], input: Int32?, output: Int32? = nil, inNewSession: Bool = false
  ) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    if let input { unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
    if let output {
      unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
      unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    }
    // What cq does with these signals is its own affair.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGPIPE] { unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession = inNewSession ? 0x80 : 0  // POSIX_SPAWN_SETSID
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | Int32(newSession)))
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let result = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, &words, environ)
    return result == 0 ? process : nil
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let output = Output(descriptor: descriptor, name: "a program")
    output.write(text)
    output.flush()
  }
}
