import CQConformance

/// `cq test`: the cases, examples and documents below some folders, one line per failure with what differs.
@MainActor struct TestRun {
  let output: Output
  let interpreter: any Interpreter

  /// More lines of a difference help nobody.
  private static let differenceLimit = 12

  func run(_ paths: [String]) throws -> ExitCode {
    let files = try paths.flatMap { path throws(UsageError) in try self.files(at: path) }
    var (checkCount, failureCount) = (0, 0)
    for file in files {
      let messagesPath = file.hasSuffix(".cq") ? file.dropLast(2) + "txt" : ""
      let messages = Files.exists(messagesPath) ? try Input.text(ofFile: messagesPath) : nil
      let report = interpreter.test(file, try Input.text(ofFile: file), messages: messages)
      checkCount += report.checkCount
      failureCount += report.failures.count
      for failure in report.failures { write(failure, of: file) }
      output.flush()
    }
    let checks = "\(checkCount) \(checkCount == 1 ? "check" : "checks")"
    let place = "\(files.count) \(files.count == 1 ? "file" : "files")"
    if failureCount == 0 {
      output.write("ok: \(checks) in \(place)\n")
      return .success
    }
    output.write("\n\(failureCount) \(failureCount == 1 ? "failure" : "failures"), \(checks) in \(place)\n")
    return .data
  }

  private func files(at path: String) throws(UsageError) -> [String] {
    let endings = TestReport.endings
    guard let found = Files.paths(below: path, endings: endings) else {
      if endings.contains(where: { path.hasSuffix($0) }) { return [path] }
      throw UsageError(message: "there is no folder `\(path)`, and it is no file that can be tested", help: nil)
    }
    if found.isEmpty {
      let list = endings.joined(separator: ", ")
      throw UsageError(message: "there is nothing to test in `\(path)`", help: "cq tests files that end in \(list)")
    }
    return found
  }

  private func write(_ failure: TestFailure, of file: String) {
    output.write("\(file):\(failure.line): \(failure.message)\n")
    for line in failure.difference.prefix(Self.differenceLimit) { output.write("  \(line)\n") }
    let more = failure.difference.count - Self.differenceLimit
    if more > 0 { output.write("  … \(more) more\n") }
  }
}
