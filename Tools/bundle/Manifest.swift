/// What a dataset says about itself: becomes the flat metadata of the file's schema.
struct Manifest {
  struct Measure {
    enum Quantity: String {
      case count, money, ratio, percent, index
    }

    var name: String
    var label: String
    var unit: String
    var quantity: Quantity
    var currency = ""
    /// What a stored 1 stands for: 1000 for thousands of dollars.
    var scale = 1
    /// Dimensions over which values may be added; never the period.
    var additive = "region activity"
    /// Column with the states of the cells, nil when nothing is ever withheld.
    var state: String?
    /// Column with the published cover, nil when nothing is ever withheld or there is no tree.
    var cover: String?
    /// `2009-2018`, where the measure is published for fewer years than the dataset has.
    var years = ""
    /// Levels of activity, where the measure is published for fewer of them than the dataset has.
    var activityLevels = ""
    /// The year in whose prices the amounts are, for constant prices.
    var priceYear: Int?

    static func count(_ name: String, _ label: String, of unit: String, state: String?, cover: String?) -> Measure {
      Measure(name: name, label: label, unit: unit, quantity: .count, state: state, cover: cover)
    }

    /// Amounts in current prices; nothing is withheld unless a state column is given.
    /// - Parameter isFlow: What flows in a period adds up over periods; a stock does not.
    static func money(
      _ name: String, _ label: String, currency: String, scale: Int, isFlow: Bool = false, state: String? = nil,
      cover: String? = nil
    ) -> Measure {
      Measure(
        name: name, label: label, unit: currency, quantity: .money, currency: currency, scale: scale,
        additive: isFlow ? "region activity period" : "region activity", state: state, cover: cover)
    }

    static func dollars(_ name: String, _ label: String, scale: Int, state: String?, cover: String?) -> Measure {
      Measure(
        name: name, label: label, unit: "USD", quantity: .money, currency: "USD", scale: scale, state: state,
        cover: cover)
    }
  }

  var dataset: String
  /// `US`, `MX`, `CA` or `world`.
  var country = "US"
  var title: String
  /// Agency and product: the source line of a result.
  var source: String
  var release: String
  var licence: String
  var citation: String
  var url: String
  var scheme: String
  var regionLevels: String
  var activityLevels: String
  /// Vintages of the classification by span of years.
  var vintages: String
  /// `zero` or `missing`: what a cell means that is not listed.
  var absent: String
  var measures: [Measure]
  /// Spans of years within which growth is sound, each with its levels (`*` = all of them).
  var comparable = ""
  var cautions: [String] = []
  var notes: [String] = []
  /// Which delineation of metropolitan areas the region codes or the sums over counties follow.
  var delineation: Int?
  /// 0 usual, 1 partial (rows do not add up to the whole), 2 a wider or unusual meaning, 3 the world.
  var precedence = 0
  /// `year` or `year quarter`.
  var periods = "year"
  /// `none` where the source publishes no row for all activities.
  var total = ""
  /// Meanings of the values of flag columns: (`size_class.A`, `0-19`).
  var flags: [(key: String, value: String)] = []

  var metadata: [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = [
      ("cq.format", "1"), ("dataset", dataset), ("title", title), ("source", source), ("release", release),
      ("licence", licence), ("citation", citation), ("url", url), ("country", country), ("scheme", scheme),
      ("levels.region", regionLevels), ("levels.activity", activityLevels), ("vintages", vintages),
      ("absent", absent), ("measures", measures.map(\.name).joined(separator: " ")),
    ]
    for measure in measures { pairs += Self.metadata(of: measure) }
    if let delineation { pairs.append(("delineation", String(delineation))) }
    if precedence != 0 { pairs.append(("precedence", String(precedence))) }
    if periods != "year" { pairs.append(("periods", periods)) }
    if !total.isEmpty { pairs.append(("total", total)) }
    if !comparable.isEmpty { pairs.append(("comparable", comparable)) }
    for (index, caution) in cautions.enumerated() { pairs.append(("comparable.caution.\(index + 1)", caution)) }
    for (index, note) in notes.enumerated() { pairs.append(("note.\(index + 1)", note)) }
    return pairs + flags
  }

  private static func metadata(of measure: Measure) -> [(key: String, value: String)] {
    let prefix = "measure.\(measure.name)."
    var pairs = [
      (prefix + "label", measure.label), (prefix + "unit", measure.unit),
      (prefix + "quantity", measure.quantity.rawValue),
    ]
    if !measure.currency.isEmpty { pairs.append((prefix + "currency", measure.currency)) }
    pairs.append((prefix + "scale", String(measure.scale)))
    pairs.append((prefix + "additive", measure.additive))
    if !measure.years.isEmpty { pairs.append((prefix + "years", measure.years)) }
    if !measure.activityLevels.isEmpty { pairs.append((prefix + "levels.activity", measure.activityLevels)) }
    if let year = measure.priceYear { pairs.append((prefix + "price_year", String(year))) }
    if let state = measure.state { pairs.append((prefix + "state", state)) }
    if let cover = measure.cover { pairs.append((prefix + "cover", cover)) }
    return pairs
  }
}

/// Metadata of the files that hold members rather than facts.
func catalogMetadata(title: String, source: String, licence: String) -> [(key: String, value: String)] {
  [("cq.format", "1"), ("title", title), ("source", source), ("licence", licence)]
}

let publicDomain = "Public domain (work of the United States government)"
