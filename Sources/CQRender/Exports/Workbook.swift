import CQColumns

/// The result as an Excel workbook (Office Open XML): numbers with their formats, the header row frozen, and a sheet that
/// says where they come from. Texts are inline strings, which no spreadsheet takes for formulas.
struct Workbook {
  private let table: Table

  init(_ table: Table) { self.table = table }

  private enum Style: Int {
    case general, header, whole, decimal, percent, fine
  }

  var bytes: [UInt8] {
    var archive = StoredArchive()
    archive.add("[Content_Types].xml", Self.head + contentTypes)
    archive.add("_rels/.rels", Self.head + relations)
    archive.add("xl/workbook.xml", Self.head + workbook)
    archive.add("xl/_rels/workbook.xml.rels", Self.head + workbookRelations)
    archive.add("xl/styles.xml", Self.head + styles)
    archive.add("xl/worksheets/sheet1.xml", Self.head + dataSheet)
    archive.add("xl/worksheets/sheet2.xml", Self.head + sourceSheet)
    return archive.finish()
  }

  private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"

  // MARK: - Sheets

  private struct Column {
    var name: String
    var style: Style
    var width: Int
    var cell: (_ row: Int, _ reference: String) -> String
  }

  private var columns: [Column] {
    let exported = ExportedColumns(table)
    var taken = Set(exported.columns.map(\.name))
    var columns: [Column] = []
    func texts(_ name: String, _ texts: TableTexts) {
      let width = texts.prefix(500).reduce(name.count) { max($0, $1.count) }
      columns.append(
        Column(name: name, style: .general, width: width) { row, reference in
          texts[row].isEmpty ? "" : Self.text(texts[row], reference, .general)
        })
    }
    for column in exported.columns {
      switch column.values {
      case .texts(let values): texts(column.name, values)
      case .truths(let values): texts(column.name, TableTexts(values.map { $0 ? "true" : "false" }))
      case .periods(let years):
        columns.append(
          Column(name: column.name, style: .general, width: 8) { row, reference in
            "<c r=\"\(reference)\"><v>\(years[row])</v></c>"
          })
      case .numbers(let numbers, let states, let quantity, let bounds):
        let style = Self.style(quantity, numbers, states)
        columns.append(
          Column(name: column.name, style: style, width: max(12, column.name.count)) { row, reference in
            guard states[row].hasValue, let number = exactText(numbers[row]) else { return "" }
            return "<c r=\"\(reference)\" s=\"\(style.rawValue)\"><v>\(number)</v></c>"
          })
        if states.contains(where: { $0 != .known }) {
          texts(ExportedColumns.free(column.name + "_state", in: &taken), TableTexts(states.map(\.name)))
        }
        guard !bounds.isEmpty else { continue }
        for (suffix, end) in [("_low", \ClosedRange<Double>.lowerBound), ("_high", \ClosedRange<Double>.upperBound)] {
          let name = ExportedColumns.free(column.name + suffix, in: &taken)
          columns.append(
            Column(name: name, style: style, width: max(12, name.count)) { row, reference in
              guard let number = bounds[row].flatMap({ exactText($0[keyPath: end]) }) else { return "" }
              return "<c r=\"\(reference)\" s=\"\(style.rawValue)\"><v>\(number)</v></c>"
            })
        }
      }
    }
    return columns
  }

  private static func style(_ quantity: Quantity, _ numbers: [Double], _ states: [CellState]) -> Style {
    switch quantity {
    case .percent: .percent
    case .ratio, .mixed: .decimal
    case .count, .money:
      zip(numbers, states).contains { $1.hasValue && abs($0) < 100 && $0 != $0.rounded() } ? .fine : .whole
    }
  }

  private var dataSheet: String {
    let columns = columns
    let widths = columns.enumerated().map { index, column in
      "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(min(60, column.width + 2))\" customWidth=\"1\"/>"
    }
    var rows = [
      "<row r=\"1\">" + columns.enumerated().map { Self.text($1.name, Self.reference($0, 1), .header) }.joined()
        + "</row>"
    ]
    for row in 0..<table.rowCount {
      let cells = columns.enumerated().map { $1.cell(row, Self.reference($0, row + 2)) }.joined()
      rows.append("<row r=\"\(row + 2)\">\(cells)</row>")
    }
    let last = Self.reference(max(0, columns.count - 1), table.rowCount + 1)
    return """
      <worksheet xmlns="\(Self.main)"><sheetViews><sheetView workbookViewId="0" tabSelected="1">\
      <pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
      \(widths.isEmpty ? "" : "<cols>\(widths.joined())</cols>")<sheetData>\(rows.joined())</sheetData>\
      \(columns.isEmpty ? "" : "<autoFilter ref=\"A1:\(last)\"/>")</worksheet>
      """
  }

  private var sourceSheet: String {
    let header = table.header
    var lines: [(String, String)] = [
      ("Title", header.title.joined(separator: " · ")), ("Source", header.source), ("Dataset", header.dataset),
      ("Compared with", header.base),
    ].filter { !$0.1.isEmpty }
    lines += table.notes.map { ($0.code.isEmpty ? "Note" : "Note \($0.code)", $0.text) }
    let rows = lines.enumerated().map { index, line in
      "<row r=\"\(index + 1)\">" + Self.text(line.0, Self.reference(0, index + 1), .header)
        + Self.text(line.1, Self.reference(1, index + 1), .general) + "</row>"
    }
    return """
      <worksheet xmlns="\(Self.main)"><cols><col min="1" max="1" width="18" customWidth="1"/>\
      <col min="2" max="2" width="110" customWidth="1"/></cols><sheetData>\(rows.joined())</sheetData></worksheet>
      """
  }

