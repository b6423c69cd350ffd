import CQColumns
import Glibc

/// Bytes in their order, from a file or from what decompresses one.
protocol ByteStream: AnyObject {
  /// Fills `buffer` as far as there are bytes.
  ///
  /// - Returns: How many bytes; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int
  /// Bytes of the file behind it that have been read, and all there are, for the progress.
  var progress: (done: Int, total: Int) { get }
}

/// An opened file.
final class FileStream: ByteStream {
  let size: Int
  private let descriptor: Int32
  private var done = 0

  /// - Throws: What the system says, and that a folder is none.
  init(path: String) throws(ImportError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? ImportError(systemReason(), remedy: "paths are taken from the folder of the script, or the current one")
        : ImportError(systemReason())
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw ImportError(systemReason()) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: size = Int(status.st_size)
    case S_IFDIR: throw ImportError("it is a folder", remedy: "name one of the files in it")
    default: throw ImportError("it is not a regular file", remedy: "copy it into a file first")
    }
  }

  deinit { close(descriptor) }

  var progress: (done: Int, total: Int) { (done, size) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        done += count
        return count
      }
      guard errno == EINTR else { throw ImportError(systemReason()) }
    }
  }
}

/// What the system says, as messages begin: in lower case.
func systemReason() -> String {
  let text = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  return text.prefix(1).lowercased() + text.dropFirst()
}

/// Bytes that are there already.
final class MemoryStream: ByteStream {
  private let region: ByteRegion
  private var position = 0

  init(_ region: ByteRegion) { self.region = region }

  var progress: (done: Int, total: Int) { (position, region.count) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    let count = min(buffer.count, region.count - position)
    guard count > 0 else { return 0 }
    // SAFETY: `position + count` lies within the region, and `count` within the buffer.
    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: region.bytes[position..<position + count]))
    position += count
    return count
  }
}
