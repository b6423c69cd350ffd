package import CQCatalog
package import CQMethods

/// A use of a kernel: `core.NAME` with the arguments of the definition that stands around it.
///
/// A class, so that the columns of one use are computed together.
package final class KernelCall: Sendable {
  package struct Operand: Sendable {
    package var name: String
    package var axis: Kernel.Operand.Axis
    package var expression: TypedExpression

    package init(name: String, axis: Kernel.Operand.Axis, expression: TypedExpression) {
      self.name = name
      self.axis = axis
      self.expression = expression
    }
  }

  package let kernel: Kernel
  /// What the definition is called, for notes.
  package let name: String
  package let operands: [Operand]
  package let options: [String: KernelOption]
  /// `over:`, where the shape of the kernel asks for one.
  package let level: Level?
  /// Which activities make up the sample, where activities are rows or columns of it.
  package let activities: ActivitySet

  package init(
    kernel: Kernel, name: String, operands: [Operand], options: [String: KernelOption], level: Level?,
    activities: ActivitySet
  ) {
    self.kernel = kernel
    self.name = name
    self.operands = operands
    self.options = options
    self.level = level
    self.activities = activities
  }

  /// The columns of the result: names of an optional operand that was left out are none.
  package var columns: [Kernel.Column] {
    kernel.columns.filter { column in
      guard case .members(let operand) = column.kind else { return true }
      return operands.contains { $0.name == operand }
        || !kernel.operands.contains { $0.name == operand && $0.isOptional }
    }
  }

  /// The same with other operands.
  func with(_ expressions: [TypedExpression]) -> KernelCall {
    KernelCall(
      kernel: kernel, name: name,
      operands: zip(operands, expressions).map { Operand(name: $0.name, axis: $0.axis, expression: $1) },
      options: options, level: level, activities: activities)
  }
}
