import BundledElaboration
import CQPlan

extension Bundled {
  static func plan(_ text: String) throws -> QueryPlan {
    var planner = Planner(catalog: try catalog.get())
    return try planner.plan(try query(text))
  }
}
