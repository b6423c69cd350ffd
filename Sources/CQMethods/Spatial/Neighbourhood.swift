import CQColumns
import Synchronization

/// Which neighbours a kernel was asked to take, and the weights among the places of its sample.
///
/// Options that all spatial kernels share:
///
/// * `weights`: `queen` (a common point), `rook` (a common border), `nearest` (the `k` nearest), `band` (at most `km` away),
///   `inverse` (1 / distance ^ `power`, at most `km` away if that is above 0), `triangular`, `epanechnikov`, `quartic` or `gaussian`
///   (a kernel of the distance with the bandwidth `km`, or the distance to the `k`-th nearest), `country` or `state` (in the same one);
/// * `order`: of contiguity, 1 for those that touch;
/// * `file`: neighbours from a GAL, GWT or CSV file, whatever `weights` says.
struct Neighbourhood: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case queen, rook, nearest, band, inverse, triangular, epanechnikov, quartic, gaussian, country, state
  }

  static let options: [Kernel.Option] = [
    .init("weights", .text(Kind.allCases.map(\.rawValue))),
    .init("k", .whole(1...1_000)),
    .init("km", .number(0...20_100)),
    .init("power", .number(0...10)),
    .init("order", .whole(1...20)),
    .init("file", .file),
  ]

  /// Among the places of the sample, not transformed.
  let weights: SpatialWeights
  /// What deserves a word: islands, places without outlines, borders between countries.
  let notes: [String]

  /// - Returns: nil where the rows are no places, or not each another one: then nothing is a neighbour of anything.
  static func of(_ input: KernelInput) throws -> Neighbourhood? {
    guard Set(input.rows).count == input.rows.count else { return nil }
    let request = Request(input)
    if let known = input.cache?.neighbourhood(for: request) { return known }
    let made: Neighbourhood
    if let file = input.file("file") {
      made = Neighbourhood(request.rows, file: file.name, file.text)
    } else {
      guard let geometry = try input.geometry?() else { return nil }
      made = Neighbourhood(request, geometry: geometry)
    }
    input.cache?.keep(made, for: request)
    return made
  }

  /// Why there is none.
  static func missingNote(_ input: KernelInput) -> String {
    Set(input.rows).count == input.rows.count
      ? "missing: the rows are no places, so nothing is a neighbour"
      : "missing: a place has several rows, so neighbours are not known (take each year by itself: by:year)"
  }

  /// Everything that the weights depend on.
  struct Request: Hashable, Sendable {
    let rows: [KernelMember]
    let kind: Kind
    let k: Int
    let km: Double
    let power: Double
    let order: Int
    let file: String?

    init(_ input: KernelInput) {
      rows = input.rows
      kind = Kind(rawValue: input.text("weights")) ?? .queen
      k = input.whole("k", default: 4)
      km = input.number("km")
      power = input.number("power", default: 1)
      order = input.whole("order", default: 1)
      file = input.file("file")?.name
    }
  }

  private init(_ rows: [KernelMember], file name: String, _ text: String) {
    let format: WeightsFile.Format =
      name.hasSuffix(".gal") ? .gal : name.hasSuffix(".gwt") ? .gwt : .csv
    do throws(WeightsFile.ParseError) {
      let read = try WeightsFile(text, format: format).weights(codes: rows.map(\.code), names: rows.map(\.name))
      weights = read.weights
      var notes: [String] = []
      if !read.unknown.isEmpty { notes.append("`\(name)` has places that are not here: \(Self.list(read.unknown))") }
      let islands = weights.islands
      if !islands.isEmpty { notes.append("no neighbours: \(Self.list(islands.map { rows[$0].name }))") }
      self.notes = notes
    } catch {
      weights = SpatialWeights(neighbours: rows.map { _ in [] })
      switch error {
      case .line(let number, let expected): notes = ["`\(name)`, line \(number): expected \(expected)"]
      }
    }
  }

  private init(_ request: Request, geometry: MapGeometry) {
    let rows = request.rows
    let areas = PlaceOutlines(rows, geometry)
    var notes: [String] = []
    var weights: SpatialWeights
    switch request.kind {
    case .queen, .rook:
      weights = .contiguity(request.kind == .queen ? .queen : .rook, of: areas.shapes, in: geometry.shapes)
      if request.order > 1 { weights = weights.ofOrder(request.order) }
      if Set(rows.map(\.country)).count > 1 {
        notes.append("places of different countries are no neighbours: each country draws its own borders")
      }
    case .nearest: weights = .nearest(request.k, of: areas.centroids)
    case .band: weights = .band(request.km, of: areas.centroids)
    case .inverse:
      weights = .inverseDistance(power: request.power, limit: request.km > 0 ? request.km : nil, of: areas.centroids)
    case .triangular, .epanechnikov, .quartic, .gaussian:
      let kernel = SpatialWeights.DistanceKernel(rawValue: request.kind.rawValue) ?? .triangular
      weights =
        request.km > 0
        ? .kernel(kernel, bandwidth: request.km, of: areas.centroids)
        : .kernel(kernel, nearest: request.k, of: areas.centroids)
    case .country, .state:
      var numbers: [String: Int] = [:]
      weights = .block(
        rows.map { row in
          let group = request.kind == .country ? row.country : row.country + row.stateCode
          return numbers[group, default: numbers.count].also { numbers[group] = $0 }
        })
    }
    let unknown = areas.shapes.indices.filter { areas.shapes[$0].isEmpty }
    if !unknown.isEmpty, request.kind != .country, request.kind != .state {
      notes.append("\(Self.list(unknown.map { rows[$0].name })) without outlines: no neighbours")
    }
    let islands = weights.islands.filter { !unknown.contains($0) }
    if !islands.isEmpty {
      notes.append("no neighbours: \(Self.list(islands.map { rows[$0].name }))")
    }
    let parts = weights.components.count { $0.count > 1 }
    if parts > 1, request.kind != .country, request.kind != .state {
      notes.append("the neighbours form \(parts) groups without a link between them")
    }
    self.weights = weights
    self.notes = notes
  }

  /// The first names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}

