import CQMethods
import Foundation

// Runs numeric kernels on matrices of Benchmarks/methods and says how long they took.
//
//     kernels complexity FILE ROWS COLUMNS OUT RUNS
//     kernels leontief FILE SIZE SIZE OUT RUNS
//
// FILE and the results in the folder OUT are raw doubles, row by row; the flows of `leontief` are followed by the outputs.

struct Usage: Error {}

let arguments = CommandLine.arguments
guard arguments.count == 7, let rowCount = Int(arguments[3]), let columnCount = Int(arguments[4]),
  let runCount = Int(arguments[6])
else { throw Usage() }
let numbers: [Double] = try unsafe Data(contentsOf: URL(filePath: arguments[2])).withUnsafeBytes { bytes in
  // SAFETY: each read lies inside the file, whose size is a multiple of 8.
  stride(from: 0, through: bytes.count - 8, by: 8).map {
    unsafe bytes.loadUnaligned(fromByteOffset: $0, as: Double.self)
  }
}
var matrix = Matrix(rowCount: rowCount, columnCount: columnCount)
matrix.elements = Array(numbers.prefix(rowCount * columnCount))

/// Prints the median time in milliseconds and keeps the result.
func timed(_ name: String, _ body: () throws -> [Double]) throws {
  var result: [Double] = []
  var times: [Double] = []
  for _ in 0..<max(runCount, 1) {
    let start = ContinuousClock.now
    result = try body()
    let elapsed = ContinuousClock.now - start
    times.append(Double(elapsed.components.seconds) * 1000 + Double(elapsed.components.attoseconds) / 1e15)
  }
  times.sort()
  print(name, times[times.count / 2], separator: "\t")
  let bytes = unsafe result.withUnsafeBytes { unsafe Data($0) }
  try bytes.write(to: URL(filePath: arguments[5]).appending(path: name))
}

switch arguments[1] {
case "complexity":
  let presence = matrix.presence()
  let proximity = presence.proximity()
  let index = ComplexityIndex(presence)
  let density = relatednessDensity(of: presence, proximity: proximity)
  try timed("rca") { matrix.revealedAdvantage.elements }
  try timed("presence") { matrix.presence().diversity.map(Double.init) }
  try timed("eci") { ComplexityIndex(presence).standardized(ddof: 0).places }
  try timed("pci") { ComplexityIndex(presence).standardized(ddof: 0).activities }
  try timed("proximity") { presence.proximity().elements }
  try timed("density") { relatednessDensity(of: presence, proximity: proximity).elements }
  let complexity = index.standardized(ddof: 0).activities
  try timed("cog") {
    Outlook(presence: presence, proximity: proximity, density: density, complexity: complexity).gain.elements
  }
  try timed("all") {
    let presence = matrix.presence()
    let index = ComplexityIndex(presence).standardized(ddof: 0)
    let proximity = presence.proximity()
    let density = relatednessDensity(of: presence, proximity: proximity)
    return Outlook(presence: presence, proximity: proximity, density: density, complexity: index.activities).index
  }
case "leontief":
  let table = InputOutputTable(flows: matrix, output: Array(numbers.dropFirst(rowCount * columnCount)))
  try timed("coefficients") { table.inputCoefficients.elements }
  try timed("leontief") { try table.leontiefInverse().elements }
  try timed("product") { matrix.multiplied(by: matrix).elements }
case "eigen":
  try timed("eigen") { (matrix.symmetricEigenpairs ?? []).map(\.value) }
default: throw Usage()
}
