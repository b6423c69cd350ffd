/// A column of a table in an engine.
package struct EngineColumn: Sendable, Equatable {
  /// What cq has to know of the engine's types.
  package enum Kind: Sendable, Equatable {
    case integer, number, text, truth
    /// In the engine's own word; cq can't use it.
    case other(String)
  }

  package var name: String
  package var kind: Kind

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// Which table of an engine holds facts, and what its columns mean.
package struct FactColumns: Sendable, Equatable {
  package enum Source: Sendable, Equatable {
    /// The parts of its name: schema and table.
    case table([String])
    /// Parquet files that the engine reads in place: DuckDB, Spark.
    case parquet(String)
  }

  package var source: Source
  package var region: EngineColumn?
  package var activity: EngineColumn?
  package var period: EngineColumn?
  /// Marks rows whose numbers exist but are withheld.
  package var withheld: EngineColumn?
  package var measures: [EngineColumn]

  package init(
    source: Source, region: EngineColumn? = nil, activity: EngineColumn? = nil, period: EngineColumn? = nil,
    withheld: EngineColumn? = nil, measures: [EngineColumn]
  ) {
    self.source = source
    self.region = region
    self.activity = activity
    self.period = period
    self.withheld = withheld
    self.measures = measures
  }
}

extension EngineDialect {
  func reference(_ source: FactColumns.Source) -> String {
    switch source {
    case .table(let parts): parts.map { identifier($0) }.joined(separator: ".")
    case .parquet(let path): self == .spark ? "parquet.\(identifier(path))" : "read_parquet(\(literal(path)))"
    }
  }

  /// A value of a key column: texts quoted, whole numbers bare.
  func literal(_ value: String, of column: EngineColumn) -> String {
    if column.kind == .integer, let number = Int64(value) { return "\(number)" }
    return literal(value)
  }
}

/// The values of a key column sorted into classes: what a query groups by.
package struct KeyClasses: Sendable, Equatable {
  /// Each value that the column has, in the engine's spelling.
  package var values: [String]
  /// The class of each value from 0 on; -1 for a value whose rows are left out.
  package var classes: [Int32]
  package var classCount: Int

  package init(values: [String], classes: [Int32], classCount: Int) {
    self.values = values
    self.classes = classes
    self.classCount = classCount
  }

  var keptCount: Int { classes.count { $0 >= 0 } }
  var keepsAll: Bool { !classes.contains { $0 < 0 } }
}
