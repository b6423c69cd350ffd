/// The index of places and activities as a query asks for it.
struct ComplexityScores {
  var places: [Double]
  var activities: [Double]
  var notes: [String]
  /// What outlook and gain weigh activities with: of the Growth Lab the activities' index in deviations of the places', its mean
  /// left in.
  var worth: [Double]

  init(_ sample: ComplexitySample) throws {
    let input = sample.input
    let fallback = sample.preset == .oec ? ComplexityMethod.reflections : .eigenvector
    let method = ComplexityMethod(rawValue: input.text("method")) ?? fallback
    switch method {
    case .eigenvector:
      let index = try ComplexityIndex(
        sample.presence, minimumDiversity: input.whole("min_diversity", default: 1),
        minimumUbiquity: input.whole("min_ubiquity", default: 1), checkpoint: input.checkpoint)
      (places, activities) = index.standardized(
        ddof: sample.ddof, activityScale: sample.preset?.isGrowthLab == true ? .places : .own)
      worth = activities
      if sample.preset?.isGrowthLab == true {
        let deviation = Moments(index.places, ddof: sample.ddof).deviation
        worth = index.activities.map { $0 / index.secondEigenvalue / deviation }
      } else if sample.preset == .econgeo {
        let sums = (index.places, index.activities)
        places = Self.overSum(sums.0)
        activities = Self.overSum(sums.1)
        worth = activities
      }
      notes = Self.notes(index, sample)
    case .reflections:
      let reflections = Reflections(sample.presence, iterations: input.whole("iterations", default: 20))
      places = standardScores(reflections.places, ddof: sample.ddof)
      activities = standardScores(reflections.activities, ddof: sample.ddof)
      worth = activities
      notes = [
        "reflections of order \(reflections.orders.place) for places and \(reflections.orders.activity) for activities"
      ]
    case .fitness:
      let fitness = Fitness(sample.presence, iterations: input.whole("iterations", default: 1000))
      (places, activities) = (fitness.places, fitness.activities)
      worth = activities
      let smallest = places.filter { !$0.isNaN }.min() ?? 1
      notes =
        fitness.isConverged
        ? ["fitness settled after \(fitness.iterationCount) steps"]
        : [
          "fitness still moves after \(fitness.iterationCount) steps"
            + (smallest < 1e-6 ? ": that of some places goes to 0, only their order means something" : "")
        ]
    }
  }

  /// The first three by name, and how many more.
  private static func named(_ positions: [Int], _ members: [KernelMember]) -> String {
    let names = positions.prefix(3).map { members[$0].name.isEmpty ? members[$0].code : members[$0].name }
    let more = positions.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// EconGeo divides by the sum itself, which turns the index round where the sum is negative.
  private static func overSum(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0) { $1.isNaN ? $0 : $0 + $1 }
    return values.map { $0 / abs(sum) }
  }

  /// What says how far the index can be trusted.
  private static func notes(_ index: ComplexityIndex, _ sample: ComplexitySample) -> [String] {
    let presence = sample.presence
    var notes: [String] = []
    if index.droppedPlaceCount > 0 {
      notes.append("left out for want of partners: \(named(index.droppedPlaces, sample.input.rows))")
    }
    if index.droppedActivities.count > 0 {
      notes.append("left out for want of partners: \(named(index.droppedActivities, sample.input.columns))")
    }
    if index.componentCount > 1 {
      notes.append(
        "the network of places and activities falls into \(index.componentCount) parts: the index is that of the largest, "
          + "\(index.separatedPlaceCount) places outside it have none")
    }
    guard index.secondEigenvalue.isFinite else {
      return notes + ["the places do not differ in what they have: there is nothing to index"]
    }
    let link = correlation(index.places, presence.diversity.map(Double.init))
    notes.append(
      "second and third eigenvalue \(index.secondEigenvalue.short) and \(index.thirdEigenvalue.short), correlation with "
        + "diversity \(link.short)")
    if index.secondEigenvalue - index.thirdEigenvalue < 0.02 * index.secondEigenvalue {
      notes.append("the two eigenvalues are almost equal: the index is any mixture of two dimensions")
    }
    if !index.isConverged { notes.append("the eigenvector is not exact: the search ended at its limit") }
    return notes
  }
}
