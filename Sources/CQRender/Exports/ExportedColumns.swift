import CQColumns

/// The columns of a result as files have them: one flat name and one value per column and row.
///
/// Places and activities become a name and a `_code` column.
struct ExportedColumns {
  enum Values {
    case texts(TableTexts)
    case periods([Int32])
    /// Bounds by row, of withheld numbers that lie between known ones.
    case numbers([Double], states: [CellState], quantity: Quantity, bounds: [Int: ClosedRange<Double>] = [:])
    case truths([Bool])
  }

  struct Column {
    var name: String
    var values: Values
  }

  private(set) var columns: [Column] = []
  let rowCount: Int

  init(_ table: Table) {
    rowCount = table.rowCount
    var taken = Set(table.columns.map(\.name))
    var seen: Set<String> = []
    for column in table.columns {
      let name = seen.insert(column.name).inserted ? column.name : Self.free(column.name, in: &taken)
      switch column.values {
      case .members(let codes, let members):
        // What is no member is the text behind them all, an empty one.
        let none = Int32(members.count)
        let rows = codes.allSatisfy { 0 <= $0 && $0 < none } ? codes : codes.map { 0 <= $0 && $0 < none ? $0 : none }
        for (name, text) in [(name, \TableMember.name), (Self.free(name + "_code", in: &taken), \.code)] {
          let texts = members.map { $0[keyPath: text] } + [""]
          columns.append(Column(name: name, values: .texts(TableTexts(codes: rows, values: texts))))
        }
      case .periods(let years): columns.append(Column(name: name, values: .periods(years)))
      case .numbers(let numbers, let states, let quantity):
        // From nothing to without end says nothing.
        let bounds = column.bounds.filter { $0.value.lowerBound > 0 || $0.value.upperBound.isFinite }
        columns.append(
          Column(name: name, values: .numbers(numbers, states: states, quantity: quantity, bounds: bounds)))
      case .texts(let texts): columns.append(Column(name: name, values: .texts(texts)))
      case .truths(let truths): columns.append(Column(name: name, values: .truths(truths)))
      }
    }
  }

  /// `wanted`, or with `_2`, `_3` … when another column has that name already.
  static func free(_ wanted: String, in taken: inout Set<String>) -> String {
    var name = wanted
    var attempt = 1
    while !taken.insert(name).inserted {
      attempt += 1
      name = "\(wanted)_\(attempt)"
    }
    return name
  }
}

extension ClosedRange<Double> {
  /// The ends as files have them; an open end has no number.
  var lowText: String { exactText(lowerBound) ?? "" }
  var highText: String { exactText(upperBound) ?? "" }
}

/// The shortest digits that read back as the same number; nil for what is no number.
func exactText(_ number: Double) -> String? {
  guard number.isFinite else { return nil }
  if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
  return number.description
}
