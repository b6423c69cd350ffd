import CQColumns
import CQSource
import CQSyntax

// Which files `save` can write, by their endings.

extension Elaborator {
  /// Endings of files that `save` writes for any table.
  static let tableEndings = ["csv", "tsv", "json", "jsonl", "md", "html", "tex", "xlsx", "arrow", "txt"]
  /// Endings of pictures.
  static let pictureEndings = ["svg", "vl.json"]

  /// Reports a path whose ending says nothing, or a picture where there is none.
  func canSave(_ path: String, _ argument: Argument, _ scope: Scope, _ builder: FrameBuilder) -> Bool {
    let ending = Self.ending(of: path)
    if Self.tableEndings.contains(ending) { return true }
    if Self.pictureEndings.contains(ending) {
      if ending == "vl.json", builder.picture?.picture.kind == .map {
        report(scope, argument.span) {
          .notAvailableYet("saving a map as .vl.json", at: $0, instead: "save it as .svg or .html")
        }
        return false
      }
      if builder.picture != nil { return true }
      report(scope, argument.span) { .saveNeedsPicture(path, at: $0) }
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
    "png": "save as .svg and convert it: rsvg-convert -o picture.png picture.svg",
    "pdf": "save as .svg and convert it: rsvg-convert -f pdf -o picture.pdf picture.svg",
    "jpg": "save as .svg and convert it: rsvg-convert -o picture.png picture.svg",
  ]

  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name.hasSuffix(".vl.json") { return "vl.json" }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }
}
