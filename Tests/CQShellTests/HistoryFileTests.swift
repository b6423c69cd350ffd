import Foundation
import Testing

@testable import CQShell

@Suite struct HistoryFileTests {
  private let path = FileManager.default.temporaryDirectory.path + "/cq-history-\(UUID().uuidString)/cq/history"

  @Test func entriesOfSeveralLinesStayWhole() {
    let file = HistoryFile(path: path)
    let entries = ["lq(\n  by:state)", "# 2020", "a\n#2020\n\nb", "región \"日本\""]
    for entry in entries { #expect(file.append(entry)) }
    #expect(HistoryFile(path: path).entries() == ["lq(\n  by:state)", "# 2020", "a\n #2020\n\nb", "región \"日本\""])
  }

  @Test func filesWithoutTimesAreRead() throws {
    #expect(HistoryFile(path: path).append("x"))
    try "first\nsecond\n\n#12\nthird\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(HistoryFile(path: path).entries() == ["first", "second", "third"])
    #expect(HistoryFile(path: path + "-absent").entries().isEmpty)
  }

  @Test func othersMayNotReadIt() throws {
    #expect(HistoryFile(path: path).append("x"))
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(permissions == 0o600)
  }

  @Test func manyWritersLoseNothing() async {
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask { [path] in
          let file = HistoryFile(path: path)
          for index in 0..<50 { file.append("entry \(writer)\nof \(index)") }
        }
      }
    }
    let expected = Set((0..<8).flatMap { writer in (0..<50).map { "entry \(writer)\nof \($0)" } })
    #expect(Set(HistoryFile(path: path).entries()) == expected)
  }

  /// Cutting the file while another session appends to it keeps what that session writes.
  @Test func aLongFileIsCutAndKeepsTheNewest() throws {
    #expect(HistoryFile(path: path).append("x"))
    let count = HistoryFile.keptEntries * 2 + 10
    try (0..<count).map { "#\($0 + 1)\nentry \($0)\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    #expect(HistoryFile(path: path).entries().count == HistoryFile.keptEntries)
    #expect(HistoryFile(path: path).append("newest"))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("#\(count - HistoryFile.keptEntries + 1)\n"))
    #expect(HistoryFile(path: path).entries().suffix(2) == ["entry \(count - 1)", "newest"])
  }

  @Test func aFolderThatCannotBeMadeIsNoMistake() {
    #expect(!HistoryFile(path: "/proc/none/history").append("x"))
    #expect(HistoryFile(path: "/proc/none/history").entries().isEmpty)
  }
}
