import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

// Writes a folder of data with one dataset of made-up facts, for measurements: as many rows as wanted, the same rows for
// the same arguments, with the same columns as plain numbers beside it for whoever compares.
//
//     facts --rows 100000000 --places state --years 20 --order sorted --catalogue Sources/CBundledData/data FOLDER
//
// `--csv N` writes the first N rows as text as well; `--absent` says what a cell without rows is. `--sparse true` writes a plain table with four columns of keys instead.

func fail(_ message: String) -> Never {
  let bytes = Array("facts: \(message)\n".utf8)
  _ = unsafe write(2, bytes, bytes.count)
  exit(2)
}

var options: [String: String] = [
  "rows": "1000000", "places": "state", "years": "20", "order": "sorted", "csv": "0", "sparse": "false",
  "absent": "zero",
  "catalogue": "Sources/CBundledData/data",
]
var folder: String?
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  if argument.hasPrefix("--") {
    let name = String(argument.dropFirst(2))
    guard options[name] != nil, let value = arguments.next() else { fail("unknown or incomplete option `\(argument)`") }
    options[name] = value
  } else {
    folder = argument
  }
}
guard let folder, let rowCount = Int(options["rows"] ?? ""), rowCount > 0, rowCount <= Int(Int32.max),
  let yearCount = Int(options["years"] ?? ""), (1...300).contains(yearCount), let catalogue = options["catalogue"],
  let csvRowCount = Int(options["csv"] ?? ""),
  let order = FactOrder(rawValue: options["order"] ?? ""), let level = options["places"],
  ["state", "county"].contains(level), ["zero", "missing"].contains(options["absent"])
else {
  fail(
    "usage: facts --rows N --places state|county --years N --order sorted|shuffled --csv N --sparse true|false --absent zero|missing --catalogue DIR FOLDER"
  )
}

do {
  let facts = try MadeFacts(
    rowCount: rowCount, yearCount: yearCount, level: level, order: order, absent: options["absent"] ?? "zero",
    catalogue: catalogue)
  if options["sparse"] == "true" {
    _ = unsafe mkdir(folder, 0o777)
    try SparseTable(rowCount: rowCount, regions: facts.regions, activities: facts.activities).write(to: folder)
  } else {
    try facts.write(to: folder, csvRowCount: csvRowCount)
  }
} catch {
  fail("\(error)")
}
