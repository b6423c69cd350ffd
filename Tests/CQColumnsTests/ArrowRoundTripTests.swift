import CQColumns
import Testing

/// Reads what was written, as tests like to compare it.
func values(_ data: ColumnData?) -> [String]? {
  switch data {
  case .uint8(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .uint16(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .int8(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .int16(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .int32(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .int64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .float64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .texts(let texts): texts
  case .dictionary(.bits8(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
  case .dictionary(.bits16(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
  case .dictionary(.bits32(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
  case .float32, .numberDictionary, .numberRuns: data?.widened().map(values)
  case .runs: values(data?.members().map { .dictionary(codes: $0.codes, values: $0.values) })
  case nil: nil
  }
}

func values(_ numbers: NumberValues) -> [String] {
  switch numbers {
  case .int32(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .int64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  case .float64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
  }
}

/// A table with a column of every type, `rowCount` rows.
func sampleBytes(rowCount: Int) -> [UInt8] {
  var writer = ArrowWriter(rowCount: rowCount, metadata: [("title", "Séries"), ("empty", ""), ("title", "twice")])
  writer.add("u8", .uint8((0..<rowCount).map { UInt8($0 % 256) }))
  writer.add("u16", .uint16((0..<rowCount).map { UInt16($0 % 65_536) }))
  writer.add("i8", .int8((0..<rowCount).map { Int8($0 % 100 - 50) }))
  writer.add("i16", .int16((0..<rowCount).map { Int16($0 - 7) }))
  writer.add("i32", .int32((0..<rowCount).map { Int32($0 * -70_000) }))
  writer.add("i64", .int64((0..<rowCount).map { Int64($0) << 40 }))
  writer.add("f64", .float64((0..<rowCount).map { Double($0) / 4 }))
  writer.add("texts", .texts((0..<rowCount).map { $0 % 3 == 1 ? "" : "été \($0)" }))
  for (name, width) in [("d8", ArrowWriter.CodeWidth.bits8), ("d16", .bits16), ("d32", .bits32)] {
    writer.add(
      name, .dictionary(codes: (0..<rowCount).map { Int32($0 % 3) }, values: ["", "known", "Ñandú"], width: width))
  }
  let codes = (0..<rowCount).map { Int32($0 % 3) }
  writer.add("n8", .numberDictionary(codes: codes, values: .int32([-1, 0, 70_000]), width: .bits8))
  writer.add("n16", .numberDictionary(codes: codes, values: .int64([-1, 0, 1 << 40]), width: .bits16))
  writer.add("n32", .numberDictionary(codes: codes, values: .float64([-0.5, 0, 2.25]), width: .bits32))
  writer.add("runs", runsOf: (0..<rowCount).map { "r\($0 / 2 % 2)" })
  writer.add("years", .runs(of: (0..<rowCount).map { Int16(2000 + $0 / 3) }))
  writer.add("f32", .float32((0..<rowCount).map { Float($0) / 10 }))
  return writer.bytes()
}

struct ArrowRoundTripTests {
  private static let columns = [
    "u8", "u16", "i8", "i16", "i32", "i64", "f64", "texts", "d8", "d16", "d32", "n8", "n16", "n32", "runs",
    "years", "f32",
  ]

  @Test(arguments: [0, 1, 3, 64, 1_000])
  func everyTypeComesBack(rowCount: Int) throws {
    let table = try ArrowReader.open(.copying(sampleBytes(rowCount: rowCount)), name: "sample.arrow")
    let rows = 0..<rowCount
    #expect(table.rowCount == rowCount)
    #expect(table.fields.map(\.name) == Self.columns)
    #expect(values(table.data(named: "u8")) == rows.map { String($0 % 256) })
    #expect(values(table.data(named: "u16")) == rows.map { String($0 % 65_536) })
    #expect(values(table.data(named: "n8")) == rows.map { ["-1", "0", "70000"][$0 % 3] })
    #expect(values(table.data(named: "n16")) == rows.map { ["-1", "0", "1099511627776"][$0 % 3] })
    #expect(values(table.data(named: "n32")) == rows.map { ["-0.5", "0.0", "2.25"][$0 % 3] })
    #expect(values(table.data(named: "runs")) == rows.map { "r\($0 / 2 % 2)" })
    #expect(values(table.data(named: "years")) == rows.map { String(2000 + $0 / 3) })
    #expect(values(table.data(named: "f32")) == rows.map { String(Double($0) / 10) }, "the nearest of the decimal")
    #expect(values(table.data(named: "i8")) == rows.map { String($0 % 100 - 50) })
    #expect(values(table.data(named: "i16")) == rows.map { String($0 - 7) })
    #expect(values(table.data(named: "i32")) == rows.map { String($0 * -70_000) })
    #expect(values(table.data(named: "i64")) == rows.map { String($0 << 40) })
    #expect(values(table.data(named: "f64")) == rows.map { String(Double($0) / 4) })
    #expect(values(table.data(named: "texts")) == rows.map { $0 % 3 == 1 ? "" : "été \($0)" })
    for name in ["d8", "d16", "d32"] {
      #expect(values(table.data(named: name)) == rows.map { ["", "known", "Ñandú"][$0 % 3] }, "\(name)")
    }
    #expect(table.metadata.map(\.key) == ["title", "empty", "title"])
    #expect(table.metadata("title") == "Séries")
    #expect(table.metadata("none") == nil)
  }

  @Test func codeWidthsAreKept() throws {
    let table = try ArrowReader.open(.copying(sampleBytes(rowCount: 5)), name: "sample.arrow")
    guard case .dictionary(.bits8, _) = table.data(named: "d8"),
      case .dictionary(.bits16, _) = table.data(named: "d16"),
      case .dictionary(.bits32, _) = table.data(named: "d32")
    else {
      Issue.record("a dictionary column has another width than it was written with")
      return
    }
  }

  @Test(arguments: [
    (0, ArrowWriter.CodeWidth.bits8), (128, .bits8), (129, .bits16), (32_768, .bits16), (32_769, .bits32),
  ])
  func narrowestWidthOfSignedCodes(valueCount: Int, width: ArrowWriter.CodeWidth) {
    #expect(ArrowWriter.CodeWidth(valueCount: valueCount) == width)
  }

  @Test func columnsStayInPlace() throws {
    let region = ByteRegion.copying(sampleBytes(rowCount: 100))
    let table = try ArrowReader.open(region, name: "sample.arrow")
    guard case .int64(let buffer) = table.data(named: "i64") else {
      Issue.record("i64 is not a column of int64")
      return
    }
    let offset = unsafe Int(bitPattern: buffer.elements.baseAddress) - Int(bitPattern: region.bytes.baseAddress)
    #expect(0..<region.count ~= offset)
    #expect(offset % 64 == 0)
  }

  @Test func columnsOutliveTheRegion() throws {
    let table = try ArrowReader.open(.copying(sampleBytes(rowCount: 100)), name: "sample.arrow")
    #expect(values(table.data(named: "i16"))?.last == "92")
  }

  @Test func sameTableSameBytes() {
    #expect(sampleBytes(rowCount: 10) == sampleBytes(rowCount: 10))
  }

  @Test func tableWithoutColumns() throws {
    let table = try ArrowReader.open(.copying(ArrowWriter(rowCount: 0).bytes()), name: "none.arrow")
    #expect(table.rowCount == 0)
    #expect(table.fields.isEmpty)
    #expect(table.metadata.isEmpty)
  }
}
