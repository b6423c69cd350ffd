import CQColumns

/// Kernels of the minimum-requirements method: all places of the base area × the members of `over:`.
let exportBaseKernels: [Kernel] = [
  Kernel(
    "minimum_requirements", .places, operands: [.init("of")],
    columns: [.init(), .init("basic", .likeOperand)], dropsGaps: false
  ) { input in
    let matrix = input.matrix("of")
    let notes = ExportBase.notes(input)
    let states = input.values("of").states
    guard let shares = ExportBase.minimumShares(matrix, isKnown: states.map { $0 != .withheld }) else {
      return KernelOutput(columns: [[], []].map(KernelOutput.column), notes: notes)
    }
    var (multipliers, jobs) = ([Double?](), [Double?]())
    for row in 0..<matrix.rowCount {
      let values = (0..<matrix.columnCount).map { matrix[row, $0] }
      let isWithheld = (0..<matrix.columnCount).contains { states[row * matrix.columnCount + $0] == .withheld }
      guard !isWithheld else {
        multipliers.append(nil)
        jobs.append(nil)
        continue
      }
      let basic = ExportBase.basic(employment: values, minimumShares: shares)
      multipliers.append(ExportBase.multiplier(employment: values, basic: basic))
      jobs.append(values.contains { $0 > 0 } ? basic.reduce(0, +) : nil)
    }
    return KernelOutput(columns: [multipliers, jobs].map(KernelOutput.column), notes: notes)
  },
  Kernel(
    "minimum_share", .activities, operands: [.init("of")], columns: [.init("", .percent)], dropsGaps: false
  ) { input in
    let isKnown = input.values("of").states.map { $0 != .withheld }
    let shares = ExportBase.minimumShares(input.matrix("of"), isKnown: isKnown)
    return KernelOutput(
      columns: [KernelOutput.column(input.columns.indices.map { index in shares.map { $0[index] } })],
      notes: ExportBase.notes(input))
  },
]

extension ExportBase {
  fileprivate static func notes(_ input: KernelInput) -> [String] {
    let gaps = input.values("of").states.count { $0 == .withheld }
    return gaps > 0
      ? ["\(gaps) numbers are withheld: their places are missing, and the least shares are those of the others"] : []
  }
}
