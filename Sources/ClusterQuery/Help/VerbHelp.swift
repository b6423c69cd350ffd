/// One line and one example for each verb.
struct VerbHelp {
  let name: String
  let usage: String
  let sentence: String
  let example: String

  var summary: String { "| \(usage)   \(sentence)" }
  var text: String { "| \(usage)\n\n\(sentence)\n\nexample: \(example)" }

  // ORDER: as `Elaborator.verbs`.
  static let all: [VerbHelp] = [
    VerbHelp(
      name: "where", usage: "where condition, …", sentence: "Keeps the rows for which all conditions hold.",
      example: "lq(by:cluster, in:\"Ohio\") | where lq >= 1.2 and employment > 5k"),
    VerbHelp(
      name: "sort", usage: "sort column [asc|desc], …", sentence: "Orders rows; those without a number come last.",
      example: "lq(by:state, cluster:\"Aerospace\") | sort lq desc"),
    VerbHelp(
      name: "top", usage: "top n, by:column",
      sentence: "The n largest by the first column of numbers, or by `by:`; ties are kept.",
      example: "lq(by:cluster, in:\"Ohio\") | top 5, by:employment"),
    VerbHelp(
      name: "bottom", usage: "bottom n, by:column", sentence: "The n smallest.",
      example: "growth(by:state) | bottom 5"),
    VerbHelp(
      name: "first", usage: "first n", sentence: "The first n rows as they stand.",
      example: "employment(by:state) | first 3"),
    VerbHelp(
      name: "select", usage: "select column, …", sentence: "Keeps these columns, in this order.",
      example: "table(lq, employment, by:state, cluster:\"Aerospace\") | select state, lq"),
    VerbHelp(
      name: "drop", usage: "drop column, …", sentence: "Leaves these columns out.",
      example: "table(lq, employment, by:state, cluster:\"Aerospace\") | drop employment"),
    VerbHelp(
      name: "derive", usage: "derive name = expression, …",
      sentence: "Adds columns; a measure is taken at each row's own place, activity and year.",
      example: "lq(by:state, cluster:\"Aerospace\") | derive wage = avg_wage"),
    VerbHelp(
      name: "rename", usage: "rename new = old, …", sentence: "Gives columns other names.",
      example: "employment(by:state) | rename jobs = employment"),
    VerbHelp(
      name: "rank", usage: "rank column, by:column",
      sentence: "Adds `rank`: 1 for the largest (of its group); equal values share a rank.",
      example: "lq(by:state, cluster:\"Aerospace\") | rank lq | where rank <= 5"),
    VerbHelp(
      name: "summarize", usage: "summarize name = aggregate, …, by:column",
      sentence: "One row per group, with aggregates over its rows.",
      example: "employment(by:[state, cluster]) | summarize hidden = count_withheld(employment), by:state"),
    VerbHelp(
      name: "share", usage: "share column, by:column",
      sentence: "Adds `column_share`: each row's part of the total of the rows.",
      example: "employment(by:state, cluster:\"Automotive\") | share employment | top 5"),
    VerbHelp(
      name: "pivot", usage: "pivot level, values:column",
      sentence: "The members of a level across the top, for one column of numbers or a list of them.",
      example: "employment(cluster:\"Automotive\", by:[state, year], year:2008..2011) | pivot year"),
    VerbHelp(
      name: "unpivot", usage: "unpivot column, …", sentence: "Columns of numbers as rows.",
      example: "table(hhi, krugman, by:state) | unpivot"),
    VerbHelp(
      name: "compare", usage: "compare level",
      sentence: "Measures as rows, members as columns, with difference and ratio to the first.",
      example:
        "table(employment, lq, by:state, state:[\"Texas\", \"California\"], cluster:\"Aerospace\") | compare state"),
    VerbHelp(
      name: "join", usage: "join table, on:column, keep:left|matched|all",
      sentence:
        "Adds the columns of another table where the levels agree; rows without a partner are counted in a note.",
      example: "let size = employment(by:state)\nlq(by:state, cluster:\"Aerospace\") | join size"),
    VerbHelp(
      name: "append", usage: "append table", sentence: "The rows of another table with the same columns below.",
      example: "lq(by:cluster, in:\"Ohio\") | first 1 | append (lq(by:cluster, in:\"Iowa\") | first 1)"),
    VerbHelp(
      name: "describe", usage: "describe", sentence: "What each column holds: kind, states, range.",
      example: "lq(by:state, cluster:\"Aerospace\") | describe"),
    VerbHelp(
      name: "chart",
      usage:
        "chart kind, x:column, y:column, color:column, size:column, label:column, marker:column, by:column, title:\"text\"",
      sentence:
        "Draws the table: bar, line, area, slope, scatter, bubble, heat, box or lorenz. `marker:` marks what was expected on bars, "
        + "`by:` makes a panel for each value of a column; `save \"x.svg\"` keeps the picture.",
      example: "lq(by:state, cluster:\"Aerospace\") | top 10 | chart bar"),
    VerbHelp(
      name: "map",
      usage:
        "map column, size:column, color:column, label:column, by:column, title:\"text\", classes:[jenks, 5], breaks:[0.5, 1, 2], center:1",
      sentence:
        "Colours each place by its number or its kind; the table needs one level of places. `size:` draws bubbles, `color:` alone a "
        + "point for each row, `label:` writes names, `by:` makes a map for each value; `save \"x.svg\"` keeps the picture.",
      example: "lq(by:state, cluster:\"Automotive\") | map lq"),
    VerbHelp(
      name: "note", usage: "note \"text\"", sentence: "Adds a footnote.",
      example: "lq(by:cluster, in:\"Ohio\", cluster:traded) | top 3 | note \"Traded clusters only\""),
    VerbHelp(
      name: "save", usage: "save \"file\"",
      sentence:
        "Writes the table as it stands, and passes it on: .csv .tsv .json .jsonl .md .html .tex .xlsx .arrow .txt; "
        + "behind `chart` or `map` also .svg, .png, .pdf and .vl.json. A page (.html) holds all results saved in it, with the `##` lines "
        + "of the script as its prose.",
      example: "lq(by:state, cluster:\"Aerospace\") | save \"aerospace.csv\" | top 5"),
  ]
}
