import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// `use`: names that a program takes from other files.

extension Elaborator {
  /// `use "lib/midwest.cq" (peers)` takes names, `use lib.midwest as m` makes all of them known as `m.peers`.
  func use(_ use: UseStatement, at span: TextSpan) {
    guard let (path, place) = modulePath(use, at: span),
      let module = module(path, at: place, isDotted: use.file == nil)
    else { return }
    let names = module.ownNames
    for name in use.imports {
      guard names.contains(where: { fold($0) == fold(name.text) }) else {
        report(
          .notInModule(
            name.text, path, names: names, suggestions: suggestions(for: name.text, among: names), at: name.span))
        continue
      }
      warnOfShadowing(name, from: path, module)
      take(name.text, from: module, as: name.text)
    }
    // `use lib.midwest` by itself calls the module by its last name.
    let alias = use.alias ?? (use.imports.isEmpty && use.file == nil ? use.path.last : nil)
    if let alias {
      environment.name(module: path, alias: alias.text, names: names)
      for name in names { take(name, from: module, as: alias.text + "." + name) }
    } else if use.imports.isEmpty {
      report(.importsMissing(path, names: names, at: span))
    }
  }

  /// The file of a module; nil for the standard library, and when a diagnostic was given.
  private func modulePath(_ use: UseStatement, at span: TextSpan) -> (path: String, place: TextSpan)? {
    if let file = use.file {
      return text(file, Scope(environment: environment, source: source)).map { ($0, file.span) }
    }
    guard let first = use.path.first, let last = use.path.last else { return nil }
    if first.text == "stdlib" { return nil }
    return (use.path.map(\.text).joined(separator: "/") + ".cq", first.span.union(last.span))
  }

  private func take(_ name: String, from module: Environment, as own: String) {
    if let definition = module.definition(name) {
      environment.define(definition, as: own)
    } else if let binding = module.binding(name) {
      environment.bind(own, binding)
      let datasets = module.datasets(named: name)
      if !datasets.isEmpty {
        environment.add(datasets, as: own)
        learnDatasets()
      }
    }
  }

  /// A name that has a meaning already changes it from here on.
  private func warnOfShadowing(_ name: Name, from path: String, _ module: Environment) {
    let isVerb = if case .fragment = module.definition(name.text)?.statement.body { true } else { false }
    let known =
      isVerb
      ? (Self.verbs + Self.laterVerbs).contains(fold(name.text))
      : catalog.measure(named: name.text) != nil
    let isDefined = environment.definition(name.text) != nil || environment.binding(name.text) != nil
    if known || isDefined { report(.shadowedByImport(name.text, module: "\"\(path)\"", at: name.span)) }
  }

  /// The names that the file at `path` defines on top of the standard library.
  private func module(_ path: String, at span: TextSpan, isDotted: Bool) -> Environment? {
    guard let files else {
      report(.forbiddenHere("`use` of a file", at: span))
      return nil
    }
    let resolved = resolve(path)
    guard !modulePath.contains(resolved) else {
      report(.moduleUsesItself(path, at: span))
      return nil
    }
    let text: String
    do throws(FileProblem) {
      text = try files.text(resolved)
    } catch {
      report(isDotted ? .unknownModule(path, at: span) : .unreadableFile(path, error.message, at: span))
      return nil
    }
    let moduleSource = SourceText(name: resolved, text: text)
    let parsed = Parser.parse(moduleSource)
    let inner = Elaborator(
      catalog: baseCatalog, source: moduleSource, environment: environment.library, sessionArea: sessionArea,
      parameters: parameters, files: files, modulePath: modulePath + [resolved])
    let read = inner.elaborate(parsed.program)
    let mistakes = (parsed.diagnostics + read.diagnostics).filter { $0.severity == .error }
    guard let first = mistakes.first else { return read.environment }
    if first.code == "E0804" {
      report(.moduleUsesItself(path, at: span))
      return nil
    }
    let position = moduleSource.position(at: first.span.start)
    report(.moduleHasMistakes(path, count: mistakes.count, line: position.line, first.message, at: span))
    return nil
  }

  /// Paths are taken from the folder of the file that names them, and from the current folder in a session.
  func resolve(_ path: String) -> String {
    guard !path.hasPrefix("/"), !source.name.hasPrefix("<"), let slash = source.name.lastIndex(of: "/") else {
      return path
    }
    return String(source.name[...slash]) + path
  }
}
