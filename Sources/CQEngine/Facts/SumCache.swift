import CQCatalog
internal import Synchronization

/// Sums that earlier queries have made: the next indicator over the same facts is answered from the small table.
///
/// Facts never change while their table is open, so an entry is right for as long as the table lives; a file that is
/// opened again is another table. The least recently used entries go when the sums take more than `byteLimit`.
package final class SumCache: Sendable {
  struct Key: Hashable {
    let table: ObjectIdentifier
    let measure: String
    let period: Int

    init(_ facts: FactTable, _ measure: String, _ period: Int) {
      table = ObjectIdentifier(facts)
      self.measure = measure
      self.period = period
    }
  }

  private struct Entry {
    // An identifier may be used again once its table is gone.
    weak var table: FactTable?
    let sums: SumsByCode
    var lastUse: Int
  }

  private struct Contents {
    var entries: [Key: Entry] = [:]
    var byteCount = 0
    var clock = 0
  }

  private let contents = Mutex(Contents())
  private let byteLimit: Int

  package init(byteLimit: Int = 256 << 20) { self.byteLimit = byteLimit }

  package var byteCount: Int { contents.withLock { $0.byteCount } }

  func sums(_ key: Key) -> SumsByCode? {
    contents.withLock { contents in
      guard let entry = contents.entries[key], entry.table != nil else { return nil }
      contents.clock += 1
      contents.entries[key]?.lastUse = contents.clock
      return entry.sums
    }
  }

  func insert(_ sums: SumsByCode, for key: Key, of table: FactTable) {
    let size = sums.byteCount
    guard size <= byteLimit / 4 else { return }
    contents.withLock { contents in
      for (known, entry) in contents.entries where entry.table == nil || known == key {
        contents.byteCount -= entry.sums.byteCount
        contents.entries[known] = nil
      }
      while contents.byteCount + size > byteLimit,
        let oldest = contents.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        contents.byteCount -= oldest.value.sums.byteCount
        contents.entries[oldest.key] = nil
      }
      contents.clock += 1
      contents.entries[key] = Entry(table: table, sums: sums, lastUse: contents.clock)
      contents.byteCount += size
    }
  }

  package func removeAll() { contents.withLock { $0 = Contents() } }
}
