import CQColumns
import Synchronization
import Testing

/// The range of whole numbers, and rows that are picked from a column.
@Suite struct WholeNumberTests {
  private func column(_ numbers: NumberValues, states: [UInt8]? = nil) -> FileTable.Column {
    FileTable.Column(name: "year", values: .numbers(numbers), states: states.map { ColumnBuffer($0) })
  }

  private func range(_ column: FileTable.Column, threads: Int = 2) -> ClosedRange<Int32>? {
    column.wholeRange(threads: threads, isStopped: { false })
  }

  @Test(arguments: [1, 2, 7]) func theRangeIsThatOfAllRows(threads: Int) {
    // Several units of rows, with the extremes in the middle and at the end.
    var numbers = (0..<1_000_003).map { Int32(2_000 + $0 % 20) }
    numbers[600_000] = 1_984
    numbers[1_000_002] = 2_077
    #expect(range(column(.int32(ColumnBuffer(numbers))), threads: threads) == 1_984...2_077)
    #expect(range(column(.int64(ColumnBuffer(numbers.map(Int64.init)))), threads: threads) == 1_984...2_077)
    #expect(range(column(.float64(ColumnBuffer(numbers.map(Double.init)))), threads: threads) == 1_984...2_077)
  }

  @Test(arguments: [1, 2, 7]) func oneNumberThatIsNotWholeOrTooLargeIsEnough(threads: Int) {
    var decimals = [Double](repeating: 2_020, count: 800_000)
    decimals[799_999] = 2_020.5
    #expect(range(column(.float64(ColumnBuffer(decimals))), threads: threads) == nil)
    decimals[799_999] = .nan
    #expect(range(column(.float64(ColumnBuffer(decimals))), threads: threads) == nil)
    var long = [Int64](repeating: 2_020, count: 800_000)
    long[0] = 1 << 31
    #expect(range(column(.int64(ColumnBuffer(long))), threads: threads) == nil)
  }

  @Test func columnsWithUnknownNumbersOrNoneHaveNoRange() {
    #expect(range(column(.int32(ColumnBuffer([2_020, 2_021])), states: [0, 3])) == nil)
    #expect(range(column(.int32(ColumnBuffer([])))) == nil)
    let texts = FileTable.Column(name: "year", values: .texts(codes: .bits8(ColumnBuffer([0])), values: ["2020"]))
    #expect(range(texts) == nil)
  }

  @Test func whatIsStoppedHasNoRangeAndReadsNoFurther() {
    let asked = Atomic<Int>(0)
    let column = column(.int32(ColumnBuffer([Int32](repeating: 2_020, count: 2_000_000))))
    let found = column.wholeRange(threads: 1) { asked.add(1, ordering: .relaxed).newValue == 3 }
    #expect(found == nil)
    #expect(asked.load(ordering: .relaxed) == 3)
  }

  @Test func pickedRowsKeepValuesAndStates() {
    let rows = stride(from: 0, to: 400_000, by: 3).map { $0 }
    let numbers = (0..<400_000).map { Double($0) / 2 }
    let states = (0..<400_000).map { UInt8($0 % 4) }
    let whole = column(.float64(ColumnBuffer(numbers)), states: states)
    let picked = whole.gathered(rows, threads: 2, isStopped: { false })
    #expect(rows.indices.allSatisfy { picked.number(at: $0) == numbers[rows[$0]] })
    #expect(rows.indices.allSatisfy { picked.state(at: $0).rawValue == states[rows[$0]] })
  }

  @Test func aColumnTakesItsRowsAndItsTexts() {
    #expect(column(.int32(ColumnBuffer([Int32](repeating: 1, count: 1_000)))).byteCount == 4_000)
    #expect(column(.float64(ColumnBuffer([1.0, 2])), states: [0, 3]).byteCount == 18)
    let codes = DictionaryCodes.bits16(ColumnBuffer((0..<5_000).map { UInt16($0) }))
    let short = FileTable.Column(name: "a", values: .texts(codes: codes, values: (0..<5_000).map { "\($0)" }))
    #expect(short.byteCount == 5_000 * (2 + 16))
    let values = (0..<5_000).map { "a text with more than fifteen letters \(10_000 + $0)" }
    let long = FileTable.Column(name: "a", values: .texts(codes: codes, values: values))
    // Each text of 43 bytes is an object of 32 + 48; some of them speak for all.
    #expect(abs(long.byteCount - 5_000 * (2 + 16 + 80)) < 5_000)
  }

  @Test func theSystemCountsMemoryThatWasTouched() {
    let before = ProcessMemory.resident
    #expect(before.own > 0)
    #expect(before.all >= before.own)
    let bytes = [UInt8](repeating: 1, count: 256 << 20)
    let after = ProcessMemory.resident
    // Others of this process may give memory back meanwhile.
    #expect(after.own - before.own > 128 << 20)
    #expect(bytes[bytes.count / 2] == 1)
  }
}
