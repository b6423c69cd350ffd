import CQColumns
import CQMethods
import CVectorLoops

/// The vectors of one block, last in first out.
///
/// Results that are not finite (0/0, the logarithm of a negative number, an overflow) are missing, never numbers. Blocks in
/// which everything is known, which is most of them, take loops that never look at a state, and their states are not even
/// written: those of a vector mean something only where `isKnown` is false.
@safe struct BlockStack: ~Copyable {
  // SAFETY: `depth` vectors of `width` elements; heights stay below the depth that the planner counted, which is checked
  // when a vector is pushed, and loops run over the `count` elements of the block.
  /// Elements of a block: all 1,057 industries of NAICS fit, and a few vectors of them stay in the nearest cache.
  static let width = 1_280
  private let depth: Int
  private let values: UnsafeMutablePointer<Double>
  private let states: UnsafeMutablePointer<CellState>
  /// For each vector whether all of its elements are known.
  private var isKnown: [Bool]
  /// For each vector the number that all of its elements are, as far as that is plain from the formula.
  private var constants: [Double?]
  private var height = 0
  private var count = 0

  init(depth: Int) {
    self.depth = max(1, depth)
    unsafe values = .allocate(capacity: self.depth * Self.width)
    unsafe values.initialize(repeating: 0, count: self.depth * Self.width)
    unsafe states = .allocate(capacity: self.depth * Self.width)
    unsafe states.initialize(repeating: .known, count: self.depth * Self.width)
    isKnown = [Bool](repeating: true, count: self.depth)
    constants = [Double?](repeating: nil, count: self.depth)
  }

  deinit {
    unsafe values.deallocate()
    unsafe states.deallocate()
  }

  /// - Precondition: A block has at most `width` elements.
  mutating func begin(_ count: Int) {
    precondition(count >= 0 && count <= Self.width, "too many elements for a block")
    height = 0
    self.count = count
  }

  // MARK: - Loading and storing

  /// Makes room for a vector, and gives where it begins.
  private mutating func grow() -> Int {
    precondition(height < depth, "the stack is full")
    height += 1
    constants[height - 1] = nil
    return (height - 1) * Self.width
  }

  /// Takes `operands` vectors off to put one in their place, and gives where that begins.
  private mutating func shrink(_ operands: Int) -> Int {
    precondition(height >= operands, "the stack has too few vectors")
    height -= operands - 1
    constants[height - 1] = nil
    return (height - 1) * Self.width
  }

