/// Values by folded name. A value itself: every statement keeps the names that it sees, so adding a name must not copy
/// the others.
///
/// Names are spread over 16 × 16 short lists; adding one copies three of these arrays and shares the rest.
///
/// - Complexity: O(names / 256) for each look-up and each change.
struct NameTable<Value: Sendable>: Sendable {
  typealias Entry = (key: String, value: Value)

  private var branches = [[[Entry]]](repeating: Array(repeating: [], count: 16), count: 16)

  /// In no particular order.
  var all: [Entry] { branches.flatMap { $0.flatMap { $0 } } }

  subscript(key: String) -> Value? {
    get {
      let (branch, leaf) = Self.place(of: key)
      for entry in branches[branch][leaf] where entry.key == key { return entry.value }
      return nil
    }
    set {
      let (branch, leaf) = Self.place(of: key)
      if let index = branches[branch][leaf].firstIndex(where: { $0.key == key }) {
        branches[branch][leaf].remove(at: index)
      }
      if let newValue { branches[branch][leaf].append((key, newValue)) }
    }
  }

  /// FNV-1a, which is the same in every process, so that nothing depends on an order that changes.
  private static func place(of key: String) -> (branch: Int, leaf: Int) {
    var hash: UInt32 = 0x811C_9DC5
    let bytes = key.utf8Span.span
    for index in bytes.indices { hash = (hash ^ UInt32(bytes[index])) &* 0x0100_0193 }
    return (Int((hash >> 4) & 15), Int(hash & 15))
  }
}
