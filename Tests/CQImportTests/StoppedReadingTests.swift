import CQColumns
import CQImport
import Synchronization
import Testing

/// A reader that is asked to stop stops, wherever it is just then; limits hold for every format.
@Suite struct StoppedReadingTests {
  /// Says that it is time to stop when it is asked for the given time and ever after.
  private final class Patience: Sendable {
    private let left: Atomic<Int>
    private let asked = Atomic<Int>(0)

    init(_ count: Int) { left = Atomic(count) }

    var isOver: Bool {
      asked.add(1, ordering: .relaxed)
      return left.subtract(1, ordering: .relaxed).newValue < 0
    }
    var askedCount: Int { asked.load(ordering: .relaxed) }
  }

  private func control(_ patience: Patience, threads: Int) -> ImportControl {
    var control = ImportControl(isStopped: { patience.isOver }, threadCount: threads)
    // Small files have many blocks then.
    control.blockSize = 256
    return control
  }

  @Test(arguments: FormatTests.files + ["types-lz4.arrow"], [1, 2])
  func readersStopWheneverTheyAreAsked(_ file: String, _ threads: Int) throws {
    let path = "\(FormatTests.folder)/\(file)"
    let calm = Patience(.max)
    let expected = rowsOfTexts(try FileReading.read(path, ImportOptions(), control(calm, threads: threads)))
    // Files that are used where they lie are read by nobody.
    if calm.askedCount == 0 { return }
    for count in 0..<min(200, calm.askedCount) {
      let patience = Patience(count)
      do throws(ImportError) {
        let table = try FileReading.read(path, ImportOptions(), control(patience, threads: threads))
        // Whoever was not asked again may end.
        #expect(rowsOfTexts(table) == expected, "after \(count)")
      } catch {
        #expect(error.kind == .stopped, "after \(count): \(error.message)")
      }
    }
    let error = #expect(throws: ImportError.self) {
      try FileReading.read(path, ImportOptions(), control(Patience(0), threads: threads))
    }
    #expect(error?.kind == .stopped)
  }

  @Test(arguments: FormatTests.files) func rowsAreLimited(_ file: String) throws {
    let path = "\(FormatTests.folder)/\(file)"
    let error = #expect(throws: ImportError.self) {
      try FileReading.read(path, ImportOptions(), ImportControl(rowLimit: 23))
    }
    #expect(error?.reason == "it has more than 23 rows, the limit here")
    #expect(error?.kind == .limit)
    #expect(try FileReading.read(path, ImportOptions(), ImportControl(rowLimit: 24)).rowCount == 24)
  }

  @Test(
    arguments: FormatTests.files.filter { !["uncompressed.feather", "polars.arrow", "dictionary.arrow"].contains($0) })
  func memoryIsLimited(_ file: String) throws {
    let path = "\(FormatTests.folder)/\(file)"
    let error = #expect(throws: ImportError.self) {
      try FileReading.read(path, ImportOptions(), ImportControl(byteLimit: 100))
    }
    #expect(error?.reason.hasPrefix("reading it takes more than") == true)
    #expect(error?.kind == .limit)
    #expect(try FileReading.read(path, ImportOptions(), ImportControl(byteLimit: 1 << 20)).rowCount == 24)
  }
}
