extension Int {
  /// `12345` as `12,345`.
  package var grouped: String {
    var digits = String(magnitude)[...]
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1 row`, `12,345 rows`.
  ///
  /// - Parameters:
  ///   - one: What there is one of.
  ///   - several: What there are more of, or none; `one` with an s unless said.
  package func counted(_ one: String, _ several: String? = nil) -> String {
    self == 1 ? "1 \(one)" : "\(grouped) \(several ?? one + "s")"
  }
}
