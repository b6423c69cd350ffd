import CQColumns

/// An input–output table as kernels get it: from plain tables of the catalogue, or from the rows of a table of the user's.
struct IndustrySystem {
  /// Industries by code or name.
  var names: [String]
  var table: InputOutputTable
  /// Other totals of the industries.
  var totals: [String: [Double]]
  var notes: [String]

  /// What makes it impossible to compute.
  struct Failure: Error {
    let note: String
  }

  // MARK: - From the catalogue

  /// Options that name the two tables.
  static let tableOptions: [Kernel.Option] = [
    .init("flows", .table), .init("industries", .table), .init("domestic", .truth),
  ]

  /// Reads `flows` (two columns of names and one of numbers) and `industries` (names, `output`, other totals), and adds
  /// up industries that are parts of the same column of the sample.
  ///
  /// Industries that no column stands for stay by themselves. With `domestic`, what is used at home of each industry's products
  /// comes from abroad in the same part everywhere: each row of flows is multiplied by
  /// `(output - exports) / (output - exports + imports)`.
  init(_ input: KernelInput) throws(Failure) {
    guard let flows = input.tables["flows"], let industries = input.tables["industries"],
      let from = flows.texts["origin"] ?? flows.texts["from"],
      let to = flows.texts["destination"] ?? flows.texts["to"],
      let values = flows.numbers["value"], let codes = industries.texts["industry"],
      industries.numbers["output"] != nil
    else {
      throw Failure(
        note:
          "flows: needs a table with the columns origin, destination and value, industries: one with industry and output"
      )
    }
    var names: [String] = []
    var indexOfName: [String: Int] = [:]
    var indexOfCode: [String: Int] = [:]
    for code in codes {
      // The finest column that the industry is a part of.
      let column = input.columns.filter { !$0.code.isEmpty && KernelInput.holds($0.code, code) }
        .max { $0.code.count < $1.code.count }
      let name = column?.code ?? code
      if indexOfName[name] == nil {
        indexOfName[name] = names.count
        names.append(name)
      }
      indexOfCode[code] = indexOfName[name]
    }
    var matrix = Matrix(rowCount: names.count, columnCount: names.count)
    for index in 0..<min(from.count, to.count, values.count) {
      guard let row = indexOfCode[from[index]], let column = indexOfCode[to[index]], let value = values[index] else {
        continue
      }
      matrix[row, column] += value
    }
    var totals: [String: [Double]] = [:]
    for (name, numbers) in industries.numbers {
      var sums = [Double](repeating: 0, count: names.count)
      for (index, code) in codes.enumerated() where index < numbers.count {
        if let target = indexOfCode[code] { sums[target] += numbers[index] ?? 0 }
      }
      totals[name] = sums
    }
    self.names = names
    self.totals = totals
    let output = totals["output"] ?? []
    if input.truth("domestic"), let exports = totals["exports"], let imports = totals["imports"] {
      for row in names.indices {
        let home = max(output[row] - exports[row], 0)
        let share = home + imports[row] > 0 ? min(home / (home + imports[row]), 1) : 1
        for column in names.indices { matrix[row, column] *= share }
      }
    }
    table = InputOutputTable(flows: matrix, output: output)
    let unplaced = names.filter { name in !input.columns.contains { $0.code == name } }
    notes =
      unplaced.isEmpty ? [] : ["\(unplaced.count) industries of the table are not among the rows, but count in it"]
    notes += Self.warnings(table)
  }

  // MARK: - From rows

  static let operands: [Kernel.Operand] = [
    .init("from", .text), .init("to", .text), .init("value"), .init("output", isOptional: true),
  ]

