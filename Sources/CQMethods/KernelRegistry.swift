/// All kernels, by the name behind `core.`.
///
/// A family adds its kernels with an array of its own, declared beside their functions.
package enum KernelRegistry {
  package static let all: [Kernel] = [
    acrossPlacesKernels,
    associationKernels,
    averageKernels,
    classKernels,
    clusterKernels,
    complexityKernels,
    complexityVerbs,
    concordanceKernels,
    crossSpaceKernels,
    concentrationKernels,
    convergenceKernels,
    distanceKernels,
    exportBaseKernels,
    gravityEffectsKernels,
    gravityKernels,
    huffFitKernels,
    inequalityKernels,
    inputOutputKernels,
    inputOutputVerbs,
    lisaMarkovKernels,
    localSpatialKernels,
    markovKernels,
    multivariateKernels,
    pointPatternKernels,
    productionChainKernels,
    regressionShiftShareKernels,
    relatednessKernels,
    ringKernels,
    segregationChangeKernels,
    similarityKernels,
    spatialConcentrationKernels,
    spatialKernels,
    spatialRegressionKernels,
    tradeKernels,
    volatilityKernels,
  ].flatMap { $0 }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  package static func kernel(_ name: String) -> Kernel? { byName[name] }

  package static var names: [String] { all.map(\.name).sorted() }
}
