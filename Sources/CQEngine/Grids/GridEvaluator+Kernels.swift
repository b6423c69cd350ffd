import CQCatalog
import CQColumns
import CQMethods
import CQPlan
import CQSemantics

extension GridEvaluator {
  /// The columns of a planned kernel, one number per cell of `grid`.
  mutating func kernel(_ index: Int, onto grid: Int) throws -> [Vector] {
    if let known = kernelResults[index] { return known }
    let plan = self.plan.kernels[index]
    let isPassedOver = self.plan.sparseGrid(plan.grid)?.isPassedOver == true
    var operands: [Vector] = []
    if !isPassedOver {
      for formula in plan.formulas { operands.append(try evaluate(formula, grid: plan.grid)) }
    }
    let runner = KernelRunner(call: plan.call, catalog: catalog, control: control, source: self.plan.query.source)
    let result: [Vector]
    switch plan.placement {
    case .members(let regionParents, let activityParents, let isOverPlaces):
      result = try overMembers(
        runner, plan, isPassedOver ? nil : operands, regionParents, activityParents, isOverPlaces, grid)
    case .sample(let samples, let places, let activities):
      result = try onSample(runner, plan, operands, samples, places, activities, grid)
    }
    kernelResults[index] = result
    return result
  }

  /// A number for the members of `over:` within each cell.
  ///
  /// - Parameter operands: nil for a grid that formulas pass over, part by part.
  private mutating func overMembers(
    _ runner: KernelRunner, _ plan: KernelPlan, _ operands: [Vector]?, _ regionParents: [Int32],
    _ activityParents: [Int32], _ isOverPlaces: Bool, _ grid: Int
  ) throws -> [Vector] {
    let (coarse, fine) = (self.plan.grids[grid], self.plan.grids[plan.grid])
    var result = plan.call.kernel.columns.map { _ in Vector(repeating: .missing, count: coarse.cellCount) }
    func grouped(_ parents: [Int32], _ count: Int) -> [[Int]] {
      var groups = [[Int]](repeating: [], count: count)
      for (index, parent) in parents.enumerated() { groups[Int(parent)].append(index) }
      return groups
    }
    let regions = grouped(regionParents, coarse.region.groupCount)
    let activities = grouped(activityParents, coarse.activity.groupCount)
    let years = fine.years.count
    let whole = GridPart(regions: 0..<fine.region.groupCount, activities: 0..<fine.activity.groupCount)
    var evaluators: [FormulaEvaluator] = []
    if operands == nil {
      for formula in plan.formulas { evaluators.append(try evaluator(formula, grid: plan.grid)) }
    }
    for part in operands == nil ? GridPart.parts(of: fine, areOverPlaces: isOverPlaces) : [whole] {
      let numbers = try operands ?? self.numbers(evaluators, in: part, of: fine)
      let width = part.activities.count * years
      for (region, fineRegions) in regions.enumerated() where isOverPlaces || part.regions.contains(region) {
        for (activity, fineActivities) in activities.enumerated()
        where !isOverPlaces || part.activities.contains(activity) {
          let members =
            isOverPlaces
            ? fineRegions.map { fine.region.entries[$0] } : fineActivities.map { fine.activity.entries[$0] }
          let names = members.map { $0.last.map { KernelMember($0) } ?? KernelMember() }
          for year in 0..<years {
            let cells = fineRegions.flatMap { fineRegion in
              fineActivities.map {
                (fineRegion - part.regions.lowerBound) * width + ($0 - part.activities.lowerBound) * years + year
              }
            }
            let run = try runner.run(
              rows: names, columns: [KernelMember()], operands: numbers.map { $0.gathered(cells) },
              places: isOverPlaces ? members.compactMap(\.last) : [])
            let target = (region * coarse.activity.groupCount + activity) * years + year
            for (column, vector) in run.columns.enumerated() where vector.count > 0 {
              result[column].values[target] = vector.values[0]
              result[column].states[target] = vector.states[0]
            }
            add(run.notes, plan.call.name)
          }
        }
      }
    }
    return result
  }

