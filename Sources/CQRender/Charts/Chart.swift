import CQColumns

/// A number as a chart has it.
struct ChartCell {
  var value: Double
  var state: CellState

  static let absent = ChartCell(value: 0, state: .missing)
}

/// A picture of a table before anybody draws it: what the marks are, what they are called, and what is said around them.
/// The terminal, SVG and Vega-Lite renderers start from the same chart.
struct Chart {
  struct Series {
    var name: String
    /// One per category; missing where the table has no row.
    var cells: [ChartCell]
    /// What was expected, one per category; empty where nothing was.
    var markers: [ChartCell] = []
  }

  struct Point {
    var x: Double
    var y: Double
    var size: Double?
    /// Index into ``Chart/groups``.
    var group: Int
    var label: String
    var isEstimated: Bool
  }

  /// What one axis measures.
  struct Axis {
    /// `LQ`, `Employment (persons)`.
    var title = ""
    var quantity = Quantity.ratio
    /// A value worth a line across the chart: 1 for location quotients.
    var reference: Double?
    /// What the reference stands for: the base area.
    var referenceName = ""

    /// `1 = United States`.
    var referenceLabel: String {
      guard let reference, !referenceName.isEmpty else { return "" }
      return "\(NumberFormat.fixed(reference, decimals: 0)) = \(referenceName)"
    }
  }

  /// How much of a page a chart gets, and what it shares with the panels beside it.
  struct Layout {
    var width = SVGFrame.innerWidth
    /// Of the plane between axes, where the kind of chart doesn't need another.
    var height: Double?
    /// Values that the scales must hold besides the chart's own.
    var xDomain: [Double] = []
    var yDomain: [Double] = []
    /// The largest bubble of all panels.
    var largestSize: Double?
    var isPanel: Bool { height != nil }
    /// Whether estimates look different, where more than this chart decides it.
    var marksEstimates: Bool?
  }

  var kind: Picture.Kind
  var title = ""
  var subtitle = ""
  var source = ""
  var notes: [String] = []
  var xAxis = Axis()
  var yAxis = Axis()
  var sizeTitle = ""
  var sizeQuantity = Quantity.ratio
  /// Bars, lines, heat maps: names along x in the order of the table, or years in ascending order.
  var categories: [String] = []
  /// The years of `categories` where those are years: then x is a scale and not a list.
  var years: [Int]?
  var series: [Series] = []
  /// What the series are: `state`; empty for one series.
  var seriesTitle = ""
  /// What markers on bars are: `Expected`.
  var markerTitle = ""
  /// Scatter and bubble charts.
  var points: [Point] = []
  var groups: [String] = []
  /// Box plots and Lorenz curves: all values of each category.
  var samples: [[Double]] = []
  /// Rows that could not be drawn, by why.
  var leftOut: [CellState: Int] = [:]
  var layout = Layout()

  /// All numbers that bars, lines or cells show.
  var values: [Double] { series.flatMap { $0.cells.filter(\.state.hasValue).map(\.value) } }

  /// Markers besides the values: what the scale along bars must hold.
  var valuesAndMarkers: [Double] {
    values + series.flatMap { $0.markers.filter(\.state.hasValue).map(\.value) }
  }

  var hasMarkers: Bool { series.contains { $0.markers.contains(where: \.state.hasValue) } }

  var hasEstimates: Bool { estimatedCount > 0 }

  private var estimatedCount: Int {
    series.reduce(0) { $0 + $1.cells.count { $0.state == .estimated } } + points.count(where: \.isEstimated)
  }

  /// Estimates look different where they are the exception; where they are the rule, a note says so and the marks keep
  /// their full colour.
  var marksEstimates: Bool {
    layout.marksEstimates ?? isRareEstimate
  }

  private var isRareEstimate: Bool {
    estimatedCount > 0 && estimatedCount * 2 <= (points.isEmpty ? values.count : points.count)
  }

  /// `12 of 15 values are estimated in part`; empty where marks say it, or nothing is.
  var estimateNote: String {
    guard hasEstimates, !marksEstimates else { return "" }
    let count = points.isEmpty ? values.count : points.count
    return estimatedCount == count
      ? "all values are estimated in part" : "\(estimatedCount) of \(count) values are estimated in part"
  }

  /// Whether there is nothing to draw.
  var isEmpty: Bool {
    switch kind {
    case .scatter, .bubble: points.isEmpty
    case .box, .lorenz: samples.allSatisfy(\.isEmpty)
    default: values.isEmpty
    }
  }
}
