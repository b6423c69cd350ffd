import ClusterQuery

extension CommandLineTool {
  /// `cq doc`: the reference of some files, or of the standard library, as Markdown or as one HTML page.
  func writeReference(_ paths: [String], isHTML: Bool, _ options: Options) throws {
    let reference: Reference
    if paths.isEmpty {
      reference = .standardLibrary
    } else {
      let texts = try paths.map { path in (name: path, text: try Input.text(ofFile: path)) }
      let name = paths[0].split(separator: "/").last.map(String.init) ?? paths[0]
      do throws(Diagnostics) {
        reference = try Reference(title: paths.count == 1 ? name : "Reference", texts: texts)
      } catch {
        throw ExecutionFailure.diagnostics(error)
      }
    }
    let text = isHTML ? reference.html : reference.markdown
    guard let path = options.outputPath else {
      output.write(text)
      return
    }
    let file = try OutputFile(path: path)
    file.output.write(text)
    try file.commit()
  }
}
