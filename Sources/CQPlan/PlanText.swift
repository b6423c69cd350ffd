import CQCatalog
import CQColumns
import CQSemantics
import CQSyntax

/// A plan in the words of whoever asked: what is read, which cells that gives, and what is computed from them.
package struct PlanText {
  /// What a run of the plan took.
  package struct Measured: Sendable {
    package var rowsScanned = 0
    package var periodsReused = 0
    package var threads = 1
    package var statements = 0
    package var receivedBytes = 0
    package var peakBytes = 0
    package var processBytes = 0
    package var cellCount = 0
    package var rowCount = 0
    /// Of each sparse grid the cells that there could be, and those that rows have.
    package var sparseGrids: [(possible: Int, count: Int, isPassedOver: Bool)] = []
    /// How rows were grouped, in the order of the verbs.
    package var groupings: [Grouping] = []
    /// What was expected before the run.
    package var estimatedMilliseconds = 0.0
    package var milliseconds = 0.0
    package var readMilliseconds = 0.0
    package var formulaMilliseconds = 0.0
    package var tableMilliseconds = 0.0

    package init() {}
  }

  /// Rows that verbs put into groups.
  package struct Grouping: Sendable {
    /// Combinations of values that the columns allow, and that rows have.
    package var possible: Double
    package var count: Int
    package var isHashed: Bool

    package init(possible: Double, count: Int, isHashed: Bool) {
      self.possible = possible
      self.count = count
      self.isHashed = isHashed
    }
  }

  private let plan: QueryPlan
  private let letters: [String: String]

  package init(_ plan: QueryPlan) {
    self.plan = plan
    var letters: [String: String] = [:]
    for request in plan.requests where letters[request.measure] == nil {
      let letter = String(request.measure.prefix(1))
      letters[request.measure] = letters.values.contains(letter) ? request.measure : letter
    }
    self.letters = letters
  }

  /// - Parameter query: The text of the query.
  package func text(query: String, _ measured: Measured) -> String {
    var steps: [(words: String, result: String)] = []
    var here = ""
    if case .frame(let frame, let columns) = plan.query.source {
      for measure in measures { steps.append(("read \(measure)  \(sources(of: measure, frame))", "")) }
      let engines = engines(frame)
      if !engines.isEmpty {
        // The engine filters, groups and adds up; every other step is taken here.
        let sums = measures.joined(separator: ", ")
        steps = engines.map { ("in \($0): filter, group and add up \(sums)", "") }
        let what = "\(counted(measured.statements, "statement")), \(counted(measured.receivedBytes, "byte")) came back"
        here = "here: "
        steps[steps.count - 1].result = "\(what) · \(time(measured.readMilliseconds))"
      } else if !steps.isEmpty {
        let reused = measured.periodsReused > 0 ? ", \(measured.periodsReused) periods known already" : ""
        let threads = measured.threads > 1 ? ", \(measured.threads) threads" : ""
        steps[steps.count - 1].result =
          "\(counted(measured.rowsScanned, "row"))\(reused)\(threads) · \(time(measured.readMilliseconds))"
      }
      let patterns = plan.requests.indices.map { pattern(of: $0) }
      if !patterns.isEmpty {
        let result = "\(counted(patterns.count, "pattern")), \(counted(measured.cellCount, "cell"))"
        steps.append(("\(here)cells \(patterns.joined(separator: " "))", result))
      }
      for grid in measured.sparseGrids {
        let words = grid.isPassedOver ? "pass over all cells, keep" : "lay out cells with rows only"
        steps.append((here + words, "\(counted(grid.count)) of \(counted(grid.possible)) cells"))
      }
      for obstacle in plan.sparseObstacles {
        steps.append(("\(here)lay out all cells", obstacle.reason))
      }
      let rowCount = plan.sparseGrid(0) == nil ? plan.grids.first?.cellCount : measured.sparseGrids.last?.count
      for (index, formula) in plan.formulas.enumerated() where columns.indices.contains(index) {
        let name = columns[index].name.isEmpty ? "for a verb" : columns[index].name
        steps.append(
          ("\(here)\(name) = \(expression(formula))", "fused, \(counted(rowCount ?? 0, "row"))"))
      }
      if !plan.formulas.isEmpty { steps[steps.count - 1].result += " · \(time(measured.formulaMilliseconds))" }
    } else {
      steps.append(("a table whose rows are there", ""))
    }
    let verbs = plan.stages.map { Self.name(of: $0) }
    let groups = measured.groupings.map { "\(text($0)) · " }.joined()
    let rows = "\(groups)\(counted(measured.rowCount, "row")) · \(time(measured.tableMilliseconds))"
    steps.append((here + (verbs.isEmpty ? "table" : verbs.joined(separator: " | ")), rows))
    let head = "plan  \(query)"
    let total =
      "\(counted(measured.rowCount, "row")) · \(bytes(measured.peakBytes)) · est. \(time(measured.estimatedMilliseconds)) · took \(time(measured.milliseconds))"
    let lines = [(head, total)] + steps.enumerated().map { ("  \($0 + 1) \($1.words)", $1.result) }
    // What a step took stands behind all steps where that fits a usual window, else below its step.
    let widest = lines.map { $0.0.count }.max() ?? 0
    let fits = widest + 2 + (lines.map { $0.1.count }.max() ?? 0) <= 79
    let body = lines.map { left, right in
      if right.isEmpty { return left }
      return fits ? left + String(repeating: " ", count: widest - left.count + 2) + right : "\(left)\n      \(right)"
    }.joined(separator: "\n")
    if measured.processBytes == 0 { return body }
    return body + "\n  memory: \(bytes(measured.peakBytes)) set aside, \(bytes(measured.processBytes)) in the process"
  }

  // MARK: - What is read

  private var measures: [String] {
    var names: [String] = []
    for request in plan.requests where !names.contains(request.measure) { names.append(request.measure) }
    return names
  }

  /// What holds the facts of datasets that are not in memory.
  private func engines(_ frame: Frame) -> [String] {
    var names: [String] = []
    for source in frame.sources {
      if let name = source.dataset.remote?.engine, !names.contains(name) { names.append(name) }
    }
    return names
  }

  private func sources(of measure: String, _ frame: Frame) -> String {
    let datasets = frame.sources.filter { $0.measures.contains(measure) }.map(\.dataset.name)
    var years: Set<Int> = []
    for request in plan.requests where request.measure == measure {
      for source in frame.sources where source.measures.contains(measure) {
        years.formUnion(request.grid.years.compactMap { source.period($0) })
      }
    }
    return "\(datasets.joined(separator: ", "))  \(spans(years.sorted()))"
  }

  /// `2003, 2008–2011`.
  private func spans(_ years: [Int]) -> String {
    var spans: [(first: Int, last: Int)] = []
    for year in years {
      if let last = spans.last?.last, year == last + 1 {
        spans[spans.count - 1].last = year
      } else {
        spans.append((year, year))
      }
    }
    return spans.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)–\($0.last)" }.joined(separator: ", ")
  }

  // MARK: - Cells and formulas

  /// `e(r,a)`: the measure at the places and the activities of the rows; with years where they are not the rows' own.
  private func pattern(of index: Int) -> String {
    let request = plan.requests[index]
    let own = plan.grids.first
    let region =
      request.grid.region == own?.region ? "r" : place(request.grid.region)
    let activity: String
    if request.grid.activity == own?.activity {
      activity = "a"
    } else if let level = request.grid.activity.levels.last {
      activity = level.rawValue
    } else {
      activity = request.grid.activity.constraints.allSatisfy(\.isAll) ? "all" : members(request.grid.activity)
    }
    var coordinates = [region, activity]
    if request.grid.years != own?.years {
      coordinates.append(request.grid.years.map { $0 > 0 ? "\($0)" : "latest" }.joined(separator: "+"))
    }
    return "\(letters[request.measure] ?? request.measure)(\(coordinates.joined(separator: ",")))"
  }

  private func place(_ axis: RegionAxis) -> String {
    if let level = axis.levels.last { return level.rawValue }
    let places = axis.parts.first ?? []
    return places.count == 1 ? places[0].place.code : "\(places.count) places"
  }

  private func members(_ axis: ActivityAxis) -> String {
    let terms = axis.constraints.filter { !$0.isAll }.flatMap(\.terms)
    guard terms.count == 1, let term = terms.first else { return "\(terms.count) activities" }
    switch term {
    case .all: return "all"
    case .traded: return "traded"
    case .local: return "local"
    case .member(let member): return member.code
    }
  }

  /// The formula as it was written, before it became instructions.
  private func expression(_ formula: Formula) -> String {
    var stack: [String] = []
    func pop() -> String { stack.popLast() ?? "…" }
    for instruction in formula.instructions {
      switch instruction {
      case .load(let input): stack.append(operand(formula.inputs[input]))
      case .constant(let value, _):
        stack.append(value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)")
      case .arithmetic(let operation), .compare(let operation):
        let right = pop()
        stack.append("(\(pop()) \(operation.rawValue) \(right))")
      case .negate: stack.append("-\(pop())")
      case .not: stack.append("not \(pop())")
      case .both:
        let right = pop()
        stack.append("(\(pop()) and \(right))")
      case .either:
        let right = pop()
        stack.append("(\(pop()) or \(right))")
      case .isState(let state): stack.append("(\(pop()) is \(state.name))")
      case .select:
        let (otherwise, then) = (pop(), pop())
        stack.append("(if \(pop()) then \(then) else \(otherwise))")
      case .coalesce:
        let right = pop()
        stack.append("(\(pop()) ?? \(right))")
      case .function(let function, let operandCount):
        let operands = (0..<operandCount).map { _ in pop() }.reversed()
        stack.append("\(function)(\(operands.joined(separator: ", ")))")
      }
    }
    let text = pop()
    return text.hasPrefix("(") && text.hasSuffix(")") && isOnePair(text) ? String(text.dropFirst().dropLast()) : text
  }

  /// Whether the first bracket closes with the last.
  private func isOnePair(_ text: String) -> Bool {
    var depth = 0
    for character in text.dropLast() {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0 { return false }
    }
    return true
  }

  private func operand(_ input: Formula.Input) -> String {
    switch input {
    case .cell(let index): return pattern(of: index)
    case .reduction(let index, let column):
      let reduction = plan.reductions[index]
      let level = plan.grids[reduction.grid].activity.levels.last?.rawValue ?? "all"
      return "\(reduction.aggregate) over \(level) of \(expression(reduction.formulas[column]))"
    case .bounds(_, let isHigh): return isHigh ? "upper bound" : "lower bound"
    case .exchangeRate: return "rate"
    default: return "column"
    }
  }

  // MARK: - Verbs

  private static func name(of stage: QueryPlan.Stage) -> String {
    switch stage {
    case .top(let count, _, let largest): return "\(largest ? "top" : "bottom") \(count), nothing else is sorted"
    case .first(let count): return "first \(count)"
    default:
      // The name of a case is the name of its verb.
      let text = "\(stage)"
      return String(text.prefix { $0.isLetter })
    }
  }

  /// `9,412 groups of 604,001,280 by hash`
  private func text(_ grouping: Grouping) -> String {
    let possible = grouping.possible < 1e18 ? counted(Int(grouping.possible)) : "\(grouping.possible)"
    return "\(counted(grouping.count, "group")) of \(possible)\(grouping.isHashed ? " by hash" : "")"
  }

  private func counted(_ count: Int, _ word: String) -> String {
    counted(count) + " " + word + (count == 1 ? "" : "s")
  }

  private func counted(_ count: Int) -> String {
    var digits = String(count)[...]
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }

  /// `12 MB`, `640 kB`.
  private func bytes(_ count: Int) -> String {
    count >= 10_000_000 ? "\(counted(count / 1_000_000)) MB" : "\(counted((count + 999) / 1_000)) kB"
  }

  private func time(_ milliseconds: Double) -> String {
    if milliseconds >= 100 { return "\(Int(milliseconds.rounded())) ms" }
    let tenths = Int((milliseconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) ms"
  }
}
