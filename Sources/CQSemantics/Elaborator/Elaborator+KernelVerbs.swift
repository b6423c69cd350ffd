import CQCatalog
import CQColumns
import CQMethods
import CQSource
import CQSyntax

// Verbs whose body is `| core.NAME`: a table in, another table out.

extension Elaborator {
  /// Whether a stage calls a kernel: only the body of a definition can.
  func isKernelVerb(_ stage: Stage) -> Bool { stage.verb.text.hasPrefix("core.") }

  func kernelStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    let name = stage.verb.text.dropFirst(5).lowercased()
    guard let kernel = KernelRegistry.kernel(name), kernel.shape == .table, !scope.parameters.isEmpty else {
      let names = KernelRegistry.all.filter { $0.shape == .table }.map(\.name).sorted()
      report(scope, stage.span) {
        .unknownKernel(name, suggestions: suggestions(for: name, among: names), isVerb: true, at: $0)
      }
      return
    }
    guard let call = verbCall(kernel, stage, scope, builder) else { return }
    var columns: [(String, ValueType)] = []
    let first = call.operands.first { $0.axis != .text }?.expression.type
    for column in call.columns {
      var type = column.kind.type(first)
      var title = column.name
      if case .members(let operand) = column.kind, let source = call.operands.first(where: { $0.name == operand }) {
        type = source.expression.type
        if title.isEmpty, case .column(let index) = source.expression.kind {
          title = builder.visible.first { $0.column == index }?.name ?? operand
        }
      }
      if columns.contains(where: { fold($0.0) == fold(title) }) { title += "_2" }
      columns.append((title, type))
    }
    builder.stages.append(.kernel(call, columns.map(\.1)))
    replaceColumns(columns, call.name, builder)
  }

  private func verbCall(
    _ kernel: Kernel, _ stage: Stage, _ scope: Scope, _ builder: FrameBuilder
  ) -> KernelCall? {
    var operands: [KernelCall.Operand] = []
    var failed = false
    for operand in kernel.operands {
      guard case .closure(let value, let outer)? = scope.parameter(operand.name), !isMissing(value, outer) else {
        if operand.isOptional { continue }
        report(scope, stage.span) { .missingArgument(operand.name, ofVerb: kernel.name, at: $0) }
        failed = true
        continue
      }
      if operand.axis == .text {
        if let found = textColumn(value, outer, builder) {
          operands.append(
            .init(
              name: operand.name, axis: .text,
              expression: TypedExpression(.column(found.column), found.type, value.span)))
        } else {
          failed = true
        }
      } else if let typed = number(value, outer, context(builder)) {
        operands.append(.init(name: operand.name, axis: operand.axis, expression: hoisted(typed, builder)))
      } else {
        failed = true
      }
    }
    let (options, isWrong) = kernelOptions(kernel, scope, context(builder))
    if failed || isWrong { return nil }
    return KernelCall(
      kernel: kernel, name: kernel.name, operands: operands, options: options, level: nil, activities: .all)
  }

  /// A column of names, whatever they are names of.
  private func textColumn(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) -> VisibleColumn? {
    if case .name(let name) = value.kind, let argument = scope.parameter(name),
      case .closure(let inner, let outer) = argument
    {
      return textColumn(inner, outer, builder)
    }
    guard let found = column(value, scope, builder) else { return nil }
    if found.type == .truth {
      report(scope, value.span) { .wrongKind("a column of names", found: found.type.phrase, at: $0) }
      return nil
    }
    return found
  }
}
