extension ErrorPage {
  /// Methods that are computed as a whole: what they need, and what they say.
  static let kernels: [ErrorPage] = [
    ErrorPage(
      "E0243", "A kernel that there is not",
      """
      `core.NAME` stands for a method that can't be written cell by cell, such as an eigenvector. It is the whole body of a
      definition, whose parameters are its inputs; the standard library has one for each. `?` lists the indicators.
      """,
      wrong: "def mine(of = employment, over: level = cluster) = core.ginni\nmine(by:state)",
      right: "def mine(of = employment, over: level = cluster) = core.gini\nmine(by:state)"),
    ErrorPage(
      "E0244", "Parameters that a kernel does not have",
      """
      The parameters of a definition with the body `core.NAME` are handed to the kernel by their names, so they must be
      those that it knows, and all that it needs must be there. The message lists what is missing or too much.
      """,
      wrong: "def mine(jobs = employment, over: level = cluster) = core.gini\nmine(by:state)",
      right: "def mine(of = employment, over: level = cluster) = core.gini\nmine(by:state)"),
    ErrorPage(
      "E0245", "A value that a blank does not take",
      """
      This blank takes one of a few words, or a number within a range. The message says which. `?` with the name of the
      indicator explains what each of them does.
      """,
      wrong: "similarity(with:\"Ohio\", by:state, method:\"cosin\")",
      right: "similarity(with:\"Ohio\", by:state, method:\"cosine\")"),
    ErrorPage(
      "E0246", "Rows that a method can't be computed for",
      """
      Some methods compare all places of one level with each other, or all activities, and give a number for each. The rows
      of the table say which level that is, so `by:` must name one. Over the rows of a plain table only those work that
      need nothing but the numbers in them.
      """,
      wrong: "similarity(with:\"Ohio\", by:cluster)", right: "similarity(with:\"Ohio\", by:state)"),
    ErrorPage(
      "E0248", "A comparison of places taken at one other place",
      """
      What is added up over places, or computed from all of them, belongs to the places of the table. It can't be asked for
      at another place inside a table, as a share or a growth rate can. Make it a table of its own, and join it.
      """,
      wrong: "table(gini(over:county, region:\"Ohio\"), by:cluster)",
      right: "gini(over:county, by:cluster, in:\"Ohio\")"),
    ErrorPage(
      "N0540", "What a method compared with",
      """
      A number such as a complexity index depends on the places it is compared with. These are all places of the rows' level
      in the base area (`vs:`), whichever rows are asked for, so the rows shown never change the numbers. The note says how
      many places and activities there were.
      """,
      wrong: "similarity(with:\"Ohio\", by:state, state:\"Michigan\")",
      right: "overlap(with:\"Ohio\", by:state, state:\"Michigan\")"),
    ErrorPage(
      "N0541", "What a method has to say about its numbers",
      """
      A method says here what it left out or how it read what it was given: members without a number, places without
      neighbours, values that it is not defined for. Its numbers hold for the rest. Often another option takes everything in:
      the four nearest places are neighbours of islands too.
      """,
      wrong: "moran(employment, over:state, year:2020)",
      right: "moran(employment, over:state, weights:\"nearest\", year:2020)"),
    ErrorPage(
      "N0542", "Rows without a number",
      """
      The data have something of these rows, but the indicator has no number there: it divides by 0, takes the logarithm
      of 0, or needs a year or an activity that is not there. `growth` has no number where the first year is 0, a location
      quotient none where the place has no jobs at all. The documentation of each indicator, such as `?growth`, names its
      cases.
      """,
      wrong: "growth(by:state, cluster:\"Coal Mining\", year:2008..2011)",
      right: "change(by:state, cluster:\"Coal Mining\", year:2008..2011)"),
  ]
}
