/// A small result: named columns of equal length with their provenance. Immutable once published.
public struct Table: Sendable {
  public var columns: [TableColumn]
  public var header: TableHeader
  public var notes: [TableNote]
  /// How the result asks to be drawn; nil for a table.
  public var picture: Picture?
  /// Markdown that stands above the result in a document: the `##` lines of the script.
  public var prose = ""

  public init(columns: [TableColumn], header: TableHeader = TableHeader(), notes: [TableNote] = []) {
    self.columns = columns
    self.header = header
    self.notes = notes
  }

  public var rowCount: Int { columns.first?.count ?? 0 }

  public func column(named name: String) -> TableColumn? { columns.first { $0.name == name } }

  /// Places and activities that a note is about: their rows carry its mark in what people read.
  public var markedMembers: Set<TableMember> { Set(notes.flatMap(\.subjects)) }

  /// Notes about single rows name those that are there, and go where none is.
  package mutating func settleNotes() {
    guard notes.contains(where: { !$0.subjects.isEmpty }) else { return }
    var shown: Set<TableMember> = []
    for column in columns {
      guard case .members(let codes, let members) = column.values else { continue }
      for code in codes where members.indices.contains(Int(code)) { shown.insert(members[Int(code)]) }
    }
    notes = notes.compactMap { $0.subjects.isEmpty ? $0 : $0.narrowed(to: shown) }
  }
}

/// One column of a ``Table``.
public struct TableColumn: Sendable {
  public enum Values: Sendable {
    /// Places and activities: index of a row's member in `members`.
    case members(codes: [Int32], members: [TableMember])
    /// Years (and other periods as their first year).
    case periods([Int32])
    /// Values of cells that are withheld or missing are 0 and mean nothing.
    case numbers([Double], states: [CellState], quantity: Quantity)
    case texts(TableTexts)
    case truths([Bool])
  }

  public var name: String
  public var values: Values
  /// What each row's number measures where rows differ (`compare`, `unpivot`); empty where the column has one quantity.
  public var rowQuantities: [Quantity] = []
  /// Between what and what a withheld number lies, by row, where that is known; an open end is infinite.
  public var bounds: [Int: ClosedRange<Double>] = [:]

  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  public var count: Int {
    switch values {
    case .members(let codes, _): codes.count
    case .periods(let years): years.count
    case .numbers(let numbers, _, _): numbers.count
    case .texts(let texts): texts.count
    case .truths(let truths): truths.count
    }
  }
}

/// A place or an activity as it appears in a result.
public struct TableMember: Sendable, Hashable {
  /// Official code, text with its leading zeros.
  public var code: String
  public var name: String

  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }
}

/// What, where, when, against what, and from which source: printed above and below every result.
public struct TableHeader: Sendable, Equatable {
  /// `["lq", "Aerospace Vehicles and Defense", "by state", "2020", "vs United States"]`, printed joined by ` · `.
  public var title: [String]
  /// Name of the dataset, empty for tables of the catalogue.
  public var dataset: String
  /// Agency, product, release: the source line.
  public var source: String
  /// Name of the base area (`United States`), empty when no measure uses one.
  public var base: String
  /// First and last year behind the numbers.
  public var years: ClosedRange<Int>?

  public init(
    title: [String] = [], dataset: String = "", source: String = "", base: String = "", years: ClosedRange<Int>? = nil
  ) {
    self.title = title
    self.dataset = dataset
    self.source = source
    self.base = base
    self.years = years
  }
}

/// A footnote of a result.
public struct TableNote: Sendable, Equatable {
  /// `N0502`, or empty for a footnote that the user wrote.
  public var code: String
  public var text: String
  /// The places or activities whose rows it is about; empty where it is about the whole table.
  public var subjects: [TableMember] = []
  /// What it says of its subjects.
  private var predicate = ""

  public init(code: String, text: String) {
    self.code = code
    self.text = text
  }

  /// The same about some of its subjects; nil where none is left.
  fileprivate func narrowed(to shown: Set<TableMember>) -> TableNote? {
    let left = subjects.filter(shown.contains)
    return left.isEmpty ? nil : TableNote(code: code, about: left, predicate)
  }

  /// A note about single rows, which it names: `shown whole: Cincinnati; Wheeling`.
  package init(code: String, about subjects: [TableMember], _ text: String) {
    self.code = code
    self.subjects = subjects
    predicate = text
    let more = subjects.count > Self.namedSubjects ? " and \(subjects.count - Self.namedSubjects) more" : ""
    self.text = "\(text): " + subjects.prefix(Self.namedSubjects).map(\.name).joined(separator: "; ") + more
  }

  private static let namedSubjects = 12
  /// What stands behind the names of the rows that a note is about, and before its text.
  package static let mark = "*"
}
