extension RunControl {
  /// Calls `body` for `0..<count` in pieces, and asks in between whether to go on.
  @inline(__always)
  func morsels(_ count: Int, _ body: (Range<Int>) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: Self.morselRowCount) {
      try check()
      try body(start..<min(count, start + Self.morselRowCount))
    }
  }

  /// `count` elements, each made from its number alone: on several threads where there are many.
  @inline(__always)
  func elements<Element: BitwiseCopyable & Sendable>(
    _ count: Int, _ element: @Sendable (Int) -> Element
  ) throws -> [Element] {
    let unitCount = (count + Self.morselRowCount - 1) / Self.morselRowCount
    return try unsafe [Element](writing: count) { elements in
      let elements = unsafe SharedElements(elements)
      try Scheduler(limits, isWorthwhile: unitCount > 4).run(unitCount) { unit in
        try check()
        let range = unit * Self.morselRowCount..<min(count, (unit + 1) * Self.morselRowCount)
        let part = unsafe elements.part(range)
        for index in 0..<range.count { unsafe part[index] = element(range.lowerBound + index) }
      }
    }
  }

  /// The elements of all parts, one part behind the other.
  func joined<Element: BitwiseCopyable & Sendable>(_ parts: [[Element]]) throws -> [Element] {
    var starts = [0]
    for part in parts { starts.append(starts[starts.count - 1] + part.count) }
    let places = starts
    return try unsafe [Element](writing: places[parts.count]) { elements in
      let elements = unsafe SharedElements(elements)
      try Scheduler(limits, isWorthwhile: elements.count > 4 * Self.morselRowCount).run(parts.count) { part in
        try check()
        _ = unsafe elements.part(places[part]..<places[part + 1]).update(fromContentsOf: parts[part])
      }
    }
  }

  /// `count` elements that may be objects or hold some, one after the other.
  @inline(__always)
  func list<Element>(_ count: Int, _ element: (Int) throws -> Element) throws -> [Element] {
    var list: [Element] = []
    list.reserveCapacity(count)
    try morsels(count) { range in
      for index in range { list.append(try element(index)) }
    }
    return list
  }
}