  /// Reads flows from the rows of a table.
  ///
  /// Industries are the names that both deliver and receive. What only delivers is a primary input, what only receives final
  /// demand. Output, where no number in `output` says it (of the delivering industry, in any of its rows), is all that an
  /// industry receives where there are primary inputs, else all that it delivers.
  init(rowsOf input: KernelInput) throws(Failure) {
    let (from, to) = (input.texts["from"] ?? [], input.texts["to"] ?? [])
    let flows = CrossTable(from, to, input.values("value"))
    let receivers = Set(flows.columns)
    let names = flows.rows.filter { receivers.contains($0) }
    guard !names.isEmpty else { throw Failure(note: "no name both delivers and receives: there is no industry") }
    let rowIndex = Dictionary(uniqueKeysWithValues: flows.rows.enumerated().map { ($1, $0) })
    let columnIndex = Dictionary(uniqueKeysWithValues: flows.columns.enumerated().map { ($1, $0) })
    let rows = names.compactMap { rowIndex[$0] }
    let columns = names.compactMap { columnIndex[$0] }
    var matrix = Matrix(rowCount: names.count, columnCount: names.count)
    for (row, source) in rows.enumerated() {
      for (column, target) in columns.enumerated() { matrix[row, column] = flows.matrix[source, target] }
    }
    var notes = flows.notes
    var output = [Double](repeating: .nan, count: names.count)
    if input.has("output") {
      output = Self.firstNumbers("output", of: names, input)
      let unknown = output.count { $0.isNaN }
      if unknown > 0 { throw Failure(note: "\(unknown) industries have no output") }
    } else if flows.rows.count > names.count {
      output = columns.map { column in (0..<flows.rows.count).reduce(0) { $0 + flows.matrix[$1, column] } }
      notes.append("output is what an industry receives, with \(flows.rows.count - names.count) primary inputs")
    } else if flows.columns.count > names.count {
      output = rows.map { row in (0..<flows.columns.count).reduce(0) { $0 + flows.matrix[row, $1] } }
      notes.append("output is what an industry delivers, with \(flows.columns.count - names.count) final demands")
    } else {
      throw Failure(
        note:
          "output is not known: give it in output:, or add rows of primary inputs (value added, imports) to the flows")
    }
    self.names = names
    table = InputOutputTable(flows: matrix, output: output)
    totals = ["output": output]
    self.notes = notes + Self.warnings(table)
  }

  /// The first number of an operand in the rows in which an industry delivers.
  static func firstNumbers(_ operand: String, of names: [String], _ input: KernelInput) -> [Double] {
    var numbers: [String: Double] = [:]
    let values = input.values(operand)
    for (index, name) in (input.texts["from"] ?? []).enumerated() where index < values.count && numbers[name] == nil {
      if let number = values[index] { numbers[name] = number }
    }
    return names.map { numbers[$0] ?? .nan }
  }

  private static func warnings(_ table: InputOutputTable) -> [String] {
    var notes: [String] = []
    let idle = table.output.count { $0 == 0 }
    if idle > 0 { notes.append("\(idle) industries have no output, and need nothing") }
    let coefficients = table.inputCoefficients
    if coefficients.elements.contains(where: { $0 < 0 }) { notes.append("some flows are negative") }
    let over = coefficients.columnSums.count { $0 > 1 }
    if over > 0 {
      notes.append(
        "\(over == 1 ? "1 industry uses up more than it makes" : "\(over) industries use up more than they make"): multipliers may mean nothing"
      )
    }
    return notes
  }

  func leontief() throws(Failure) -> Matrix {
    do {
      let factors = try LUFactorization(table.inputCoefficients.leontief)
      guard factors.reciprocalCondition > 1e-13 else { throw LUFactorization.Failure.singular(column: 0) }
      return factors.inverse
    } catch {
      throw Failure(note: "the Leontief matrix has no inverse: some industries use up all that they make")
    }
  }

  func ghosh() throws(Failure) -> Matrix {
    do { return try table.ghoshInverse() } catch {
      throw Failure(note: "the Ghosh matrix has no inverse: some industries deliver all that they make to each other")
    }
  }
}

extension KernelInput {
  /// Numbers of the industries of a system where the columns of the sample stand.
  func placed(_ values: [Double], of system: IndustrySystem) -> KernelValues {
    let index = Dictionary(uniqueKeysWithValues: system.names.enumerated().map { ($1, $0) })
    return KernelValues(columns.map { column in index[column.code].map { values[$0] } ?? .nan })
  }

  /// Numbers of the sample's columns where the industries of a system stand; 0 for an industry that no column is.
  func numbers(_ name: String, for system: IndustrySystem) -> [Double] {
    let values = numbers(name, count: columns.count)
    let index = Dictionary(columns.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
    return system.names.map { index[$0].map { values[$0] } ?? 0 }
  }
}
