/// Bytes that stay valid and unchanged for as long as a value that refers to them lives: embedded in the binary, mapped
/// from a file, or owned.
@safe package struct ByteRegion: @unchecked Sendable {
  // SAFETY: the bytes are never written after creation; `owner` keeps them alive (nil for bytes of the binary itself).
  package let bytes: UnsafeRawBufferPointer
  let owner: AnyObject?

  /// - Precondition: `bytes` stays valid and unchanged while `owner` lives (for ever when it is nil).
  package init(unsafeBytes bytes: UnsafeRawBufferPointer, owner: AnyObject?) {
    unsafe self.bytes = bytes
    self.owner = owner
  }
}

/// Fixed-width values of one column, in place in a ``ByteRegion``.
@safe package struct ColumnBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // SAFETY: points into `region`, which is never written and lives as long as this value.
  package let elements: UnsafeBufferPointer<Element>
  private let region: ByteRegion

  /// - Precondition: `elements` lies within `region`, aligned for `Element`.
  package init(unsafeElements elements: UnsafeBufferPointer<Element>, in region: ByteRegion) {
    unsafe self.elements = elements
    self.region = region
  }

  /// Bytes of memory that it takes: none where it lies in a file.
  var ownByteCount: Int { region.isOfFile ? 0 : unsafe elements.count * MemoryLayout<Element>.stride }

  package static var empty: ColumnBuffer {
    unsafe ColumnBuffer(unsafeElements: UnsafeBufferPointer(start: nil, count: 0), in: .copying([]))
  }

  package var count: Int { unsafe elements.count }

  package subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "row index out of range")
    return unsafe elements[index]
  }
}

/// Dictionary codes, one per row, validated to be `0 ..< dictionary.count` when the file was opened.
package enum DictionaryCodes: Sendable {
  case bits8(ColumnBuffer<UInt8>)
  case bits16(ColumnBuffer<UInt16>)
  case bits32(ColumnBuffer<UInt32>)
}

/// The values of a dictionary of numbers.
package enum NumberValues: Sendable {
  case int32(ColumnBuffer<Int32>)
  case int64(ColumnBuffer<Int64>)
  case float64(ColumnBuffer<Double>)

  package var count: Int {
    switch self {
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float64(let values): values.count
    }
  }
}

package enum ColumnData: Sendable {
  case uint8(ColumnBuffer<UInt8>)
  case uint16(ColumnBuffer<UInt16>)
  case int8(ColumnBuffer<Int8>)
  case int16(ColumnBuffer<Int16>)
  case int32(ColumnBuffer<Int32>)
  case int64(ColumnBuffer<Int64>)
  /// Each stands for the decimal number that has it as its nearest: ``widened()`` makes doubles of them.
  case float32(ColumnBuffer<Float>)
  case float64(ColumnBuffer<Double>)
  case texts([String])
  case dictionary(codes: DictionaryCodes, values: [String])
  /// Numbers of which there are few different ones; ``widened()`` makes a plain column of them.
  case numberDictionary(codes: DictionaryCodes, values: NumberValues)
  /// Texts that stay the same over many rows: run `i` holds `values[i]` and ends before row `ends[i]`.
  ///
  /// The ends ascend and the last one is the number of rows, which was validated when the file was opened.
  case runs(ends: ColumnBuffer<Int32>, values: [String])
  /// Whole numbers that stay the same over many rows, such as the years of rows sorted by year.
  case numberRuns(ends: ColumnBuffer<Int32>, values: ColumnBuffer<Int16>)
}

/// One opened Arrow IPC file: columns in place, and the schema's metadata in file order.
package struct ArrowTable: Sendable {
  package struct Field: Sendable {
    package var name: String
    package var data: ColumnData

    package init(name: String, data: ColumnData) {
      self.name = name
      self.data = data
    }
  }

  package var rowCount: Int
  package var fields: [Field]
  package var metadata: [(key: String, value: String)]

  package init(rowCount: Int, fields: [Field], metadata: [(key: String, value: String)]) {
    self.rowCount = rowCount
    self.fields = fields
    self.metadata = metadata
  }

  package func data(named name: String) -> ColumnData? { fields.first { $0.name == name }?.data }

  package func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }
}
