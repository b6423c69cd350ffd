/// Numbers of the Arrow IPC format: field numbers of its FlatBuffers tables, enumeration values, sizes of its structs.
///
/// Source: Apache Arrow columnar format 1.5, `File.fbs`, `Message.fbs`, `Schema.fbs`.
enum ArrowFormat {
  static let magic: [UInt8] = Array("ARROW1".utf8)
  static let continuation: UInt32 = 0xFFFF_FFFF
  /// MetadataVersion V5, the one in use since Arrow 1.0.
  static let version: Int16 = 4
  static let alignment = 64

  enum Footer {
    static let version = 0, schema = 1, dictionaries = 2, recordBatches = 3
    /// `Block { offset: int64, metaDataLength: int32, padding, bodyLength: int64 }`
    static let blockSize = 24
  }

  enum Message {
    static let version = 0, headerType = 1, header = 2, bodyLength = 3
    static let schema: UInt8 = 1, dictionaryBatch: UInt8 = 2, recordBatch: UInt8 = 3
  }

  enum Schema {
    static let endianness = 0, fields = 1, metadata = 2
  }

  enum KeyValue {
    static let key = 0, value = 1
  }

  enum Field {
    static let name = 0, nullable = 1, typeType = 2, type = 3, dictionary = 4, children = 5
    static let integer: UInt8 = 2, floatingPoint: UInt8 = 3, utf8: UInt8 = 5, runEndEncoded: UInt8 = 22
  }

  enum Integer {
    static let bitWidth = 0, isSigned = 1
  }

  enum FloatingPoint {
    static let precision = 0
    static let single: Int16 = 1, double: Int16 = 2
  }

  enum DictionaryEncoding {
    static let id = 0, indexType = 1
  }

  enum DictionaryBatch {
    static let id = 0, data = 1, isDelta = 2
  }

  enum RecordBatch {
    static let length = 0, nodes = 1, buffers = 2, compression = 3
    /// `FieldNode { length: int64, null_count: int64 }`
    static let nodeSize = 16
    /// `Buffer { offset: int64, length: int64 }`
    static let bufferSize = 16
  }
}
