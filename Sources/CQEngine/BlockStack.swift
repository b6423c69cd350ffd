import CQColumns

/// The vectors of one block, last in first out.
///
/// Results that are not finite (0/0, the logarithm of a negative number, an overflow) are missing, never numbers. Blocks in
/// which everything is known, which is most of them, take loops that never look at a state.
struct BlockStack {
  static let width = 1_024
  private var values: [Double]
  private var states: [CellState]
  /// For each vector whether all of its elements are known.
  private var isKnown: [Bool]
  private var height = 0
  private var count = 0

  init(depth: Int) {
    values = [Double](repeating: 0, count: max(1, depth) * Self.width)
    states = [CellState](repeating: .known, count: max(1, depth) * Self.width)
    isKnown = [Bool](repeating: true, count: max(1, depth))
  }

  mutating func begin(_ count: Int) {
    height = 0
    self.count = count
  }

  // MARK: - Loading and storing

  mutating func push(_ vector: Vector, from start: Int) {
    let base = height * Self.width
    values.replaceSubrange(base..<base + count, with: vector.values[start..<start + count])
    states.replaceSubrange(base..<base + count, with: vector.states[start..<start + count])
    finishPush()
  }

  mutating func push(_ vector: Vector, _ broadcast: Broadcast, from start: Int) {
    let base = height * Self.width
    broadcast.copy(vector.values, from: start, count: count, into: &values, at: base)
    broadcast.copy(vector.states, from: start, count: count, into: &states, at: base)
    finishPush()
  }

  mutating func push(_ value: Double, _ state: CellState) {
    let base = height * Self.width
    for row in base..<base + count { values[row] = value }
    for row in base..<base + count { states[row] = state }
    isKnown[height] = state == .known
    height += 1
  }

  private mutating func finishPush() {
    isKnown[height] = areKnown(height * Self.width)
    height += 1
  }

  /// Whether `count` states from `base` on are all known; without a branch, so that it vectorises.
  private func areKnown(_ base: Int) -> Bool {
    var worst: UInt8 = 0
    for row in base..<base + count { worst |= states[row].rawValue }
    return worst == CellState.known.rawValue
  }

  /// Calls `body` with the block's result.
  func top(_ body: (ArraySlice<Double>, ArraySlice<CellState>) -> Void) {
    let base = (height - 1) * Self.width
    body(values[base..<base + count], states[base..<base + count])
  }

  // MARK: - Arithmetic

  @inline(__always)
  mutating func map(_ body: (Double) -> Double) {
    let base = (height - 1) * Self.width
    if isKnown[height - 1] {
      var isFinite = true
      for row in base..<base + count {
        let value = body(values[row])
        values[row] = value
        isFinite = isFinite && value.isFinite
      }
      if !isFinite { removeNonFinite(base) }
      return
    }
    for row in base..<base + count { set(row, body(values[row]), states[row]) }
  }

  @inline(__always)
  mutating func combine(_ body: (Double, Double) -> Double) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    guard isKnown[height - 1], isKnown[height] else {
      for row in 0..<count {
        set(left + row, body(values[left + row], values[right + row]), max(states[left + row], states[right + row]))
      }
      isKnown[height - 1] = false
      return
    }
    // The exponent of a number that is not finite is all ones; one more carries into the sign.
    var carry: UInt64 = 0
    let count = count
    unsafe values.withUnsafeMutableBufferPointer { values in
      precondition(left >= 0 && right + count <= values.count, "a block lies outside the stack")
      // SAFETY: checked above.
      for row in 0..<count {
        let value = unsafe body(values[left + row], values[right + row])
        unsafe values[left + row] = value
        carry |= (value.bitPattern & 0x7FF0_0000_0000_0000) &+ 0x0010_0000_0000_0000
      }
    }
    if carry >> 63 != 0 { removeNonFinite(left) }
  }

  /// Makes results that are no numbers missing, in a block that was known.
  private mutating func removeNonFinite(_ base: Int) {
    for row in base..<base + count where !values[row].isFinite {
      values[row] = 0
      states[row] = .missing
      isKnown[base / Self.width] = false
    }
  }

  @inline(__always)
  private mutating func set(_ row: Int, _ value: Double, _ state: CellState) {
    if state.hasValue && value.isFinite {
      values[row] = value
      states[row] = state
    } else {
      values[row] = 0
      states[row] = state.hasValue ? .missing : state
    }
  }

  // MARK: - Comparison and logic

  /// A comparison is known wherever both sides are numbers, and unknown (withheld or missing) elsewhere.
  @inline(__always)
  mutating func test(_ body: (Double, Double) -> Bool) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<count {
      let state = max(states[left + row], states[right + row])
      values[left + row] = state.hasValue && body(values[left + row], values[right + row]) ? 1 : 0
      states[left + row] = state.hasValue ? .known : state
    }
    isKnown[height - 1] = areKnown(left)
  }

  /// `and` (dominant 0) and `or` (dominant 1) of three-valued logic: one side may decide, whatever the other is.
  mutating func logic(dominant: Double) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<count {
      let (one, other) = (left + row, right + row)
      let oneDecides = states[one].hasValue && values[one] == dominant
      let otherDecides = states[other].hasValue && values[other] == dominant
      switch (oneDecides, otherDecides) {
      case (true, true): states[one] = min(states[one], states[other])
      case (true, false): break
      case (false, true):
        values[one] = dominant
        states[one] = states[other]
      case (false, false):
        states[one] = max(states[one], states[other])
        values[one] = states[one].hasValue ? 1 - dominant : 0
      }
    }
    isKnown[height - 1] = areKnown(left)
  }

  mutating func testState(_ state: CellState) {
    let base = (height - 1) * Self.width
    for row in base..<base + count {
      values[row] = states[row] == state ? 1 : 0
      states[row] = .known
    }
    isKnown[height - 1] = true
  }

  mutating func select() {
    height -= 2
    let (test, then, otherwise) = ((height - 1) * Self.width, height * Self.width, (height + 1) * Self.width)
    for row in 0..<count {
      if states[test + row].hasValue {
        let chosen = values[test + row] == 1 ? then + row : otherwise + row
        let state = max(states[test + row], states[chosen])
        values[test + row] = state.hasValue ? values[chosen] : 0
        states[test + row] = state
      } else {
        values[test + row] = 0
      }
    }
    isKnown[height - 1] = areKnown(test)
  }

  /// - Returns: How many cells got a number.
  mutating func coalesce() -> Int {
    var filled = 0
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    if isKnown[height - 1] { return 0 }
    for row in 0..<count where !states[left + row].hasValue {
      values[left + row] = values[right + row]
      if states[right + row].hasValue { filled += 1 }
      // What was filled in is not what the agency published.
      states[left + row] = max(.estimated, states[right + row])
    }
    return filled
  }
}
