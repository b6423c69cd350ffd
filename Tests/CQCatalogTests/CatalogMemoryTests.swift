import Testing

@testable import CQCatalog

struct CatalogMemoryTests {
  private final class Owner {}

  private struct Refusal: Error {}

  @Test func valuesAreMadeOnce() throws {
    let memory = CatalogMemory()
    var count = 0
    for _ in 0..<3 {
      let value = memory.value(for: "a") {
        count += 1
        return count
      }
      #expect(value == 1)
    }
    // Keys of another type, and values of another type.
    #expect(memory.value(for: 1) { 5 } == 5)
    #expect(memory.value(for: "a") { "text" } == "text")
    #expect(throws: Refusal.self) { try memory.value(for: "b") { () throws(Refusal) -> Int in throw Refusal() } }
    #expect(memory.value(for: "b") { 7 } == 7)
  }

  @Test func valuesGoWithTheirOwners() {
    let memory = CatalogMemory()
    var owner: Owner? = Owner()
    let kept = Owner()
    let owners = [owner, kept].compactMap { $0 }
    func ask(_ value: Int) -> Int { memory.value(for: 1, of: owners) { value } }
    #expect(ask(1) == 1)
    #expect(ask(2) == 1)
    let other = CatalogMemory()
    func lent(_ value: Int) -> Int {
      let gone = Owner()
      return other.value(for: 1, of: [gone, kept]) { value }
    }
    #expect(lent(1) == 1)
    #expect(lent(2) == 2)
    owner = nil
    #expect(ask(3) == 1)
  }

  @Test func theValueThatWasNotUsedGoesFirst() {
    let memory = CatalogMemory(limit: 3)
    for key in 0..<3 { _ = memory.value(for: key) { key } }
    _ = memory.value(for: 0) { 9 }
    _ = memory.value(for: 3) { 3 }
    #expect(memory.count == 3)
    #expect(memory.value(for: 0) { 9 } == 0)
    #expect(memory.value(for: 1) { 9 } == 9)
  }
}