  /// Numbers of samples of all places of the base area, for the rows that are in it.
  private mutating func onSample(
    _ runner: KernelRunner, _ plan: KernelPlan, _ operands: [Vector], _ samples: [[Int]], _ places: [Int],
    _ activities: [Int], _ grid: Int
  ) throws -> [Vector] {
    let (rows, sample) = (self.plan.grids[grid], self.plan.grids[plan.grid])
    let shape = plan.call.kernel.shape
    let (width, years) = (sample.activity.groupCount, sample.years.count)
    var result = plan.call.kernel.columns.map { _ in Vector(repeating: .missing, count: rows.cellCount) }
    let names = sample.activity.entries.map { $0.last.map { KernelMember($0) } ?? KernelMember() }
    // Rows of each place of the sample.
    var rowsOfPlace: [Int: [Int]] = [:]
    for (row, place) in places.enumerated() where place >= 0 { rowsOfPlace[place, default: []].append(row) }
    var withheld = 0
    let listed = listedPlaces(operands.first, samples, sample)
    for all in samples {
      for year in 0..<years {
        // A place of which the data have nothing is no place without specialties.
        let group = shape == .map ? all : all.filter { listed[$0 * years + year] }
        let members = group.compactMap { sample.region.entries[$0].last }
        let rowNames = members.map { KernelMember($0) }
        for part in shape == .map ? Array(0..<width) : [0] {
          let columns = shape == .map ? [part] : Array(0..<width)
          let cells = group.flatMap { place in columns.map { (place * width + $0) * years + year } }
          let run = try runner.run(
            rows: rowNames, columns: shape == .map ? [KernelMember()] : names,
            operands: operands.map { $0.gathered(cells) }, places: members)
          add(run.notes, plan.call.name)
          withheld += run.withheldCount
          let activitiesOfRows =
            shape == .map ? activities.indices.filter { activities[$0] == part } : Array(activities.indices)
          for (column, vector) in run.columns.enumerated() {
            func put(_ source: Int, _ region: Int, _ activity: Int) {
              guard source < vector.count else { return }
              let target = (region * rows.activity.groupCount + activity) * years + year
              result[column].values[target] = vector.values[source]
              result[column].states[target] = vector.states[source]
            }
            switch shape {
            case .activities:
              // Every row of an activity, wherever: the sample is one.
              for region in 0..<rows.region.groupCount {
                for (activity, source) in activities.enumerated() where source >= 0 { put(source, region, activity) }
              }
            default:
              for (position, place) in group.enumerated() {
                for region in rowsOfPlace[place] ?? [] {
                  for activity in activitiesOfRows {
                    switch shape {
                    case .cells:
                      if activities[activity] >= 0 { put(position * width + activities[activity], region, activity) }
                    default: put(position, region, activity)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    let count = samples.joined().count { place in (0..<years).contains { listed[place * years + $0] } }
    noteSample(plan, count, places, sample)
    if withheld > 0 { add([KernelRunner.leftOut(withheld, plan.call.name)], plan.call.name) }
    return result
  }

  /// Of each place and year, whether the data have any number of it, withheld or not: place by place.
  private func listedPlaces(_ numbers: Vector?, _ samples: [[Int]], _ sample: Grid) -> [Bool] {
    let (width, years) = (sample.activity.groupCount, sample.years.count)
    var listed = [Bool](repeating: numbers == nil, count: sample.region.groupCount * years)
    guard let states = numbers?.states else { return listed }
    for place in samples.joined() {
      for activity in 0..<width {
        for year in 0..<years where states[(place * width + activity) * years + year] != .missing {
          listed[place * years + year] = true
        }
      }
    }
    return listed
  }

  /// Says what the numbers were compared with, since it is not the rows shown.
  private mutating func noteSample(_ plan: KernelPlan, _ count: Int, _ places: [Int], _ sample: Grid) {
    let level = sample.region.levels.first
    let noun = count == 1 ? level?.singular : level?.plural
    var text = "\(count) \(noun ?? "places") of \(frame.baseName(catalog))"
    if plan.call.kernel.shape != .map, let activity = sample.activity.levels.last {
      let width = sample.activity.groupCount
      text += " and \(width) \(width == 1 ? activity.singular : activity.plural)"
    }
    if plan.call.kernel.shape != .activities, places.contains(-1) {
      text += "; rows outside have none"
    }
    guard let known = kernelSamples.firstIndex(where: { $0.text == text }) else {
      kernelSamples.append((text, [plan.call.name]))
      return
    }
    if !kernelSamples[known].names.contains(plan.call.name) { kernelSamples[known].names.append(plan.call.name) }
  }

  /// N0540 for each sample that numbers come from, then N0541.
  var kernelNotes: [TableNote] {
    kernelSamples.map { sample in
      let last = sample.names.count - 1
      let others = sample.names[..<last].joined(separator: ", ")
      let names = (last == 0 ? "" : others + " and ") + sample.names[last]
      return TableNote(code: "N0540", text: "\(names) \(last == 0 ? "is" : "are") computed from \(sample.text)")
    } + kernelRemarks
  }

  private mutating func add(_ notes: [String], _ name: String) {
    for note in notes {
      let note = TableNote(code: "N0541", text: note)
      if !kernelRemarks.contains(note), kernelRemarks.count < Self.noteLimit { kernelRemarks.append(note) }
    }
  }

  /// More notes than this nobody reads; a kernel over many years repeats itself.
  private static let noteLimit = 12
}
