extension RunControl {
  /// Calls `body` for `0..<count` in pieces, and asks in between whether to go on.
  @inline(__always)
  func morsels(_ count: Int, _ body: (Range<Int>) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: Self.morselRowCount) {
      try check()
      try body(start..<min(count, start + Self.morselRowCount))
    }
  }

  /// `count` elements, which `write` writes a piece at a time: on several threads where there are many.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func written<Element: BitwiseCopyable & Sendable>(
    _ count: Int, _ write: @Sendable (_ positions: Range<Int>, _ part: UnsafeMutableBufferPointer<Element>) -> Void
  ) throws -> [Element] {
    let unitCount = (count + Self.morselRowCount - 1) / Self.morselRowCount
    return try unsafe [Element](writing: count) { elements in
      let elements = unsafe SharedElements(elements)
      try Scheduler(limits, isWorthwhile: unitCount > 4).run(unitCount) { unit in
        try check()
        let positions = unit * Self.morselRowCount..<min(count, (unit + 1) * Self.morselRowCount)
        unsafe write(positions, elements.part(positions))
      }
    }
  }

  /// `count` elements, each made from its number alone: on several threads where there are many.
  ///
  /// The closure is called for each of them. Where that takes longer than what it does, ``written(_:_:)`` is for many of them.
  @inline(__always)
  func elements<Element: BitwiseCopyable & Sendable>(
    _ count: Int, _ element: @Sendable (Int) -> Element
  ) throws -> [Element] {
    try unsafe written(count) { positions, part in
      for index in 0..<positions.count { unsafe part[index] = element(positions.lowerBound + index) }
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
