import CQSource
import Testing

@testable import CQRemote

/// The texts of statements, engine by engine.
@Suite struct StatementTests {
  private let columns = FactColumns(
    source: .table(["public", "jobs"]), region: EngineColumn(name: "fips", kind: .text),
    activity: EngineColumn(name: "industry", kind: .integer), period: EngineColumn(name: "yr", kind: .integer),
    measures: [EngineColumn(name: "emp", kind: .integer), EngineColumn(name: "pay", kind: .number)])

  private func statement(
    _ dialect: EngineDialect, _ region: KeyClasses, _ activity: KeyClasses, measures: [Int] = [0], rowCount: Int = 0,
    columns: FactColumns? = nil
  ) -> String {
    GroupingStatement(
      columns: columns ?? self.columns, dialect: dialect, region: region, activity: activity, periods: ["2020"],
      measures: measures, rowCount: rowCount, rowCap: 99
    ).text
  }

  /// As many values as make the table of classes the shorter way.
  private var many: KeyClasses {
    KeyClasses(values: (0..<300).map { "\($0)" }, classes: (0..<300).map { Int32($0 % 2) }, classCount: 2)
  }

  @Test func oneClassIsAFilter() {
    let all = KeyClasses(values: ["01", "02"], classes: [0, 0], classCount: 1)
    let some = KeyClasses(values: ["11", "21"], classes: [0, -1], classCount: 1)
    #expect(
      statement(.postgreSQL, all, some) == """
        SELECT CAST("f"."yr" AS BIGINT) AS "k2", CAST(COUNT(*) AS BIGINT) AS "x0", \
        CAST(SUM(CAST("f"."emp" AS BIGINT)) AS DOUBLE PRECISION) AS "x1", \
        CAST(COUNT(CAST("f"."emp" AS BIGINT)) AS BIGINT) AS "x2"
        FROM "public"."jobs" AS "f"
        WHERE "f"."fips" IS NOT NULL AND "f"."industry" IN (11) AND "f"."yr" IN (2020)
        GROUP BY "f"."yr"
        LIMIT 100
        """)
  }

  @Test func fewClassesOfManyValuesTravelAsATable() {
    let one = KeyClasses(values: ["01"], classes: [0], classCount: 1)
    let text = statement(.spark, one, many)
    #expect(text.hasPrefix("WITH `a` (`value`, `class`) AS (VALUES (0, 0), (1, 1), (2, 0)"))
    #expect(text.contains("\nJOIN `a` ON `f`.`industry` = `a`.`value`\nWHERE `f`.`fips` IS NOT NULL"))
    #expect(text.hasSuffix("GROUP BY `a`.`class`, `f`.`yr`\nLIMIT 100"))
    #expect(!text.contains("CASE"))
  }

  @Test func sumsAreJoinedWhereTheyAreFewerThanRows() {
    let one = KeyClasses(values: ["01"], classes: [0], classCount: 1)
    let text = statement(.duckDB, one, many, rowCount: 1_000_000)
    #expect(text.contains("FROM (\n  SELECT \"f\".\"industry\" AS \"v1\", \"f\".\"yr\" AS \"v2\", COUNT(*) AS \"x0\""))
    #expect(
      text.contains(
        "GROUP BY \"f\".\"industry\", \"f\".\"yr\"\n) AS \"g\"\nJOIN \"a\" ON \"g\".\"v1\" = \"a\".\"value\""))
  }

  @Test func statesAreCounts() {
    var marked = columns
    marked.withheld = EngineColumn(name: "secret", kind: .truth)
    let one = KeyClasses(values: ["01"], classes: [0], classCount: 1)
    let text = statement(.sqlite, one, one, measures: [1], columns: marked)
    #expect(text.contains(#"SUM(CASE WHEN "f"."secret" THEN 1 ELSE 0 END)"#))
    #expect(
      text.contains(
        #"COUNT(CASE WHEN "f"."secret" THEN NULL WHEN "f"."pay" - "f"."pay" = 0 THEN CAST("f"."pay" AS REAL) END)"#))
  }

  @Test(arguments: [
    (EngineDialect.postgreSQL, #"a"b`c\d'e"#, #""a""b`c\d'e""#, #"'a"b`c\d''e'"#),
    (.duckDB, #"a"b`c\d'e"#, #""a""b`c\d'e""#, #"'a"b`c\d''e'"#),
    (.spark, #"a"b`c\d'e"#, #"`a"b``c\d'e`"#, #"'a"b`c\\d\'e'"#),
    (.flightSQL, #"a"b`c\d'e"#, #""a""b`c\d'e""#, #"'a"b`c\d''e'"#),
    (.sqlite, "e\u{301}'", "\"e\u{301}'\"", "'e\u{301}'''"),
  ])
  func namesAndTextsCantEscape(dialect: EngineDialect, raw: String, name: String, text: String) {
    #expect(dialect.identifier(raw) == name)
    #expect(dialect.literal(raw) == text)
  }

  @Test func addresses() throws {
    let address = try EngineAddress("postgresql://ann@db.example:5433/stats?table=public.jobs&sslmode=require")
    #expect(address.place == "postgresql://ann@db.example:5433/stats")
    #expect(address.table == ["public", "jobs"])
    #expect(address.options.map(\.name) == ["sslmode"])
    #expect(try EngineAddress("postgres://h/db?schema=a.b&table=c.d").table == ["a.b", "c.d"])
    let file = try EngineAddress("duckdb:///data/my%20jobs.duckdb?table=jobs")
    #expect(file.path == "/data/my jobs.duckdb")
    #expect(try EngineAddress("duckdb://?parquet=/data/*.parquet").source == .parquet("/data/*.parquet"))
    // Neither has a password.
    #expect(try EngineAddress("postgresql://ann@h:5432/db?table=a@b").table == ["a@b"])
    #expect(try EngineAddress("duckdb:///data/a:b@c.duckdb?table=jobs").path == "/data/a:b@c.duckdb")
    #expect(!EngineAddress.isAddress("jobs.csv"))
    #expect(!EngineAddress.isAddress("https://example.org/jobs.csv"))
  }

  @Test(arguments: [
    "postgresql://ann:hunter2@h/db?table=t", "postgresql://h/db?table=t&password=hunter2",
    "postgres://ann:hun/ter?hunter2@h:5432/db?table=t", "postgresql://h/db?table=t&sslpassword=hunter2",
    "postgresql://ann:my hunter2@h/db?table=t", "spark://h:1?table=t&adbc.spark.token=hunter2",
  ])
  func noPasswordInAnAddress(text: String) {
    #expect {
      try EngineAddress(text)
    } throws: { error in
      let problem = error as? EngineProblem
      return problem?.kind == .refused && problem?.message.contains("hunter2") == false
        && problem?.help?.contains(text.hasPrefix("spark") ? "CQ_SPARK_TOKEN" : "PGPASSWORD") == true
        && !"\"\(text)\"".withoutSecrets.contains("hunter2")
    }
  }

  /// Byte for byte, so that marks under a line stay where they are; nothing else is touched.
  @Test(arguments: [
    (
      #"let d = dataset("postgresql://ann:söcret@h/db?table=t", state:st)"#,
      #"let d = dataset("postgresql://ann:*******@h/db?table=t", state:st)"#
    ),
    (
      #"dataset("postgresql://h/db?password=a&table=t&sslpassword=bc")"#,
      #"dataset("postgresql://h/db?password=*&table=t&sslpassword=**")"#
    ),
    ("see postgresql://ann:pw@h and a:b@c", "see postgresql://ann:**@h and a:b@c"),
    ("https://example.org/a?b=c:d@e", "https://example.org/a?b=c:d@e"),
    (#""a://b:c" + "d@e""#, #""a://b:c" + "d@e""#),
  ])
  func secretsAreStarred(text: String, shown: String) {
    #expect(text.withoutSecrets == shown)
    #expect(text.utf8.count == shown.utf8.count)
  }

  @Test func anAddressNamesATable() {
    #expect(throws: EngineProblem.self) { try EngineAddress("duckdb:///data/x.duckdb") }
    #expect(throws: EngineProblem.self) { try EngineAddress("spark://h:1?table=a..b") }
  }

  @Test(arguments: [
    ("4.3.0 0d29", EngineDialect.spark, "Spark 4.3.0"), ("0.7.2", .spark, "Sail 0.7.2"),
    ("v1.4.0", .duckDB, "DuckDB 1.4.0"),
    ("Apache DataFusion 47.0.0, x86_64 on linux", .flightSQL, "Apache DataFusion 47.0.0"),
  ])
  func versionsNameTheProgram(_ said: String, _ dialect: EngineDialect, _ expected: String) {
    #expect(ADBCConnection.version(said, dialect) == expected)
  }
}
