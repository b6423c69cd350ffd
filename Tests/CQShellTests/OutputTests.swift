import Glibc
import Testing

@testable import CQShell

@Suite struct OutputTests {
  @Test func replacesAFileOnlyWhenAllIsWell() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a.csv")
    let file = try OutputFile(path: folder.path + "/a.csv")
    file.output.write("new")
    file.output.flush()
    #expect(try folder.read("a.csv") == "old")
    file.discard()
    #expect(folder.names == ["a.csv"])
    #expect(try folder.read("a.csv") == "old")
    try folder.write("new", to: "a.csv")
    #expect(try folder.read("a.csv") == "new")
    #expect(folder.names == ["a.csv"])
  }

  @Test func keepsLinksAndModes() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "real")
    unsafe chmod(folder.path + "/real", 0o600)
    unsafe symlink(folder.path + "/real", folder.path + "/link")
    try folder.write("new", to: "link")
    var information = stat()
    unsafe lstat(folder.path + "/link", &information)
    #expect(information.st_mode & S_IFMT == S_IFLNK)
    #expect(try folder.read("real") == "new")
    unsafe stat(folder.path + "/real", &information)
    #expect(information.st_mode & 0o777 == 0o600)
  }

  @Test func saysWhyAFileCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError(plain: "can't write `\(folder.path)`: is a directory")) {
      try OutputFile(path: folder.path)
    }
    #expect(throws: FileError(plain: "can't write `/nowhere/a`: no such file or directory")) {
      try OutputFile(path: "/nowhere/a")
    }
    let full = try OutputFile(path: "/dev/full")
    full.output.write("x")
    #expect(throws: FileError(plain: "can't write to `/dev/full`: no space left on device")) { try full.commit() }
  }

  @Test func aReaderThatLeftIsNoError() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    close(ends[0])
    let output = Output(descriptor: ends[1], name: "pipe")
    output.write("x")
    output.flush()
    #expect(output.isClosed)
    #expect(output.failure == nil)
    close(ends[1])
  }

  @Test func readsOnlyText() throws {
    let folder = try TemporaryFolder()
    try folder.write("é\r\n", to: "good")
    #expect(try folder.read("good") == "é\r\n")
    let descriptor = unsafe open(folder.path + "/bad", O_WRONLY | O_CREAT, 0o600)
    var byte: UInt8 = 0xFF
    unsafe write(descriptor, &byte, 1)
    close(descriptor)
    #expect(throws: FileError(plain: "can't read `\(folder.path)/bad`: it must be UTF-8 text")) {
      try folder.read("bad")
    }
  }

  @Test func makesFoldersForTheHistory() throws {
    let folder = try TemporaryFolder()
    #expect(Files.makeFolders(of: folder.path + "/cq/history"))
    #expect(folder.names == ["cq"])
    unsafe rmdir(folder.path + "/cq")
  }
}
