import CQColumns
internal import Synchronization

/// Arrow files: in place where their layout allows it, copied otherwise.
enum ArrowFiles {
  static func read(_ path: String, _ options: ImportOptions, _ control: ImportControl) throws(ImportError) -> FileTable
  {
    let region = try FileReading.mapped(path)
    if let table = try? ArrowReader.open(region, name: path) {
      try control.check(rows: table.rowCount, bytes: 0)
      return inPlace(table, control)
    }
    let stopped = Mutex<ImportError?>(nil)
    do throws(ArrowError) {
      return try ArrowImport.read(
        region, name: path, threads: control.threadCount, wants: control.wants,
        decompress: { codec, bytes, size throws(ArrowError) in
          do throws(ImportError) {
            return codec == 0
              ? try BlockCodecs.lz4Frame(bytes, size: size) : try Zstandard.decompress(bytes, size: size)
          } catch {
            stopped.withLock { $0 = $0 ?? error }
            throw ArrowError(fileName: path, reason: error.reason)
          }
        },
        progress: { rows, bytes, position throws(ArrowError) in
          if position > 0 { control.progress(position, region.count) }
          do throws(ImportError) {
            try control.check(rows: rows, bytes: bytes)
          } catch {
            stopped.withLock { $0 = $0 ?? error }
            throw ArrowError(fileName: path, reason: error.reason)
          }
        })
    } catch {
      throw stopped.withLock { $0 } ?? ImportError(error.reason, remedy: "write the file again")
    }
  }

  private static func inPlace(_ table: ArrowTable, _ control: ImportControl) -> FileTable {
    let stateColumns = Set(table.fields.map(\.name).filter { $0.hasSuffix(".state") || $0.hasSuffix(".cover") })
    let columns = table.fields.filter { !stateColumns.contains($0.name) && control.wants($0.name) }.map {
      field -> FileTable.Column in
      let states = table.data(named: field.name + ".state").flatMap { $0.cellStates() }
      if let numbers = field.data.widened() {
        return FileTable.Column(name: field.name, values: .numbers(numbers), states: states)
      }
      if let (codes, values) = field.data.members(), Set(values).count == values.count {
        return FileTable.Column(name: field.name, values: .texts(codes: codes, values: values))
      }
      var builder = ColumnBuilder()
      if case .texts(let texts) = field.data { for text in texts { builder.append(text) } }
      // A dictionary that has a text twice.
      if let (codes, values) = field.data.members() {
        builder.append(codes: (0..<table.rowCount).map { UInt32(codes[$0]) }, known: nil, of: values)
      }
      return builder.column(named: field.name)
    }
    return FileTable(columns: columns, rowCount: table.rowCount, format: "Arrow, in place")
  }
}
