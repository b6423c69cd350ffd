import CQCatalog
import CQColumns
import CQMethods
import CQPlan
import CQSemantics

extension RowTable {
  /// A column of a kernel over the rows that are left: the same number in every row of a group, or one for each row.
  func evaluate(_ kernel: RowKernel, column: Int) throws -> Vector {
    let operands = try kernel.formulas.map { try evaluate($0) }
    let rowsOfGroup = try positions(of: try groups(kernel.groups)).map { $0.map(Int.init) }
    let (names, places) = try rowMembers()
    let runner = KernelRunner(call: kernel.call, catalog: catalog, control: control, source: plan.query.source)
    var result = Vector(repeating: .missing, count: selection.count)
    for rows in rowsOfGroup {
      let run = try runner.run(
        rows: rows.map { names[$0] }, columns: [KernelMember()], operands: operands.map { $0.gathered(rows) },
        places: places.isEmpty ? [] : rows.map { places[$0] })
      note(run.notes + (run.withheldCount > 0 ? [KernelRunner.leftOut(run.withheldCount, kernel.call.name)] : []))
      guard column < run.columns.count else { continue }
      let vector = run.columns[column]
      for (position, row) in rows.enumerated() {
        let source = kernel.call.kernel.shape == .vector ? 0 : position
        guard source < vector.count else { continue }
        result.values[row] = vector.values[source]
        result.states[row] = vector.states[source]
      }
    }
    return result
  }

  private func note(_ texts: [String]) {
    for text in texts {
      let note = TableNote(code: "N0541", text: text)
      if !notes.contains(note) { notes.append(note) }
    }
  }

  /// What each row that is left is called: the place, where it is of one, else the first text.
  private func rowMembers() throws -> (names: [KernelMember], places: [Member]) {
    for index in 0..<columnCount {
      guard case .members(let codes, let members) = try column(at: index), members.first?.level.dimension == .region
      else { continue }
      let places = selection.map { members[Int(codes[$0])] }
      return (places.map { KernelMember($0) }, places)
    }
    for column in 0..<columnCount {
      switch try plain(column) {
      case .members(let codes, let members): return (selection.map { KernelMember(members[Int(codes[$0])]) }, [])
      case .texts(let vector):
        return (
          selection.map { row in
            let name = text(vector, row)
            return KernelMember(code: name, name: name)
          }, []
        )
      case .numbers, .stored: continue
      }
    }
    return (selection.indices.map { KernelMember(code: "\($0 + 1)", name: "\($0 + 1)") }, [])
  }

  // MARK: - Verbs

  /// Replaces the table by what a kernel makes of it.
  func run(_ stage: KernelStage) throws {
    var input = KernelInput(options: stage.call.options, checkpoint: { [control] in try control.check() })
    var known = KnownNames()
    for (index, operand) in stage.call.operands.enumerated() {
      if let column = stage.nameColumns[index] {
        input.texts[operand.name] = try names(in: column, &known)
        input.codes[operand.name] = try codes(in: column)
      } else if let formula = stage.formulas[index] {
        let vector = try evaluate(formula)
        input.operands[operand.name] = KernelValues(vector.values, vector.states)
      }
    }
    let (names, places) = try rowMembers()
    input.rows = names
    let runner = KernelRunner(call: stage.call, catalog: catalog, control: control, source: plan.query.source)
    input.geometry = runner.geometry(places)
    input.tables = runner.tables()
    input.classification = runner.classification()
    input.plainTable = runner.plainTable()
    let isEstimated = input.operands.values.contains { $0.states.contains(.estimated) }
    let output = try stage.call.kernel.run(input)
    var next: [RowColumn] = []
    var textIndex = 0
    var numberIndex = 0
    for (column, type) in zip(stage.call.columns, stage.types) {
      switch column.kind {
      case .text, .members:
        let texts = textIndex < output.texts.count ? output.texts[textIndex] : []
        textIndex += 1
        next.append(textColumn(texts, type, known))
      default:
        let values = numberIndex < output.columns.count ? output.columns[numberIndex] : KernelValues([], [])
        numberIndex += 1
        next.append(.numbers(checked(values, isEstimated && !column.isExact)))
      }
    }
    replace(next, rowCount: output.texts.first?.count ?? output.columns.first?.count ?? 0)
    note(output.notes)
  }

  /// What the texts that a kernel got stand for, so that those it gives back are the same things.
  private struct KnownNames {
    var members: [String: Member] = [:]
    var periods: [String: Double] = [:]
  }

  /// The texts of a column of names; those of members say which they are of.
  private func names(in column: Int, _ known: inout KnownNames) throws -> [String] {
    switch try plain(column) {
    case .stored: return []
    case .texts(let vector): return selection.map { text(vector, $0) }
    case .numbers(let vector):
      return selection.map { row in
        guard vector.states[row].hasValue else { return "" }
        let text = periodText(Int(vector.values[row]))
        known.periods[text] = vector.values[row]
        return text
      }
    case .members(let codes, let members):
      let texts = members.map { member -> String in
        if let other = known.members[member.name], other != member { return "\(member.name) (\(member.code))" }
        return member.name
      }
      for (text, member) in zip(texts, members) { known.members[text] = member }
      return selection.map { texts[Int(codes[$0])] }
    }
  }

  /// The codes of a column of names: of members their own, else the text or whole number itself.
  private func codes(in column: Int) throws -> [String] {
    switch try plain(column) {
    case .stored: []
    case .texts(let vector): selection.map { text(vector, $0) }
    case .numbers(let vector):
      selection.map { row in vector.states[row].hasValue ? Int(exactly: vector.values[row]).map(String.init) ?? "" : ""
      }
    case .members(let codes, let members): selection.map { members[Int(codes[$0])].code }
    }
  }

  private func textColumn(_ texts: [String], _ type: ValueType, _ known: KnownNames) -> RowColumn {
    if case .member = type, texts.allSatisfy({ known.members[$0] != nil }) {
      var members: [Member] = []
      var codes: [String: Int32] = [:]
      let column = texts.compactMap { text -> Int32? in
        if let code = codes[text] { return code }
        guard let member = known.members[text] else { return nil }
        members.append(member)
        codes[text] = Int32(members.count - 1)
        return Int32(members.count - 1)
      }
      return .members(column, members)
    }
    if case .period = type, texts.allSatisfy({ known.periods[$0] != nil }) {
      return .numbers(
        Vector(values: texts.map { known.periods[$0] ?? 0 }, states: texts.map { _ in .known }))
    }
    return .texts(Vector(values: texts.map { Double(code(of: $0)) }, states: texts.map { _ in .known }))
  }

  private func checked(_ values: KernelValues, _ isEstimated: Bool) -> Vector {
    var vector = Vector(values: values.values, states: values.states)
    for row in 0..<vector.count {
      if vector.states[row].hasValue, !vector.values[row].isFinite { vector.states[row] = .missing }
      if !vector.states[row].hasValue { vector.values[row] = 0 } else if isEstimated { vector.states[row] = .estimated }
    }
    return vector
  }
}
