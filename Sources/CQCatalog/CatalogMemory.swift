internal import Synchronization

/// What others have found out from a catalogue and its datasets, kept for the next query: the groups of an axis, the group of
/// each code of a table.
///
/// A value is kept while the objects that it was made from live, and while it is one of the `limit` values used last.
package final class CatalogMemory: Sendable {
  private struct Owner: @unchecked Sendable {
    // SAFETY: nothing is asked of the object but whether it lives.
    weak var object: AnyObject?
  }

  private struct AnyKey: Hashable, @unchecked Sendable {
    // SAFETY: made of a key that is sendable, and never changed.
    let key: AnyHashable
  }

  private struct Entry {
    let value: any Sendable
    let owners: [Owner]
    var lastUse: Int

    // An identifier in a key may be used again once its object is gone.
    var isAlive: Bool { owners.allSatisfy { $0.object != nil } }
  }

  private struct Contents {
    var entries: [AnyKey: Entry] = [:]
    var clock = 0
  }

  private let contents = Mutex(Contents())
  private let limit: Int

  package init(limit: Int = 64) { self.limit = limit }

  package var count: Int { contents.withLock { $0.entries.count } }

  /// The value for `key`, made by `make` unless it is known.
  ///
  /// - Parameters:
  ///   - key: All that the value depends on, beside the catalogue itself. Keys of different types are different.
  ///   - owners: Objects whose identifiers the key holds.
  package func value<Key: Hashable & Sendable, Value: Sendable, Failure: Error>(
    for key: Key, of owners: [AnyObject] = [], _ make: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let key = AnyKey(key: key)
    let known = contents.withLock { contents -> (any Sendable)? in
      guard let entry = contents.entries[key], entry.isAlive else { return nil }
      contents.clock += 1
      contents.entries[key]?.lastUse = contents.clock
      return entry.value
    }
    if let value = known as? Value { return value }
    // Without the lock: what is made may need other values.
    let made = try make()
    let kept = owners.map { Owner(object: $0) }
    contents.withLock { contents in
      contents.clock += 1
      contents.entries[key] = Entry(value: made, owners: kept, lastUse: contents.clock)
      guard contents.entries.count > limit else { return }
      for (key, entry) in contents.entries where !entry.isAlive { contents.entries[key] = nil }
      while contents.entries.count > limit,
        let oldest = contents.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        contents.entries[oldest.key] = nil
      }
    }
    return made
  }
}
