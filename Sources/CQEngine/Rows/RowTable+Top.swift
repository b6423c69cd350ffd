import CQColumns

extension RowTable {
  /// The `count` first rows by `key`, with all rows that tie with the last of them; rows without a number come last.
  ///
  /// - Complexity: O(rows × log count): only `count` rows are ever in order.
  func top(_ count: Int, _ key: Vector, largest: Bool) throws {
    let sign = largest ? -1.0 : 1.0
    let threshold = try lastOf(count, key, sign)
    var order: [Int] = []
    for position in 0..<selection.count {
      if position % RunControl.morselRowCount == 0 { try control.check() }
      // Without a threshold there are too few numbers, and every row is wanted.
      guard let threshold else {
        order.append(position)
        continue
      }
      if key.states[position].hasValue, sign * key.values[position] <= threshold { order.append(position) }
    }
    var comparisons = 0
    try order.sort { lhs, rhs in
      comparisons &+= 1
      if comparisons % RunControl.morselRowCount == 0 { try control.check() }
      let (left, right) = (key.states[lhs].hasValue, key.states[rhs].hasValue)
      if left != right { return left }
      if left, key.values[lhs] != key.values[rhs] { return sign * key.values[lhs] < sign * key.values[rhs] }
      return lhs < rhs
    }
    var end = min(count, order.count)
    while end > 0, end < order.count, key.states[order[end]].hasValue,
      key.values[order[end]] == key.values[order[end - 1]]
    {
      end += 1
    }
    if end > count {
      notes.append(TableNote(code: "N0505", text: "\(end) rows: ties with row \(count) are kept"))
    }
    selection = selection.at(Array(order[..<end]))
  }

  /// The number of the last of the `count` first rows, times `sign`; nil when there are no more numbers than that.
  private func lastOf(_ count: Int, _ key: Vector, _ sign: Double) throws -> Double? {
    guard count > 0 else { return nil }
    // The worst of the best so far is at the front.
    var heap: [Double] = []
    heap.reserveCapacity(min(count, key.count))
    var numbers = 0
    for position in key.values.indices where key.states[position].hasValue {
      if position % RunControl.morselRowCount == 0 { try control.check() }
      numbers += 1
      let value = sign * key.values[position]
      if heap.count < count {
        heap.append(value)
        siftUp(&heap)
      } else if value < heap[0] {
        heap[0] = value
        siftDown(&heap)
      }
    }
    return numbers > count ? heap[0] : nil
  }

  private func siftUp(_ heap: inout [Double]) {
    var child = heap.count - 1
    while child > 0, heap[child] > heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private func siftDown(_ heap: inout [Double]) {
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] > heap[largest] {
        largest = child
      }
      if largest == parent { return }
      heap.swapAt(largest, parent)
      parent = largest
    }
  }
}