  /// - Parameter step: From one element of the block to the next; the same for all that is pushed for a block.
  mutating func push(_ vector: Vector, from start: Int, step: Int) {
    let base = grow()
    precondition(
      start >= 0 && start + (count - 1) * step < min(vector.values.count, vector.states.count),
      "rows lie outside a vector")
    if step != 1 {
      for row in 0..<count {
        unsafe values[base + row] = vector.values[start + row * step]
        unsafe states[base + row] = vector.states[start + row * step]
      }
      unsafe isKnown[height - 1] = areKnown(states + base)
      return
    }
    unsafe vector.values.withUnsafeBufferPointer { source in
      if let source = source.baseAddress { unsafe (values + base).update(from: source + start, count: count) }
    }
    unsafe vector.states.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      let known = unsafe areKnown(source + start)
      isKnown[height - 1] = known
      if !known { unsafe (states + base).update(from: source + start, count: count) }
    }
  }

  mutating func push(_ cells: any BlockCells, from start: Int, step: Int) {
    let base = grow()
    unsafe (states + base).withMemoryRebound(to: UInt8.self, capacity: count) { states in
      unsafe cells.write(from: start, count: count, step: step, values: values + base, states: states)
    }
    unsafe isKnown[height - 1] = areKnown(states + base)
  }

  /// - Parameter sourceIsKnown: Every element of `vector` is known.
  mutating func push(_ vector: Vector, _ broadcast: Broadcast, from start: Int, step: Int, sourceIsKnown: Bool) {
    let base = grow()
    unsafe broadcast.copy(vector.values, from: start, count: count, step: step, to: values + base)
    isKnown[height - 1] = sourceIsKnown
    if sourceIsKnown { return }
    unsafe broadcast.copy(vector.states, from: start, count: count, step: step, to: states + base)
    unsafe isKnown[height - 1] = areKnown(states + base)
  }

  mutating func push(_ value: Double, _ state: CellState) {
    let base = grow()
    unsafe (values + base).update(repeating: value, count: count)
    isKnown[height - 1] = state == .known
    if state == .known { constants[height - 1] = value }
    if state != .known { unsafe (states + base).update(repeating: state, count: count) }
  }

  /// Whether the states of a block are all known; without a branch, so that it vectorises.
  private func areKnown(_ states: UnsafePointer<CellState>) -> Bool {
    var worst: UInt8 = 0
    for row in 0..<count { unsafe worst |= states[row].rawValue }
    return worst == CellState.known.rawValue
  }

  /// Writes the states of a vector that is known, for loops that look at them.
  private func spellOut(_ base: Int) {
    if isKnown[base / Self.width] { unsafe (states + base).update(repeating: .known, count: count) }
  }

  /// Copies the block's result to the first elements of `block`.
  ///
  /// - Returns: Whether all of it is known.
  func store(_ block: inout Vector) -> Bool {
    let base = (height - 1) * Self.width
    let isKnown = isKnown[height - 1]
    precondition(count <= min(block.values.count, block.states.count), "the block is too short")
    unsafe block.values.withUnsafeMutableBufferPointer { target in
      unsafe target.baseAddress?.update(from: values + base, count: count)
    }
    unsafe block.states.withUnsafeMutableBufferPointer { target in
      if isKnown {
        unsafe target.baseAddress?.update(repeating: .known, count: count)
      } else {
        unsafe target.baseAddress?.update(from: states + base, count: count)
      }
    }
    return isKnown
  }

  /// Copies the block's result to `count` elements each.
  func store(_ values: UnsafeMutablePointer<Double>, _ states: UnsafeMutablePointer<CellState>) {
    let base = (height - 1) * Self.width
    unsafe values.update(from: self.values + base, count: count)
    if isKnown[height - 1] {
      unsafe states.update(repeating: .known, count: count)
    } else {
      unsafe states.update(from: self.states + base, count: count)
    }
  }

  // MARK: - Arithmetic

  // The exponent of a number that is not finite is all ones; one more carries into the sign.
  @inline(__always)
  private static func carry(_ value: Double) -> UInt64 {
    (value.bitPattern & 0x7FF0_0000_0000_0000) &+ 0x0010_0000_0000_0000
  }

  @inline(__always)
  mutating func map(_ body: (Double) -> Double) {
    let constant = height > 0 ? constants[height - 1] : nil
    let base = shrink(1)
    constants[height - 1] = constant.map(body)
    guard isKnown[height - 1] else {
      for row in base..<base + count { unsafe set(row, body(values[row]), states[row]) }
      return
    }
    var carry: UInt64 = 0
    for row in base..<base + count {
      let value = unsafe body(values[row])
      unsafe values[row] = value
      carry |= Self.carry(value)
    }
    if carry >> 63 != 0 { removeNonFinite(base) }
  }

  /// Whether all elements of the last vector are known to be `value`.
  func hasConstant(_ value: Double) -> Bool { height > 0 && constants[height - 1] == value }

  /// Takes the last vector off where all of its elements are known to be one number, and gives that.
  mutating func takeConstant() -> Double? {
    guard height > 0, let constant = constants[height - 1] else { return nil }
    height -= 1
    return constant
  }

  /// An operation of `cq_combine` (`CQ_ADD`, …), which is what `body` does; what is divided by 0 is missing.
  @inline(__always)
  mutating func combine(_ operation: Int, _ body: (Double, Double) -> Double) {
    let left = shrink(2)
    let right = left + Self.width
    if combineStates(left, right, body) { return }
    if unsafe cq_combine(VectorLoops.width, Int32(operation), values + left, values + right, count) != 0 {
      removeNonFinite(left)
    }
  }

  /// Combines two vectors element by element with their states, unless both are known.
  ///
  /// - Returns: Whether it has.
  @inline(__always)
  private mutating func combineStates(_ left: Int, _ right: Int, _ body: (Double, Double) -> Double) -> Bool {
    if isKnown[height - 1], isKnown[height] { return false }
    spellOut(left)
    spellOut(right)
    for row in 0..<count {
      unsafe set(
        left + row, body(values[left + row], values[right + row]), max(states[left + row], states[right + row]))
    }
    isKnown[height - 1] = false
    return true
  }

  @inline(__always)
  mutating func combine(_ body: (Double, Double) -> Double) {
    let left = shrink(2)
    let right = left + Self.width
    if combineStates(left, right, body) { return }
    var carry: UInt64 = 0
    for row in 0..<count {
      let value = unsafe body(values[left + row], values[right + row])
      unsafe values[left + row] = value
      carry |= Self.carry(value)
    }
    if carry >> 63 != 0 { removeNonFinite(left) }
  }

  /// Makes results that are no numbers missing, in a block that was known.
  private mutating func removeNonFinite(_ base: Int) {
    spellOut(base)
    isKnown[base / Self.width] = false
    constants[base / Self.width] = nil
    for row in base..<base + count where unsafe !values[row].isFinite {
      unsafe values[row] = 0
      unsafe states[row] = .missing
    }
  }

  @inline(__always)
  private func set(_ row: Int, _ value: Double, _ state: CellState) {
    if state.hasValue && value.isFinite {
      unsafe values[row] = value
      unsafe states[row] = state
    } else {
      unsafe values[row] = 0
      unsafe states[row] = state.hasValue ? .missing : state
    }
  }

  // MARK: - Comparison and logic

  /// A comparison is known wherever both sides are numbers, and unknown (withheld or missing) elsewhere.
  @inline(__always)
  mutating func test(_ body: (Double, Double) -> Bool) {
    let left = shrink(2)
    let right = left + Self.width
    if isKnown[height - 1], isKnown[height] {
      for row in 0..<count {
        unsafe values[left + row] = body(values[left + row], values[right + row]) ? 1 : 0
      }
      return
    }
    spellOut(left)
    spellOut(right)
    for row in 0..<count {
      let state = unsafe max(states[left + row], states[right + row])
      unsafe values[left + row] = state.hasValue && body(values[left + row], values[right + row]) ? 1 : 0
      unsafe states[left + row] = state.hasValue ? .known : state
    }
    unsafe isKnown[height - 1] = areKnown(states + left)
  }

  /// `and` (dominant 0) and `or` (dominant 1) of three-valued logic: one side may decide, whatever the other is.
  mutating func logic(dominant: Double) {
    let left = shrink(2)
    let right = left + Self.width
    spellOut(left)
    spellOut(right)
    for row in 0..<count {
      let (one, other) = (left + row, right + row)
      let oneDecides = unsafe states[one].hasValue && values[one] == dominant
      let otherDecides = unsafe states[other].hasValue && values[other] == dominant
      switch (oneDecides, otherDecides) {
      case (true, true): unsafe states[one] = min(states[one], states[other])
      case (true, false): break
      case (false, true):
        unsafe values[one] = dominant
        unsafe states[one] = states[other]
      case (false, false):
        unsafe states[one] = max(states[one], states[other])
        unsafe values[one] = states[one].hasValue ? 1 - dominant : 0
      }
    }
    unsafe isKnown[height - 1] = areKnown(states + left)
  }

  mutating func testState(_ state: CellState) {
    let base = shrink(1)
    if isKnown[height - 1] {
      let answer: Double = state == .known ? 1 : 0
      unsafe (values + base).update(repeating: answer, count: count)
      constants[height - 1] = answer
      return
    }
    for row in base..<base + count { unsafe values[row] = states[row] == state ? 1 : 0 }
    isKnown[height - 1] = true
  }

  mutating func select() {
    let test = shrink(3)
    let (then, otherwise) = (test + Self.width, test + 2 * Self.width)
    let (tests, thens, others) = unsafe (values + test, values + then, values + otherwise)
    // Both sides are loaded whatever the test says, so that there is no branch.
    if isKnown[height - 1], isKnown[height], isKnown[height + 1] {
      for row in 0..<count {
        let (one, other) = unsafe (thens[row], others[row])
        unsafe tests[row] = tests[row] == 1 ? one : other
      }
      return
    }
    for operand in [test, then, otherwise] { spellOut(operand) }
    let (testStates, thenStates, otherStates) = unsafe (states + test, states + then, states + otherwise)
    for row in 0..<count {
      let (one, other) = unsafe (thens[row], others[row])
      let (oneState, otherState) = unsafe (thenStates[row], otherStates[row])
      let isOne = unsafe tests[row] == 1
      let known = unsafe testStates[row]
      let state = known.hasValue ? max(known, isOne ? oneState : otherState) : known
      unsafe tests[row] = state.hasValue ? (isOne ? one : other) : 0
      unsafe testStates[row] = state
    }
    unsafe isKnown[height - 1] = areKnown(states + test)
  }

  /// - Returns: How many cells got a number.
  mutating func coalesce() -> Int {
    let left = shrink(2)
    let right = left + Self.width
    if isKnown[height - 1] { return 0 }
    spellOut(right)
    var filled = 0
    for row in 0..<count where unsafe !states[left + row].hasValue {
      unsafe values[left + row] = values[right + row]
      if unsafe states[right + row].hasValue { filled += 1 }
      // What was filled in is not what the agency published.
      unsafe states[left + row] = max(.estimated, states[right + row])
    }
    return filled
  }
}
