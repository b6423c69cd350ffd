/// The parts of a name such as `New York-Newark-Jersey City, NY-NJ-PA`.
struct AreaNames {
  let cities: [String]
  let states: [String]

  init(_ name: String) {
    let halves = name.split(separator: ",", maxSplits: 1).map { $0.drop { $0 == " " } }
    guard halves.count == 2 else {
      cities = [name]
      states = []
      return
    }
    states = halves[1].split(separator: "-").map(String.init)
    var list = String(halves[0])
    for city in Self.hyphenated { list = list.replacing(city, with: city.replacing("-", with: "\u{0}")) }
    cities = list.split(separator: "-").map { String($0.replacing("\u{0}", with: "-")) }
  }

  /// Cities that have a hyphen themselves.
  private static let hyphenated = ["Winston-Salem", "Wilkes-Barre"]

  /// What people say: the cities without states, the first city with its state and alone, the first two cities.
  ///
  /// Some areas share a short name: `Portland` is in Oregon and in Maine.
  var shortNames: [String] {
    guard let first = cities.first, let state = states.first else { return [] }
    var names = ["\(first), \(state)", cities.joined(separator: "-"), first]
    if cities.count > 2 { names += ["\(first)-\(cities[1]), \(state)", "\(first)-\(cities[1])"] }
    // `Louisville/Jefferson County`, `Butte-Silver Bow`: the city alone.
    if let slash = first.firstIndex(of: "/") { names += ["\(first[..<slash]), \(state)", String(first[..<slash])] }
    if first.hasSuffix(" Town") { names += ["\(first.dropLast(5)), \(state)", String(first.dropLast(5))] }
    if first.hasPrefix("Urban ") { names += ["\(first.dropFirst(6)), \(state)", String(first.dropFirst(6))] }
    return names
  }

  /// The input lost the accented letters of a few names.
  static func repaired(_ name: String) -> String {
    guard name.contains("\u{FFFD}") else { return name }
    return accented.first { fits(name, $0) } ?? name
  }

  private static let accented = [
    "Cañon City, CO", "Española, NM", "Aguadilla-Isabela-San Sebastián, PR", "Aguadilla-Isabela, PR", "Mayagüez, PR",
    "San Germán, PR", "San Germán-Cabo Rojo, PR", "San Juan-Bayamón-Caguas, PR",
  ]

  /// Whether `damaged` is `name` with some letters replaced.
  private static func fits(_ damaged: String, _ name: String) -> Bool {
    damaged.count == name.count && zip(damaged, name).allSatisfy { $0 == "\u{FFFD}" || $0 == $1 }
  }
}
