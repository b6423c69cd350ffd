import CQBundledData
import ClusterQuery
import Foundation

/// One engine for all tests: it is immutable.
enum Bundled {
  static let engine = Result { try Engine(.bundled) }

  static func run(_ text: String) async throws -> ResultTable {
    try await engine.get().run(QueryText(text))
  }
}

/// The root of the package.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Files below a folder of the package with this ending, sorted.
func files(below folder: String, ending: String) -> [String] {
  let root = packageFolder.appending(path: folder)
  let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
  return paths.filter { $0.hasSuffix(ending) }.sorted().map { folder.isEmpty ? $0 : folder + "/" + $0 }
}

func textOfFile(_ path: String) throws -> String {
  try String(contentsOf: packageFolder.appending(path: path), encoding: .utf8)
}

extension ResultTable {
  /// The numbers of a column, nil where there is none.
  func numbers(_ name: String) throws -> [Double?] {
    guard case .numbers(let numbers, let states, _)? = table.column(named: name)?.values else {
      throw NoSuchColumn(name: name)
    }
    return zip(numbers, states).map { $1.hasValue ? $0 : nil }
  }

  /// The names of a column of members.
  func names(_ name: String) throws -> [String] {
    guard case .members(let codes, let members)? = table.column(named: name)?.values else {
      throw NoSuchColumn(name: name)
    }
    return codes.map { members[Int($0)].name }
  }

  struct NoSuchColumn: Error {
    let name: String
  }
}

/// SplitMix64: the same numbers in every run, so that a failure can be seen again.
struct SeededSource: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}
