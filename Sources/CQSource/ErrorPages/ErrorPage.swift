/// What `cq explain` prints about one code: plain values, from which `Docs/errors.md` is made as well.
///
/// The pages stand beside ``Diagnostic``, below every stage that gives codes, so that texts, SARIF and editors can all
/// show them.
public struct ErrorPage: Sendable, Equatable {
  /// A program that shows the code, or one that is as it should be.
  public struct Example: Sendable, Equatable, ExpressibleByStringLiteral {
    public var text: String
    /// Options of `cq` without which the code does not come, such as `--limit-cells 1k`.
    public var options: String

    public init(_ text: String, options: String = "") {
      self.text = text
      self.options = options
    }

    public init(stringLiteral text: String) { self.init(text) }
  }

  public let code: String
  /// What happened, as a heading.
  public let title: String
  /// What happened, why it is not simply guessed, and what to do: a few plain sentences.
  public let explanation: String
  /// Gives exactly this code.
  public let wrong: Example
  /// Says what was meant, and runs.
  public let right: Example

  init(_ code: String, _ title: String, _ explanation: String, wrong: Example, right: Example) {
    self.code = code
    self.title = title
    self.explanation = explanation
    self.wrong = wrong
    self.right = right
  }

  /// By the first letter of the code.
  public var severity: Diagnostic.Severity {
    switch code.first {
    case "N": .note
    case "W": .warning
    default: .error
    }
  }
}

extension ErrorPage {
  /// Every page, sorted by the digits of its code: families of errors stand together with their warnings and notes.
  public static let all: [ErrorPage] =
    (syntax + habits + names + kinds + kernels + values + members + tables + files + pictures + limits + states)
    .sorted { ($0.code.dropFirst(), $0.code) < ($1.code.dropFirst(), $1.code) }

  /// The page of a code in any spelling of its letter; nil when there is none.
  public static func page(for code: String) -> ErrorPage? {
    var code = code.uppercased()
    // `301` for E0301.
    if !code.isEmpty, code.utf8.count < 5, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      code = "E" + String(repeating: "0", count: 4 - code.utf8.count) + code
    }
    return all.first { $0.code == code }
  }
}
