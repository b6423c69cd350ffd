import CQColumns

/// Employment and payroll of the rows of a fact table, as published and as estimated.
struct WithheldCells {
  struct Cell: Equatable {
    var isPublished: Bool
    /// Published, or the estimate.
    var employment: Int
    var payroll: Int
  }

  let tree: FactTree
  let cells: [Cell]
  /// Vintage of the classification in each year.
  let vintage: (_ year: Int) -> Int
  /// How far rounding may drive a published parent and the sum of its published children apart.
  let roundingTolerance: Int

  /// Which cells are known: published, or determined exactly by what is published.
  ///
  /// A withheld cell is known when it is the only unknown child of a known parent, the family is complete, and what
  /// the parent leaves over is the given estimate, for employment and for payroll. Knowledge passes from parents to
  /// children only, and parents come first in the file, so one pass reaches the fixpoint.
  func isKnown() -> [Bool] {
    let completeFamilies = families().complete
    var isKnown = cells.map(\.isPublished)
    for (parent, children) in tree.children.enumerated() where isKnown[parent] {
      let unknown = children.filter { !isKnown[$0] }
      guard unknown.count == 1, completeFamilies.contains(family(of: parent)) else { continue }
      let left = residual(of: parent)
      if abs(left.employment) <= roundingTolerance, abs(left.payroll) <= roundingTolerance {
        isKnown[unknown[0]] = true
      }
    }
    return isKnown
  }

  func states(isKnown: [Bool]) -> [CellState] { isKnown.map { $0 ? .known : .estimated } }

  /// Which rows count themselves in a cover, as opposed to their children standing for them.
  ///
  /// A withheld row is best told from its children, which may be known in part. But where the codes below it do not
  /// make up the whole of it, they would lose the rest: there its own estimate counts.
  func isResolved(isKnown: [Bool]) -> [Bool] {
    let incompleteFamilies = families().incomplete
    return isKnown.indices.map {
      isKnown[$0] || tree.children[$0].isEmpty || incompleteFamilies.contains(family(of: $0))
    }
  }

  private struct Family: Hashable {
    var parent: Int
    var vintage: Int
  }

  private func family(of parent: Int) -> Family {
    let key = tree.keys.keys[parent]
    return Family(parent: key.activity, vintage: vintage(key.year))
  }

  /// Families (parent code and vintage) whose children are all of the parent, and families where a part is missing.
  ///
  /// A family is complete if at least once all of its cells were published, and whenever they were, the children added
  /// up to the parent. It is incomplete if they once did not. Of families that were never published as a whole, nothing
  /// is known.
  private func families() -> (complete: Set<Family>, incomplete: Set<Family>) {
    var complete: Set<Family> = []
    var incomplete: Set<Family> = []
    for (parent, children) in tree.children.enumerated() where !children.isEmpty {
      guard cells[parent].isPublished, children.allSatisfy({ cells[$0].isPublished }) else { continue }
      let left = residual(of: parent)
      if abs(left.employment) <= roundingTolerance, abs(left.payroll) <= roundingTolerance {
        complete.insert(family(of: parent))
      } else {
        incomplete.insert(family(of: parent))
      }
    }
    return (complete.subtracting(incomplete), incomplete)
  }

  /// What the parent has more than its children, with estimates for the withheld ones.
  private func residual(of parent: Int) -> (employment: Int, payroll: Int) {
    var employment = cells[parent].employment
    var payroll = cells[parent].payroll
    for child in tree.children[parent] {
      employment -= cells[child].employment
      payroll -= cells[child].payroll
    }
    return (employment, payroll)
  }
}
