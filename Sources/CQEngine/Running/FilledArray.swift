import CQColumns

extension Array where Element: BitwiseCopyable {
  /// `count` elements, every one of which `body` writes: none is set to anything before.
  ///
  init(writing count: Int, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Void) rethrows {
    self = try unsafe Array(unsafeUninitializedCapacity: count) { buffer, initialisedCount in
      let elements = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      unsafe LargePages.ask(for: UnsafeMutableRawBufferPointer(elements))
      try unsafe body(elements)
      initialisedCount = count
    }
  }

  /// `count` times `element`.
  init(each element: Element, count: Int) {
    self = unsafe Array(writing: count) { unsafe $0.initialize(repeating: element) }
  }
}

/// Elements of an array while several workers write to it, each to elements of its own.
@safe struct SharedElements<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // SAFETY: whoever makes this keeps the memory until all workers have ended.
  let start: UnsafeMutablePointer<Element>?
  let count: Int

  init(_ elements: UnsafeMutableBufferPointer<Element>) {
    unsafe start = elements.baseAddress
    count = elements.count
  }

  /// The elements in `range`.
  ///
  /// - Precondition: `range` lies within the array.
  @inline(__always)
  func part(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements lie outside the array")
    return unsafe UnsafeMutableBufferPointer(start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
  }

  /// - Precondition: `index` lies within the array.
  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "an element lies outside the array")
      return unsafe start.unsafelyUnwrapped[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "an element lies outside the array")
      unsafe start.unsafelyUnwrapped[index] = newValue
    }
  }
}
