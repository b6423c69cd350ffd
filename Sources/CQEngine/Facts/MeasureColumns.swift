import CQCatalog
import CQColumns

/// The columns that hold one measure, with the types that the kernel is specialised for.
struct MeasureColumns {
  let values: NumberValues
  let states: ColumnBuffer<UInt8>?
  let covers: ColumnBuffer<UInt8>?
  let regions: DictionaryCodes
  let activities: DictionaryCodes

  init(_ measure: Measure, _ part: MeasurePart, _ facts: FactTable) throws(CatalogError) {
    values = try facts.numbers(measure.name)
    states = try part.stateColumn.map { name throws(CatalogError) in try facts.bytes(name) }
    covers = try part.coverColumn.map { name throws(CatalogError) in try facts.bytes(name) }
    regions = facts.regionCodes
    activities = facts.activityCodes
  }

  /// Marks the groups that a morsel of rows belongs to.
  func mark(_ rows: Range<Int>, _ lookup: GroupLookup, in cells: inout CellSet) {
    switch regions {
    case .bits8(let regions): mark(regions, rows, lookup, &cells)
    case .bits16(let regions): mark(regions, rows, lookup, &cells)
    case .bits32(let regions): mark(regions, rows, lookup, &cells)
    }
  }

  private func mark<Region: FixedWidthInteger>(
    _ regions: ColumnBuffer<Region>, _ rows: Range<Int>, _ lookup: GroupLookup, _ cells: inout CellSet
  ) {
    let none = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    let covers = unsafe covers.map { unsafe $0.elements } ?? none
    // SAFETY: as below.
    switch activities {
    case .bits8(let codes):
      unsafe markGroups(
        covers: covers, regions: regions.elements, activities: codes.elements, rows: rows, lookup: lookup, in: &cells)
    case .bits16(let codes):
      unsafe markGroups(
        covers: covers, regions: regions.elements, activities: codes.elements, rows: rows, lookup: lookup, in: &cells)
    case .bits32(let codes):
      unsafe markGroups(
        covers: covers, regions: regions.elements, activities: codes.elements, rows: rows, lookup: lookup, in: &cells)
    }
  }

  /// Adds a morsel of integer rows; `values` must be of the matching kind.
  func add<Value: FactValue>(
    _ values: ColumnBuffer<Value>, rows: Range<Int>, _ lookup: GroupLookup, into sums: inout GroupSums<Value.Sum>
  ) {
    // Each combination of widths is its own specialised loop; the choice is made once per morsel.
    switch (regions, activities) {
    case (.bits8(let regions), .bits8(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits8(let regions), .bits16(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits8(let regions), .bits32(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits16(let regions), .bits8(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits16(let regions), .bits16(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits16(let regions), .bits32(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits32(let regions), .bits8(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits32(let regions), .bits16(let activities)): add(values, regions, activities, rows, lookup, &sums)
    case (.bits32(let regions), .bits32(let activities)): add(values, regions, activities, rows, lookup, &sums)
    }
  }

  @inline(__always)
  private func add<Value: FactValue, Region: FixedWidthInteger, Activity: FixedWidthInteger>(
    _ values: ColumnBuffer<Value>, _ regions: ColumnBuffer<Region>, _ activities: ColumnBuffer<Activity>,
    _ rows: Range<Int>, _ lookup: GroupLookup, _ sums: inout GroupSums<Value.Sum>
  ) {
    let none = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    // SAFETY: the buffers are alive while `self` is; the kernel checks `rows` against all of them.
    unsafe addGroupSums(
      of: values.elements, states: states.map { unsafe $0.elements } ?? none,
      covers: covers.map { unsafe $0.elements } ?? none, regions: regions.elements, activities: activities.elements,
      rows: rows, lookup: lookup, into: &sums)
  }
}
