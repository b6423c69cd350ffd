import CQBundledData
import CQRender
import ClusterQuery
import Testing

@testable import CQShell

/// The shell with the language and the bundled data in it.
@MainActor @Suite struct SessionInterpreterTests {
  private static let engine = Result { try Engine(.bundled) }

  private func makeInterpreter(_ change: (inout Options) -> Void = { _ in }) throws -> SessionInterpreter {
    var options = Options()
    change(&options)
    return SessionInterpreter(try Self.engine.get(), options)
  }

  private func rowCounts(_ text: String, _ parameters: [String: String] = [:]) throws -> [Int] {
    var counts: [Int] = []
    try makeInterpreter().execute(Program(name: "t.cq", text: text, parameters: parameters)) {
      counts.append($0.rowCount)
    }
    return counts
  }

  @Test func namesAndTheLastResultStay() throws {
    let interpreter = try makeInterpreter()
    var counts: [Int] = []
    for text in ["let best = lq(cluster:\"Aerospace\", by:state) | top 5", "best", "_ | first 2"] {
      try interpreter.execute(Program(name: "<cq>", text: text)) { counts.append($0.rowCount) }
    }
    #expect(counts == [5, 2])
  }

  @Test func bindsParameters() throws {
    #expect(try rowCounts("employment(by:state, state:$place)", ["place": "Ohio"]) == [1])
    #expect(try makeInterpreter().parameterNames(in: "let a = $place ?? \"Ohio\"\nlq(in:$area)") == ["place", "area"])
  }

  @Test func knowsWhatIsIncomplete() throws {
    let interpreter = try makeInterpreter()
    #expect(interpreter.isIncomplete("lq("))
    #expect(interpreter.isIncomplete("lq(by:state) |"))
    #expect(!interpreter.isIncomplete("lq(by:state)"))
    #expect(!interpreter.isIncomplete("lq)"))
  }

  @Test(arguments: [
    ("lq(cluster:\"Aerospce\", by:state)", ExitCode.program), ("lq(by:state", .program), ("lq(by:$level)", .program),
  ])
  func mistakesAreDiagnostics(_ text: String, _ code: ExitCode) throws {
    let failure = #expect(throws: ExecutionFailure.self) { try rowCounts(text) }
    #expect(failure?.exitCode == code)
    guard case .diagnostics(let diagnostics) = failure else {
      Issue.record("no diagnostics")
      return
    }
    #expect(diagnostics.hasErrors)
    #expect(diagnostics.source.name == "t.cq")
  }

  @Test func limitsHaveTheirCode() throws {
    let interpreter = try makeInterpreter { $0.cellLimit = 10 }
    let failure = #expect(throws: ExecutionFailure.self) {
      try interpreter.execute(Program(name: "<cq>", text: "lq(by:state, cluster:\"Aerospace\")")) { _ in }
    }
    guard case .limit(let code, let message, _) = failure else {
      Issue.record("no limit: \(String(describing: failure))")
      return
    }
    #expect(code == "E0601")
    #expect(!message.hasPrefix("E0601"))
  }

  @Test func checksWithoutRunning() throws {
    let interpreter = try makeInterpreter { $0.cellLimit = 1 }
    try interpreter.check(Program(name: "a.cq", text: "lq(by:state)"), isStrict: false)
    #expect(throws: ExecutionFailure.self) {
      try interpreter.check(Program(name: "a.cq", text: "lq(by:stat)"), isStrict: false)
    }
  }

  @Test func anUnknownCountryIsAWrongOption() throws {
    var options = Options()
    options.country = "Atlantis"
    let failure = #expect(throws: ExecutionFailure.self) { try SessionInterpreter.openEngine(.bundled, options) }
    #expect(failure?.exitCode == .usage)
  }

  @Test func explains() throws {
    let interpreter = try makeInterpreter()
    #expect(try #require(interpreter.help(about: "lq")).text.lowercased().contains("location quotient"))
    #expect(interpreter.help(about: "no such thing") == nil)
  }

  @Test func bundledResultsRenderInEveryFormat() throws {
    try makeInterpreter().execute(
      Program(name: "<cq>", text: "table(employment, lq, avg_wage, by:cluster, in:\"Ohio\")")
    ) { table in
      let csv = render(table, as: .csv)
      #expect(csv.split(separator: "\n").count == table.rowCount + 1)
      #expect(render(table, as: .jsonl).split(separator: "\n").count == table.rowCount)
      for width in [40, 60, 80, 120] {
        for line in render(table, as: .table, options: RenderOptions(width: width)).split(separator: "\n") {
          #expect(DisplayWidth.of(line) <= width)
        }
      }
    }
  }
}
