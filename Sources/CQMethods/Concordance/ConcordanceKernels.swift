import CQColumns

/// Verbs that bring a table from one classification to another.
let concordanceKernels: [Kernel] = [
  Kernel(
    "concord", .table,
    operands: [
      .init("code", .text), .init("value"), .init("place", .text, isOptional: true),
      .init("year", .text, isOptional: true),
    ],
    options: [
      .init("from", .text(ConcordanceRoute.words), isFreeWith: ["file", "links"]),
      .init("to", .text(ConcordanceRoute.words), isFreeWith: ["file", "links"]), .init("digits", .whole(1...10)),
      .init("file", .file),
      .init("links", .table), .init("sizes", .file),
    ],
    columns: [
      .init("", .members(of: "place")), .init("", .members(of: "year")), .init("code", .text), .init("title", .text),
      .init("value", .likeOperand), .init("sources", .count, isExact: true),
    ], dropsGaps: false
  ) { input in
    try concord(input)
  }
]

private func concord(_ input: KernelInput) throws -> KernelOutput {
  let texts = ["place", "year"].filter { input.texts[$0] != nil }
  func none(_ note: String) -> KernelOutput {
    KernelOutput(
      columns: [KernelValues([]), KernelValues([])], texts: (texts + ["code", "title"]).map { _ in [] }, notes: [note])
  }
  let route: ConcordanceWay
  switch ConcordanceWay.found(input) {
  case .success(let way): route = way
  case .failure(let problem): return none(problem.note)
  }
  let codes = input.codes["code"] ?? input.texts["code"] ?? []
  let values = input.values("value")
  let digits = input.whole("digits")
  var sums = ConcordedSums()
  var known: [String: ConcordanceChain.Distribution] = [:]
  for row in 0..<min(codes.count, values.count) where values.states[row] != .missing {
    if row % 4_096 == 0 { try input.checkpoint() }
    let code = codes[row]
    let distribution = known[code] ?? route.chain.distribution(of: code)
    known[code] = distribution
    let group = texts.map { input.texts[$0]?[row] ?? "" }
    for share in distribution.shares {
      let target = digits > 0 && share.code.count > digits ? String(share.code.prefix(digits)) : share.code
      sums.add(values.values[row], values.states[row], share.part, of: code, to: target, group)
    }
    if distribution.unmatched > 1e-12 {
      sums.add(
        values.values[row], values.states[row], distribution.unmatched, of: code, to: Concordance.unmatched, group)
    }
  }
  var output = KernelOutput(
    columns: [KernelValues([]), KernelValues([])], texts: (texts + ["code", "title"]).map { _ in [] },
    notes: route.notes)
  for sum in sums.inOrder {
    for (index, text) in sum.group.enumerated() { output.texts[index].append(text) }
    output.texts[texts.count].append(sum.code)
    output.texts[texts.count + 1].append(
      sum.code == Concordance.unmatched ? "" : route.titles[sum.code] ?? "")
    output.columns[0].values.append(sum.state.hasValue ? sum.value : 0)
    output.columns[0].states.append(sum.state)
    output.columns[1].append(Double(sum.sources.count))
  }
  output.notes += notes(known, sums)
  return output
}

/// What was shared, and what has no match.
private func notes(_ known: [String: ConcordanceChain.Distribution], _ sums: ConcordedSums) -> [String] {
  var notes: [String] = []
  let shared = known.filter { $0.value.shares.count > 1 }
  if !shared.isEmpty {
    notes.append("\(shared.count) of \(known.count) codes are shared among several: those numbers are estimates")
  }
  let groups = known.count { $0.value.match == .group }
  if groups > 0 { notes.append("\(groups) codes are groups: each takes the mean of the codes in it") }
  let broader = known.count { $0.value.match == .broader }
  if broader > 0 { notes.append("\(broader) codes are finer than the links, and take those of the broader code") }
  let lost = known.filter { $0.value.unmatched > 1e-12 }.keys.sorted()
  if !lost.isEmpty {
    let part = sums.total != 0 ? " (\((100 * sums.unmatched / sums.total).short)% of the total)" : ""
    let list = lost.prefix(8).map { $0.isEmpty ? "(blank)" : $0 }.joined(separator: ", ")
    notes.append(
      "without a match, wholly or in part, as `\(Concordance.unmatched)`\(part): \(list)\(lost.count > 8 ? " and \(lost.count - 8) more" : "")"
    )
  }
  return notes
}

/// Numbers of codes of the new classification, by group.
private struct ConcordedSums {
  struct Sum {
    var group: [String]
    var code: String
    var value = 0.0
    var state = CellState.known
    var sources: Set<String> = []
  }

  private var indexes: [[String]: Int] = [:]
  private var sums: [Sum] = []
  private(set) var total = 0.0
  private(set) var unmatched = 0.0

