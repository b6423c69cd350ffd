import CQColumns
import CQPlan
internal import Synchronization

/// What rows are sorted by, as whole numbers that ascend as the rows are wanted: of as few bits as tell them apart.
struct SortKey: Sendable {
  /// Bits of a number.
  let width: Int
  private let source: Source

  private enum Source: Sendable {
    /// A number for each position.
    case numbers([UInt32])
    /// Whole numbers of a file, each of which is known, counted from the smallest.
    case whole(KeyDigit, RowSelection, isDescending: Bool, span: UInt64)
    /// - Parameter last: Of a cell without a number.
    case column(RowReader, Scale, isDescending: Bool, last: UInt64)
  }

  private enum Scale: Sendable {
    /// Whole numbers, counted from one end.
    case whole(first: Double)
    /// Any numbers: their bits in an order of whole numbers, without what all have in common.
    case bits(lowest: UInt64, shift: UInt64)
  }

  /// - Parameter numbers: One for each position, all below `bound`.
  init(_ numbers: [UInt32], below bound: Int) {
    source = .numbers(numbers)
    width = Int.bitWidth - max(0, bound - 1).leadingZeroBitCount
  }

  /// The numbers of `reader`, which reads them twice.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  init(_ reader: RowReader, isDescending: Bool, _ control: RunControl) throws {
    if case .numbers(.int32(let values), nil)? = reader.column,
      let (low, high) = try values.ends(of: reader.selection, control)
    {
      let span = UInt64(Int(high) - Int(low))
      width = UInt64.bitWidth - span.leadingZeroBitCount
      let digit = KeyDigit(source: .int32(values, lowest: low), radix: 1 << UInt64(width))
      source = .whole(digit, reader.selection, isDescending: isDescending, span: span)
      return
    }
    let ends = Mutex(Ends())
    try Scheduler(control.limits, isWorthwhile: reader.blockCount > 4).run(reader.blockCount) { block in
      try control.check()
      let part = Ends(reader.evaluate(reader.positions(ofBlock: block)), isDescending: isDescending)
      ends.withLock { $0.add(part) }
    }
    let all = ends.withLock { $0 }
    var (scale, span) = (Scale.whole(first: isDescending ? all.high : all.low), UInt64(0))
    if all.lowest > all.highest {
      // Not a single number.
    } else if all.isWhole {
      span = UInt64(all.high - all.low)
    } else {
      let shift = UInt64(min(63, (all.ones ^ all.zeros).trailingZeroBitCount))
      (scale, span) = (.bits(lowest: all.lowest, shift: shift), (all.highest - all.lowest) >> shift)
    }
    // The ranks of numbers do not reach up to the largest of 64 bits.
    let last = all.hasOthers ? span + 1 : span
    width = UInt64.bitWidth - last.leadingZeroBitCount
    source = .column(reader, scale, isDescending: isDescending, last: last)
  }

  /// Appends the number of each position to what is in `target`, as its lowest bits.
  ///
  /// - Precondition: `target` has as many elements.
  func add(to target: UnsafeMutableBufferPointer<UInt64>, _ positions: Range<Int>) {
    let shift = UInt64(width)
    switch source {
    case .numbers(let numbers):
      for index in 0..<positions.count {
        unsafe target[index] = target[index] << shift | UInt64(numbers[positions.lowerBound + index])
      }
    case .whole(let digit, let selection, let isDescending, let span):
      unsafe digit.add(to: target, positions, of: selection)
      if !isDescending { return }
      let mask = (1 as UInt64) << shift &- 1
      for index in 0..<positions.count {
        let number = unsafe target[index]
        unsafe target[index] = number & ~mask | (span &- number & mask)
      }
    case .column(let reader, let scale, let isDescending, let last):
      let blockRowCount = RowReader.blockRowCount
      for start in stride(from: positions.lowerBound, to: positions.upperBound, by: blockRowCount) {
        let block = start..<min(positions.upperBound, start + blockRowCount)
        let vector = reader.evaluate(block)
        let part = unsafe UnsafeMutableBufferPointer(
          rebasing: target[start - positions.lowerBound..<block.upperBound - positions.lowerBound])
        switch scale {
        case .whole(let first):
          let sign = isDescending ? -1.0 : 1
          for index in 0..<block.count {
            let number = vector.states[index].hasValue ? UInt64(sign * (vector.values[index] - first)) : last
            unsafe part[index] = part[index] << shift | number
          }
        case .bits(let lowest, let bits):
          for index in 0..<block.count {
            let number =
              vector.states[index].hasValue
              ? (Self.rank(vector.values[index], isDescending: isDescending) - lowest) >> bits : last
            unsafe part[index] = part[index] << shift | number
          }
        }
      }
    }
  }

  /// The bits of a double in an order of whole numbers.
  @inline(__always)
  static func rank(_ value: Double, isDescending: Bool) -> UInt64 {
    // Zero and minus zero are one number.
    let bits = (value + 0).bitPattern
    let ascending = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    return isDescending ? ~ascending : ascending
  }

  /// The number that has a rank.
  static func value(ofRank rank: UInt64, isDescending: Bool) -> Double {
    let ascending = isDescending ? ~rank : rank
    return Double(bitPattern: ascending >> 63 == 1 ? ascending & ~(1 << 63) : ~ascending)
  }

  /// What the numbers of a column have in common.
  private struct Ends: Sendable {
    var (lowest, highest) = (UInt64.max, UInt64.min)
    /// Bits that all ranks have, and bits that some have.
    var (ones, zeros) = (UInt64.max, UInt64.min)
    var (low, high) = (Double.infinity, -Double.infinity)
    var isWhole = true
    /// Whether some cell has no number.
    var hasOthers = false

    init() {}

    init(_ vector: Vector, isDescending: Bool) {
      for index in 0..<vector.count {
        guard vector.states[index].hasValue else {
          hasOthers = true
          continue
        }
        let value = vector.values[index]
        low = min(low, value)
        high = max(high, value)
        if value != value.rounded(.towardZero) { isWhole = false }
        let rank = SortKey.rank(value, isDescending: isDescending)
        lowest = min(lowest, rank)
        highest = max(highest, rank)
        ones &= rank
        zeros |= rank
      }
      // Sums and differences of such numbers are exact.
      if low < -0x1p50 || high > 0x1p50 { isWhole = false }
    }

    mutating func add(_ other: Ends) {
      (lowest, highest) = (min(lowest, other.lowest), max(highest, other.highest))
      (ones, zeros) = (ones & other.ones, zeros | other.zeros)
      (low, high) = (min(low, other.low), max(high, other.high))
      isWhole = isWhole && other.isWhole
      hasOthers = hasOthers || other.hasOthers
    }
  }
}

extension RowReader {
  /// The same numbers, each computed only once however often they are read.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func repeatable(_ control: RunControl) throws -> RowReader {
    if column != nil { return self }
    return RowReader(loading: .inOrder(try evaluate(control)), selection, replacements)
  }

  /// A column as it is.
  init(loading input: RowInput, _ selection: RowSelection, _ replacements: ReplacementCounts) {
    var load = Formula()
    load.inputs = [.column(0)]
    load.instructions = [.load(0)]
    load.depth = 1
    self.init(formula: load, inputs: [input], selection: selection, replacements: replacements)
  }
}
