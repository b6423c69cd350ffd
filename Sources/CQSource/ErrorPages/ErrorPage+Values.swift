extension ErrorPage {
  /// Quantiles, modules, bounds and currencies.
  static let values: [ErrorPage] = [
    ErrorPage(
      "E0225", "A part of a quantile that is no part",
      """
      `quantile(x, 0.9)` is the value that nine tenths of the rows do not exceed, so the second value lies from 0 to 1. A
      percent says the same: `quantile(x, 90%)`.
      """,
      wrong: "employment(by:state) | summarize large = quantile(employment, 90)",
      right: "employment(by:state) | summarize large = quantile(employment, 90%)"),
    ErrorPage(
      "E0226", "A module used as a value",
      """
      After `use \"file.cq\" as m`, `m` stands for the whole file. Name what you mean in it, behind a point: `m.name`.
      """,
      wrong: "use \"examples/lib/regions.cq\" as regions\nlq(by:state, state:regions, cluster:\"Automotive\")",
      right: "use \"examples/lib/regions.cq\" as regions\nlq(by:state, state:regions.rust_belt, cluster:\"Automotive\")"
    ),
    ErrorPage(
      "E0227", "A part that a value does not have",
      """
      A point stands behind a module (`m.name`), and behind bounds, which have the parts `low` and `high`. Columns and
      measures have no parts. A number with a fraction needs a digit in front of its point.
      """,
      wrong: "employment(by:state) | derive x = employment.low",
      right: "employment(by:state) | derive x = bounds(employment).low"),
    ErrorPage(
      "E0228", "A method that `estimate` does not have",
      """
      `estimate(x)` takes the middle of the bounds; that is its one method. The estimates that a dataset brings are used
      without it, and follow the documented method of the dataset.
      """,
      wrong: "employment(by:state) | derive x = estimate(employment, method:\"mean\")",
      right: "employment(by:state) | derive x = estimate(employment, method:\"midpoint\")"),
    ErrorPage(
      "E0235", "Bounds of something that is no measure",
      """
      Bounds follow from what is published about measures, through arithmetic and functions that rise or fall throughout. They
      can't follow an `if`, a count or an aggregate over rows. Take the bounds of the measures that went into it.
      """,
      wrong: "employment(by:state) | derive low = bounds(cumsum(employment)).low",
      right: "employment(by:state) | derive low = cumsum(bounds(employment).low)"),
    ErrorPage(
      "E0236", "No exchange rates",
      """
      cq brings no exchange rates and no purchasing power parities, since it has no source for them that could be checked.
      Give a number (`rate:18.9` is 18.9 local units per 1 unit of the currency asked for), or a table of yours with the
      columns country, year and rate. The note below the result repeats it.
      """,
      wrong: "table(wage = convert(avg_wage, to:MXN, rate:\"ppp\"), by:state)",
      right: "table(wage = convert(avg_wage, to:MXN, rate:0.047), by:state)"),
    ErrorPage(
      "E0237", "A rate or a currency that can't be used",
      """
      `to:` takes one of the currencies that the message lists. `rate:` takes a number above 0, or a table that `open` reads,
      with a column of rates and, where they differ, columns `country` and `year`; each country and year once.
      """,
      wrong: "table(wage = convert(avg_wage, to:peso, rate:0.047), by:state)",
      right: "table(wage = convert(avg_wage, to:MXN, rate:0.047), by:state)"),
  ]
}
