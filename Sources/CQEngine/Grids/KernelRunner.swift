import CQCatalog
import CQColumns
import CQMethods
import CQPlan
import CQSemantics

/// Hands samples to kernels and looks after what every kernel needs: gaps, states, numbers that are not finite, notes.
struct KernelRunner {
  let call: KernelCall
  let catalog: Catalog
  let control: RunControl
  let source: TypedQuery.Source
  /// Of all samples of one call.
  private let cache = KernelCache()

  /// What a kernel gave, with the words that it wants said.
  struct Result {
    /// One per column of the kernel.
    var columns: [Vector]
    var notes: [String]
    /// Withheld numbers that the sample lacks.
    var withheldCount = 0
  }

  /// Runs the kernel on one sample of rows × columns.
  ///
  /// - Parameters:
  ///   - operands: One per operand of the call, `rows.count × columns.count` numbers, row by row.
  ///   - places: The places among `rows`, for kernels that look at their outlines.
  /// - Returns: As many numbers per column as the shape of the kernel says.
  func run(
    rows: [KernelMember], columns: [KernelMember], operands: [Vector], places: [Member] = []
  ) throws -> Result {
    let isVector = call.kernel.shape == .vector
    let isPerRow = isVector || call.kernel.shape == .map
    var kept = Array(rows.indices)
    let operands = withZeros(operands)
    if call.kernel.dropsGaps, isPerRow {
      let isWithheld = operands.contains { $0.states.contains(.withheld) }
      if isVector, isWithheld { return missing(.withheld, count: 1) }
      kept = kept.filter { row in operands.allSatisfy { $0.states[row].hasValue } }
    }
    let isWhole = kept.count == rows.count
    let input = KernelInput(
      rows: isWhole ? rows : kept.map { rows[$0] }, columns: columns,
      operands: Dictionary(
        zip(call.operands, operands).map { operand, vector in
          (operand.name, values(vector, operand.axis, columns.count, isWhole ? nil : kept))
        }, uniquingKeysWith: { first, _ in first }),
      options: call.options, tables: tables(), part: part(), classification: classification(), plainTable: plainTable(),
      geometry: geometry(isWhole ? places : places.isEmpty ? [] : kept.map { places[$0] }),
      cache: cache, checkpoint: { [control] in try control.check() })
    try control.check()
    let output = try call.kernel.run(input)
    let isEstimated = operands.contains { $0.states.contains(.estimated) }
    var vectors = call.kernel.columns.indices.map { index in
      checked(
        index < output.columns.count ? output.columns[index] : KernelValues([], []),
        isEstimated && !call.kernel.columns[index].isExact)
    }
    let notes = output.notes
    if !isWhole, call.kernel.shape == .map {
      vectors = vectors.map { spread($0, kept, over: rows.count) }
    }
    // What is missing does not exist there; what is withheld does, and is worth a word.
    let withheld = isWhole ? 0 : rows.indices.count { row in operands.contains { $0.states[row] == .withheld } }
    return Result(columns: vectors, notes: notes, withheldCount: withheld)
  }

  /// Parts that are not listed of something that is.
  private func withZeros(_ operands: [Vector]) -> [Vector] {
    var operands = operands
    for operand in call.kernel.operands where operand.isPart {
      guard let index = call.operands.firstIndex(where: { $0.name == operand.name }) else { continue }
      let others = operands.indices.filter { $0 != index }
      for row in operands[index].states.indices
      where operands[index].states[row] == .missing && others.allSatisfy({ operands[$0].states[row].hasValue }) {
        operands[index].values[row] = 0
        operands[index].states[row] = .known
      }
    }
    return operands
  }

  static func leftOut(_ count: Int, _ name: String) -> String {
    "\(name): \(count == 1 ? "1 withheld number is" : "\(count) withheld numbers are") left out of the samples"
  }

  private func missing(_ state: CellState, count: Int) -> Result {
    Result(columns: call.kernel.columns.map { _ in Vector(repeating: state, count: count) }, notes: [])
  }

  /// The numbers of an operand as its axis wants them.
  private func values(
    _ vector: Vector, _ axis: Kernel.Operand.Axis, _ columnCount: Int, _ kept: [Int]?
  ) -> KernelValues {
    var vector = vector
    if let kept { vector = vector.gathered(kept.flatMap { row in (0..<columnCount).map { row * columnCount + $0 } }) }
    switch axis {
    case .cell, .text: break
    case .row: vector = vector.gathered(Array(stride(from: 0, to: vector.count, by: max(1, columnCount))))
    case .column: vector = vector.gathered(Array(0..<min(columnCount, vector.count)))
    }
    return KernelValues(vector.values, vector.states)
  }

