/// How a result asks to be drawn: set by `chart` and `map`, kept by the verbs that leave its columns alone.
public struct Picture: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case bar, line, area, scatter, bubble, heat, slope, box, lorenz, map
  }

  /// How the values of a map or a heat map are divided into classes.
  ///
  /// What each of them means is told where bounds are computed, in `CQMethods`.
  public enum ClassScheme: String, Sendable, CaseIterable {
    case quantile, jenks, equal, headtail, deviation, boxplot, percentiles, gaps, pretty
  }

  public var kind: Kind
  /// Columns by name. Charts with one axis of names have them in `x`; several `y` are drawn as series.
  public var x: String?
  public var y: [String]
  public var color: String?
  public var size: String?
  public var label: String?
  /// Of bars: what was expected, drawn as a mark across each bar.
  public var marker: String?
  /// Small multiples: a panel for each value of this column.
  public var panels: String?
  /// What the user calls it; made from the table's header when nil.
  public var title: String?
  /// Chosen by what the column measures when nil.
  public var scheme: ClassScheme?
  public var classCount: Int?
  /// Bounds between classes that the user gave, in ascending order.
  public var breaks: [Double]
  /// The value that a diverging scale turns at.
  public var center: Double?
  /// For maps: a point for each row, told apart by ``group``, instead of areas that are filled by ``color``.
  public var hasPoints = false
  /// For maps: what points or bubbles are told apart by.
  public var group: String?
  /// For maps: the level, the place of each row, and the outlines to draw.
  public var level = ""
  public var places: [Place]
  public var geometry: MapGeometry?

  public init(
    kind: Kind, x: String? = nil, y: [String] = [], color: String? = nil, size: String? = nil, label: String? = nil,
    title: String? = nil, scheme: ClassScheme? = nil, classCount: Int? = nil, breaks: [Double] = [],
    center: Double? = nil
  ) {
    self.kind = kind
    self.x = x
    self.y = y
    self.color = color
    self.size = size
    self.label = label
    self.title = title
    self.scheme = scheme
    self.classCount = classCount
    self.breaks = breaks
    self.center = center
    places = []
  }

  /// A place by country and official code: codes alone are not unique in three countries.
  public struct Place: Sendable, Hashable {
    public var country: String
    public var code: String

    public init(country: String, code: String) {
      self.country = country
      self.code = code
    }
  }
}

/// The outlines that a map of a result needs.
public struct MapGeometry: Sendable {
  /// Shapes to fill, one per country of the result.
  public var shapes: [Outlines]
  /// The area that a shape belongs to where the places of the result are made of several shapes (metros of counties).
  public var areas: [Picture.Place: String]

  public init(shapes: [Outlines], areas: [Picture.Place: String] = [:]) {
    self.shapes = shapes
    self.areas = areas
  }
}