  /// A sum with a part that is withheld is withheld; one with a part of a code is an estimate.
  mutating func add(
    _ value: Double, _ state: CellState, _ part: Double, of source: String, to code: String, _ group: [String]
  ) {
    let key = group + [code]
    let index = indexes[key] ?? sums.count
    if index == sums.count {
      indexes[key] = index
      sums.append(Sum(group: group, code: code))
    }
    sums[index].sources.insert(source)
    guard state.hasValue else {
      sums[index].state = .withheld
      return
    }
    sums[index].value += value * part
    total += value * part
    if code == Concordance.unmatched { unmatched += value * part }
    if sums[index].state == .known, state == .estimated || part < 1 - 1e-12 { sums[index].state = .estimated }
  }

  /// Groups in the order of the table, codes ascending, without a match last.
  var inOrder: [Sum] {
    var orderOfGroup: [[String]: Int] = [:]
    for sum in sums where orderOfGroup[sum.group] == nil { orderOfGroup[sum.group] = orderOfGroup.count }
    return sums.sorted { one, other in
      let (first, second) = (orderOfGroup[one.group] ?? 0, orderOfGroup[other.group] ?? 0)
      if first != second { return first < second }
      if (one.code == Concordance.unmatched) != (other.code == Concordance.unmatched) {
        return other.code == Concordance.unmatched
      }
      return one.code < other.code
    }
  }
}

/// The links that a query asks for: a file of the user's, a plain table, or the way between two classifications.
struct ConcordanceWay {
  struct Problem: Error {
    let note: String
  }

  let chain: ConcordanceChain
  let titles: [String: String]
  let notes: [String]

  static func found(_ input: KernelInput) -> Result<ConcordanceWay, Problem> {
    let (from, to) = (input.text("from"), input.text("to"))
    let sizes: [String: Double]?
    do throws(Problem) { sizes = try Self.sizes(input) } catch { return .failure(error) }
    let shared = sizes == nil ? [] : ["codes are shared in proportion to the sizes of their targets"]
    if let file = input.file("file") {
      let table = LinkFile(file.text)
      guard let first = table.column(from, or: 0), let second = table.column(to, or: 1), !first.isEmpty else {
        return .failure(
          Problem(note: "`\(file.name)` needs a header and the columns `\(from)` and `\(to)`"))
      }
      let weights = table.column("weight", or: nil)
      let links = first.indices.map { row in
        Concordance.Link(first[row], second[row], weights.flatMap { Double($0[row]) })
      }
      return .success(
        ConcordanceWay(
          chain: ConcordanceChain([Concordance(links, sizes: sizes)]), titles: [:],
          notes: ["links of `\(file.name)`, \(weights == nil ? "equal parts" : "its weights")"] + shared))
    }
    if let table = input.tables["links"] {
      guard let first = table.texts[from], let second = table.texts[to] else {
        let names = table.texts.keys.sorted().joined(separator: ", ")
        return .failure(Problem(note: "links: has the columns \(names), and from: and to: name two of them"))
      }
      let weights = table.numbers["weight"]
      let links = zip(first, second).enumerated().map { row, pair in
        Concordance.Link(pair.0, pair.1, weights.flatMap { $0[row] })
      }
      return .success(
        ConcordanceWay(
          chain: ConcordanceChain([Concordance(links, sizes: sizes)]), titles: [:],
          notes: ["\(from) → \(to), \(weights == nil ? "equal parts" : "weights of the table")"] + shared))
    }
    let (start, end) = (ConcordanceRoute.scheme(from), ConcordanceRoute.scheme(to))
    guard let route = ConcordanceRoute(from: start, to: end, input, sizes: sizes) else {
      return .failure(
        Problem(
          note:
            "no way from \"\(from)\" to \"\(to)\": classifications are \(ConcordanceRoute.schemes.joined(separator: ", ")), or give links: or file:"
        ))
    }
    return .success(
      ConcordanceWay(
        chain: route.chain, titles: route.titles,
        notes: [route.path.joined(separator: " → ") + (sizes == nil ? ", equal parts where no weight is given" : "")]
          + route.notes + shared))
  }

  private static func sizes(_ input: KernelInput) throws(Problem) -> [String: Double]? {
    guard let file = input.file("sizes") else { return nil }
    let table = LinkFile(file.text)
    guard let codes = table.column("code", or: 0), let sizes = table.column("size", or: 1) else {
      throw Problem(note: "`\(file.name)` needs a header and two columns, code and size")
    }
    return Dictionary(
      zip(codes, sizes).compactMap { code, size in Double(size).map { (code, $0) } }, uniquingKeysWith: +)
  }
}

/// A small file of comma-separated fields with a header.
struct LinkFile {
  private var names: [String] = []
  private var rows: [[String]] = []

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = Self.fields(line)
      if names.isEmpty { names = fields } else { rows.append(fields) }
    }
  }

  /// The column of this name, else the one at a position; nil where the header has neither.
  func column(_ name: String, or position: Int?) -> [String]? {
    let index = names.firstIndex { $0.lowercased() == name.lowercased() } ?? position
    guard let index, names.indices.contains(index) else { return nil }
    return rows.map { $0.indices.contains(index) ? $0[index] : "" }
  }

  private static func fields(_ line: Substring) -> [String] {
    var (fields, field, isQuoted) = ([String](), "", false)
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        fields.append(field)
        field = ""
      default: field.append(character)
      }
    }
    fields.append(field)
    return fields.map { String($0.drop { $0.isWhitespace }) }
  }
}
