import Glibc

extension ByteRegion {
  /// Maps a whole file read-only; it is unmapped when the last column that points into it is gone.
  ///
  /// Pages are read on demand, so opening costs the same for any size. Whoever truncates the file in the meantime
  /// breaks the mapping; bundled and user files are replaced, not rewritten in place.
  package static func mapping(path: String) throws(ArrowError) -> ByteRegion {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ArrowError(fileName: path, reason: systemReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw ArrowError(fileName: path, reason: systemReason()) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ArrowError(fileName: path, reason: "it must be a regular file")
    }
    let size = Int(status.st_size)
    // mmap refuses a length of 0.
    guard size > 0 else { return .copying([]) }
    guard let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED
    else {
      throw ArrowError(fileName: path, reason: systemReason())
    }
    let mapping = unsafe Mapping(address: address, size: size)
    // SAFETY: the mapping is read-only and lives as long as `mapping`.
    return unsafe ByteRegion(
      unsafeBytes: UnsafeRawBufferPointer(start: address, count: size), owner: mapping)
  }
}

extension ByteRegion {
  /// Whether the system can read the bytes again from a file, of the user's or this program: they take no memory of their own.
  var isOfFile: Bool { owner == nil || owner is Mapping }
}

private func systemReason() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text)
}

@safe private final class Mapping {
  // SAFETY: the result of a successful mmap of `size` bytes; unmapped exactly once.
  private let address: UnsafeMutableRawPointer
  private let size: Int

  init(address: UnsafeMutableRawPointer, size: Int) {
    unsafe self.address = address
    self.size = size
  }

  deinit { _ = unsafe munmap(address, size) }
}
