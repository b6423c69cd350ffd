extension Elaborator {
  /// Functions of other languages by their folded names, with what to write here: a table, since edit distance finds none
  /// of them.
  static let foreignFunctions: [String: String] = {
    let choice = "write `if … then … else …`"
    let pick = "write `join` with a table that has the column, after a `|`"
    let list = "lists stand in square brackets: `[\"Ohio\", \"Michigan\"]`"
    let whole = "write `round(…)`"
    let count = "keep the rows with `where`, then `| summarize n = count(…)`"
    let total = "keep the rows with `where`, then `| summarize total = sum(…)`"
    let file = "write `open(\"jobs.csv\")` for a table, `dataset(\"jobs.csv\")` for facts"
    return [
      "read csv": file, "read excel": file, "read table": file, "read parquet": file, "read": file, "load": file,
      "import": file, "scan csv": file,
      "avg": "write `mean(…)`", "average": "write `mean(…)`", "sd": "write `stdev(…)`", "std": "write `stdev(…)`",
      "stddev": "write `stdev(…)`", "log": "write `ln(…)` for the natural logarithm", "n": "write `count(…)`",
      "log10": "write `ln(…) / ln(10)`", "pow": "write `x ^ 2`", "power": "write `x ^ 2`", "int": whole, "floor": whole,
      "ceil": whole, "ceiling": whole, "ifelse": choice, "if else": choice, "iif": choice, "case when": choice,
      "cond": choice, "switch": choice, "vlookup": pick, "xlookup": pick, "hlookup": pick, "lookup": pick,
      "index": pick,
      "match": pick, "sumif": total, "sumifs": total, "countif": count, "countifs": count,
      "averageif": "keep the rows with `where`, then `| summarize average = mean(…)`", "c": list, "list": list,
      "isnull": "write `x is missing`", "isna": "write `x is missing`", "is na": "write `x is missing`",
      "isblank": "write `x is missing`", "ifnull": "write `x ?? 0`", "nvl": "write `x ?? 0`",
      "coalesce": "write `x ?? 0`", "iferror": "write `x ?? 0`", "lag": "write `employment(year:previous)`",
      "lead": "write `employment(year:2020)` for another year", "row number": "use the verb `| rank lq`",
      "desc": "write `| sort lq desc`", "pct change": "write `growth(…)` or `yoy(…)`",
      "distinct": "write `| summarize n = count(…), by:…`", "percentile": "write `quantile(…)`",
    ]
  }()
}
