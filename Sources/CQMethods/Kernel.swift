package import CQColumns

/// A numeric method that can't be written cell by cell: what `core.NAME` in a definition calls.
///
/// A kernel is a pure function of a ``KernelInput``: the same input gives the same output. It knows nothing of levels,
/// datasets or plans; the engine hands it a *sample* and puts its numbers where they belong.
package struct Kernel: Sendable {
  /// What the sample is, and what each number of the output belongs to.
  package enum Shape: Sendable, Equatable {
    /// One number for the members of `over:` within each row; over the rows of a table an aggregate such as `mean`.
    /// The sample has a row per member and one column.
    case vector
    /// One number per place: the sample is all places of the rows' level in the base area, for each activity and year by
    /// itself. Over the rows of a table one number per row.
    case map
    /// All places of the base area × all activities; one number per place. `over:` is the level of activities.
    case places
    /// All places of the base area × all activities; one number per activity. `over:` is the level of places.
    case activities
    /// All places of the base area × all activities; one number per place and activity, both levels in `by:`.
    case cells
    /// A verb: a table of the columns it names in, another table out.
    case table
  }

  /// A parameter that is evaluated on the sample.
  package struct Operand: Sendable, Equatable {
    package enum Axis: Sendable, Equatable {
      /// A number for each place and activity of the sample.
      case cell
      /// A number for each row of the sample (each place): taken over all activities.
      case row
      /// A number for each column of the sample (each activity): taken over the base area.
      case column
      /// A text for each row; only of verbs.
      case text
    }

    package var name: String
    package var axis: Axis
    /// Left out, the kernel gets none.
    package var isOptional: Bool
    /// What the source does not list of it is 0 where the other operands have a number: a part of something that is there.
    package var isPart: Bool

    package init(_ name: String, _ axis: Axis = .cell, isOptional: Bool = false, isPart: Bool = false) {
      self.name = name
      self.axis = axis
      self.isOptional = isOptional
      self.isPart = isPart
    }
  }

  /// A parameter that is one value, known before the query runs.
  package struct Option: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// A number within a range.
      case number(ClosedRange<Double>)
      /// A whole number within a range.
      case whole(ClosedRange<Double>)
      /// One of these words; any text when there are none.
      case text([String])
      case truth
      /// A member of the level of the sample's rows or columns, whichever the name is of.
      case member
      /// What is in a file, by its name; read before the query runs.
      case file
      /// A plain table of the catalogue, by its name.
      case table
    }

    package var name: String
    package var kind: Kind
    /// Given one of these options, any text will do.
    package var isFreeWith: [String]

    package init(_ name: String, _ kind: Kind, isFreeWith: [String] = []) {
      self.name = name
      self.kind = kind
      self.isFreeWith = isFreeWith
    }
  }

  /// A column of the result.
  package struct Column: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      case number, percent
      /// A whole number of something.
      case count
      /// In the unit of the first operand.
      case likeOperand
      /// Texts; only of verbs.
      case text
      /// The texts of the operand with this name, in rows of the kernel's choice; only of verbs.
      case members(of: String)
    }

    /// Empty for the first column of a measure: it is called like the definition.
    package var name: String
    package var kind: Kind
    /// Rests on no number of an operand, so that estimates among them don't make it one.
    package var isExact: Bool
    /// The optional operand without which there is no such column; of measures only.
    package var needs: String?

    package init(_ name: String = "", _ kind: Kind = .number, isExact: Bool = false, needs: String? = nil) {
      self.name = name
      self.kind = kind
      self.isExact = isExact
      self.needs = needs
    }
  }

  /// As in `core.NAME`.
  package var name: String
  package var shape: Shape
  package var operands: [Operand]
  package var options: [Option]
  package var columns: [Column]
  /// Rows of the sample that lack a number are left out before it runs, and a number withheld in a vector withholds the
  /// result. Kernels that know better what to do with gaps get them as they are.
  package var dropsGaps: Bool
  /// Numbers that the method keeps, by rows and columns of the sample: counted towards the limit before the query runs.
  package var workCells: @Sendable (_ rows: Int, _ columns: Int) -> Int
  package var run: @Sendable (KernelInput) throws -> KernelOutput

  package init(
    _ name: String, _ shape: Shape, operands: [Operand], options: [Option] = [], columns: [Column] = [Column()],
    dropsGaps: Bool = true, workCells: @escaping @Sendable (Int, Int) -> Int = { $0 * $1 },
    run: @escaping @Sendable (KernelInput) throws -> KernelOutput
  ) {
    self.name = name
    self.shape = shape
    self.operands = operands
    self.options = options
    self.columns = columns
    self.dropsGaps = dropsGaps
    self.workCells = workCells
    self.run = run
  }
}

