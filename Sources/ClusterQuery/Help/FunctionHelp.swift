/// Help about the functions that are not written in cq.
struct FunctionHelp {
  let name: String
  let usage: String
  let sentence: String
  let example: String

  var text: String { "\(usage)\n\n\(sentence)\n\nexample: \(example)" }

  static let all: [FunctionHelp] = [
    FunctionHelp(
      name: "bounds", usage: "bounds(x).low · bounds(x).high · bounds(x)",
      sentence: "Between what and what a measure lies, by the published cells, size classes and totals.",
      example: "lq(cluster:\"Aerospace\", by:state) | derive low = bounds(lq).low, high = bounds(lq).high"),
    FunctionHelp(
      name: "estimate", usage: "estimate(x, method:\"midpoint\")",
      sentence: "Gives cells without a number the middle of their bounds, marks them ~, and says so in a note.",
      example: "employment(by:county, in:\"Kansas\") | derive jobs = estimate(employment)"),
    FunctionHelp(
      name: "convert", usage: "convert(x, to:USD, rate:18.9)",
      sentence: "Money in another currency. No rates are bundled: give a number (local units per 1 unit of `to`), or a "
        + "table with columns country, year and rate that `open` reads. The note repeats it.",
      example: "table(wage = convert(avg_wage, to:USD, rate:18.9), by:state, in:\"Mexico\")"),
    FunctionHelp(
      name: "quantile", usage: "quantile(x, 0.9)",
      sentence: "The value that a part of the rows (or of the members of `over:`) does not exceed.",
      example: "employment(by:state) | summarize large = quantile(employment, 90%)"),
    FunctionHelp(
      name: "fill", usage: "fill(x, 0) · x ?? 0",
      sentence: "Replaces what has no number; such cells are marked ~ and counted in a note.",
      example: "employment(by:state) | derive jobs = fill(employment, 0)"),
    FunctionHelp(
      name: "columns", usage: "columns(a = …, b = …, over:level)",
      sentence: "Several columns that use the same members: one withheld in any column is left out of all.",
      example: "columns(jobs = employment, part = share(employment), by:state, over:cluster)"),
  ]
}
