import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// Numbers with their states, one per cell of a grid or per row of a table.
struct Vector: Sendable {
  var values: [Double]
  var states: [CellState]

  init(values: [Double], states: [CellState]) {
    self.values = values
    self.states = states
  }

  init(repeating state: CellState, count: Int) {
    values = [Double](each: 0, count: count)
    states = [CellState](each: state, count: count)
  }

  /// `count` elements, which `body` writes piece by piece, on several threads where there are many.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(
    writing count: Int, _ control: RunControl,
    _ body: @Sendable (Range<Int>, _ values: SharedElements<Double>, _ states: SharedElements<CellState>) -> Void
  ) throws {
    let size = RunControl.morselRowCount
    let unitCount = (count + size - 1) / size
    var states: [CellState] = []
    values = try unsafe [Double](writing: count) { values in
      states = try unsafe [CellState](writing: count) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try Scheduler(control.limits, isWorthwhile: unitCount > 4).run(unitCount) { unit in
          try control.check()
          body(unit * size..<min(count, (unit + 1) * size), values, states)
        }
      }
    }
    self.states = states
  }

  var count: Int { values.count }

  /// The elements at `rows`, in that order.
  func gathered(_ rows: [Int]) -> Vector {
    if let range = rows.asRange {
      if range.count == count { return self }
      return Vector(values: Array(values[range]), states: Array(states[range]))
    }
    return Vector(values: rows.map { values[$0] }, states: rows.map { states[$0] })
  }
}

extension [Int] {
  /// The range that lists the same numbers, if they follow each other: most tables keep all of their rows, in order.
  var asRange: Range<Int>? {
    guard let first, let last, last - first == count - 1 else { return nil }
    for index in indices where self[index] != first + index { return nil }
    return first..<last + 1
  }
}

extension [CellState] {
  /// Whether some element is `state`.
  func holds(_ state: CellState) -> Bool { firstPosition(of: state, in: indices) != nil }

  /// The first element in `range` that is `state`; looks at many at a time.
  ///
  /// - Precondition: `range` lies within the array.
  func firstPosition(of state: CellState, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements lie outside the array")
    return unsafe withUnsafeBytes { bytes in
      // SAFETY: a state is its raw value, one byte; the range lies within the array.
      guard let start = bytes.baseAddress,
        let found = unsafe memchr(start + range.lowerBound, Int32(state.rawValue), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - start
    }
  }

  var allAreKnown: Bool {
    var worst: UInt8 = 0
    unsafe withUnsafeBufferPointer { states in
      for index in 0..<count { unsafe worst |= states[index].rawValue }
    }
    return worst == CellState.known.rawValue
  }
}
