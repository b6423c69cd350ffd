import CQColumns

/// Memory of one thread that is used again for every block of a file.
///
/// Not checked: whoever indexes it has made room before.
@safe struct Scratch<Element: BitwiseCopyable>: BitwiseCopyable {
  // SAFETY: allocated by init and `reserve`, freed by `free`, and nobody else has the pointer.
  private var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    unsafe base = Self.allocated(self.capacity)
  }

  private static func allocated(_ count: Int) -> UnsafeMutablePointer<Element> {
    let base = UnsafeMutablePointer<Element>.allocate(capacity: count)
    unsafe LargePages.ask(for: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: base, count: count)))
    return unsafe base
  }

  @inline(__always) subscript(index: Int) -> Element {
    unsafeAddress { unsafe UnsafePointer(base + index) }
    nonmutating unsafeMutableAddress { unsafe base + index }
  }

  /// Makes room for `count` elements, of which the first `kept` stay as they are.
  mutating func reserve(_ count: Int, keeping kept: Int) {
    guard count > capacity else { return }
    let next = max(count, capacity * 2)
    let larger = unsafe Self.allocated(next)
    unsafe larger.update(from: base, count: min(kept, capacity))
    unsafe base.deallocate()
    unsafe base = larger
    capacity = next
  }

  func fill(_ value: Element, count: Int) { unsafe base.update(repeating: value, count: min(count, capacity)) }

  func array(count: Int) -> [Element] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  func free() { unsafe base.deallocate() }
}

extension Scratch<UInt8> {
  /// The eight bytes from `index` on, the first in the lowest bits.
  @inline(__always) func word(at index: Int) -> UInt64 {
    unsafe UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
  }

  func copy(from source: Scratch<UInt8>, at start: Int, count: Int, to target: Int) {
    unsafe (base + target).update(from: source.base + start, count: count)
  }

  func raw(from start: Int, count: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base + start, count: count)
  }
}

extension Array where Element: BitwiseCopyable {
  /// `count` elements, each made from its number.
  @inline(__always) init(count: Int, each element: (Int) -> Element) {
    unsafe self.init(unsafeUninitializedCapacity: count) { elements, initializedCount in
      for index in 0..<count { unsafe elements[index] = element(index) }
      initializedCount = count
    }
  }
}
