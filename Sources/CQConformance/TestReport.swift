package import ClusterQuery

/// One thing that is not as a file says.
package struct TestFailure: Sendable, Equatable {
  /// In the file, counted from 1.
  package var line: Int
  package var message: String
  /// Lines that should be there (`- …`) and lines that are (`+ …`).
  package var difference: [String]

  package init(line: Int, message: String, difference: [String] = []) {
    self.line = line
    self.message = message
    self.difference = difference
  }
}

/// What a file says, held against what happens.
package struct TestReport: Sendable, Equatable {
  /// Cases, examples and blocks.
  package var checkCount = 0
  package var failures: [TestFailure] = []

  package init(checkCount: Int = 0, failures: [TestFailure] = []) {
    self.checkCount = checkCount
    self.failures = failures
  }

  /// Endings of the files that can be tested.
  package static let endings = [".cqt", ".cq", ".md"]

  /// Tests one file by its ending: a conformance case, the examples of definitions, or the blocks of a document.
  ///
  /// - Parameter messages: What stands in a `.txt` beside a `.cq` file: the messages it must give.
  package init(ofFile path: String, _ text: String, messages: String? = nil, engine: Engine) {
    do {
      if path.hasSuffix(".cqt") {
        checkCount = 1
        failures = try ConformanceCase(text).failures(in: engine)
      } else if path.hasSuffix(".md") {
        try testBlocks(of: text, engine)
      } else {
        try testExamples(of: text, name: path, messages: messages, engine)
      }
    } catch let error as ConformanceCase.FormatError {
      failures = [TestFailure(line: 1, message: error.description)]
    } catch let error as LimitExceeded {
      failures.append(TestFailure(line: 1, message: error.message))
    } catch {
      failures.append(TestFailure(line: 1, message: "\(error)"))
    }
  }
}

/// The lines in which two texts differ, in the order of both.
func differingLines(_ expected: String, _ found: String) -> [String] {
  let (old, new) = (
    expected.split(separator: "\n", omittingEmptySubsequences: false),
    found.split(separator: "\n", omittingEmptySubsequences: false)
  )
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in new.difference(from: old) {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var lines: [String] = []
  var (oldIndex, newIndex) = (0, 0)
  while oldIndex < old.count || newIndex < new.count {
    if removed.contains(oldIndex) {
      lines.append("- " + old[oldIndex])
      oldIndex += 1
    } else if inserted.contains(newIndex) {
      lines.append("+ " + new[newIndex])
      newIndex += 1
    } else {
      oldIndex += 1
      newIndex += 1
    }
  }
  return lines
}
