/// Names of columns and values as titles and labels of charts say them.
enum Label {
  /// `avg_wage` as `Avg wage`, `lq` as `LQ`.
  static func sentence(_ name: String) -> String {
    let text = words(name)
    guard let first = text.first, first.isLowercase else { return text }
    return first.uppercased() + text.dropFirst()
  }

  /// `avg_wage` as `avg wage`; abbreviations in capitals.
  static func words(_ name: String) -> String {
    name.split(separator: " ", omittingEmptySubsequences: false).map { word in
      // A name inside prose, such as a place: only names of columns are in small letters.
      guard word.contains("_") || word.first?.isLowercase == true else { return String(word) }
      return word.split(separator: "_").map { part in
        let bare = part.filter { $0 != "," }
        if bare == "avg" { return "average" }
        if bare.hasPrefix("naics") || bare.hasPrefix("scian") { return part.uppercased() }
        return abbreviations.contains(String(bare)) ? part.uppercased() : String(part)
      }.joined(separator: " ")
    }.joined(separator: " ")
  }

  private static let abbreviations: Set<String> = ["lq", "hhi", "gdp", "eci", "pci", "fdi", "us", "usd", "mxn", "cad"]

  /// `2019`, and `2019 Q1` for the period code 20191.
  static func period(_ code: Int32) -> String {
    guard code >= 10_000 else { return String(code) }
    return "\(code / 10) Q\(code % 10)"
  }
}

extension String {
  /// The beginning of a sentence.
  var uppercasedFirst: String {
    // The name of a dataset stays as it is.
    guard let first, !prefix(while: { $0 != " " }).contains("_") else { return self }
    return first.uppercased() + dropFirst()
  }

  /// `Employment` inside a sentence; abbreviations stay.
  var lowercasedFirst: String {
    guard let first, dropFirst().first?.isUppercase != true else { return self }
    return first.lowercased() + dropFirst()
  }
}