/// A row or a column of a sample: a place, an activity, or a row of a table.
package struct KernelMember: Sendable, Hashable {
  /// `state`, `naics4`; empty for rows of a table.
  package var level: String
  package var country: String
  package var code: String
  package var name: String

  package init(level: String = "", country: String = "", code: String = "", name: String = "") {
    self.level = level
    self.country = country
    self.code = code
    self.name = name
  }
}

/// The numbers of one operand on the sample, row by row.
package struct KernelValues: Sendable, Equatable {
  package var values: [Double]
  package var states: [CellState]

  package init(_ values: [Double], _ states: [CellState]) {
    self.values = values
    self.states = states
  }

  /// Numbers that are all known.
  package init(_ values: [Double]) {
    self.init(values, [CellState](repeating: .known, count: values.count))
  }

  package var count: Int { values.count }

  /// The number at `index`; nil where there is none, beyond the end too.
  package subscript(index: Int) -> Double? {
    states.indices.contains(index) && states[index].hasValue ? values[index] : nil
  }
}

/// The value of an option.
package enum KernelOption: Sendable, Hashable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case member(KernelMember)
  case file(name: String, text: String)
  case table(String)
}

/// The columns of a plain table by their names.
package struct KernelTable: Sendable {
  package var texts: [String: [String]]
  package var numbers: [String: KernelValues]
  /// Who published it.
  package var source: String

  package init(texts: [String: [String]] = [:], numbers: [String: KernelValues] = [:], source: String = "") {
    self.texts = texts
    self.numbers = numbers
    self.source = source
  }
}

/// A classification of activities as the catalogue has it.
package struct KernelClassification: Sendable {
  /// By code.
  package var titles: [String: String]
  /// Codes that no finer one divides.
  package var leaves: [String]
  /// Which clusters the codes belong to, and which part of a code where clusters share it.
  package var clusters: [(code: String, cluster: String, part: Double)]

  package init(
    titles: [String: String] = [:], leaves: [String] = [],
    clusters: [(code: String, cluster: String, part: Double)] = []
  ) {
    self.titles = titles
    self.leaves = leaves
    self.clusters = clusters
  }
}

