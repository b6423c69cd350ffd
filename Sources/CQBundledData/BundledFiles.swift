internal import CBundledData
package import CQColumns

/// The data files that are part of the binary.
package enum BundledFiles {
  /// Every file under its name (`us_cbp_state.arrow`), sorted by name; nothing is read or copied.
  package static var all: [(name: String, region: ByteRegion)] {
    (0..<cq_bundled_file_count()).map { index in
      let file = unsafe cq_bundled_file_at(index)
      // SAFETY: the bytes are constants of the binary, so they stay for ever and nobody writes them.
      let bytes = unsafe UnsafeRawBufferPointer(start: file.start, count: file.size)
      return unsafe (String(cString: file.name), ByteRegion(unsafeBytes: bytes, owner: nil))
    }
  }
}