  private static func text(_ text: String, _ reference: String, _ style: Style) -> String {
    let mark = style == .general ? "" : " s=\"\(style.rawValue)\""
    return
      "<c r=\"\(reference)\"\(mark) t=\"inlineStr\"><is><t xml:space=\"preserve\">\(SVGText.escaped(text))</t></is></c>"
  }

  /// `A1`, `AB12`.
  static func reference(_ column: Int, _ row: Int) -> String {
    var letters = ""
    var rest = column + 1
    while rest > 0 {
      letters = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return letters + String(row)
  }

  // MARK: - Fixed parts

  private var contentTypes: String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return """
      <Types xmlns="\(Self.package)/content-types"><Default Extension="rels" \
      ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
      <Default Extension="xml" ContentType="application/xml"/>\
      <Override PartName="/xl/workbook.xml" ContentType="\(kind).sheet.main+xml"/>\
      <Override PartName="/xl/styles.xml" ContentType="\(kind).styles+xml"/>\
      <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(kind).worksheet+xml"/>\
      <Override PartName="/xl/worksheets/sheet2.xml" ContentType="\(kind).worksheet+xml"/></Types>
      """
  }

  private var relations: String {
    """
    <Relationships xmlns="\(Self.package)/relationships"><Relationship Id="rId1" \
    Type="\(Self.office)/officeDocument" Target="xl/workbook.xml"/></Relationships>
    """
  }

  private var workbook: String {
    """
    <workbook xmlns="\(Self.main)" xmlns:r="\(Self.office)"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/>\
    <sheet name="Source" sheetId="2" r:id="rId2"/></sheets></workbook>
    """
  }

  private var workbookRelations: String {
    """
    <Relationships xmlns="\(Self.package)/relationships">\
    <Relationship Id="rId1" Type="\(Self.office)/worksheet" Target="worksheets/sheet1.xml"/>\
    <Relationship Id="rId2" Type="\(Self.office)/worksheet" Target="worksheets/sheet2.xml"/>\
    <Relationship Id="rId3" Type="\(Self.office)/styles" Target="styles.xml"/></Relationships>
    """
  }

  /// ORDER: the formats are those of ``Style``.
  private var styles: String {
    let formats = [(0, 0), (0, 1), (3, 0), (2, 0), (164, 0), (165, 0)].map { format, font in
      "<xf numFmtId=\"\(format)\" fontId=\"\(font)\" fillId=\"0\" borderId=\"0\" xfId=\"0\""
        + (format > 0 ? " applyNumberFormat=\"1\"" : "") + (font > 0 ? " applyFont=\"1\"" : "") + "/>"
    }.joined()
    return """
      <styleSheet xmlns="\(Self.main)"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/>\
      <numFmt numFmtId="165" formatCode="#,##0.0"/></numFmts>\
      <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
      <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
      <borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="6">\(formats)</cellXfs>\
      <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
      """
  }
}

/// A ZIP archive whose entries are stored as they are (PKWARE APPNOTE 4.3); the same bytes for the same entries.
struct StoredArchive {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var entryCount: UInt16 = 0

  /// 1 January 1980: the files have no time of their own.
  private static let date: UInt16 = 0x21

  mutating func add(_ name: String, _ text: String) {
    let (nameBytes, content) = (Array(name.utf8), Array(text.utf8))
    let offset = UInt32(truncatingIfNeeded: bytes.count)
    let check = Self.checksum(content)
    var common: [UInt8] = []
    // version 2.0, names in UTF-8, stored, time, date
    common.append(UInt16(20), UInt16(0x0800), UInt16(0), UInt16(0), Self.date)
    common.append(check, UInt32(truncatingIfNeeded: content.count), UInt32(truncatingIfNeeded: content.count))
    common.append(UInt16(truncatingIfNeeded: nameBytes.count), UInt16(0))
    bytes.append(UInt32(0x0403_4B50))
    bytes += common + nameBytes + content
    directory.append(UInt32(0x0201_4B50))
    directory.append(UInt16(20))
    directory += common
    // no comment, disk 0, no attributes
    directory.append(UInt16(0), UInt16(0), UInt16(0))
    directory.append(UInt32(0), offset)
    directory += nameBytes
    entryCount += 1
  }

  consuming func finish() -> [UInt8] {
    let start = UInt32(truncatingIfNeeded: bytes.count)
    bytes += directory
    bytes.append(UInt32(0x0605_4B50))
    bytes.append(UInt16(0), UInt16(0), entryCount, entryCount)
    bytes.append(UInt32(truncatingIfNeeded: directory.count), start)
    bytes.append(UInt16(0))
    return bytes
  }

  /// CRC-32 (ISO 3309).
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
    return value ^ 0xFFFF_FFFF
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Value: FixedWidthInteger>(_ values: Value...) {
    for value in values {
      for index in 0..<MemoryLayout<Value>.size { append(UInt8(truncatingIfNeeded: value >> Value(8 * index))) }
    }
  }
}
