/// `tree.denue`: the activities that Mexican and American establishments were recoded to.
enum BinationalActivities {
  static func scheme(from folder: InputFolder) throws -> ActivityScheme {
    var industries: [String: [(code: String, title: String)]] = [:]
    for row in try folder.csv("actividad_recodificada_codigo", in: "mx").rows
    where try row.text("clasificador") != "ciiu_rev_4" {
      industries[try row.text("actividad_id"), default: []].append(
        (try row.text("codigo"), try row.text("nombre_codigo")))
    }
    return try ActivityScheme(
      name: "denue",
      nodes: folder.csv("actividad_recodificada", in: "mx").rows.map { row in
        let code = try row.text("actividad_id")
        let spanish = try row.text("nombre_es")
        let english = Self.title(of: industries[code] ?? [])
        let title = !english.isEmpty ? english : !spanish.isEmpty ? spanish : "Activity \(code), not documented"
        return ActivityScheme.Node(
          code: code, level: "industry", depth: 2, title: title, spanish: spanish)
      })
  }

  static func file(_ scheme: ActivityScheme) -> BundleFile {
    scheme.file(
      title: "Activities of the binational table of establishments",
      source:
        "INEGI, DENUE; U.S. Census Bureau, NAICS 2022; United Nations, ISIC revision 4; recoded to common activities",
      licence: inegiLicence,
      notes: [
        "Each activity joins classes of ISIC 4 and industries of NAICS 2022 that the two countries' directories can tell "
          + "apart. Forty activities have no documented title: they are numbers in both countries' tables."
      ])
  }

  /// The American industries that an activity joins, at most three of them by name.
  private static func title(of industries: [(code: String, title: String)]) -> String {
    let titles = industries.sorted { $0.code < $1.code }.map(\.title)
    let shown = titles.prefix(3).joined(separator: "; ")
    return titles.count > 3 ? "\(shown); and \(titles.count - 3) more" : shown
  }
}
