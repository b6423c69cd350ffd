import CQColumns
import CQImport
import Testing

/// Arrow files that pyarrow has written with every type of column that a table can have (`make_import_fixtures.py`,
/// `types`), in several compressed batches, with values missing.
@Suite struct ArrowTypeTests {
  private static let rowCount = 24

  private func table(_ file: String, threads: Int = 1) throws -> FileTable {
    try FileReading.read("\(FormatTests.folder)/\(file)", ImportOptions(), ImportControl(threadCount: threads))
  }

  @Test(arguments: ["types-lz4.arrow", "types-zstd.arrow"]) func valuesAreThoseThatWereWritten(_ file: String) throws {
    let table = try table(file)
    #expect(table.rowCount == Self.rowCount)
    #expect(table.notes == ["columns left out: `list` (list)"])
    #expect(table.columns.count == 26)
    let states = ["Ohio", "Nuevo León", "Texas", "Québec"]
    for column in table.columns {
      for row in 0..<Self.rowCount {
        let place = "\(column.name), row \(row)"
        if column.name == "last" {
          #expect(column.number(at: row) == Double(row), "\(place)")
        } else if row % 6 == 5 || column.name == "nothing" {
          #expect(column.text(at: row) == "", "\(place)")
        } else if column.name.contains("int") {
          #expect(column.number(at: row) == Double(row), "\(place)")
        } else if column.name.hasPrefix("float") || column.name == "decimal128" {
          #expect(column.number(at: row) == Double(row) / 4, "\(place)")
        } else if column.name == "decimal256" {
          #expect(column.number(at: row) == -Double(row) / 4, "\(place)")
        } else if column.name == "truth" {
          #expect(column.text(at: row) == (row % 3 == 0 ? "true" : "false"), "\(place)")
        } else if column.name.hasPrefix("date") || column.name.hasPrefix("time") {
          #expect(column.text(at: row) == CivilDate.text(days: Int64(7305 + 31 * row)), "\(place)")
        } else {
          let text = "a longer text than a view holds in itself, number \(row)"
          #expect(column.text(at: row) == (row % 2 == 1 ? states[row % 4] : text), "\(place)")
        }
      }
    }
    // Of the calendar, not of this program.
    #expect(table.column(named: "date32")?.text(at: 0) == "1990-01-01")
  }

  @Test(arguments: ["types-lz4.arrow", "lz4.feather", "stream.arrow", "polars.arrow", "118.dta", "snappy.parquet"])
  func theTableIsTheSameForAnyNumberOfThreads(_ file: String) throws {
    let expected = try table(file)
    for threads in [2, 7] {
      let found = try table(file, threads: threads)
      #expect(rowsOfTexts(found) == rowsOfTexts(expected))
      for (mine, theirs) in zip(found.columns, expected.columns) {
        guard case .texts(_, let values) = mine.values, case .texts(_, let others) = theirs.values else { continue }
        #expect(values == others, "the order of the texts of \(mine.name)")
      }
    }
  }
}
