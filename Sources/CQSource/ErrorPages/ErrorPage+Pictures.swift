extension ErrorPage {
  /// Charts, maps and saved pictures.
  static let pictures: [ErrorPage] = [
    ErrorPage(
      "E0440", "A chart that there is not",
      """
      The kind of chart comes first, right after `chart`: bar, line, area, scatter, bubble, heat, slope, box or lorenz. Maps
      have a verb of their own, `map`. There are no pies: bars show the same and can be compared.
      """,
      wrong: "lq(by:state, cluster:\"Aerospace\") | top 5 | chart pie",
      right: "lq(by:state, cluster:\"Aerospace\") | top 5 | chart bar"),
    ErrorPage(
      "E0441", "A column of the wrong kind in a chart",
      """
      Lengths, heights and sizes are drawn from numbers; bars, colours and labels are named by places, activities, years and
      texts. The message says which columns of the table fit the blank.
      """,
      wrong: "lq(by:state, cluster:\"Aerospace\") | chart bar, y:state",
      right: "lq(by:state, cluster:\"Aerospace\") | chart bar, y:lq"),
    ErrorPage(
      "E0442", "A chart that lacks a column",
      """
      A scatter chart needs two columns of numbers, a bubble chart three, a line something to run along. Ask for more measures
      in the source, or name a measure in a blank: `x:lq, y:avg_wage` adds what is not there yet.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | chart scatter",
      right: "table(lq, avg_wage, by:cluster, in:\"Ohio\") | chart scatter"),
    ErrorPage(
      "E0443", "A map without places",
      """
      A map shows one value for each place, so the table needs exactly one level of places, and one row for each of them.
      Fix the year or the cluster in the source, keep one of them with `where` and `drop` its column, or draw a map for each
      with `by:`. A table with several rows for a place is drawn as points: `map color:sector`.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | map lq", right: "lq(by:state, cluster:\"Aerospace\") | map lq"),
    ErrorPage(
      "E0444", "A picture saved before it is drawn",
      """
      Files that end in .svg, .png, .pdf or .vl.json hold a picture, and `save` writes what stands before it. Put `chart` or
      `map` before `save`; a table is saved as .csv, .xlsx, .html, .md and others.
      """,
      wrong: "lq(by:state, cluster:\"Aerospace\") | save \"/tmp/cq-example.svg\" | chart bar",
      right: "lq(by:state, cluster:\"Aerospace\") | top 5 | chart bar"),
    ErrorPage(
      "E0445", "Classes that there are not",
      """
      Values on a map are put into classes: `classes:quantile` (equally many places), `equal` (equally wide), `jenks` (natural
      breaks), `headtail` (for a few very large values), a number of classes, or both in a list. `breaks:` gives the bounds
      themselves, in ascending order.
      """,
      wrong: "lq(by:state, cluster:\"Aerospace\") | map lq, classes:percentile",
      right: "lq(by:state, cluster:\"Aerospace\") | map lq, classes:[jenks, 4]"),
  ]
}
