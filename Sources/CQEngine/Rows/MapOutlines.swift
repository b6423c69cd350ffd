import CQCatalog
import CQColumns
import CQSemantics

/// Finds the outlines that a map of a result needs.
struct MapOutlines {
  let catalog: Catalog
  /// Where the rows were taken from: its countries are drawn even where no row lies in them.
  private var area: RegionSet?
  /// Which counties made up metros when the data were collected.
  private var delineation: Int?

  init(catalog: Catalog, source: TypedQuery.Source) {
    self.catalog = catalog
    if case .frame(let frame, _) = source {
      area = frame.area
      delineation = frame.dataset.delineation
    }
  }

  /// Gives the picture of `table` its outlines where it is a map.
  func attach(to table: inout Table) throws(CatalogError) {
    guard let picture = table.picture, picture.kind == .map, let level = Level(rawValue: picture.level) else { return }
    table.picture?.geometry = try geometry(level, picture.places)
  }

  /// The outlines of `places`, which are of one level.
  func geometry(level: Level, of places: [Member]) throws(CatalogError) -> MapGeometry {
    try geometry(level, places.map { Picture.Place(country: $0.country, code: $0.code) })
  }

  private func geometry(_ level: Level, _ places: [Picture.Place]) throws(CatalogError) -> MapGeometry {
    var countries: [String] = []
    for country in (area.map(countries(of:)) ?? []) + places.map(\.country)
    where !country.isEmpty && !countries.contains(country) {
      countries.append(country)
    }
    let isState = level == .state
    var geometry = MapGeometry(shapes: try outlines(isState ? .state : .county, countries))
    if level == .metro || level == .economicArea {
      for place in Set(places) {
        guard let member = catalog.list(level).member(code: place.code, country: place.country) else { continue }
        for county in catalog.counties(of: member, delineation: delineation) {
          geometry.areas[Picture.Place(country: place.country, code: county.code)] = place.code
        }
      }
    }
    return geometry
  }

  private func outlines(_ level: Level, _ countries: [String]) throws(CatalogError) -> [Outlines] {
    var found: [Outlines] = []
    for country in countries {
      guard let file = try catalog.geometry(level: level, country: country) else { continue }
      guard let outlines = Outlines(file) else {
        throw .damaged(dataset: "geometry.\(level.rawValue).\(country).arrow", "it must hold outlines")
      }
      found.append(outlines)
    }
    return found
  }

  private func countries(of area: RegionSet) -> [String] {
    area.members.flatMap { member -> [String] in
      member.code == "NA" && member.level == .country ? ["US", "MX", "CA"] : [member.country]
    }
  }
}
