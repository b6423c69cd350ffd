/// The different texts of a column, each with a number in the order in which they came.
///
/// A value without copies of its own: whoever makes it frees it.
///
/// - Complexity: O(length) for each text that is added or found.
struct TextDictionary: BitwiseCopyable {
  /// A text by where it lies among the bytes.
  struct Entry: BitwiseCopyable {
    var start: Int
    var length: Int
    var hash: UInt64
  }

  private(set) var count = 0
  private var entries: Scratch<Entry>
  private var bytes: Scratch<UInt8>
  private var byteCount = 0
  /// Number of the text plus 1, or 0.
  private var slots: Scratch<UInt32>
  private var mask: Int

  init(slotCount: Int = 1 << 10) {
    mask = slotCount - 1
    slots = Scratch(capacity: slotCount)
    slots.fill(0, count: slotCount)
    entries = Scratch(capacity: 256)
    bytes = Scratch(capacity: 4096)
  }

  func free() {
    entries.free()
    bytes.free()
    slots.free()
  }

  mutating func removeAll() {
    count = 0
    byteCount = 0
    slots.fill(0, count: mask + 1)
  }

  func entry(_ number: Int) -> Entry { entries[number] }

  /// The bytes of all texts, one behind the other.
  var allBytes: [UInt8] { bytes.array(count: byteCount) }
  var allEntries: [Entry] { entries.array(count: count) }

  func utf8(_ number: Int) -> [UInt8] {
    let entry = entries[number]
    return (entry.start..<entry.start + entry.length).map { bytes[$0] }
  }

  @inline(__always) static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 29)
  }

  /// The hash that ``number(of:at:length:hash:)`` wants.
  ///
  /// - Precondition: eight bytes may be read behind the text.
  static func hash(of source: Scratch<UInt8>, at start: Int, length: Int) -> UInt64 {
    var hash: UInt64 = 0
    var position = start
    let end = start + length
    while position + 8 <= end {
      hash = mixed(hash, source.word(at: position))
      position += 8
    }
    if position < end {
      let bits = UInt64(8 * (end - position))
      hash = mixed(hash, source.word(at: position) & (1 << bits &- 1))
    }
    return hash
  }

  /// The number of a text, a new one if need be.
  ///
  /// - Precondition: eight bytes may be read behind the text.
  @inline(__always)
  mutating func number(of source: Scratch<UInt8>, at start: Int, length: Int, hash: UInt64) -> UInt32 {
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
    while true {
      let number = slots[slot]
      if number == 0 { break }
      let entry = entries[Int(number) - 1]
      if entry.hash == hash, entry.length == length, isEqual(source, start, entry) { return number - 1 }
      slot = (slot + 1) & mask
    }
    return add(source, start, length, hash, slot: slot)
  }

  @inline(__always) private func isEqual(_ source: Scratch<UInt8>, _ start: Int, _ entry: Entry) -> Bool {
    var (mine, theirs, left) = (entry.start, start, entry.length)
    while left >= 8 {
      if bytes.word(at: mine) != source.word(at: theirs) { return false }
      (mine, theirs, left) = (mine + 8, theirs + 8, left - 8)
    }
    if left == 0 { return true }
    let difference = bytes.word(at: mine) ^ source.word(at: theirs)
    return difference << UInt64(8 * (8 - left)) == 0
  }

  private mutating func add(_ source: Scratch<UInt8>, _ start: Int, _ length: Int, _ hash: UInt64, slot: Int) -> UInt32
  {
    entries.reserve(count + 1, keeping: count)
    bytes.reserve(byteCount + length + 8, keeping: byteCount)
    bytes.copy(from: source, at: start, count: length, to: byteCount)
    entries[count] = Entry(start: byteCount, length: length, hash: hash)
    byteCount += length
    count += 1
    slots[slot] = UInt32(count)
    if count * 2 > mask { grow() }
    return UInt32(count - 1)
  }

  private mutating func grow() {
    let slotCount = (mask + 1) * 4
    slots.reserve(slotCount, keeping: 0)
    mask = slotCount - 1
    slots.fill(0, count: slotCount)
    for number in 0..<count {
      let hash = entries[number].hash
      var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }
}
