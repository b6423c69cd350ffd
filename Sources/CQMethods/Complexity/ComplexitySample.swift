import CQColumns

/// Conventions of another tool, which a query may ask for by its name.
enum ComplexityPreset: String, CaseIterable {
  /// The Growth Lab's Atlas: scores with n, PCI on the scale of ECI, proximity of an activity to itself 1.
  case atlas
  /// The same, by the name of its Python package.
  case ecomplexity
  /// The Observatory of Economic Complexity: 20 reflections, scores with n - 1, proximity of an activity to itself 0.
  case oec
  /// The R package EconGeo: the eigenvector over the size of its sum, relatedness from co-occurrence, density in percent.
  case econgeo
  /// The Python package econcomplex: scores with n, proximity of an activity to itself 0, density in percent.
  case econcomplex

  var isGrowthLab: Bool { self == .atlas || self == .ecomplexity }
  /// Divides by n in standard scores.
  var dividesByCount: Bool { isGrowthLab || self == .econcomplex }
  var isInPercent: Bool { self == .econgeo || self == .econcomplex }
}

/// What the kernels of complexity share: places × activities as presence, and the words about it.
struct ComplexitySample {
  let input: KernelInput
  /// A gap, or a negative amount, is not a number.
  let amounts: Matrix
  let presence: PresenceMatrix
  let preset: ComplexityPreset?
  var notes: [String] = []

  static let operands: [Kernel.Operand] = [.init("of"), .init("population", .row, isOptional: true)]

  static let options: [Kernel.Option] = [
    .init("test", .text(PresenceTest.allCases.map(\.rawValue))),
    .init("cut", .number(0...1e15)),
    .init("like", .text(ComplexityPreset.allCases.map(\.rawValue))),
  ]

  static let indexOptions: [Kernel.Option] =
    options + [
      .init("method", .text(ComplexityMethod.allCases.map(\.rawValue))),
      .init("iterations", .whole(2...10_000)),
      .init("ddof", .whole(0...1)),
      .init("min_diversity", .whole(1...1_000_000)),
      .init("min_ubiquity", .whole(1...1_000_000)),
    ]

  static let spaceOptions: [Kernel.Option] =
    indexOptions + [
      .init("space", .text(ActivitySpace.names)),
      .init("diagonal", .number(0...1)),
      .init("neighbors", .whole(1...100_000)),
    ]

  /// The outlook of a place has conventions in these tools only: EconGeo has none, and econcomplex normalises the gain otherwise.
  static let outlookOptions: [Kernel.Option] = spaceOptions.map { option in
    let presets: [ComplexityPreset] = [.atlas, .ecomplexity, .oec]
    return option.name == "like" ? .init("like", .text(presets.map(\.rawValue))) : option
  }

  init(_ input: KernelInput) {
    self.input = input
    preset = ComplexityPreset(rawValue: input.text("like"))
    var amounts = input.matrix("of", gaps: .nan)
    var negativeCount = 0
    for index in amounts.elements.indices where amounts.elements[index] < 0 {
      amounts.elements[index] = .nan
      negativeCount += 1
    }
    self.amounts = amounts
    let test = PresenceTest(rawValue: input.text("test")) ?? .rca
    presence = amounts.presence(
      test, atLeast: input.number("cut", default: 1), population: input.numbers("population", count: input.rows.count))
    let withheldCount = input.values("of").states.count { $0 == .withheld }
    if withheldCount > 0 { notes.append("\(Self.counted(withheldCount, "withheld number")) as absent") }
    if negativeCount > 0 { notes.append("\(Self.counted(negativeCount, "negative number")) as absent") }
    if test == .rpop || test == .both, !input.has("population") {
      notes.append("test:\(test.rawValue) compares amounts per head and needs population:")
    }
  }

  /// "1 withheld number counts", "3 withheld numbers count".
  private static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun) counts" : "\(count) \(noun)s count"
  }

  var ddof: Int { input.whole("ddof", default: preset?.dividesByCount == true ? 0 : 1) }

  var diagonal: Double { input.number("diagonal", default: preset == .oec || preset?.isInPercent == true ? 0 : 1) }

  var advantage: Matrix { amounts.revealedAdvantage }

  /// Proximity or relatedness of each pair of activities.
  func space() -> Matrix {
    let fallback = preset == .econgeo ? RelatednessMethod.probability.rawValue : ProximityMethod.minimum.rawValue
    let name = input.text("space", default: fallback)
    return ActivitySpace.matrix(name, presence, diagonal: diagonal) { advantage }
  }

  func density(in space: Matrix) -> Matrix {
    let neighbors = input.options["neighbors"] == nil ? nil : input.whole("neighbors")
    return relatednessDensity(of: presence, proximity: space, neighborCount: neighbors)
  }

  /// A column of the result, and the notes.
  func output(_ values: [Double], _ more: [String] = []) -> KernelOutput {
    KernelOutput(columns: [KernelValues(values)], notes: notes + more)
  }

  func output(_ matrix: Matrix, _ more: [String] = []) -> KernelOutput { output(matrix.elements, more) }
}

/// The methods by which places and activities are indexed.
enum ComplexityMethod: String, CaseIterable {
  case eigenvector, reflections, fitness
}

/// Networks of activities by the name of their method.
enum ActivitySpace {
  static let names =
    ProximityMethod.allCases.map(\.rawValue)
    + [RelatednessMethod.association, .jaccard, .probability].map(\.rawValue)

  static func matrix(
    _ name: String, _ presence: PresenceMatrix, diagonal: Double, advantage: () -> Matrix
  ) -> Matrix {
    if let method = ProximityMethod(rawValue: name) {
      switch method {
      case .correlation, .cosineOfAdvantage:
        return proximity(of: presence, advantage: advantage(), method: method, diagonal: diagonal)
      default: return presence.proximity(method, diagonal: diagonal)
      }
    }
    return coOccurrenceRelatedness(of: presence, method: RelatednessMethod(rawValue: name) ?? .association)
  }
}

extension KernelInput {
  /// The numbers of an operand; not a number where there is none, everywhere when it was left out.
  func numbers(_ name: String, count: Int) -> [Double] {
    let values = self.values(name)
    return (0..<count).map { $0 < values.count ? values[$0] ?? .nan : .nan }
  }
}

extension Double {
  /// Three decimals, for notes.
  var short: String {
    guard isFinite, abs(self) < 1e12 else { return "none" }
    return "\((self * 1000).rounded() / 1000)"
  }
}
