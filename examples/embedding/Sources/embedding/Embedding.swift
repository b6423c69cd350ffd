import CQBundledData
import ClusterQuery

/// Uses cq from another Swift program: prepare once, bind parameters, decode rows, keep the provenance.
@main struct Embedding {
  struct Row: Decodable, Sendable {
    let state: String
    let lq: Cell<Double>
  }

  static func main() async throws {
    let engine = try Engine(.bundled)
    let query = try engine.prepare(#"lq(cluster:$cluster, by:state) | top 3"#)

    for cluster in ["Aerospace", "Automotive"] {
      let table = try await query.run(["cluster": cluster])
      print(table.header.title.joined(separator: " · "), "· base:", table.header.base)
      for row in try table.rows(as: Row.self) { print("  ", row.state, row.lq) }
      for note in table.notes { print("   note:", note.text) }
    }

    // Interpolation binds values: no text from outside is ever read as part of the language.
    let state = "Ohio\") | drop lq"
    do {
      _ = try await engine.run("employment(by:cluster, in:\(state))")
    } catch let diagnostics as Diagnostics {
      print(diagnostics.all.map(\.message).joined(separator: "\n"))
    }

    let ohio = try await engine.run("employment(by:cluster, in:\("Ohio"), year:\(2020)) | top 3")
    print(ohio.render(.csv), terminator: "")
  }
}
