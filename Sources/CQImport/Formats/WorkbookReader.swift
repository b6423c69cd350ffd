import CQColumns

enum WorkbookReader {
  static func read(_ region: ByteRegion, _ options: ImportOptions, _ control: ImportControl) throws(ImportError)
    -> FileTable
  {
    throw ImportError("it is a workbook of Excel, or another zip archive", remedy: "save the sheet as CSV UTF-8")
  }
}
