import CQColumns
import CQSource
import CQSyntax

// Which files `save` can write, by their endings.

extension Elaborator {
  /// Endings of files that `save` writes for any table.
  static let tableEndings = ["csv", "tsv", "json", "jsonl", "md", "html", "tex", "xlsx", "arrow", "txt"]
  /// Endings of pictures.
  static let pictureEndings = ["svg", "png", "pdf", "vl.json"]

  /// Endings that `rsvg-convert` writes.
  private static let rasterEndings = ["png", "pdf"]

  /// Reports a path whose ending says nothing, or a picture where there is none.
  func canSave(_ path: String, _ argument: Argument, _ scope: Scope, _ builder: FrameBuilder) -> Bool {
    let ending = Self.ending(of: path)
    if Self.tableEndings.contains(ending) { return true }
    if Self.pictureEndings.contains(ending) {
      if builder.picture == nil {
        report(scope, argument.span) { .saveNeedsPicture(path, at: $0) }
      } else if Self.rasterEndings.contains(ending), files?.hasRasteriser() != true {
        report(scope, argument.span) { .noRasteriser(path, at: $0) }
      } else {
        return true
      }
    } else if let instead = Self.otherEndings[ending] {
      report(scope, argument.span) {
        .notAvailableYet("saving as .\(ending)", at: $0, instead: instead)
      }
    } else {
      report(scope, argument.span) {
        .unknownFileEnding(path, endings: Self.tableEndings + Self.pictureEndings, at: $0)
      }
    }
    return false
  }

  /// Formats that people ask for, with what does instead.
  private static let otherEndings = [
    "parquet": "save as .arrow, which pandas, polars, R and DuckDB open as it is",
    "feather": "save as .arrow, which is the same format",
    "xls": "save as .xlsx",
    "jpg": "save as .png, which keeps text sharp, or as .svg",
    "jpeg": "save as .png, which keeps text sharp, or as .svg",
    "htm": "save as .html", "markdown": "save as .md",
  ]

  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name.hasSuffix(".vl.json") { return "vl.json" }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }
}
