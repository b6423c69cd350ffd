package import CQColumns

/// Facts of a dataset that stay in another engine, which adds them up where they are.
///
/// Asks name measures by their position among the dataset's, periods by their codes, and group the codes of the dataset's
/// fact table.
package protocol RemoteFacts: Sendable {
  /// `PostgreSQL 15.18, table jobs of postgresql://host/db`.
  var title: String { get }
  /// `PostgreSQL 15.18`.
  var engine: String { get }
  var rowCount: Int { get }

  /// Statements that its connection has run so far, and bytes of the values that came back.
  var traffic: (statements: Int, bytes: Int) { get }

  /// The rows behind each cell of every ask.
  ///
  /// - Throws: Why the engine did not answer.
  func answers(to asks: [FactAsk], _ control: StatementControl) throws -> [FactAsk: FactSums]

  /// The statements that would answer `asks`, to be run by hand.
  func statements(for asks: [FactAsk]) -> [String]
}
