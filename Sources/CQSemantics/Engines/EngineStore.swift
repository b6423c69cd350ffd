internal import CQCatalog
package import CQRemote
internal import Synchronization

/// Engines that texts of one session have named, and what is known of their tables.
package final class EngineStore: Sendable {
  /// All that the codes of a table depend on.
  struct Key: Hashable, Sendable {
    var place: String
    var mapping: DatasetMapping
    var withheld: String?
  }

  private let links = Mutex<[(key: String, link: EngineLink)]>([])
  private let known = Mutex<[Key: Elaborator.UserFacts]>([:])

  package init() {}

  /// One connection serves all texts that name the same address.
  func link(to address: EngineAddress) -> EngineLink {
    let options = address.options.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let key = "\(address.description) \(options) \(address.driver ?? "")"
    return links.withLock { links in
      if let same = links.first(where: { $0.key == key }) { return same.link }
      let link = EngineLink(address)
      links.append((key, link))
      return link
    }
  }

  /// In the order in which they were first named.
  package var all: [EngineLink] { links.withLock { $0.map(\.link) } }

  subscript(key: Key) -> Elaborator.UserFacts? {
    get { known.withLock { $0[key] } }
    set { known.withLock { $0[key] = newValue } }
  }
}
