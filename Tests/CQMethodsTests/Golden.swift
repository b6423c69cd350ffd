import Foundation
import Testing

/// The reference values of `Tests/Golden`.
enum Golden {
  /// A table of `inputs/`: texts by column, in the order of the file; an empty field is missing.
  struct Input {
    let columnNames: [String]
    let rows: [[String]]

    func texts(_ column: String) throws -> [String] {
      let index = try #require(columnNames.firstIndex(of: column), "no column \(column)")
      return rows.map { $0[index] }
    }

    /// The numbers of a column; `nan` where it is missing.
    func numbers(_ column: String) throws -> [Double] {
      try texts(column).map { $0.isEmpty ? .nan : try #require(Double($0), "\($0) in \(column)") }
    }

    /// The numbers of `value` by row and column labels, in the order of their first appearance (or sorted); 0 where absent.
    func matrix(
      rows rowColumn: String, columns columnColumn: String, value: String, isSorted: Bool = true
    ) throws -> (rowLabels: [String], columnLabels: [String], values: [[Double]]) {
      func labels(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        let distinct = texts.filter { seen.insert($0).inserted }
        return isSorted ? distinct.sorted() : distinct
      }
      let (rowTexts, columnTexts, numbers) = (try texts(rowColumn), try texts(columnColumn), try self.numbers(value))
      let (rowLabels, columnLabels) = (labels(rowTexts), labels(columnTexts))
      let rowIndex = Dictionary(uniqueKeysWithValues: zip(rowLabels, rowLabels.indices))
      let columnIndex = Dictionary(uniqueKeysWithValues: zip(columnLabels, columnLabels.indices))
      var values = [[Double]](repeating: [Double](repeating: 0, count: columnLabels.count), count: rowLabels.count)
      for index in rows.indices {
        let row = try #require(rowIndex[rowTexts[index]])
        values[row][try #require(columnIndex[columnTexts[index]])] = numbers[index]
      }
      return (rowLabels, columnLabels, values)
    }
  }

  /// The values of one case of `expected/`.
  struct Expected {
    struct Key: Hashable {
      let result: String
      let row: String
      let column: String
    }

    let values: [Key: String]

    func text(_ result: String, _ row: String = "", _ column: String = "") throws -> String {
      try #require(values[Key(result: result, row: row, column: column)], "no value \(result) \(row) \(column)")
    }

    /// A number, `nil` where the reference has none.
    func number(_ result: String, _ row: String = "", _ column: String = "") throws -> Double? {
      let text = try text(result, row, column)
      return text == "missing" ? nil : try #require(Double(text))
    }

    /// The row labels of a result in the order of their names.
    func rows(of result: String = "") -> [String] {
      Set(values.keys.filter { $0.result == result }.map(\.row)).sorted()
    }

    func columns(of result: String = "") -> [String] {
      Set(values.keys.filter { $0.result == result }.map(\.column)).sorted()
    }
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden")

  static func input(_ name: String) throws -> Input {
    var lines = try lines(of: "inputs/\(name).tsv")
    return Input(columnNames: lines.removeFirst(), rows: lines)
  }

  /// - Parameter name: As the file is called: `056_complexity_eigenvalues_world_sitc2`.
  static func expected(_ name: String) throws -> Expected {
    var values: [Expected.Key: String] = [:]
    for line in try lines(of: "expected/\(name).tsv").dropFirst() {
      values[Expected.Key(result: line[0], row: line[1], column: line[2])] = line[3]
    }
    return Expected(values: values)
  }

  private static func lines(of path: String) throws -> [[String]] {
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    return text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }
}

/// Whether two numbers agree within `tolerance`, relative to the larger one above 1.
func agree(_ value: Double, _ reference: Double, within tolerance: Double) -> Bool {
  abs(value - reference) <= tolerance * max(1, abs(reference))
}

@Suite struct GoldenTests {
  @Test func everyCaseHasARowInTheReadMe() throws {
    let index = try String(contentsOf: Golden.folder.appending(path: "README.md"), encoding: .utf8)
    let names = try FileManager.default.contentsOfDirectory(atPath: Golden.folder.appending(path: "expected").path)
    #expect(names.count == 47)
    for name in names { #expect(index.contains("| \(name.dropLast(4)) |"), "\(name)") }
  }

  @Test func inputsAndExpectedValuesAreRead() throws {
    let states = try Golden.input("german_states_2015").matrix(rows: "state", columns: "industry", value: "employment")
    #expect(states.rowLabels.count == 16 && states.columnLabels.count == 17)
    #expect(states.values[2][1] == 1_507_000)
    let moran = try Golden.expected("110_moran_bivariate_mexico")
    #expect(try moran.number("I") != nil)
  }
}
