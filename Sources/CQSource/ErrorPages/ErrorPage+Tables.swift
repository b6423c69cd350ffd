extension ErrorPage {
  /// Tables and what may be added up.
  static let tables: [ErrorPage] = [
    ErrorPage(
      "E0403", "A column that the table does not have",
      """
      The table has no column of this name, and no measure is called that either. A column must be made before it is used:
      by `by:`, by a measure, or by `derive` in a stage above. The message lists the columns there are.
      """,
      wrong: "lq(by:cluster, in:\"Ohio\") | sort quotient desc", right: "lq(by:cluster, in:\"Ohio\") | sort lq desc"),
    ErrorPage(
      "E0404", "A measure at rows that stand for nothing single",
      """
      A measure is taken at the place, activity and year of each row. After verbs such as `summarize` or `pivot` a row stands
      for several of them, so there is nothing to take the measure at. Take it before that verb.
      """,
      wrong: """
        employment(by:[state, cluster]) | summarize largest = max(employment), by:state | derive q = lq
        """,
      right: """
        employment(by:[state, cluster]) | derive q = lq | summarize largest = max(employment), best = max(q), by:state
        """),
    ErrorPage(
      "E0405", "Two columns of the same name",
      """
      Columns are known by their names, so each name can stand only once in a table. Give one of them another name with
      `name = …`.
      """,
      wrong: "table(lq(employment), lq(payroll), by:state)", right: "table(lq(employment), pay = lq(payroll), by:state)"
    ),
    ErrorPage(
      "E0406", "A table without a measure",
      """
      `table(…)` puts measures side by side and needs at least one. For a list of places or clusters, write `states` or
      `clusters`.
      """,
      wrong: "table(by:state)", right: "table(employment, lq, by:state, cluster:\"Aerospace\")"),
    ErrorPage(
      "E0407", "Every column dropped",
      """
      A table without columns has nothing to show. Keep at least one; `select` names the columns to keep in place of those
      to drop.
      """,
      wrong: "lq(by:state) | drop state, lq", right: "lq(by:state) | drop lq"),
    ErrorPage(
      "E0408", "A verb that lacks what it needs",
      """
      This verb can't work without a number of rows, a condition, a name or a column, and no choice would suit all. The
      message shows an example.
      """,
      wrong: "lq(by:state) | top", right: "lq(by:state) | top 5"),
    ErrorPage(
      "E0409", "More columns than anybody reads",
      """
      `pivot` makes a column of each member, and here there would be hundreds of them. Nobody reads such a table, and most
      programs refuse it. Pick fewer members in the source, or leave them in rows, which every program can pivot later.
      """,
      wrong: "employment(by:[state, naics6]) | pivot naics6", right: "employment(by:[naics2, state]) | pivot naics2"),
    ErrorPage(
      "E0410", "A column that is no level of the rows",
      """
      This verb works on one of the levels that the rows are spread over, such as the year or the state. The column is a
      number, or the table has no rows for that level. Add the level to `by:` first.
      """,
      wrong: "employment(by:state) | pivot employment", right: "employment(by:[cluster, state]) | pivot state"),
    ErrorPage(
      "E0411", "A measure that never adds up, over several members",
      """
      Published ratios and ranks can't be added up over members: the quotient of two clusters together is not the sum of
      their quotients. Pick one member, or ask for one row each with `by:`. Indicators such as `lq` are calculated from jobs
      and work for any set.
      """,
      wrong: "published_lq(by:state, cluster:[\"Aerospace\", \"Automotive\"])",
      right: "published_lq(by:state, cluster:\"Aerospace\")"),
    ErrorPage(
      "E0412", "Jobs added up over years",
      """
      Employment is a stock: the same job counts in each year, so the sum over years is no number of jobs. Ask for one row per
      year with `by:year`, for one year, or for the `change` between the first and the last.
      """,
      wrong: "employment(by:state, year:2008..2011)", right: "employment(by:[state, year], year:2008..2011)"),
    ErrorPage(
      "E0413", "Overlapping places added up",
      """
      Several places in a blank that is not in `by:` are added up, and these two have a part in common, which would be
      counted twice. Leave one out, or write the level in `by:` to see each place by itself. In `in:` an area inside another
      of the list adds nothing, so it is a mistake with `by:` too: `"CA"` is California, `"Canada"` the country.
      """,
      wrong: "employment(in:[\"United States\", \"Ohio\"])", right: "employment(in:[\"Indiana\", \"Ohio\"])"),
    ErrorPage(
      "E0420", "A joined table with several rows for one",
      """
      Each row of this table must find at most one row in the other, or its numbers would be counted several times. The other
      table has more, one for each member of the level that the message names. Fix that level there, or spread this table
      over it too.
      """,
      wrong: "employment(by:state, year:2010) | join lq(by:[state, cluster], year:2010)",
      right: "employment(by:state, year:2010) | join lq(cluster:\"Aerospace\", by:state, year:2010)"),
    ErrorPage(
      "E0421", "Tables with other columns put below each other",
      """
      `append` puts the rows of one table below those of another, so both must have the same columns in the same order.
      Otherwise numbers of different kinds would end up in one column. `select` and `rename` bring them in line.
      """,
      wrong: "employment(by:state, year:2010) | append lq(by:state, year:2011)",
      right: "employment(by:state, year:2010) | append employment(by:state, year:2011)"),
    ErrorPage(
      "E0422", "A column to join on that the other table lacks",
      """
      `on:` names a column that both tables must have, and the other one does not have it. The message lists the columns it
      has. A column with another name can be renamed first.
      """,
      wrong: "employment(by:state) | join payroll(by:cluster), on:state",
      right: "employment(by:state) | join payroll(by:state), on:state"),
    ErrorPage(
      "E0423", "Tables that share no column",
      """
      Without `on:` two tables are matched on the levels that both have, and these have none in common. Every row would match
      every other. Spread one of them over a level of the other.
      """,
      wrong: "employment(by:state) | join payroll(by:cluster)", right: "employment(by:state) | join payroll(by:state)"),
    ErrorPage(
      "E0424", "Too few or too many members to compare",
      """
      `compare` puts members side by side, with differences and ratios to the first, which can be read for two to ten of
      them. Pick those that you want to compare, in the order you want.
      """,
      wrong: "employment(by:[cluster, state]) | compare state",
      right: "employment(by:[cluster, state], state:[\"Ohio\", \"Michigan\"]) | compare state"),
    ErrorPage(
      "E0425", "An unknown way to treat rows without a partner",
      """
      `keep:` says which rows stay when tables are joined: `left` keeps all rows of this table, `matched` those that have a
      partner, `all` the rows of both. There is no other way.
      """,
      wrong: "employment(by:state) | join payroll(by:state), keep:both",
      right: "employment(by:state) | join payroll(by:state), keep:matched"),
  ]

  /// Limits, and what comes from outside.
  static let limits: [ErrorPage] = [
    ErrorPage(
      "E0601", "A query that touches too many cells",
      """
      Before a query runs, cq bounds the cells (place × activity × year × measure) that it can touch, and this is more than
      is allowed here. It protects a shared machine from a question that was meant to be smaller. Narrow the place, the
      years or the level, or raise the limit with `--limit-cells`.

      Of more than 16 million cells only those count that the data have rows in. Cells that have to be looked at although
      nothing is in them count for one in 64. Where all of them have to be kept, the message says why: every cell is a row
      (keep some with `where` or `top`, or add them up over a level), or a method takes all places and industries at a time
      (ask for one year, or for a coarser level).
      """,
      wrong: Example("employment(by:[state, naics6])", options: "--limit-cells 1k"),
      right: Example("employment(by:state, year:2020)", options: "--limit-cells 1k")),
    ErrorPage(
      "E0602", "A query that takes too long",
      """
      The query was stopped because it reached the time that it was given. Ask for less, or give it more time with
      `--limit-time`.
      """,
      wrong: Example("lq(by:[state, naics6, year])", options: "--limit-time 1ms"),
      right: Example("lq(by:state)", options: "--limit-time 60s")),
    ErrorPage(
      "E0603", "A result with too many rows",
      """
      The result would have more rows than are allowed here. Keep fewer of them with `where` or `top`, or raise the limit
      with `--limit-rows`.
      """,
      wrong: Example("employment(by:[state, cluster])", options: "--limit-rows 100"),
      right: Example("employment(by:[state, cluster]) | top 20", options: "--limit-rows 100")),
    ErrorPage(
      "E0604", "A query that needs too much memory",
      """
      Before a query runs, cq bounds the memory that its cells and sums take, and counts what verbs make of the rows of files;
      this is more than is allowed here. Ask for fewer places, activities or years, or keep fewer rows or columns. A limit is
      given with `--limit-memory` in bytes, for example 500M or 4000M. Files that are mapped into memory do not count.
      """,
      wrong: Example("employment(by:[state, naics6])", options: "--limit-memory 100k"),
      right: Example("employment(by:state, year:2020)", options: "--limit-memory 50M")),
    ErrorPage(
      "E0426", "A column that the file does not have",
      """
      `open` was told by `key:` that a column of the file holds members of a level, and the file has no column of that name.
      Name the column after the level, in any of its words (`state`, `province`, `entidad`). Columns that `dataset` binds are
      named as they are in the file; a name with spaces stands in backquotes.
      """,
      wrong: "open(\"examples/data/grants.csv\", key:[county])", right: "open(\"examples/data/grants.csv\")"),
    ErrorPage(
      "E0701", "A parameter without a value",
      """
      The text uses a value from outside, `$name`, and nobody gave one. Run the script with `--name VALUE`, or write a value
      to fall back on behind `??`.
      """,
      wrong: "lq(by:cluster, in:$region)", right: "lq(by:cluster, in:$region ?? \"Ohio\")"),
    ErrorPage(
      "E0702", "Something that a restricted run does not allow",
      """
      The text runs in restricted mode, which is meant for programs from others: it may not read or write files. What is
      forbidden is found before anything runs. Leave the part out, or run the text without `--restricted` if you trust it.
      """,
      wrong: Example("lq(by:state) | save \"lq.csv\"", options: "--restricted"),
      right: Example("lq(by:state)", options: "--restricted")),
    ErrorPage(
      "E0801", "A file whose ending does not say what to write",
      """
      `save` chooses the format by the ending of the file: `.csv`, `.json` and so on. This ending is none that it can write.
      The message lists those it can. Pictures as `.png` and `.pdf` are made by the program rsvg-convert of librsvg, and can
      be written where it is installed.
      """,
      wrong: "lq(by:state) | save \"lq\"", right: "lq(by:state) | save \"lq.csv\""),
    ErrorPage(
      "E0802", "A file that can't be read",
      """
      The file is not there, may not be read, or is not what it should be: the message gives the reason, for a table with the
      line. Paths start at the folder of the file that names them, and in a session at the current folder.
      """,
      wrong: "open(\"examples/data/grant.csv\")", right: "open(\"examples/data/grants.csv\")"),
    ErrorPage(
      "E0803", "A used file with mistakes",
      """
      The file named by `use` does not check by itself, so none of its names can be trusted. The message shows its first
      mistake; `cq check FILE` shows all of them in their places.
      """,
      wrong: "use \"examples/data/grants.csv\" (amount)",
      right: "use \"examples/lib/regions.cq\" (per_thousand)\nper_thousand(by:state)"),
    ErrorPage(
      "E0804", "A file that uses itself",
      """
      The file uses itself, directly or through files that it uses, so there is no order in which to read them. Move what both
      need into a third file.
      """,
      wrong: "use \"examples/errors/names/circle.cq\" (a)",
      right: "use \"examples/lib/regions.cq\" (per_thousand)\nper_thousand(by:state)"),
  ]

  /// What the notes below a table say. Notes are no mistakes: the second example is the same question without its note.
  static let states: [ErrorPage] = [
    ErrorPage(
      "N0501", "Rows left out because they could not be compared",
      """
      A withheld or missing number is neither above nor below anything, so `where` drops its row and says so. The cell may
      well be large: agencies withhold numbers of single big employers. Keep such rows with `or … is withheld`.
      """,
      wrong: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:withhold)
          | where employment > 100
        """,
      right: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:withhold)
          | where employment > 100 or employment is withheld
        """),
    ErrorPage(
      "N0502", "How much of the numbers is estimated",
      """
      A part of what is behind these numbers was withheld by the agency and is estimated, in a way that agrees with every
      published total; such cells are marked `~`. The note says how much it is, in the rows shown and in the base area.
      `suppressed:exclude` shows published cells only.
      """,
      wrong: "lq(cluster:\"Aerospace\", by:state, year:2020)", right: "employment(by:state, year:2020)"),
    ErrorPage(
      "N0503", "Withheld cells left out of sums",
      """
      With `suppressed:exclude` only published numbers count. Sums that lack a withheld part are marked `~` and are too
      small; the note counts the cells that are left out. Without `suppressed:` the estimates of the dataset fill them.
      """,
      wrong: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:exclude)
        """,
      right: "employment(by:naics6, naics6:[336411, 336412], in:\"Washington\", year:2020)"),
    ErrorPage(
      "N0504", "Members left out of all columns",
      """
      The columns of an indicator such as shift-share add up only if each uses the same members. A member whose number is
      withheld or missing in one column is therefore left out of all, and the note counts them. A coarser level has fewer
      such gaps.
      """,
      wrong: "shift_share(by:state, over:naics4, year:2008..2011, suppressed:withhold)",
      right: "shift_share(by:state, over:cluster, year:2008..2011)"),
    ErrorPage(
      "N0505", "More rows than asked for, because of ties",
      """
      Rows that are equal to the last one of `top` or `bottom` are kept as well; which of them to drop would be arbitrary.
      For an exact number of rows, use `first` after `sort`.
      """,
      wrong: "lq(by:state, year:2020) | top 2", right: "lq(by:state, year:2020) | sort lq desc | first 2"),
    ErrorPage(
      "N0506", "Rows that found no partner in a joined table",
      """
      These rows have no match in the other table; its columns are missing there. They stay, so that no place silently drops
      out. `keep:matched` leaves them out.
      """,
      wrong: """
        employment(by:state) | join lq(cluster:"Aerospace", by:state, state:["Ohio", "Texas"])
        """,
      right: """
        employment(by:state, state:["Ohio", "Texas"]) | join lq(cluster:"Aerospace", by:state, state:["Ohio", "Texas"])
        """),
    ErrorPage(
      "N0507", "Rows of a file left out",
      """
      A column named by `key:`, or bound by `dataset`, holds members, and some of its values name none: a typo, or a total
      among the rows. These rows are left out, since they would find no place; the note shows the first of them with its line
      and a suggestion. Rows with too few or too many fields are left out only when `bad_rows:skip` says so.
      """,
      wrong: "open(\"examples/data/grants.csv\", key:[state])", right: "open(\"examples/data/grants.csv\")"),
    ErrorPage(
      "N0508", "Columns or rows from another dataset",
      """
      What was joined or appended, or a table that a method works on (such as one of inputs and outputs), comes from another
      dataset or other years than the header names. The note says which, so that the table never passes one source off as
      another.
      """,
      wrong: "employment(by:state) | join lq(cluster:\"Aerospace\", by:state, year:2010)",
      right: "employment(by:state, year:2010) | join lq(cluster:\"Aerospace\", by:state, year:2010)"),
    ErrorPage(
      "N0509", "Numbers that the query filled in",
      """
      `x ?? 0` and `fill(x, 0)` give a number to cells that have none. The cells are marked `~`, because nobody published
      these numbers; the note counts them. `bounds(x)` says between what and what such a number lies.
      """,
      wrong: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:withhold)
          | derive jobs = employment ?? 0
        """,
      right: "employment(by:naics6, naics6:[336411, 336412], in:\"Washington\", year:2020)"),
    ErrorPage(
      "N0510", "Rows that are not the whole",
      """
      `x / sum(x)` and the verb `share` divide by the rows of the table, the indicator `share` by the published total. Here
      the two differ by more than 1%: because rows were left out, or because some activities belong to no row. Both are
      right, for different questions.
      """,
      wrong: "employment(by:state, year:2020) | top 5 | share employment",
      right: "employment(by:state, year:2020) | share employment | top 5"),
    ErrorPage(
      "N0511", "Numbers estimated as the middle of their bounds",
      """
      `estimate(x)` gives cells without a number the middle of the interval that published cells, size classes and totals
      leave for them, and marks them `~`. That is a guess, and may be far off where the interval is wide; `bounds(x)` shows
      it.
      """,
      wrong: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:withhold)
          | derive jobs = estimate(employment)
        """,
      right: """
        employment(by:naics6, naics6:[336411, 336412], in:"Washington", year:2020, suppressed:withhold)
          | derive bounds(employment)
        """),
    ErrorPage(
      "N0512", "Money converted",
      """
      An amount was converted to another currency at the rates that the query gives. The note names them with their years and
      where they come from, because a result can't be checked without them.
      """,
      wrong: "table(wage = convert(avg_wage, to:MXN, rate:0.047), by:state)", right: "table(avg_wage, by:state)"),
    ErrorPage(
      "N0515", "No withheld rows, because they carry estimates",
      """
      Most datasets come with an estimate for every cell that the agency withheld, so that `x is withheld` holds nowhere: such
      cells are `estimated`. `suppressed:withhold` takes the estimates away, and `bounds(x)` shows what is known of a cell.
      """,
      wrong: "employment(by:naics6, naics4:3364, in:\"Washington\", year:2020) | where employment is withheld",
      right: """
        employment(by:naics6, naics4:3364, in:"Washington", year:2020, suppressed:withhold)
          | where employment is withheld
        """),
    ErrorPage(
      "N0530", "Surveys of several countries in one table",
      """
      Each country's numbers come from its own survey. They count different things (employees, all persons employed), in
      different years of the same decade, and below five digits every country has industry codes of its own. Compare shares
      and quotients rather than levels, and take years that all of them have.
      """,
      wrong: "employment(by:country, in:\"North America\")", right: "employment(by:country, in:\"Mexico\")"),
    ErrorPage(
      "N0531", "Areas that cross a state line",
      """
      A metro or economic area that lies in two states belongs to both, and its number is always that of the whole area, so
      the rows may add up to more than the state has. `clip:state` cuts it at the line where there are data of counties.
      """,
      wrong: "employment(by:metro, in:\"Ohio\")", right: "employment(by:metro, in:\"Ohio\", clip:state)"),
    ErrorPage(
      "N0533", "A cluster whose coverage changed",
      """
      Between the years compared, some industries of this cluster entered or left the data, so a part of its growth is a
      change of coverage. The note says what changed. Years of one vintage of the classification are free of it.
      """,
      wrong: "growth(by:cluster, cluster:\"Financial Services\", in:\"Ohio\", year:2003..2011)",
      right: "growth(by:cluster, cluster:\"Financial Services\", in:\"Ohio\", year:2008..2011)"),
    ErrorPage(
      "N0534", "Clusters made of shares of industries",
      """
      Clusters are defined by six-digit industries, and this dataset has coarser codes. Each code is shared among clusters
      by the number of its six-digit industries in each, as if all were of one size. That is an approximation, so every
      such number is marked as an estimate.
      """,
      wrong: "employment(by:cluster, in:\"Mexico\")", right: "employment(by:naics3, in:\"Mexico\")"),
    ErrorPage(
      "N0535", "Datasets at their own latest years",
      """
      The datasets behind this table share no year, and none was asked for, so each is taken at its latest. The note and the
      title say which. Ask for a year that all have to compare within one.
      """,
      wrong: "employment(by:country, in:[\"US\", \"Mexico\"])",
      right: "employment(by:country, in:[\"US\", \"Mexico\"], year:2008)"),
    ErrorPage(
      "N0536", "Rows that are only a part of their place",
      """
      `by:` asks for places that are wider than the area of `in:`, so each row holds only what of the place lies in that
      area: the row of a country, taken from one state, is that state. To see what the area consists of, go by places that
      are finer; for the whole of the wider place, leave the area out.
      """,
      wrong: "employment(by:country, in:\"Texas\")", right: "employment(by:country)"),
  ]
}
