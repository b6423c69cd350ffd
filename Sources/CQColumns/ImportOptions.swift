/// What the user says about a file that can't be seen from the file itself.
package struct ImportOptions: Sendable, Hashable {
  package enum Encoding: String, Sendable { case utf8, latin1 }

  /// The byte between fields; nil to find out.
  package var separator: UInt8?
  /// Numbers are written `1.234,5`; nil to find out.
  package var hasDecimalComma: Bool?
  /// nil to find out.
  package var encoding: Encoding?
  /// The first row holds names.
  package var hasHeader = true
  /// Lines above the names that are no part of the table.
  package var skippedLines = 0
  /// Rows with too few or too many fields are left out and counted; else they are mistakes.
  package var skipsBadRows = false
  /// Columns of codes or identifiers that look like numbers.
  package var textColumns: Set<String> = []
  /// Further texts that stand for a withheld number.
  package var withheldMarks: [String] = []
  /// Further texts that stand for a missing number.
  package var missingMarks: [String] = []
  /// The table of a database, the sheet of a workbook.
  package var table: String?
  /// Names of the columns that are needed, folded; nil for all of them.
  package var columns: Set<String>?
  /// Every row will be shown, so that the limit of rows holds for the file.
  package var showsAllRows = false

  package init() {}
}
