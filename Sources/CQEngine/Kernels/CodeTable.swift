/// Numbers different keys in the order in which they come: open addressing, no more than half full.
///
/// - Complexity: O(1) per key; 8 bytes per different key, and 8 to 32 for its slot.
struct CodeTable {
  private(set) var keys: [UInt64] = []
  /// Code of the key plus 1, or 0.
  private var slots: [UInt32]
  private var mask: Int

  var count: Int { keys.count }

  /// - Parameter keyCount: Different keys that are to be expected; more may come.
  init(expecting keyCount: Int = 0) {
    var size = 1 << 10
    while size < 2 * keyCount { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    mask = size - 1
  }

  /// The code of `key`, and whether it is new.
  @inline(__always)
  mutating func code(of key: UInt64) -> (code: UInt32, isNew: Bool) {
    var slot = Int(truncatingIfNeeded: Self.mixed(key)) & mask
    while slots[slot] != 0 {
      let code = slots[slot] - 1
      if keys[Int(code)] == key { return (code, false) }
      slot = (slot + 1) & mask
    }
    keys.append(key)
    slots[slot] = UInt32(keys.count)
    if keys.count * 2 > mask { grow() }
    return (UInt32(keys.count - 1), true)
  }

  /// The bits of a key in disorder (the finaliser of MurmurHash3): keys that follow each other go far apart.
  @inline(__always)
  static func mixed(_ key: UInt64) -> UInt64 {
    var mixed = key
    mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return mixed ^ (mixed >> 33)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    mask = slots.count - 1
    for (code, key) in keys.enumerated() {
      var slot = Int(truncatingIfNeeded: Self.mixed(key)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(code + 1)
    }
  }
}
