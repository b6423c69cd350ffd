public import ClusterQuery

extension DataSource {
  /// The statistics that are part of this library: `datasets` lists them.
  ///
  /// They lie in the read-only data of the binary; nothing is read before it is needed.
  public static var bundled: DataSource { DataSource(files: BundledFiles.all) }
}
