import CQCatalog
import CQColumns

/// Asks an engine for the sums of one dataset: everything that a query needs at once, then from what came back.
final class RemoteScan {
  private let facts: any RemoteFacts
  private let control: RunControl
  private var asks: [FactAsk] = []
  private var answers: [FactAsk: FactSums] = [:]
  private var isCollecting = false

  init(_ facts: any RemoteFacts, control: RunControl) {
    self.facts = facts
    self.control = control
  }

  /// Runs `work` with sums of zero, and notes which it asks for.
  func collect(_ work: () throws -> Void) throws {
    isCollecting = true
    defer { isCollecting = false }
    try work()
  }

  /// The statements that answer what was noted.
  var statements: [String] { facts.statements(for: asks) }

  /// Fetches the answers to all that was noted.
  func fetch() throws {
    if asks.isEmpty { return }
    let before = facts.traffic
    defer {
      let after = facts.traffic
      control.ledger.addStatements(after.statements - before.statements, bytes: after.bytes - before.bytes)
    }
    do {
      answers.merge(try facts.answers(to: asks, control.statement)) { $1 }
    } catch {
      // The limit that stopped the engine is what the user knows.
      try control.check()
      throw error
    }
    asks = []
  }

  /// The rows of a measure and a period added up per cell.
  ///
  /// - Parameter width: Number of activity groups: offsets of regions are multiples of it.
  func sums(
    measure: Int, period: Int, _ lookup: GroupLookup, width: Int, cellCount: Int
  ) throws -> GroupSums<Double> {
    var sums = GroupSums<Double>(groupCount: cellCount)
    guard cellCount > 0, width > 0 else { return sums }
    let ask = FactAsk(
      measure: measure, period: period,
      regionGroups: lookup.regionOffsets.map { $0 < 0 ? -1 : $0 / Int32(width) },
      regionGroupCount: cellCount / width, activityGroups: lookup.activityGroups,
      activityGroupCount: width)
    if isCollecting {
      asks.append(ask)
      return sums
    }
    if answers[ask] == nil {
      asks = [ask]
      try fetch()
    }
    guard let answer = answers[ask] else { return sums }
    for cell in 0..<cellCount {
      sums.sums[cell] = answer.sums[cell]
      sums.rowCounts[cell] = answer.rowCounts[cell]
      sums.withheldCounts[cell] = answer.withheldCounts[cell]
      sums.missingCounts[cell] = answer.missingCounts[cell]
    }
    return sums
  }
}

/// A question that facts in an engine can't answer, with the reason.
package struct RemoteRefusal: Error {
  package let message: String
  package let help: String
}
