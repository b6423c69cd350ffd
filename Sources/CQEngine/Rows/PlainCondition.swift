import CQColumns
import CQMethods
import CQPlan
import CQSyntax
import CVectorLoops

/// A condition that compares whole numbers of a file, all of which are known, with one number: it holds for what lies between
/// two of them, or for all else, and the column is compared in place.
struct PlainCondition: Sendable {
  private let values: ColumnBuffer<Int32>
  private let rows: Range<Int>
  private let first: Int32
  private let last: Int32
  /// Whether it holds for the numbers that do not lie between.
  private let isOutside: Bool

  /// - Returns: nil where the reader does anything else, or the rows do not follow each other.
  init?(_ reader: RowReader) {
    let instructions = reader.formula.instructions
    guard instructions.count == 3, case .load(let input) = instructions[0],
      case .constant(let number, .known) = instructions[1], case .compare(let comparison) = instructions[2],
      case .numbers(.int32(let values), nil) = reader.inputs[input], let rows = reader.selection.range,
      number >= -0x1p31, number < 0x1p31
    else { return nil }
    let (down, up) = (number.rounded(.down), number.rounded(.up))
    let isWhole = down == up
    var ends = (first: Double(Int32.min), last: Double(Int32.max))
    switch comparison {
    case .less: ends.last = isWhole ? number - 1 : down
    case .lessOrEqual: ends.last = down
    case .greater: ends.first = isWhole ? number + 1 : up
    case .greaterOrEqual: ends.first = up
    // What is no whole number lies between none.
    case .equal, .notEqual: ends = (up, down)
    default: return nil
    }
    isOutside = comparison == .notEqual
    self.values = values
    self.rows = rows
    if let first = Int32(exactly: ends.first), let last = Int32(exactly: ends.last) {
      (self.first, self.last) = (first, last)
    } else {
      // Beyond all numbers.
      (first, last) = (.max, .min)
    }
  }

  /// Sets the bits of the rows at which it holds.
  ///
  /// - Precondition: `marks` has a bit for each position.
  /// - Returns: How many these are.
  func mark(_ positions: Range<Int>, in marks: UnsafeMutableBufferPointer<UInt64>) -> Int {
    let start = rows.lowerBound + positions.lowerBound
    precondition(start >= 0 && start + positions.count <= values.count, "rows lie outside the column")
    precondition(positions.count <= 64 * marks.count, "more rows than bits")
    let numbers = unsafe UnsafeBufferPointer(rebasing: values.elements[start..<start + positions.count])
    let wordCount = positions.count / 64
    unsafe marks[wordCount...].update(repeating: 0)
    var count = 0
    // SAFETY: checked above.
    if let numbers = numbers.baseAddress, let marks = marks.baseAddress {
      count = unsafe cq_mark_between(VectorLoops.width, numbers, wordCount, first, last, isOutside ? 1 : 0, marks)
    }
    for index in 64 * wordCount..<positions.count {
      let number = unsafe numbers[index]
      guard (number >= first && number <= last) != isOutside else { continue }
      unsafe marks[index / 64] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
      count += 1
    }
    return count
  }
}
