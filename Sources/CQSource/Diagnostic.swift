/// One message to the user, as data. Text, JSON and SARIF are renderings of it.
public struct Diagnostic: Sendable, Equatable {
  public enum Severity: String, Sendable { case error, warning, note }

  /// A marked place in the source; the primary label says where the mistake is.
  public struct Label: Sendable, Equatable {
    public var span: TextSpan
    public var text: String
    public var isPrimary: Bool

    public init(span: TextSpan, text: String = "", isPrimary: Bool) {
      self.span = span
      self.text = text
      self.isPrimary = isPrimary
    }
  }

  /// A replacement that mends the mistake.
  public struct Fix: Sendable, Equatable {
    public enum Applicability: String, Sendable { case always, maybe }

    public var span: TextSpan
    public var replacement: String
    /// `always` may be applied without asking; `maybe` is a guess such as a suggested name.
    public var applicability: Applicability

    public init(span: TextSpan, replacement: String, applicability: Applicability = .always) {
      self.span = span
      self.replacement = replacement
      self.applicability = applicability
    }
  }

  /// Stable, never reused: `E0301`. The pages are in `Docs/errors.md`.
  public var code: String
  public var severity: Severity
  /// The problem in the user's words: lower case, no full stop, names in backquotes.
  public var message: String
  public var labels: [Label]
  /// What to do about it.
  public var helps: [String]
  public var notes: [String]
  public var fixes: [Fix]

  public init(
    _ code: String,
    _ message: String,
    at span: TextSpan,
    label: String = "",
    severity: Severity = .error,
    secondary: [Label] = [],
    helps: [String] = [],
    notes: [String] = [],
    fixes: [Fix] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.labels = [Label(span: span, text: label, isPrimary: true)] + secondary
    self.helps = helps
    self.notes = notes
    self.fixes = fixes
  }

  /// Where the mistake is.
  public var span: TextSpan { labels.first(where: \.isPrimary)?.span ?? TextSpan(0, 0) }
}

/// Everything that is wrong with one source text, sorted by position.
public struct Diagnostics: Error, Sendable {
  /// More than this many are not reported: the first ones explain the rest.
  public static let reportLimit = 20

  public let source: SourceText
  public let all: [Diagnostic]

  public init(source: SourceText, _ diagnostics: [Diagnostic]) {
    self.source = source
    let sorted = diagnostics.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }
    self.all = sorted.prefix(Self.reportLimit).map { $0.element.withoutSecrets }
  }

  public var hasErrors: Bool { all.contains { $0.severity == .error } }
}

extension Diagnostic {
  /// Without passwords that the user's text has; a fix that would write one is left out.
  fileprivate var withoutSecrets: Diagnostic {
    var copy = self
    copy.message = message.withoutSecrets
    copy.labels = labels.map { Label(span: $0.span, text: $0.text.withoutSecrets, isPrimary: $0.isPrimary) }
    copy.helps = helps.map(\.withoutSecrets)
    copy.notes = notes.map(\.withoutSecrets)
    copy.fixes = fixes.filter { $0.replacement == $0.replacement.withoutSecrets }
    return copy
  }
}
