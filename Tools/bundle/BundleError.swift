/// What is wrong with the input; the tool stops at the first one.
package struct BundleError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// Stops the tool with `message` unless the condition holds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(BundleError) {
  guard condition else { throw BundleError(message()) }
}