/// What a kernel is given: a sample, its numbers, and options.
package struct KernelInput: Sendable {
  /// Places, members of `over:`, or rows of a table.
  package var rows: [KernelMember]
  /// Activities; one without a name where the sample is a vector.
  package var columns: [KernelMember]
  /// By the name of the operand: `rows.count × columns.count` numbers, row by row; of operands of the axis `row` (or
  /// `column`) one per row (column).
  package var operands: [String: KernelValues]
  /// By the name of the operand, one per row; only of verbs.
  package var texts: [String: [String]]
  /// As `texts`, with the codes of members in place of their names.
  package var codes: [String: [String]]
  package var options: [String: KernelOption]
  /// By the name of the option that names it.
  package var tables: [String: KernelTable]
  /// How much of an industry belongs to an activity: 1 or 0 for codes, a part where clusters share a code.
  package var part: @Sendable (_ industry: String, _ activity: KernelMember) -> Double
  /// A classification with its edition, such as `naics2017`; nil for one that the catalogue does not have.
  package var classification: @Sendable (_ name: String) -> KernelClassification?
  /// A plain table of the catalogue by its name, for what a kernel looks up by itself.
  package var plainTable: @Sendable (_ name: String) -> KernelTable?
  /// Outlines of the places among `rows`; nil where rows are no places.
  package var geometry: (@Sendable () throws -> MapGeometry)?
  /// What the samples of a query have in common; nil where there is one sample only.
  package var cache: KernelCache?
  /// To be called now and then by what takes long: throws when the query was cancelled or has had its time.
  package var checkpoint: @Sendable () throws -> Void

  package init(
    rows: [KernelMember] = [], columns: [KernelMember] = [KernelMember()], operands: [String: KernelValues] = [:],
    texts: [String: [String]] = [:], codes: [String: [String]] = [:], options: [String: KernelOption] = [:],
    tables: [String: KernelTable] = [:],
    part: @escaping @Sendable (String, KernelMember) -> Double = { KernelInput.holds($1.code, $0) ? 1 : 0 },
    classification: @escaping @Sendable (String) -> KernelClassification? = { _ in nil },
    plainTable: @escaping @Sendable (String) -> KernelTable? = { _ in nil },
    geometry: (@Sendable () throws -> MapGeometry)? = nil, cache: KernelCache? = nil,
    checkpoint: @escaping @Sendable () throws -> Void = {}
  ) {
    self.rows = rows
    self.columns = columns
    self.operands = operands
    self.texts = texts
    self.codes = codes
    self.options = options
    self.tables = tables
    self.part = part
    self.classification = classification
    self.plainTable = plainTable
    self.geometry = geometry
    self.cache = cache
    self.checkpoint = checkpoint
  }

  /// The numbers of an operand; empty when it was left out.
  package func values(_ name: String) -> KernelValues { operands[name] ?? KernelValues([], []) }

  /// Whether an optional operand was given.
  package func has(_ name: String) -> Bool { operands[name] != nil }

  package func number(_ name: String, default value: Double = 0) -> Double {
    if case .number(let number) = options[name] { number } else { value }
  }

  /// A whole number, which the check before the run has seen to.
  package func whole(_ name: String, default value: Int = 0) -> Int {
    if case .number(let number) = options[name] { Int(exactly: number) ?? value } else { value }
  }

  package func text(_ name: String, default value: String = "") -> String {
    if case .text(let text) = options[name] { text } else { value }
  }

  /// The name of a file and what is in it.
  package func file(_ name: String) -> (name: String, text: String)? {
    if case .file(let path, let text) = options[name] { (path, text) } else { nil }
  }

  package func truth(_ name: String, default value: Bool = false) -> Bool {
    if case .truth(let truth) = options[name] { truth } else { value }
  }

  /// The position among `members` of the member that an option names.
  package func position(_ name: String, in members: [KernelMember]) -> Int? {
    guard case .member(let wanted) = options[name] else { return nil }
    return members.firstIndex { $0.code == wanted.code && $0.country == wanted.country }
  }

  /// Whether the industry `inner` is a part of the industry `outer`, by their codes: 3361 of 336 and of 31-33.
  package static func holds(_ outer: String, _ inner: String) -> Bool {
    if inner.hasPrefix(outer) { return true }
    let ends = outer.split(separator: "-")
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), let sector = Int(inner.prefix(2)) else {
      return false
    }
    return sector >= first && sector <= last
  }

  /// The numbers of an operand as a matrix of rows × columns; a cell without a number is nil.
  package func matrix(_ name: String, gaps: Double = 0) -> Matrix {
    var matrix = Matrix(rowCount: rows.count, columnCount: columns.count, repeating: gaps)
    let values = self.values(name)
    for index in 0..<min(values.count, matrix.elements.count) where values.states[index].hasValue {
      matrix.elements[index] = values.values[index]
    }
    return matrix
  }
}

/// What a kernel gives: the columns of its result, and what deserves a word.
package struct KernelOutput: Sendable, Equatable {
  /// One per column of the kernel: one number for a vector, one per row, column or cell of the sample otherwise.
  package var columns: [KernelValues]
  /// Of verbs, in place of numbers where the column has texts.
  package var texts: [[String]]
  /// Sentences for the notes of the result, lower case, no full stop.
  package var notes: [String]

  package init(columns: [KernelValues], texts: [[String]] = [], notes: [String] = []) {
    self.columns = columns
    self.texts = texts
    self.notes = notes
  }

  /// One number for each column; nil is missing.
  package init(_ numbers: [Double?], notes: [String] = []) {
    self.init(columns: numbers.map { Self.column([$0]) }, notes: notes)
  }

  /// One number, or missing.
  package init(_ number: Double?, notes: [String] = []) { self.init([number], notes: notes) }

  /// A column of numbers, of which some are missing.
  package static func column(_ numbers: [Double?]) -> KernelValues {
    KernelValues(numbers.map { $0 ?? 0 }, numbers.map { $0 == nil ? .missing : .known })
  }
}
