import CQColumns

/// Kernels of map classes and of values made comparable: a number for each place, or each row of a table.
let classKernels: [Kernel] = [
  Kernel(
    "class", .map, operands: [.init("of")],
    options: [
      .init("method", .text(ClassScheme.allCases.map(\.rawValue))), .init("k", .whole(1...100)), .init("at", .text([])),
    ],
    columns: [.init("", .count)]
  ) { input in
    let values = input.values("of").values
    if !input.text("at").isEmpty {
      guard let given = ClassScheme.bounds(input.text("at")) else {
        return KernelOutput(
          columns: [KernelOutput.column(values.map { _ in nil })],
          notes: ["at: lists the bounds of the classes, ascending, with commas between them: \"0.5, 1, 2\""])
      }
      return KernelOutput(
        columns: [KernelOutput.column(values.map { Double(ClassScheme.index(of: $0, in: given + [.infinity]) + 1) })])
    }
    let bounds = input.scheme.upperBounds(values.sorted(), count: input.whole("k", default: 5))
    return KernelOutput(
      columns: [KernelOutput.column(values.map { Double(ClassScheme.index(of: $0, in: bounds) + 1) })],
      notes: bounds.count < input.whole("k", default: 5) && input.scheme.hasCount && !values.isEmpty
        ? ["\(bounds.count) classes only: too few different values"] : [])
  },
  Kernel(
    "class_bounds", .table, operands: [.init("value")],
    options: [.init("method", .text(ClassScheme.allCases.map(\.rawValue))), .init("k", .whole(1...100))],
    columns: [.init("class", .text), .init("above", .likeOperand), .init("to", .likeOperand), .init("rows", .count)]
  ) { input in
    let gaps = input.gaps(["value"])
    let values = gaps.kept.map { input.values("value").values[$0] }.sorted()
    let bounds = input.scheme.upperBounds(values, count: input.whole("k", default: 5))
    var counts = [Int](repeating: 0, count: bounds.count)
    for value in values { counts[ClassScheme.index(of: value, in: bounds)] += 1 }
    return KernelOutput(
      columns: [
        KernelOutput.column(bounds.indices.map { $0 == 0 ? nil : bounds[$0 - 1] }), KernelOutput.column(bounds),
        KernelOutput.column(counts.map(Double.init)),
      ], texts: [bounds.indices.map { "\($0 + 1)" }], notes: gaps.notes)
  },
  Kernel(
    "rescaled", .map, operands: [.init("of")], options: [.init("method", .text(Rescaling.allCases.map(\.rawValue)))]
  ) { input in
    let values = (Rescaling(rawValue: input.text("method")) ?? .minMax).of(input.values("of").values)
    let isMissing = !values.isEmpty && values.allSatisfy { $0 == nil }
    return KernelOutput(
      columns: [KernelOutput.column(values)],
      notes: isMissing ? ["missing: all values are equal, or there is nothing to divide by"] : [])
  },
]

extension KernelInput {
  fileprivate var scheme: ClassScheme { ClassScheme(rawValue: text("method")) ?? .quantile }
}