extension Int {
  fileprivate func also(_ action: (Int) -> Void) -> Int {
    action(self)
    return self
  }
}

extension KernelMember {
  /// The state or province that a county lies in, as the codes of all three countries say; the code itself otherwise.
  var stateCode: String { level == "county" ? String(code.prefix(2)) : code }
}

/// The shapes of the places of a sample.
struct PlaceOutlines {
  /// For each place its shapes, by file and code; none where it has no outline.
  let shapes: [[(file: Int, code: String)]]
  let centroids: [GeographicPoint?]

  init(_ rows: [KernelMember], _ geometry: MapGeometry) {
    var fileOfCountry: [String: Int] = [:]
    for (index, file) in geometry.shapes.enumerated() { fileOfCountry[file.country] = index }
    // Metros are made of counties.
    var parts: [Picture.Place: [String]] = [:]
    for (part, code) in geometry.areas {
      parts[Picture.Place(country: part.country, code: code), default: []].append(part.code)
    }
    var indexOfCode = geometry.shapes.map { file in
      Dictionary(zip(file.shapes.map(\.code), file.shapes.indices), uniquingKeysWith: { first, _ in first })
    }
    if geometry.shapes.isEmpty { indexOfCode = [] }
    var (shapes, centroids) = ([[(file: Int, code: String)]](), [GeographicPoint?]())
    for row in rows {
      guard let file = fileOfCountry[row.country] else {
        shapes.append([])
        centroids.append(nil)
        continue
      }
      let codes =
        geometry.areas.isEmpty
        ? [row.code] : (parts[Picture.Place(country: row.country, code: row.code)] ?? []).sorted()
      let known = codes.filter { indexOfCode[file][$0] != nil }
      shapes.append(known.map { (file, $0) })
      let rings = known.flatMap { code in indexOfCode[file][code].map { geometry.shapes[file].shapes[$0].rings } ?? [] }
      centroids.append(rings.isEmpty ? nil : geometry.shapes[file].centroid(of: rings))
    }
    self.shapes = shapes
    self.centroids = centroids
  }

  /// How far things of one place are from each other, if it were a disc: `½ √(area / π)`, in km.
  func innerDistance(_ place: Int, _ geometry: MapGeometry) -> Double {
    let area = shapes[place].reduce(0) { sum, shape in
      let file = geometry.shapes[shape.file]
      guard let index = file.shapes.firstIndex(where: { $0.code == shape.code }) else { return sum }
      return sum + file.area(of: file.shapes[index].rings)
    }
    return 0.5 * (area / .pi).squareRoot()
  }
}

/// What samples of one query have in common, so that twenty years do not make the same weights twenty times.
package final class KernelCache: Sendable {
  private let neighbourhoods = Mutex<[Neighbourhood.Request: Neighbourhood]>([:])

  package init() {}

  func neighbourhood(for request: Neighbourhood.Request) -> Neighbourhood? {
    neighbourhoods.withLock { $0[request] }
  }

  func keep(_ neighbourhood: Neighbourhood, for request: Neighbourhood.Request) {
    neighbourhoods.withLock { known in
      // More than a handful of different samples in one query are years with different places.
      if known.count >= 8 { known.removeAll() }
      known[request] = neighbourhood
    }
  }
}
