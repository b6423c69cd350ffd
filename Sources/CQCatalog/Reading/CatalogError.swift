internal import CQColumns
internal import Synchronization

/// A bundled or user file that can't serve as part of the catalogue.
package enum CatalogError: Error, Sendable {
  case damaged(dataset: String, String)
  case missingFile(String)

  package var message: String {
    switch self {
    case .damaged(let dataset, let reason): "the data file of `\(dataset)` can't be used: \(reason)"
    case .missingFile(let name): "the data has no file `\(name)`"
    }
  }
}

/// Remembers the first damage met by what is read at its first use, where nothing can be thrown.
final class DamageLog: Sendable {
  private let first = Mutex<CatalogError?>(nil)

  var error: CatalogError? { first.withLock { $0 } }

  func note(_ error: CatalogError) { first.withLock { $0 = $0 ?? error } }

  /// What `read` gives, or `fallback` after a note of why it can't.
  func attempt<Value>(_ fallback: @autoclosure () -> Value, _ read: () throws(CatalogError) -> Value) -> Value {
    do throws(CatalogError) {
      return try read()
    } catch {
      note(error)
      return fallback()
    }
  }
}

/// A value that is made at its first use.
final class Lazy<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>

  /// - Parameter value: What is known already.
  init(_ value: sending Value? = nil) { self.value = Mutex(value) }

  /// The value, made by `make` at the first call. `make` must not ask for the same value.
  func get<Failure: Error>(_ make: () throws(Failure) -> Value) throws(Failure) -> Value {
    try value.withLock { (known: inout Value?) throws(Failure) -> Value in
      if let known { return known }
      let made = try make()
      known = made
      return made
    }
  }
}
