import Foundation

// swift run -c release bundle <tidy-folder> <output-folder>
//
// Builds the files that CBundledData embeds from tidy CSV files. The output depends on nothing but the input.

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  FileHandle.standardError.write(Data("usage: bundle <tidy-folder> <output-folder>\n".utf8))
  exit(2)
}
do {
  let files = try IndexFile.completing(BundleBuilder.build(from: InputFolder(path: arguments[1])))
  try OutputFolder(path: arguments[2]).write(files)
  for file in files { print("\(file.name)  \(file.bytes.count) bytes, \(file.rowCount) rows") }
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
