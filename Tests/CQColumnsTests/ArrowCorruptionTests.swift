import CQColumns
import Testing

/// Whatever the bytes are, opening them ends in a table or an ``ArrowError``, and all of the table can be read.
struct ArrowCorruptionTests {
  private let sample = sampleBytes(rowCount: 5)

  /// Opens the bytes and reads every value; true if they were accepted.
  private func isAccepted(_ bytes: [UInt8]) -> Bool {
    guard let table = try? ArrowReader.open(.copying(bytes), name: "corrupted.arrow") else { return false }
    for field in table.fields { #expect(values(field.data)?.count == table.rowCount) }
    return true
  }

  @Test func everyTruncationIsRefused() {
    for length in 0..<sample.count { #expect(!isAccepted(Array(sample.prefix(length))), "\(length) bytes") }
  }

  @Test func everyMissingBeginningIsRefused() {
    for start in 1..<sample.count { #expect(!isAccepted(Array(sample.dropFirst(start))), "from byte \(start)") }
  }

  @Test(arguments: [0x01, 0x80, 0xFF] as [UInt8])
  func everyByteMayFlip(mask: UInt8) {
    for index in sample.indices {
      var bytes = sample
      bytes[index] ^= mask
      _ = isAccepted(bytes)
    }
  }

  @Test(
    arguments: [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000] as [UInt64])
  func everyWordMayBeExtreme(word: UInt64) {
    let size = word > UInt32.max ? 8 : 4
    for start in stride(from: 0, through: sample.count - size, by: 4) {
      var bytes = sample
      for index in 0..<size { bytes[start + index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * index)) }
      _ = isAccepted(bytes)
    }
  }

  @Test func manyRandomErrorsAtOnce() {
    var random = SplitMix64(state: 20_26)
    for _ in 0..<5_000 {
      var bytes = sample
      for _ in 0..<(1 + random.next() % 8) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = isAccepted(bytes)
    }
  }

  @Test func flippedMagicIsRefused() {
    for index in Array(0..<6) + Array(sample.count - 6..<sample.count) {
      var bytes = sample
      bytes[index] ^= 0x20
      #expect(!isAccepted(bytes), "byte \(index)")
    }
  }
}

/// A small generator of reproducible numbers.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
