import Testing
import bundle

/// The tool stops at input that breaks what the engine relies on.
struct InputErrorTests {
  private let patterns = "cbp_state_naics_2003_2011"

  private func message(changing file: String, _ change: (String) -> String) throws -> String {
    let error = #expect(throws: BundleError.self) { try FixtureFolder.build(changing: file, change) }
    return error?.description ?? ""
  }

  @Test func everyRowNeedsItsParent() throws {
    let message = try message(changing: patterns) {
      $0.split(separator: "\n").filter { !$0.hasPrefix("2007,53,2002,3364,") }.joined(separator: "\n")
    }
    #expect(message == "no row for 3364, the parent of 2007, region 53, activity 336411")
  }

  @Test func keysAreUnique() throws {
    let message = try message(changing: patterns) { $0 + "2007,53,2002,42,2,7,400,20000,,,400,20000,published\n" }
    #expect(message == "two rows for 2007, region 53, activity 42")
  }

  @Test func numbersAreNotNegative() throws {
    let message = try message(changing: patterns) { $0.replacing(",7,400,20000,,,400,", with: ",-7,400,20000,,,400,") }
    #expect(message == "\(patterns), line 47: establishments must not be negative (-7)")
  }

  @Test func publishedNumbersAreTheirOwnEstimate() throws {
    let message = try message(changing: patterns) {
      $0.replacing(",300,15000,,,300,15000,", with: ",300,15000,,,301,15000,")
    }
    #expect(message.hasSuffix("differs from the published number"))
  }

  @Test func flagsAreKnown() throws {
    let message = try message(changing: patterns) { $0.replacing(",B,D,", with: ",Z,D,") }
    #expect(message == "size_class: the flag 'Z/D' is not known")
  }

  @Test func namesOfClustersAreUnambiguous() throws {
    let message = try message(changing: "clusters") { $0.replacing("Local Real Estate,1", with: "AÉROSPACE,1") }
    #expect(message == "cluster 1 and 115 are both called 'AÉROSPACE'")
  }

  @Test func industriesAreInOneCluster() throws {
    let message = try message(changing: "cluster_naics") { $0.replacing("2007,336412,", with: "2007,336411,") }
    #expect(message == "NAICS 2007 code 336411 is in two clusters")
  }

  @Test func columnsAreFoundByName() throws {
    let message = try message(changing: "states") { $0.replacing("state_name,", with: "title,") }
    #expect(message == "states has no column state_name")
  }

  @Test func missingFilesAreNamed() {
    let error = #expect(throws: BundleError.self) { try BundleBuilder.build(from: InputFolder(path: "/nowhere")) }
    #expect(error?.description.hasPrefix("there is neither /nowhere/") == true)
  }
}
