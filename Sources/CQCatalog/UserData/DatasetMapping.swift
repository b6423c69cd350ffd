package import CQColumns

/// What the user says about the columns of a file that is to be a dataset: which names places, which activities, which
/// periods, and which are measures.
package struct DatasetMapping: Sendable, Hashable {
  /// A column of the file, or one value for all of its rows.
  package enum Source: Sendable, Hashable {
    case column(String)
    case constant(String)
  }

  package enum Role: Sendable, Hashable {
    /// Members of a level.
    case level(Level)
    /// Places, or activities, whose level follows from what they are.
    case region, activity
  }

  package struct Key: Sendable, Hashable {
    package var role: Role
    package var source: Source

    package init(role: Role, source: Source) {
      self.role = role
      self.source = source
    }
  }

  package struct MeasureColumn: Sendable, Hashable {
    package var name: String
    package var column: String
    /// What a 1 in the file stands for: 1,000 where it counts thousands.
    package var factor: Double
    /// `USD` for money, `%` for percents; empty for what the catalogue says of the name, or a count.
    package var unit: String

    package init(name: String, column: String, factor: Double = 1, unit: String = "") {
      self.name = name
      self.column = column
      self.factor = factor
      self.unit = unit
    }
  }

  /// How rows with the same place, activity and period are taken.
  package enum Duplicates: String, Sendable, CaseIterable {
    /// As a mistake.
    case refuse
    /// Added up, as rows of finer detail.
    case add
  }

  package var keys: [Key] = []
  package var measures: [MeasureColumn] = []
  /// Code of the country of the places; nil to find out.
  package var country: String?
  /// Datasets of the other countries of the file are made beside this one.
  package var isOneOfSeveral = false
  /// Year of the classification; nil to find out.
  package var vintage: Int?
  package var duplicates = Duplicates.refuse
  /// A cell that is not listed is zero, not missing.
  package var absentIsZero = false
  /// Measures that add up over time as well.
  package var flows: Set<String> = []
  /// Measures that never add up: averages, rates, indices.
  package var averages: Set<String> = []
  package var title = ""
  package var source = ""

  package init() {}

  func key(_ dimension: Dimension) -> [Key] { keys.filter { $0.role.dimension == dimension } }
}

extension DatasetMapping.Role {
  package var dimension: Dimension {
    switch self {
    case .level(let level): level.dimension
    case .region: .region
    case .activity: .activity
    }
  }

  /// `county`, for messages.
  package var word: String {
    switch self {
    case .level(let level): level.rawValue
    case .region: "region"
    case .activity: "activity"
    }
  }
}

/// Why a file is no dataset, in the user's words.
package struct DatasetProblem: Error {
  package enum Kind: Sendable {
    /// A column that the file has not.
    case noColumn(String)
    /// A column whose values are not what it was said to hold.
    case values
    /// Two rows for one place, activity and period.
    case duplicates
    /// No place, no period or no measure.
    case incomplete
    /// It was stopped.
    case stopped
  }

  package var kind: Kind
  package var message: String
  package var helps: [String]
  package var notes: [String]
  /// The column, or the slot, that it is about.
  package var subject: String

  package init(_ kind: Kind, _ message: String, subject: String = "", helps: [String] = [], notes: [String] = []) {
    self.kind = kind
    self.message = message
    self.subject = subject
    self.helps = helps
    self.notes = notes
  }
}

/// How the columns of a file were read, for the user to look at.
package struct DatasetReport: Sendable {
  package struct Line: Sendable {
    package var column: String
    /// `county`, `measure employment`, `not used`.
    package var use: String
    /// Of rows.
    package var matched: Int
    package var unmatched: Int
    /// The first value that names nothing, with its place and what may be meant.
    package var example: String
    /// Rows that did not match are of other countries.
    var isOfOneCountry = false
  }

  package var lines: [Line] = []
  /// Rows that became facts.
  package var rowCount = 0
  /// What every result that uses the dataset must say.
  package var notes: [String] = []
  /// The country of the places, and those that other rows of the file are said to lie in, by their codes.
  package var country = ""
  package var otherCountries: [String] = []
}

extension DatasetReport {
  /// Of a file whose rows became a dataset for each country.
  ///
  /// - Parameter others: Of the other countries.
  package func joined(with others: [DatasetReport]) -> DatasetReport {
    var all = self
    for other in others {
      all.rowCount += other.rowCount
      for (index, line) in other.lines.enumerated() where index < all.lines.count && all.lines[index].isOfOneCountry {
        all.lines[index].matched += line.matched
        all.lines[index].unmatched -= line.matched
      }
      all.notes += other.notes.filter { !all.notes.contains($0) }
    }
    return all
  }
}

extension DatasetReport {
  /// Of a file that was converted before: what it says of itself.
  package init(importedFacts facts: ArrowTable) {
    rowCount = facts.rowCount
    for field in facts.fields where !field.name.contains(".") {
      let isMeasure = facts.metadata("measures")?.split(separator: " ").contains(Substring(field.name)) ?? false
      lines.append(
        Line(
          column: field.name, use: isMeasure ? "measure \(field.name)" : field.name, matched: facts.rowCount,
          unmatched: 0, example: ""))
    }
    notes = facts.metadata.filter { $0.key.hasPrefix("import.note.") }.map(\.value)
  }
}