  /// No number that is not finite leaves a kernel, and what rests on estimates says so.
  private func checked(_ values: KernelValues, _ isEstimated: Bool) -> Vector {
    var vector = Vector(values: values.values, states: values.states)
    for index in 0..<vector.count {
      if vector.states[index].hasValue, !vector.values[index].isFinite { vector.states[index] = .missing }
      if !vector.states[index].hasValue {
        vector.values[index] = 0
      } else if isEstimated {
        vector.states[index] = .estimated
      }
    }
    return vector
  }

  /// Numbers of the rows that are left, put back to where they stand among all.
  private func spread(_ vector: Vector, _ kept: [Int], over count: Int) -> Vector {
    var full = Vector(repeating: .missing, count: count)
    for (position, row) in kept.enumerated() where position < vector.count {
      full.values[row] = vector.values[position]
      full.states[row] = vector.states[position]
    }
    return full
  }

  func geometry(_ places: [Member]) -> (@Sendable () throws -> MapGeometry)? {
    guard let first = places.first else { return nil }
    let (catalog, source) = (catalog, source)
    return { try MapOutlines(catalog: catalog, source: source).geometry(level: first.level, of: places) }
  }
}

// MARK: - What the catalogue knows

extension KernelRunner {
  /// The plain tables that options name.
  func tables() -> [String: KernelTable] {
    var tables: [String: KernelTable] = [:]
    for (option, value) in call.options {
      if case .table(let name) = value { tables[option] = Self.table(name, catalog) }
    }
    return tables
  }

  /// Plain tables by their name.
  func plainTable() -> @Sendable (String) -> KernelTable? {
    { [catalog] name in Self.table(name, catalog) }
  }

  private static func table(_ name: String, _ catalog: Catalog) -> KernelTable? {
    guard let plain = catalog.plainTable(named: name) else { return nil }
    var table = KernelTable(source: plain.source)
    for column in plain.content.columns {
      if let numbers = doubles(column.data) {
        let known = [CellState](repeating: .known, count: numbers.count)
        table.numbers[column.name] = KernelValues(numbers, column.states ?? known)
      } else {
        table.texts[column.name] = texts(column.data)
      }
    }
    return table
  }

  private static func doubles(_ data: ColumnData) -> [Double]? {
    switch data.widened() {
    case .int32(let numbers)?: (0..<numbers.count).map { Double(numbers[$0]) }
    case .int64(let numbers)?: (0..<numbers.count).map { Double(numbers[$0]) }
    case .float64(let numbers)?: (0..<numbers.count).map { numbers[$0] }
    case nil: nil
    }
  }

  private static func texts(_ data: ColumnData) -> [String] {
    if case .texts(let texts) = data { return texts }
    guard let (codes, values) = data.members() else { return [] }
    switch codes {
    case .bits8(let codes): return (0..<codes.count).map { values[Int(codes[$0])] }
    case .bits16(let codes): return (0..<codes.count).map { values[Int(codes[$0])] }
    case .bits32(let codes): return (0..<codes.count).map { values[Int(codes[$0])] }
    }
  }

  /// How much of an industry belongs to a cluster, or to an industry that is made of others.
  private func part() -> @Sendable (String, KernelMember) -> Double {
    let weights = catalog.weights(scheme: "scian")
    return { industry, activity in
      guard activity.level == Level.cluster.rawValue else { return KernelInput.holds(activity.code, industry) ? 1 : 0 }
      return weights?.shares(of: industry).first { $0.cluster == activity.code }?.weight ?? 0
    }
  }

  /// Classifications by their name and edition: `naics2017`, `scian2018`, `cluster`.
  func classification() -> @Sendable (String) -> KernelClassification? {
    { [catalog] name in
      let scheme = String(name.prefix { !$0.isNumber })
      guard let tree = catalog.tree(scheme: scheme, vintage: Int(name.dropFirst(scheme.count))) else { return nil }
      let clusters = catalog.list(.cluster).members
      var found = KernelClassification()
      for node in 1..<max(1, tree.nodeCount) {
        let code = tree.codes[node]
        found.titles[code] = tree.key(of: node).flatMap { catalog.member($0) }?.name
        if tree.isLeaf[node] { found.leaves.append(code) }
        if tree.clusters[node] >= 0 { found.clusters.append((code, clusters[Int(tree.clusters[node])].code, 1)) }
      }
      if let weights = catalog.weights(scheme: scheme) {
        found.clusters = weights.shares.flatMap { code, shares in shares.map { (code, $0.cluster, $0.weight) } }
      }
      return found
    }
  }
}

extension KernelMember {
  init(_ member: Member) {
    self.init(level: member.level.rawValue, country: member.country, code: member.code, name: member.name)
  }
}
