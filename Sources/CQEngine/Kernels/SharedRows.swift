/// An array while several workers fill different rows of it.
@safe struct SharedRows<Element>: @unchecked Sendable {
  // SAFETY: workers write to different rows, within the lifetime of the array that they were handed.
  private let elements: UnsafeMutableBufferPointer<Element>

  init(_ elements: UnsafeMutableBufferPointer<Element>) { unsafe self.elements = elements }

  func store(_ values: [Element], at start: Int) {
    let capacity = unsafe elements.count
    precondition(start >= 0 && start + values.count <= capacity, "rows lie outside the array")
    _ = unsafe UnsafeMutableBufferPointer(rebasing: elements[start..<capacity]).update(fromContentsOf: values)
  }
}
