package import CQColumns

/// Where an ``Engine`` takes its datasets from: the bundled data (`import CQBundledData`), or a folder of Arrow files.
public struct DataSource: Sendable {
  package let files: [(name: String, region: ByteRegion)]

  package init(files: [(name: String, region: ByteRegion)]) { self.files = files }

  /// The `.arrow` files of a folder, mapped into memory and not read before they are needed.
  ///
  /// - Throws: An error that names the file or folder that can't be opened.
  public static func folder(_ path: String) throws -> DataSource {
    DataSource(files: try ByteRegion.arrowFiles(in: path))
  }
}
